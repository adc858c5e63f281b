package dev.terrane.ssm;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A parameter as it is now.
 *
 * @param current its newest version
 * @param labels which version each label is at
 */
record ParameterRecord(VersionRecord current, Map<String, Long> labels, Map<String, String> tags) {
    ParameterRecord {
        labels = Map.copyOf(labels);
        tags = Map.copyOf(tags);
    }

    String name() {
        return current.name();
    }

    List<String> labelsOf(long version) {
        return new TreeMap<>(labels)
                .entrySet().stream()
                        .filter(label -> label.getValue() == version)
                        .map(Map.Entry::getKey)
                        .toList();
    }

    ParameterRecord withCurrent(VersionRecord version) {
        return new ParameterRecord(version, labels, tags);
    }

    ParameterRecord withLabels(Map<String, Long> set) {
        return new ParameterRecord(current, set, tags);
    }

    ParameterRecord withTags(Map<String, String> set) {
        return new ParameterRecord(current, labels, set);
    }
}
