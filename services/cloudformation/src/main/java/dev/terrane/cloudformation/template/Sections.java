package dev.terrane.cloudformation.template;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** Reads the sections of a template. */
final class Sections {
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_DESCRIPTION = 1024;
    private static final Pattern ALPHANUMERIC = Pattern.compile("[A-Za-z0-9]+");
    private static final Pattern MAPPING_KEY = Pattern.compile("[A-Za-z0-9.-]+");
    private static final Set<String> EXPORT = Set.of("Name");

    private final Value.Fields tree;
    private final boolean strict;

    /** Sections of a template.
     *
     * @param strict whether everything is there: otherwise what is not yet what it should be is left out, for a transform may mend it */
    Sections(Value.Fields tree, boolean strict) {
        this.tree = tree;
        this.strict = strict;
        tree.get("AWSTemplateFormatVersion").ifPresent(version -> {
            if (!version.scalar().filter("2010-09-09"::equals).isPresent()) {
                throw new TemplateException(
                        "Template format error: unsupported value for AWSTemplateFormatVersion.", version.at());
            }
        });
    }

    String description() {
        Optional<Value> given = tree.get("Description");
        String description = given.map(value -> value.scalar()
                        .orElseThrow(() -> new TemplateException(
                                "Template format error: Every Description member must be a string.", value.at())))
                .orElse("");
        if (description.getBytes(StandardCharsets.UTF_8).length > LONGEST_DESCRIPTION) {
            throw new TemplateException(
                    "Template format error: 'Description' length is greater than " + LONGEST_DESCRIPTION,
                    given.orElseThrow().at());
        }
        return description;
    }

    Map<String, ParameterDeclaration> parameters() {
        return members("Parameters", "Parameter name", 200, ParameterSection::parameter);
    }

    Map<String, ResourceDeclaration> resources() {
        if (strict && tree.get("Resources").isEmpty()) {
            throw new TemplateException(
                    "Template format error: At least one Resources member must be defined.", tree.at());
        }
        Map<String, ResourceDeclaration> resources =
                members("Resources", "Resource name", 500, ResourceSection::resource);
        if (strict && resources.isEmpty()) {
            throw new TemplateException(
                    "Template format error: At least one Resources member must be defined.", tree.at("Resources"));
        }
        return resources;
    }

    Map<String, Value> conditions() {
        return members("Conditions", "Condition name", Integer.MAX_VALUE, (name, value) -> {
            if (value instanceof Value.Fields) {
                return value;
            }
            throw new TemplateException(
                    "Template format error: Conditions can only be boolean operations on parameters and other conditions",
                    value.at());
        });
    }

    Map<String, Value.Fields> mappings() {
        return members("Mappings", "Mappings name", 200, (name, value) -> {
            Value.Fields mapping = value.object()
                    .orElseThrow(() -> new TemplateException(
                            "Template format error: [/Mappings/" + name + "] Every Mappings member must be a map",
                            value.at()));
            if (strict && mapping.fields().size() > 200) {
                throw new TemplateException(
                        "Template format error: Number of attributes of mapping " + name + ", "
                                + mapping.fields().size() + ", is greater than maximum allowed, 200",
                        mapping.at());
            }
            mapping.fields().forEach((key, attributes) -> {
                if (strict) {
                    attributes(name, key, attributes, mapping.at(key));
                }
            });
            return mapping;
        });
    }

    private static void attributes(String mapping, String key, Value value, Position at) {
        if (key.length() > LONGEST_NAME || !MAPPING_KEY.matcher(key).matches()) {
            throw new TemplateException(
                    "Template format error: Mappings element name '" + TemplateText.shown(key)
                            + "' must be non-empty and can contain only alphanumerics, '-' or '.'",
                    at);
        }
        Value.Fields attributes = value.object()
                .orElseThrow(() -> new TemplateException(
                        "Template format error: [/Mappings/" + mapping + "/" + key
                                + "] Every Mappings attribute must be a map",
                        value.at()));
        attributes.fields().forEach((name, attribute) -> {
            if (name.length() > LONGEST_NAME || !ALPHANUMERIC.matcher(name).matches()) {
                throw new TemplateException(
                        "Template format error: Mappings attribute name '" + TemplateText.shown(name)
                                + "' must contain only alphanumeric characters.",
                        attributes.at(name));
            }
            boolean literal = attribute instanceof Value.Scalar
                    || (attribute instanceof Value.Items items
                            && items.items().stream().allMatch(Value.Scalar.class::isInstance));
            if (!literal) {
                throw new TemplateException(
                        "Template format error: Every Mappings attribute must be a String or a List.", attribute.at());
            }
        });
    }

    Map<String, RuleDeclaration> rules() {
        return members("Rules", "Rule name", Integer.MAX_VALUE, (name, value) -> {
            Value.Fields rule = value.object()
                    .orElseThrow(() -> new TemplateException(
                            "Template format error: Any Rules member must be a JSON object.", value.at()));
            only(rule, Set.of("RuleCondition", "Assertions"), "Invalid template rule property");
            List<Value> assertions = rule.get("Assertions")
                    .flatMap(Value::list)
                    .orElseThrow(() -> new TemplateException(
                            "Template format error: Every Rules member must contain a list of Assertions.", rule.at()));
            return new RuleDeclaration(
                    name,
                    rule.get("RuleCondition"),
                    assertions.stream().map(Sections::assertion).toList(),
                    rule.at());
        });
    }

