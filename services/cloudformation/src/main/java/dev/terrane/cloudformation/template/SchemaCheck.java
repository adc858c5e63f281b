package dev.terrane.cloudformation.template;

import dev.terrane.kernel.resource.Nearest;
import dev.terrane.kernel.resource.PropertyCheck;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Holds resources against the schemas of their types, and against what this server carries out of them. */
public final class SchemaCheck {
    private final ResourceTypes types;

    public SchemaCheck(ResourceTypes types) {
        this.types = types;
    }

    /**
     * Checks all resources of a template before anything of it is evaluated: their types, and those parts of their properties in which no function stands.
     *
     * @throws TemplateException of the types that are unknown, or of the first resource whose properties are wrong
     */
    public void check(Template template) {
        types(template);
        template.resources().values().forEach(resource -> {
            Optional<ResourceSchema> schema = schema(resource.type());
            // All properties may be what one function gives.
            if (schema.isPresent() && literal(resource.properties()) instanceof ObjectNode properties) {
                checked(resource, schema.get(), properties);
            }
        });
    }

    /** Checks the types of all resources.
     *
     * @throws TemplateException naming all that are unknown */
    public void types(Template template) {
        List<ResourceDeclaration> unknown = template.resources().values().stream()
                .filter(resource -> types.find(resource.type()).isEmpty())
                .toList();
        if (unknown.isEmpty()) {
            return;
        }
        List<String> names =
                unknown.stream().map(ResourceDeclaration::type).distinct().toList();
        String hints = names.stream().limit(5).map(this::hint).collect(Collectors.joining());
        throw new TemplateException(
                        "Template format error: Unrecognized resource types: "
                                + names.stream().map(TemplateText::shown).toList() + hints,
                        unknown.getFirst().at())
                .in(unknown.getFirst().logicalId());
    }

    private String hint(String name) {
        if (ResourceSchema.allNames().contains(name) || name.startsWith("Custom::")) {
            return " (this server has no " + TemplateText.shown(name) + ")";
        }
        return Nearest.hint(
                name,
                Stream.concat(
                                ResourceSchema.allNames().stream(),
                                types.all().stream().map(ResourceType::name))
                        .collect(Collectors.toSet()));
    }

    /**
     * Checks evaluated properties and makes of each what its type is: texts become numbers and booleans, and these become texts, as CloudFormation does it.
     *
     * @param properties in which {@link Unknown} values may stand
     * @throws TemplateException when they are not what the schema says, or are more than this server carries out
     */
    public ObjectNode normalized(ResourceDeclaration resource, ObjectNode properties) {
        return schema(resource.type())
                .map(schema -> checked(resource, schema, properties))
                .orElse(properties);
    }

    /** As {@link #normalized}, of a resource that stands in no template.
     *
     * @throws TemplateException also when there is no such type */
    public ObjectNode normalized(String typeName, ObjectNode properties) {
        ResourceType type = types.find(typeName)
                .orElseThrow(() -> new TemplateException(
                        "Unrecognized resource types: [" + TemplateText.shown(typeName) + "]" + hint(typeName)));
        Optional<ResourceSchema> schema = ResourceSchema.of(typeName);
        if (schema.isEmpty()) {
            return properties;
        }
        PropertyCheck check = new PropertyCheck(schema.get(), type, Unknown::is);
        ObjectNode normalized = check.normalized(properties);
        if (!check.violations().isEmpty()) {
            throw new TemplateException("Model validation failed (" + PropertyCheck.words(check.violations()) + ")");
        }
        return normalized;
    }

    /** The schema that properties are held against: none of custom resources, whose properties are their own, nor of types that AWS publishes none of. */
    private static Optional<ResourceSchema> schema(String type) {
        return ResourceSchema.isCustom(type) ? Optional.empty() : ResourceSchema.of(type);
    }

    private ObjectNode checked(ResourceDeclaration resource, ResourceSchema schema, ObjectNode properties) {
        ResourceType type = types.find(resource.type())
                .orElseThrow(() -> new TemplateException(
                        "Template format error: Unrecognized resource types: [" + TemplateText.shown(resource.type())
                                + "]",
                        resource.at()));
        PropertyCheck check = new PropertyCheck(schema, type, Unknown::is);
        ObjectNode normalized = check.normalized(properties);
        if (check.violations().isEmpty()) {
            return normalized;
        }
        throw new TemplateException(
                        "Properties validation failed for resource " + resource.logicalId() + " with message: ["
                                + PropertyCheck.words(check.violations()) + "]",
                        place(resource.properties(), check.violations().getFirst()))
                .in(resource.logicalId());
    }

    /** Where in the template a violation stands, as far as it can be told: within a function it is the function's place. */
    private static Position place(Value properties, PropertyCheck.Violation violation) {
        Value here = properties;
        Position place = properties.at();
        List<String> path = new ArrayList<>(violation.path());
        if (!violation.member().isEmpty()) {
            path.add(violation.member());
        }
        for (String step : path) {
            switch (here) {
                case Value.Fields object
                when object.fields().containsKey(step) -> {
                    place = object.at(step);
                    here = object.get(step).orElse(here);
                }
                case Value.Items items
                when step.matches("\\d{1,6}")
                        && Integer.parseInt(step) < items.items().size() -> {
                    here = items.items().get(Integer.parseInt(step));
                    place = here.at();
                }
                default -> {
                    return place;
                }
            }
        }
        return place;
    }

    /** A value in which each function is {@link Unknown}. */
    private static JsonNode literal(Value value) {
        if (value.call().isPresent()) {
            return Unknown.VALUE;
        }
        return switch (value) {
            case Value.Scalar scalar -> scalar.json();
            case Value.Items items -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                items.items().forEach(item -> array.add(literal(item)));
                yield array;
            }
            case Value.Fields object -> {
                ObjectNode node = JsonNodeFactory.instance.objectNode();
                object.fields().forEach((name, field) -> node.set(name, literal(field)));
                yield node;
            }
        };
    }
}
