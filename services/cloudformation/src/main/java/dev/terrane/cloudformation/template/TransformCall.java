package dev.terrane.cloudformation.template;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A transform that a template asks for, in its {@code Transform} section or by {@code Fn::Transform}.
 *
 * @param parameters may hold references to parameters */
public record TransformCall(String name, Value.Fields parameters, Position at) {
    /** The transforms of a {@code Transform} section, in the order in which they stand. */
    static List<TransformCall> section(Value section) {
        return section.list().orElse(List.of(section)).stream()
                .map(TransformCall::of)
                .toList();
    }

    /** What {@code Fn::Transform} asks for, or one item of the section: a name, or an object of {@code Name} and {@code Parameters}. */
    static TransformCall of(Value value) {
        if (value instanceof Value.Scalar scalar) {
            return new TransformCall(scalar.text(), Value.Fields.of(java.util.Map.of(), value.at()), value.at());
        }
        Optional<Value.Fields> object = value.object();
        Optional<String> name = object.flatMap(o -> o.get("Name")).flatMap(Value::scalar);
        Optional<Value> parameters = object.flatMap(o -> o.get("Parameters"));
        boolean whole = object.isPresent()
                && name.isPresent()
                && Stream.of("Name", "Parameters")
                                .filter(object.get().fields()::containsKey)
                                .count()
                        == object.get().fields().size()
                && parameters.stream().allMatch(Value.Fields.class::isInstance);
        if (!whole) {
            throw new TemplateException(
                    "Template error: Transform must be the name of a macro, or an object with Name and Parameters",
                    value.at());
        }
        return new TransformCall(
                name.orElseThrow(),
                parameters.flatMap(Value::object).orElse(Value.Fields.of(java.util.Map.of(), value.at())),
                value.at());
    }
}
