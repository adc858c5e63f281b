package dev.terrane.eventbridge;

import software.amazon.awssdk.services.eventbridge.model.Target;

/** A target of a rule. */
record TargetRecord(String bus, String rule, Target target) {
    String key() {
        return key(bus, rule, target.id());
    }

    static String key(String bus, String rule, String id) {
        return bus + "/" + rule + "/" + id;
    }
}
