package dev.terrane.cloudformation.template;

import java.util.Optional;
import java.util.stream.Stream;

/** An output that a template declares; its value and the name of its export may hold functions. */
public record OutputDeclaration(
        String name,
        Value value,
        String description,
        Optional<Value> exportName,
        Optional<String> condition,
        Position at) {
    /** All parts in which functions may stand. */
    java.util.List<Value> evaluated() {
        return Stream.concat(Stream.of(value), exportName.stream()).toList();
    }
}
