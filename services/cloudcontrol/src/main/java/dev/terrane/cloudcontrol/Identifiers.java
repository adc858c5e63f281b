package dev.terrane.cloudcontrol;

import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Primary identifiers: text, the parts of a composite one joined by {@code |} in the schema's order, or JSON of the identifying properties. */
final class Identifiers {
    private static final String PROPERTIES = "/properties/";
    private static final char JOINT = '|';

    private Identifiers() {}

    /** The identifier of a request as handlers have it.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException ValidationException where it is none of the type */
    static String parse(ResourceSchema schema, String given) {
        String text = given.stripLeading().startsWith("{") ? fromJson(schema, given) : given;
        if (schema.identifier().size() > 1
                && parts(text).size() != schema.identifier().size()) {
            throw invalid(schema, given);
        }
        return text;
    }

    private static String fromJson(ResourceSchema schema, String given) {
        try {
            if (JsonMapper.shared().readTree(given) instanceof ObjectNode object
                    && object.size() == schema.identifier().size()) {
                List<String> parts = new ArrayList<>();
                for (String name : schema.identifier()) {
                    JsonNode part = object.has(name) ? object.get(name) : object.get(PROPERTIES + name);
                    if (part == null || !part.isValueNode()) {
                        throw invalid(schema, given);
                    }
                    parts.add(part.asString());
                }
                return String.join(String.valueOf(JOINT), parts);
            }
        } catch (JacksonException noJson) {
            // Nothing but an identifier that begins with a brace, which none does.
        }
        throw invalid(schema, given);
    }

    private static RuntimeException invalid(ResourceSchema schema, String given) {
        return AwsErrors.validation("Identifier " + given + " is not valid for identifier ["
                + schema.identifier().stream().map(PROPERTIES::concat).collect(Collectors.joining(", ")) + "]");
    }

    /** The identifying properties. */
    static Properties properties(ResourceSchema schema, String identifier) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        List<String> parts = schema.identifier().size() == 1 ? List.of(identifier) : parts(identifier);
        for (int i = 0; i < Math.min(parts.size(), schema.identifier().size()); i++) {
            node.put(schema.identifier().get(i), parts.get(i));
        }
        return Properties.of(node);
    }

    /** The identifier of a resource to be made, where all of it stands in its properties. */
    static Optional<String> of(ResourceSchema schema, Properties desired) {
        List<String> parts = schema.identifier().stream()
                .flatMap(name -> desired.text(name).stream())
                .toList();
        boolean known = !parts.isEmpty()
                && parts.size() == schema.identifier().size()
                && schema.properties().keySet().containsAll(schema.identifier());
        return known ? Optional.of(String.join(String.valueOf(JOINT), parts)) : Optional.empty();
    }

    private static List<String> parts(String identifier) {
        return List.of(identifier.split("\\" + JOINT, -1));
    }
}
