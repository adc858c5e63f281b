package dev.terrane.cloudformation.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Evaluates the functions of a template. A value that needs one that is not known yet is {@link Unknown#VALUE}; evaluation goes on around it.
 */
public final class Evaluator {
    private static final Pattern EXPORT = Pattern.compile("[A-Za-z0-9:-]{1,255}");

    private final Template template;
    private final Environment environment;
    private final Map<String, Boolean> conditions;
    private final Functions functions;

    /** An evaluation.
     *
     * @param conditions what each condition is: {@link Conditions#of} */
    public Evaluator(Template template, Environment environment, Map<String, Boolean> conditions) {
        this.template = template;
        this.environment = environment;
        this.conditions = conditions;
        functions = new Functions(template, environment, conditions);
    }

    /** The properties of a resource with dynamic references resolved: what its handler is given. Not to be kept, since secrets may be among them. */
    public ObjectNode properties(String logicalId) {
        return DynamicReference.resolved(
                template.resource(logicalId).type(), unresolvedProperties(logicalId), environment::resolve);
    }

    /** The properties of a resource, dynamic references as they stand. */
    public ObjectNode unresolvedProperties(String logicalId) {
        return object(template.resource(logicalId).properties(), logicalId);
    }

    /** The metadata of a resource; empty where it has none. */
    public Optional<JsonNode> metadata(String logicalId) {
        return part(template.resource(logicalId).metadata(), logicalId);
    }

    /** The {@code UpdatePolicy} of a resource; empty where it has none. */
    public Optional<JsonNode> updatePolicy(String logicalId) {
        return part(template.resource(logicalId).updatePolicy(), logicalId);
    }

    /** The {@code CreationPolicy} of a resource; empty where it has none. */
    public Optional<JsonNode> creationPolicy(String logicalId) {
        return part(template.resource(logicalId).creationPolicy(), logicalId);
    }

    private Optional<JsonNode> part(Optional<Value> value, String logicalId) {
        return value.map(given -> told(logicalId, () -> evaluate(given))).filter(node -> !node.isMissingNode());
    }

    private ObjectNode object(Value value, String logicalId) {
        JsonNode node = told(logicalId, () -> evaluate(value));
        if (node instanceof ObjectNode object) {
            return object;
        }
        if (node.isMissingNode()) {
            return JsonNodeFactory.instance.objectNode();
        }
        throw new TemplateException("Template error: Properties must be an object", value.at()).in(logicalId);
    }

    /** An output of a stack.
     *
     * @param exportName empty where it is not exported */
    public record Output(String name, String value, String description, Optional<String> exportName) {}

    /** The outputs whose conditions hold.
     *
     * @throws TemplateException when a value is no text */
    public List<Output> outputs() {
        return template.outputs().values().stream()
                .filter(output -> Dependencies.exists(output.condition(), conditions))
                .map(output -> told(output.name(), () -> output(output)))
                .toList();
    }

    private Output output(OutputDeclaration output) {
        JsonNode value = evaluate(output.value());
        if (!value.isValueNode()) {
            throw new TemplateException(
                    "Template format error: The Value field of every Outputs member must evaluate to a String.",
                    output.value().at());
        }
        Optional<String> export = output.exportName().map(name -> evaluate(name).asString(""));
        export.filter(name ->
                        !name.equals(Unknown.TEXT) && !EXPORT.matcher(name).matches())
                .ifPresent(name -> {
                    throw new TemplateException(
                            "Template format error: Output " + output.name()
                                    + " is malformed. The Name field of every Export member must be specified and"
                                    + " consist only of alphanumeric characters, colons, or hyphens.",
                            output.at());
                });
        return new Output(output.name(), value.asString(), output.description(), export);
    }

    private static <T> T told(String name, Supplier<T> evaluation) {
        try {
            return evaluation.get();
        } catch (TemplateException e) {
            throw e.in(name);
        }
    }

    /** A value with all functions evaluated.
     *
     * @return a missing node where nothing is left: {@code AWS::NoValue} */
    public JsonNode evaluate(Value value) {
        return functions.evaluate(value);
    }
}