    private static RuleDeclaration.Assertion assertion(Value value) {
        Value.Fields assertion = value.object()
                .orElseThrow(() -> new TemplateException(
                        "Template format error: Any Assertions member must be a JSON object.", value.at()));
        only(assertion, Set.of("Assert", "AssertDescription"), "Invalid template rule property");
        return new RuleDeclaration.Assertion(
                assertion
                        .get("Assert")
                        .orElseThrow(() -> new TemplateException(
                                "Template format error: Every Assertions member must contain an Assert member.",
                                assertion.at())),
                assertion.get("AssertDescription").flatMap(Value::scalar).orElse(""));
    }

    Map<String, OutputDeclaration> outputs() {
        return members("Outputs", "Output name", 200, (name, value) -> {
            Value.Fields output = value.object()
                    .orElseThrow(() -> new TemplateException(
                            "Template format error: Output " + name + " is malformed.", value.at()));
            only(output, Set.of("Value", "Description", "Export", "Condition"), "Invalid template output property");
            Value result = output.get("Value")
                    .orElseThrow(() -> new TemplateException(
                            "Template format error: Every Outputs member must contain a Value object", output.at()));
            if (result instanceof Value.Items
                    || (result instanceof Value.Fields && result.call().isEmpty())) {
                throw new TemplateException(
                        "Template format error: The Value field of every Outputs member must evaluate to a String.",
                        result.at());
            }
            String description = output.get("Description")
                    .map(text -> text.scalar()
                            .orElseThrow(() -> new TemplateException(
                                    "Template format error: Every Description member must be a string.", text.at())))
                    .orElse("");
            return new OutputDeclaration(
                    name,
                    result,
                    description,
                    output.get("Export").map(export -> export(name, export)),
                    condition(output),
                    output.at());
        });
    }

    private static Value export(String output, Value value) {
        return value.object()
                .filter(export -> EXPORT.equals(export.fields().keySet()))
                .flatMap(export -> export.get("Name"))
                .filter(name -> name instanceof Value.Scalar || name.call().isPresent())
                .orElseThrow(() -> new TemplateException(
                        "Template format error: Output " + output
                                + " is malformed. The Name field of every Export member must be specified and consist"
                                + " only of alphanumeric characters, colons, or hyphens.",
                        value.at()));
    }

    /** The condition that an output or a resource names. */
    static Optional<String> condition(Value.Fields member) {
        return member.get("Condition")
                .map(name -> name.scalar()
                        .orElseThrow(() -> new TemplateException(
                                "Template format error: Every Condition member must be a string.", name.at())));
    }

    /** Refuses fields other than some, by name. */
    static void only(Value.Fields object, Set<String> allowed, String error) {
        object.fields().keySet().stream()
                .filter(name -> !allowed.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new TemplateException(error + " '" + TemplateText.shown(name) + "'", object.at(name));
                });
    }

    private <T> Map<String, T> members(String section, String kind, int most, BiFunction<String, Value, T> read) {
        Optional<Value> given = tree.get(section);
        if (given.isEmpty()) {
            return Map.of();
        }
        Optional<Value.Fields> object = given.flatMap(Value::object);
        if (object.isEmpty()) {
            throw new TemplateException(
                    "Template format error: [/" + section + "] " + section + " must be a map",
                    given.orElseThrow().at());
        }
        Value.Fields members = object.orElseThrow();
        Map<String, T> found = new LinkedHashMap<>();
        members.fields().forEach((name, value) -> {
            if (!strict && name.startsWith("Fn::")) {
                return;
            }
            try {
                if (!name.startsWith("Fn::ForEach")) {
                    named(kind, name, members.at(name));
                }
                found.put(name, read.apply(name, value));
            } catch (TemplateException e) {
                if (strict || section.equals("Parameters")) {
                    throw e.in(TemplateText.shown(name));
                }
            }
        });
        if (strict && found.size() > most) {
            throw new TemplateException(
                    "Template format error: Number of " + section.toLowerCase(java.util.Locale.ROOT) + ", "
                            + found.size() + ", is greater than maximum allowed, " + most,
                    members.at());
        }
        return Collections.unmodifiableMap(found);
    }

    private static void named(String kind, String name, Position at) {
        if (!ALPHANUMERIC.matcher(name).matches()) {
            throw new TemplateException(
                    "Template format error: " + kind + " " + TemplateText.shown(name) + " is non alphanumeric.", at);
        }
        if (name.length() > LONGEST_NAME) {
            throw new TemplateException(
                    "Template format error: " + kind + " " + TemplateText.shown(name)
                            + " is longer than the maximum allowed, " + LONGEST_NAME,
                    at);
        }
    }
}
