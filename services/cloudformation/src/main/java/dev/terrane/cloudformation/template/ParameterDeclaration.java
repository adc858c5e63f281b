package dev.terrane.cloudformation.template;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * A parameter that a template declares.
 *
 * @param standard its default
 * @param allowedValues the only values; empty where there is no such list
 * @param allowedPattern a Java regular expression that the whole value must match
 * @param constraintDescription what a value is refused with, empty where nothing is said
 * @param noEcho whether the value is shown nowhere
 */
public record ParameterDeclaration(
        String name,
        ParameterType type,
        Optional<String> standard,
        List<String> allowedValues,
        Optional<String> allowedPattern,
        String constraintDescription,
        String description,
        Optional<BigDecimal> minLength,
        Optional<BigDecimal> maxLength,
        Optional<BigDecimal> minValue,
        Optional<BigDecimal> maxValue,
        boolean noEcho,
        Position at) {}
