package dev.terrane.cloudformation.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The values of a template's parameters, checked. */
public final class ParameterValues {
    /** What is shown of a value with {@code NoEcho}. */
    public static final String HIDDEN = "****";

    private final Map<String, One> values;

    private ParameterValues(Map<String, One> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    /** A value that is given: text, or the one that the stack has.
     *
     * @param text empty where the stack's own is meant, or none is given */
    public record Given(Optional<String> text, boolean previous) {
        public static Given text(String text) {
            return new Given(Optional.of(text), false);
        }

        /** {@code UsePreviousValue}. */
        public static Given usePrevious() {
            return new Given(Optional.empty(), true);
        }
    }

    /**
     * A value.
     *
     * @param given as it was given, or the default; what is kept for the next update
     * @param resolved what it means when it names an SSM parameter; empty otherwise
     * @param value what {@code Ref} gives: text, or a list of texts
     */
    public record One(ParameterDeclaration declaration, String given, Optional<String> resolved, JsonNode value) {
        /** The value as it may be shown. */
        public String shown() {
            return declaration.noEcho() ? HIDDEN : given;
        }

        /** {@link #resolved} as it may be shown. */
        public Optional<String> shownResolved() {
            return declaration.noEcho() ? resolved.map(any -> HIDDEN) : resolved;
        }
    }

    /**
     * The values for a stack operation, after the template's rules were asked.
     *
     * @param given by parameter
     * @param previous what the stack has, as it was given to it
     * @throws TemplateException when one is missing, is not declared, or breaks a constraint or a rule
     */
    public static ParameterValues of(
            Template template, Map<String, Given> given, Map<String, String> previous, ParameterLookups lookups) {
        ParameterValues checked = withoutRules(template, given, previous, lookups);
        if (checked.given().values().stream().allMatch(lookups::known)) {
            new RuleCheck(template, checked, lookups).run();
        }
        return checked;
    }

    /** As {@link #of}, but the template's rules are not asked. */
    public static ParameterValues withoutRules(
            Template template, Map<String, Given> given, Map<String, String> previous, ParameterLookups lookups) {
        List<String> unknown = given.keySet().stream()
                .filter(name -> !template.parameters().containsKey(name))
                .map(TemplateText::shown)
                .toList();
        if (!unknown.isEmpty()) {
            throw new TemplateException("Parameters: " + unknown + " do not exist in the template");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        template.parameters().forEach((name, declaration) -> {
            Optional<String> text = text(declaration, Optional.ofNullable(given.get(name)), previous);
            text.ifPresentOrElse(present -> texts.put(name, present), () -> missing.add(name));
        });
        if (!missing.isEmpty()) {
            throw new TemplateException("Parameters: " + missing + " must have values");
        }
        Map<String, One> values = new LinkedHashMap<>();
        template.parameters()
                .forEach((name, declaration) ->
                        values.put(name, one(declaration, texts.getOrDefault(name, ""), lookups)));
        return new ParameterValues(values);
    }

    private static Optional<String> text(
            ParameterDeclaration declaration, Optional<Given> given, Map<String, String> previous) {
        if (given.filter(Given::previous).isEmpty()) {
            return given.flatMap(Given::text).or(declaration::standard);
        }
        if (given.flatMap(Given::text).isPresent()) {
            throw new TemplateException("Invalid input for parameter key " + declaration.name()
                    + ". Cannot specify usePreviousValue as true and non empty value for a parameter");
        }
        Optional<String> kept = Optional.ofNullable(previous.get(declaration.name()));
        if (kept.isEmpty()) {
            throw new TemplateException("Invalid input for parameter key " + declaration.name()
                    + ". Cannot specify usePreviousValue as true for a parameter key not in the previous template");
        }
        return kept;
    }

    private static One one(ParameterDeclaration declaration, String text, ParameterLookups lookups) {
        ParameterType type = declaration.type();
        if (!lookups.known(text)) {
            return new One(declaration, text, Optional.empty(), Unknown.VALUE);
        }
        new ParameterCheck(declaration).run(text);
        Optional<String> resolved = type.fromParameterStore()
                ? Optional.of(lookups.stored(text)
                        .orElseThrow(() -> new TemplateException(
                                "Unable to fetch parameters [" + text + "] from parameter store for this account.")))
                : Optional.empty();
        List<String> elements = elements(type, resolved.orElse(text));
        if (type.names()) {
            elements.stream()
                    .filter(element -> !lookups.exists(type.element(), element))
                    .findFirst()
                    .ifPresent(element -> {
                        throw new TemplateException("Parameter validation failed: parameter value "
                                + (declaration.noEcho() ? HIDDEN : element) + " for parameter name "
                                + declaration.name() + " does not exist");
                    });
        }
        return new One(declaration, text, resolved, value(type, elements));
    }

    private static List<String> elements(ParameterType type, String text) {
        return type.list() ? split(text) : List.of(text);
    }

    /** A list with commas, without the spaces around its items. */
    static List<String> split(String text) {
        List<String> items = new ArrayList<>();
        for (String item : text.split(",", -1)) {
            items.add(item.strip());
        }
        return items;
    }

    private static JsonNode value(ParameterType type, List<String> elements) {
        if (!type.list()) {
            return JsonNodeFactory.instance.stringNode(elements.getFirst());
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        elements.forEach(array::add);
        return array;
    }

    /** What {@code Ref} of a parameter gives; empty where there is none of that name. */
    public Optional<JsonNode> value(String name) {
        return Optional.ofNullable(values.get(name)).map(One::value);
    }

    /** All of them by name, in the template's order. */
    public Map<String, One> all() {
        return values;
    }

    /** As they were given, for the next update: secrets are among them. */
    public Map<String, String> given() {
        Map<String, String> given = new LinkedHashMap<>();
        values.forEach((name, one) -> given.put(name, one.given()));
        return given;
    }
}
