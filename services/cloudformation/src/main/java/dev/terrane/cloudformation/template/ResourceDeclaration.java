package dev.terrane.cloudformation.template;

import java.util.List;
import java.util.Optional;

/**
 * A resource that a template declares.
 *
 * @param properties with functions unevaluated; an empty object where there are none
 * @param dependsOn logical ids, as declared
 * @param deletionPolicy {@code Delete}, {@code Retain}, {@code RetainExceptOnCreate} or {@code Snapshot}; empty where nothing is said
 * @param updateReplacePolicy {@code Delete}, {@code Retain} or {@code Snapshot}
 */
public record ResourceDeclaration(
        String logicalId,
        String type,
        Value.Fields properties,
        List<String> dependsOn,
        Optional<String> condition,
        Optional<Value> metadata,
        Optional<String> deletionPolicy,
        Optional<String> updateReplacePolicy,
        Optional<Value> updatePolicy,
        Optional<Value> creationPolicy,
        Position at) {
    /** All parts in which functions may stand. */
    List<Value> evaluated() {
        return java.util.stream.Stream.of(Optional.<Value>of(properties), metadata, updatePolicy, creationPolicy)
                .flatMap(Optional::stream)
                .toList();
    }
}
