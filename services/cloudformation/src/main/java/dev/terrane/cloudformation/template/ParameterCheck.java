package dev.terrane.cloudformation.template;

import dev.terrane.kernel.resource.Numbers;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Holds a value against the constraints of its parameter. */
final class ParameterCheck {
    private static final int LONGEST = 4096;

    private final ParameterDeclaration declaration;

    ParameterCheck(ParameterDeclaration declaration) {
        this.declaration = declaration;
    }

    void run(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw new TemplateException(
                    "Parameter '" + declaration.name() + "' must contain at most " + LONGEST + " bytes");
        }
        ParameterType type = declaration.type();
        // Constraints of a parameter that names one of the parameter store hold for the name.
        List<String> elements = type.list() && !type.fromParameterStore() ? ParameterValues.split(text) : List.of(text);
        elements.forEach(this::element);
    }

    private void element(String value) {
        String name = declaration.name();
        if (declaration.type().number()) {
            number(value);
        } else {
            int length = value.codePointCount(0, value.length());
            declaration
                    .minLength()
                    .filter(least -> least.compareTo(BigDecimal.valueOf(length)) > 0)
                    .ifPresent(least -> {
                        throw broken("Parameter '" + name + "' must contain at least " + least.toPlainString()
                                + " characters");
                    });
            declaration
                    .maxLength()
                    .filter(most -> most.compareTo(BigDecimal.valueOf(length)) < 0)
                    .ifPresent(most -> {
                        throw broken("Parameter '" + name + "' must contain at most " + most.toPlainString()
                                + " characters");
                    });
            declaration
                    .allowedPattern()
                    .filter(pattern -> !matches(pattern, value))
                    .ifPresent(pattern -> {
                        throw broken("Parameter '" + name + "' must match pattern " + pattern);
                    });
        }
        if (!declaration.allowedValues().isEmpty()
                && !declaration.allowedValues().contains(value)) {
            throw broken("Parameter '" + name + "' must be one of AllowedValues");
        }
    }

    private void number(String value) {
        String name = declaration.name();
        Optional<BigDecimal> number = Numbers.decimal(value);
        if (number.isEmpty()) {
            throw broken("Parameter '" + name + "' must be a number");
        }
        declaration
                .minValue()
                .filter(least -> number.get().compareTo(least) < 0)
                .ifPresent(least -> {
                    throw broken("Parameter '" + name + "' must be a number not less than " + least.toPlainString());
                });
        declaration.maxValue().filter(most -> number.get().compareTo(most) > 0).ifPresent(most -> {
            throw broken("Parameter '" + name + "' must be a number not greater than " + most.toPlainString());
        });
    }

    private TemplateException broken(String words) {
        return new TemplateException(
                declaration.constraintDescription().isEmpty()
                        ? words
                        : "Parameter " + declaration.name() + " failed to satisfy constraint: "
                                + declaration.constraintDescription());
    }

    private boolean matches(String pattern, String value) {
        try {
            return Pattern.compile(pattern).matcher(new Patience(value)).matches();
        } catch (StackOverflowError | IllegalStateException tooMuch) {
            throw new TemplateException(
                    "Template error: Parameter '" + declaration.name() + "' AllowedPattern takes too long to match");
        }
    }

    /** Text that can be looked at only so often: a pattern may take longer than the age of the world. */
    private static final class Patience implements CharSequence {
        private final String text;
        private int left = 2_000_000;

        Patience(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (left-- == 0) {
                throw new IllegalStateException("looked at too often");
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
