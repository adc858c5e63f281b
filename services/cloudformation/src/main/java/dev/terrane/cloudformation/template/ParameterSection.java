package dev.terrane.cloudformation.template;

import dev.terrane.kernel.resource.Numbers;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads one parameter of a template. */
final class ParameterSection {
    private static final Set<String> MEMBERS = Set.of(
            "Type",
            "Default",
            "AllowedValues",
            "AllowedPattern",
            "ConstraintDescription",
            "Description",
            "MinLength",
            "MaxLength",
            "MinValue",
            "MaxValue",
            "NoEcho");

    private final String name;
    private final Value.Fields members;

    private ParameterSection(String name, Value.Fields members) {
        this.name = name;
        this.members = members;
    }

    static ParameterDeclaration parameter(String name, Value value) {
        Value.Fields members = value.object()
                .orElseThrow(() -> new TemplateException(
                        "Template format error: Any Parameters member must be a JSON object.", value.at()));
        Sections.only(members, MEMBERS, "Invalid template parameter property");
        return new ParameterSection(name, members).read();
    }

    private ParameterDeclaration read() {
        String typeName = text("Type")
                .orElseThrow(() -> new TemplateException(
                        "Template format error: Every Parameters object must contain a Type member.", members.at()));
        ParameterType type = ParameterType.named(typeName)
                .orElseThrow(() -> new TemplateException(
                        "Template format error: Unrecognized parameter type: " + TemplateText.shown(typeName),
                        at("Type")));
        Optional<BigDecimal> minLength = number("MinLength", !type.number(), "String");
        Optional<BigDecimal> maxLength = number("MaxLength", !type.number(), "String");
        Optional<BigDecimal> minValue = number("MinValue", type.number(), "Number");
        Optional<BigDecimal> maxValue = number("MaxValue", type.number(), "Number");
        ordered("MinLength", minLength, "MaxLength", maxLength);
        ordered("MinValue", minValue, "MaxValue", maxValue);
        return new ParameterDeclaration(
                name,
                type,
                text("Default"),
                allowedValues(),
                pattern(type),
                text("ConstraintDescription").orElse(""),
                text("Description").orElse(""),
                minLength,
                maxLength,
                minValue,
                maxValue,
                noEcho(),
                members.at());
    }

    private Position at(String member) {
        return members.get(member).map(Value::at).orElse(members.at());
    }

    private Optional<String> text(String member) {
        return members.get(member)
                .map(value -> value.scalar()
                        .orElseThrow(() -> new TemplateException(
                                "Template format error: Every " + member + " member must be a string.", value.at())));
    }

    private boolean noEcho() {
        Optional<String> noEcho = text("NoEcho");
        noEcho.filter(text -> !text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false"))
                .ifPresent(text -> {
                    throw new TemplateException(
                            "Template error: Parameter '" + name + "' NoEcho must be true or false", at("NoEcho"));
                });
        return noEcho.filter("true"::equalsIgnoreCase).isPresent();
    }

    private List<String> allowedValues() {
        return members.get("AllowedValues")
                .map(value -> value
                        .list()
                        .orElseThrow(() -> new TemplateException(
                                "Template format error: AllowedValues of parameter '" + name + "' must be a list",
                                value.at()))
                        .stream()
                        .map(item -> item.scalar()
                                .orElseThrow(() -> new TemplateException(
                                        "Template format error: Every AllowedValues value must be a string.",
                                        item.at())))
                        .toList())
                .orElse(List.of());
    }

    private Optional<String> pattern(ParameterType type) {
        Optional<String> pattern = text("AllowedPattern");
        if (pattern.isPresent() && type.number()) {
            throw misplaced("AllowedPattern", "String");
        }
        pattern.ifPresent(regex -> {
            try {
                Pattern.compile(regex);
            } catch (PatternSyntaxException | StackOverflowError e) {
                throw new TemplateException(
                        "Template error: Parameter '" + name + "' AllowedPattern is no regular expression",
                        at("AllowedPattern"));
            }
        });
        return pattern;
    }

    private Optional<BigDecimal> number(String member, boolean fits, String type) {
        Optional<String> text = text(member);
        if (text.isPresent() && !fits) {
            throw misplaced(member, type);
        }
        return text.map(digits -> Numbers.decimal(digits)
                .orElseThrow(() -> new TemplateException(
                        "Template error: Parameter '" + name + "' " + member + " must be a number", at(member))));
    }

    private TemplateException misplaced(String member, String type) {
        return new TemplateException(
                "Template error: Parameter '" + name + "' " + member + " must be on a parameter of type " + type,
                at(member));
    }

    private void ordered(String least, Optional<BigDecimal> from, String most, Optional<BigDecimal> to) {
        if (from.isPresent() && to.isPresent() && from.get().compareTo(to.get()) > 0) {
            throw new TemplateException(
                    "Template error: Parameter '" + name + "' " + least + " must be less than " + most + ".",
                    at(least));
        }
    }
}
