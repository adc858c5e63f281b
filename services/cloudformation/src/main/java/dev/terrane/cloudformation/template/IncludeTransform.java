package dev.terrane.cloudformation.template;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** {@code AWS::Include}: what stands in an object of S3 becomes part of the template. */
public final class IncludeTransform implements Transform {
    private final UnaryOperator<String> fetch;

    /** Includes what a function fetches.
     *
     * @param fetch gives the text of an {@code s3://bucket/key}; its {@link TemplateException} tells why there is none */
    public IncludeTransform(UnaryOperator<String> fetch) {
        this.fetch = fetch;
    }

    @Override
    public String name() {
        return "AWS::Include";
    }

    @Override
    public Value.Fields whole(Template template, TransformCall call, Environment environment) {
        return merged(template.tree().without("Transform"), included(template, call, environment))
                .with("Transform", template.tree().get("Transform").orElseThrow());
    }

    @Override
    public Value part(Template template, Value.Fields siblings, TransformCall call, Environment environment) {
        Value included = included(template, call, environment);
        return siblings.fields().isEmpty() ? included : merged(siblings, included);
    }

    private static Value.Fields merged(Value.Fields siblings, Value included) {
        Value.Fields more = included.object()
                .orElseThrow(() -> new TemplateException("what is included must be an object to stand beside others"));
        Map<String, Value> fields = new LinkedHashMap<>(siblings.fields());
        Map<String, Position> names = new LinkedHashMap<>(siblings.names());
        more.fields().forEach((name, value) -> {
            if (fields.putIfAbsent(name, value) != null) {
                throw new TemplateException(TemplateText.shown(name) + " is there already");
            }
            names.put(name, siblings.at());
        });
        return new Value.Fields(fields, names, siblings.at());
    }

    private Value included(Template template, TransformCall call, Environment environment) {
        if (!call.parameters().fields().keySet().equals(Set.of("Location"))) {
            throw new TemplateException("The location parameter is required, and no other", call.at());
        }
        JsonNode location = new Functions(template, environment, Map.of())
                .evaluate(call.parameters().get("Location").orElseThrow());
        String uri = location.asString("");
        if (!uri.matches("s3://[a-z0-9.-]{3,63}/.{1,1024}")) {
            throw new TemplateException("The location parameter is not a valid S3 uri.", call.at());
        }
        Value value = unplaced(TemplateText.read(fetch.apply(uri)));
        if (asks(value)) {
            throw new TemplateException("what is included must not ask for a transform itself", call.at());
        }
        return value;
    }

    /** Places in another text than the template's are no places. */
    private static Value unplaced(Value value) {
        return switch (value) {
            case Value.Scalar scalar -> new Value.Scalar(scalar.text(), scalar.kind(), Position.NONE);
            case Value.Items items ->
                new Value.Items(
                        items.items().stream().map(IncludeTransform::unplaced).toList(), Position.NONE);
            case Value.Fields object -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                object.fields().forEach((name, field) -> fields.put(name, unplaced(field)));
                yield Value.Fields.of(fields, Position.NONE);
            }
        };
    }

    private static boolean asks(Value value) {
        return value.object().flatMap(object -> object.get("Fn::Transform")).isPresent()
                || value.children().stream().anyMatch(IncludeTransform::asks);
    }
}
