package dev.terrane.eventbridge;

import dev.terrane.kernel.call.Scope;
import java.time.Instant;

/** When a rule's schedule comes next. */
record TimerRecord(String account, String region, String bus, String rule, Instant next) {
    String key() {
        return key(scope(), bus, rule);
    }

    static String key(Scope scope, String bus, String rule) {
        return scope.account() + "/" + scope.region() + "/" + RuleRecord.key(bus, rule);
    }

    Scope scope() {
        return new Scope(account, region);
    }
}
