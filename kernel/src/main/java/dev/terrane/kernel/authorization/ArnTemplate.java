package dev.terrane.kernel.authorization;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The form of a resource type's ARNs, such as <code>arn:${Partition}:sqs:${Region}:${Account}:${QueueName}</code>. */
final class ArnTemplate {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]+)}");
    private static final Set<String> PLACES = Set.of("Partition", "Region", "Account");

    private final String text;
    private final List<String> variables;
    private final Pattern form;

    private ArnTemplate(String text, List<String> variables, Pattern form) {
        this.text = text;
        this.variables = variables;
        this.form = form;
    }

    static ArnTemplate parse(String text) {
        List<String> variables = new ArrayList<>();
        StringBuilder form = new StringBuilder();
        Matcher matcher = VARIABLE.matcher(text);
        int end = 0;
        while (matcher.find()) {
            form.append(Pattern.quote(text.substring(end, matcher.start())));
            end = matcher.end();
            if (PLACES.contains(matcher.group(1))) {
                form.append("[^:]*");
            } else {
                variables.add(matcher.group(1));
                form.append(".+");
            }
        }
        form.append(Pattern.quote(text.substring(end)));
        return new ArnTemplate(text, List.copyOf(variables), Pattern.compile(form.toString()));
    }

    /** The variables that stand for the resource itself. */
    List<String> variables() {
        return variables;
    }

    /** Whether an ARN is of this form. */
    boolean matches(String arn) {
        return form.matcher(arn).matches();
    }

    /** The ARN with these values; {@code *} for a variable without one. */
    String fill(ResourceScope scope, Map<String, String> values) {
        return VARIABLE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        switch (found.group(1)) {
                            case "Partition" -> scope.partition();
                            case "Region" -> scope.region();
                            case "Account" -> scope.account();
                            default -> values.getOrDefault(found.group(1), "*");
                        }));
    }

    /** The ARN of one name, for a type whose ARN ends with it. */
    String fillLast(ResourceScope scope, String name) {
        return variables.isEmpty() ? fill(scope, Map.of()) : fill(scope, Map.of(variables.getLast(), name));
    }

    /** A name without anything but letters and digits, in lower case. */
    static String plain(String name) {
        StringBuilder plain = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isLetterOrDigit(c)) {
                plain.append(c);
            }
        }
        return plain.toString().toLowerCase(Locale.ROOT);
    }
}
