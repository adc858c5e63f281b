package dev.terrane.cloudformation.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code AWS::Serverless-2016-10-31}: the resources of SAM become those of CloudFormation, as its documentation of generated resources says. What is not
 * carried out (APIs, state machines, policy templates, some events) is refused by name.
 */
public final class ServerlessTransform implements Transform {
    private static final String SPACE = "AWS::Serverless::";
    private static final Set<String> GLOBALS = Set.of(
            "Api",
            "CapacityProvider",
            "Function",
            "HttpApi",
            "LayerVersion",
            "SimpleTable",
            "StateMachine",
            "WebSocketApi");

    @Override
    public String name() {
        return "AWS::Serverless-2016-10-31";
    }

    @Override
    public Value.Fields whole(Template template, TransformCall call, Environment environment) {
        Value.Fields tree = template.tree();
        Optional<Value.Fields> globals = tree.get("Globals").map(ServerlessTransform::globals);
        Value.Fields resources = tree.get("Resources")
                .flatMap(Value::object)
                .orElseThrow(() -> new TemplateException("'Resources' section is required", tree.at()));
        Map<String, Value> made = new LinkedHashMap<>();
        Map<String, String> renamed = new LinkedHashMap<>();
        resources.fields().forEach((logicalId, value) -> {
            Optional<String> kind = value.object()
                    .flatMap(resource -> resource.get("Type"))
                    .flatMap(Value::scalar)
                    .filter(type -> type.startsWith(SPACE));
            if (kind.isEmpty()) {
                add(made, logicalId, value, resources.at(logicalId));
                return;
            }
            ServerlessResource resource = new ServerlessResource(
                    logicalId,
                    kind.get().substring(SPACE.length()),
                    (Value.Fields) value,
                    globals.flatMap(all -> all.get(kind.get().substring(SPACE.length()))));
            resource.made().forEach((id, one) -> add(made, id, one, resources.at(logicalId)));
            renamed.putAll(resource.renamed());
        });
        Value.Fields changed = done(tree).without("Globals").with("Resources", Value.Fields.of(made, resources.at()));
        return renamed.isEmpty() ? changed : (Value.Fields) renamed(changed, renamed);
    }

    /** The template without the wish for this transform: what it gives is CloudFormation alone. */
    private Value.Fields done(Value.Fields tree) {
        List<Value> others =
                tree.get("Transform").map(section -> section.list().orElse(List.of(section))).orElse(List.of()).stream()
                        .filter(asked -> !TransformCall.of(asked).name().equals(name()))
                        .toList();
        return others.isEmpty() ? tree.without("Transform") : tree.with("Transform", Made.list(others));
    }

    private static void add(Map<String, Value> made, String logicalId, Value value, Position at) {
        if (made.putIfAbsent(logicalId, value) != null) {
            throw ServerlessResource.invalid(logicalId, "the name is taken by a resource that SAM makes", at);
        }
    }

    private static Value.Fields globals(Value value) {
        Value.Fields globals = value.object()
                .orElseThrow(() -> new TemplateException(
                        "Invalid Serverless Application Specification document. 'Globals' section is invalid. It must be"
                                + " a non-empty dictionary",
                        value.at()));
        globals.fields().keySet().stream()
                .filter(name -> !GLOBALS.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new TemplateException(
                            "Invalid Serverless Application Specification document. 'Globals' section is invalid. '"
                                    + TemplateText.shown(name)
                                    + "' is not supported. Must be one of the following values - "
                                    + GLOBALS.stream().sorted().toList(),
                            globals.at(name));
                });
        return globals;
    }

    /** Properties over those that are global: objects are merged, lists joined, and otherwise a resource's own wins. */
    static Value merged(Value global, Value own) {
        if (global instanceof Value.Fields outer
                && own instanceof Value.Fields inner
                && outer.call().isEmpty()
                && inner.call().isEmpty()) {
            Map<String, Value> fields = new LinkedHashMap<>(outer.fields());
            Map<String, Position> names = new LinkedHashMap<>(outer.names());
            names.putAll(inner.names());
            inner.fields().forEach((name, value) -> fields.merge(name, value, ServerlessTransform::merged));
            return new Value.Fields(fields, names, inner.at());
        }
        if (global instanceof Value.Items first && own instanceof Value.Items second) {
            return new Value.Items(
                    Stream.concat(first.items().stream(), second.items().stream())
                            .toList(),
                    second.at());
        }
        return own;
    }

    /** References to what SAM gives another logical id: {@code Ref}, {@code Fn::GetAtt}, {@code Fn::Sub} and {@code DependsOn}. */
    private static Value renamed(Value value, Map<String, String> names) {
        if (value instanceof Value.Fields object) {
            Map<String, Value> fields = new LinkedHashMap<>();
            object.fields()
                    .forEach((name, field) -> fields.put(
                            name,
                            switch (name) {
                                case "Ref", "DependsOn" -> reference(field, names);
                                case "Fn::GetAtt" ->
                                    field.list()
                                            .filter(parts -> parts.size() == 2)
                                            .<Value>map(parts ->
                                                    Made.list(reference(parts.getFirst(), names), parts.getLast()))
                                            .orElse(field);
                                case "Fn::Sub" -> substituted(field, names);
                                default -> renamed(field, names);
                            }));
            return new Value.Fields(fields, object.names(), object.at());
        }
        return value.map(item -> renamed(item, names));
    }

    private static Value reference(Value value, Map<String, String> names) {
        return switch (value) {
            case Value.Scalar(String text, Value.Kind kind, Position at) ->
                new Value.Scalar(names.getOrDefault(text, text), kind, at);
            case Value.Items items -> items.map(item -> reference(item, names));
            case Value.Fields object -> renamed(object, names);
        };
    }

    private static Value substituted(Value value, Map<String, String> names) {
        return switch (value) {
            case Value.Scalar(String text, Value.Kind kind, Position at) -> {
                String changed = text;
                for (Map.Entry<String, String> name : names.entrySet()) {
                    changed = changed.replace("${" + name.getKey() + "}", "${" + name.getValue() + "}");
                }
                yield new Value.Scalar(changed, kind, at);
            }
            case Value.Items(List<Value> items, Position at)
            when items.size() == 2 ->
                new Value.Items(List.of(substituted(items.getFirst(), names), renamed(items.getLast(), names)), at);
            default -> renamed(value, names);
        };
    }
}
