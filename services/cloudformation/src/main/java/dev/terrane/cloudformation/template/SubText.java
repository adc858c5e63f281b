package dev.terrane.cloudformation.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The text of {@code Fn::Sub}, cut into what stays as it is and the names of variables.
 *
 * @param own variables that the function gives values to itself */
record SubText(List<Part> parts, Map<String, Value> own) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_:.]+");
    private static final String WRONG_ARGUMENTS =
            "Template error: One or more Fn::Sub intrinsic functions don't specify"
                    + " expected arguments. Specify a string as first argument, and an optional second argument to specify a"
                    + " mapping of values to replace in the string";

    /** A piece of the text. */
    sealed interface Part {
        record Literal(String text) implements Part {}

        /** {@code ${Name}}, which may be {@code ${Resource.Attribute}}. */
        record Variable(String name) implements Part {}
    }

    /** The text of the function's argument.
     *
     * @throws TemplateException when it is not of the function's form */
    static SubText of(Value argument) {
        if (argument instanceof Value.Scalar scalar) {
            return new SubText(parts(scalar), Map.of());
        }
        boolean whole = argument instanceof Value.Items items
                && items.items().size() == 2
                && items.items().get(0) instanceof Value.Scalar
                && items.items().get(1) instanceof Value.Fields;
        if (!whole) {
            throw new TemplateException(WRONG_ARGUMENTS, argument.at());
        }
        List<Value> items = ((Value.Items) argument).items();
        return new SubText(parts((Value.Scalar) items.get(0)), ((Value.Fields) items.get(1)).fields());
    }

    private static List<Part> parts(Value.Scalar scalar) {
        String text = scalar.text();
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int here = 0;
        while (here < text.length()) {
            int open = text.indexOf("${", here);
            int close = open < 0 ? -1 : text.indexOf('}', open);
            if (close < 0) {
                break;
            }
            literal.append(text, here, open);
            String name = text.substring(open + 2, close);
            if (name.startsWith("!")) {
                literal.append("${").append(name, 1, name.length()).append('}');
            } else if (NAME.matcher(name.strip()).matches()) {
                parts.add(new Part.Literal(literal.toString()));
                literal.setLength(0);
                parts.add(new Part.Variable(name.strip()));
            } else {
                throw new TemplateException(
                        "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters,"
                                + " underscores, periods, and colons",
                        scalar.at());
            }
            here = close + 1;
        }
        literal.append(text, here, text.length());
        parts.add(new Part.Literal(literal.toString()));
        return parts;
    }

    /** The names of variables that the function does not give values to itself. */
    List<String> variables() {
        return parts.stream()
                .filter(Part.Variable.class::isInstance)
                .map(part -> ((Part.Variable) part).name())
                .filter(name -> !own.containsKey(name))
                .distinct()
                .toList();
    }
}
