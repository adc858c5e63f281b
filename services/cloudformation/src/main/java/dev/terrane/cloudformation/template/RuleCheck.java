package dev.terrane.cloudformation.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Asks the rules of a template whether its parameters are right. */
final class RuleCheck {
    private final Template template;
    private final ParameterValues values;
    private final ParameterLookups lookups;

    RuleCheck(Template template, ParameterValues values, ParameterLookups lookups) {
        this.template = template;
        this.values = values;
        this.lookups = lookups;
    }

    void run() {
        template.rules().forEach((name, rule) -> {
            try {
                if (rule.condition().isEmpty() || holds(rule.condition().get())) {
                    rule.assertions().stream()
                            .filter(assertion -> !holds(assertion.asserted()))
                            .findFirst()
                            .ifPresent(assertion -> {
                                throw new TemplateException(
                                        assertion.description().isEmpty()
                                                ? "Template error: an assertion of rule " + name + " does not hold"
                                                : assertion.description(),
                                        assertion.asserted().at());
                            });
                }
            } catch (TemplateException e) {
                throw e.in(name);
            }
        });
    }

    private boolean holds(Value value) {
        Value argument = value.call().map(Value.Call::argument).orElse(value);
        List<Value> items = argument.list().orElse(List.of());
        return switch (value.call().map(Value.Call::function).orElse("")) {
            case "Fn::And" -> items.stream().allMatch(this::holds);
            case "Fn::Or" -> items.stream().anyMatch(this::holds);
            case "Fn::Not" -> !holds(item(value, items, 0));
            case "Fn::Equals" -> texts(item(value, items, 0)).equals(texts(item(value, items, 1)));
            case "Fn::Contains" -> texts(item(value, items, 0)).contains(text(item(value, items, 1)));
            case "Fn::EachMemberEquals" ->
                texts(item(value, items, 0)).stream().allMatch(Predicate.isEqual(text(item(value, items, 1))));
            case "Fn::EachMemberIn" -> texts(item(value, items, 1)).containsAll(texts(item(value, items, 0)));
            default -> {
                String text = text(value);
                if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
                    throw new TemplateException(
                            "Template error: Invalid boolean value " + TemplateText.shown(text), value.at());
                }
                yield text.equalsIgnoreCase("true");
            }
        };
    }

    private static Value item(Value call, List<Value> items, int index) {
        if (index >= items.size()) {
            throw new TemplateException("Template error: a list of " + (index + 1) + " is required", call.at());
        }
        return items.get(index);
    }

    private String text(Value value) {
        List<String> texts = texts(value);
        if (texts.size() != 1) {
            throw new TemplateException("Template error: a string is required", value.at());
        }
        return texts.getFirst();
    }

    private List<String> texts(Value value) {
        Value argument = value.call().map(Value.Call::argument).orElse(value);
        List<Value> items = argument.list().orElse(List.of());
        return switch (value.call().map(Value.Call::function).orElse("")) {
            case "Ref" -> parameter(argument);
            case "Fn::RefAll" -> lookups.all(argument.scalar().orElse(""));
            case "Fn::ValueOf" -> {
                ParameterDeclaration declaration = declared(item(value, items, 0));
                String attribute = item(value, items, 1).scalar().orElse("");
                yield parameter(item(value, items, 0)).stream()
                        .flatMap(one -> lookups.attribute(declaration.type().element(), one, attribute).stream())
                        .toList();
            }
            case "Fn::ValueOfAll" -> {
                String type = item(value, items, 0).scalar().orElse("");
                String attribute = item(value, items, 1).scalar().orElse("");
                yield lookups.all(type).stream()
                        .flatMap(one -> lookups.attribute(type, one, attribute).stream())
                        .toList();
            }
            case "" ->
                switch (value) {
                    case Value.Scalar scalar -> List.of(scalar.text());
                    case Value.Items list ->
                        list.items().stream()
                                .flatMap(item -> texts(item).stream())
                                .toList();
                    case Value.Fields object ->
                        throw new TemplateException("Template error: a string is required", object.at());
                };
            default ->
                throw new TemplateException(
                        "Template error: Cannot use "
                                + TemplateText.shown(value.call().orElseThrow().function()) + " in Rules.",
                        value.at());
        };
    }

    private ParameterDeclaration declared(Value name) {
        return name.scalar()
                .flatMap(text -> Optional.ofNullable(template.parameters().get(text)))
                .orElseThrow(() -> new TemplateException(
                        "Template error: Fn::ValueOf requires the name of a parameter", name.at()));
    }

    private List<String> parameter(Value name) {
        JsonNode value = name.scalar()
                .flatMap(values::value)
                .orElseThrow(
                        () -> new TemplateException("Template error: Rules may refer to parameters only", name.at()));
        if (!value.isArray()) {
            return List.of(value.asString());
        }
        List<String> texts = new ArrayList<>();
        value.forEach(item -> texts.add(item.asString()));
        return texts;
    }
}
