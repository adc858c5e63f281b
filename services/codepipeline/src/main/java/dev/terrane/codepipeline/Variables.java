package dev.terrane.codepipeline;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** References to variables, {@code #{namespace.name}}, in an action's configuration. See "Working with variables" in the user guide. */
final class Variables {
    /** The namespace of the pipeline's own variables. */
    static final String PIPELINE = "variables";

    /** The namespace of what CodePipeline itself knows. */
    static final String CODEPIPELINE = "codepipeline";

    private static final Pattern REFERENCE = Pattern.compile("#\\{([A-Za-z0-9@_-]+)\\.([A-Za-z0-9@_-]+)}");

    private Variables() {}

    /** A reference that names nothing known. */
    static final class Unresolved extends RuntimeException {
        Unresolved(String reference) {
            super("The variable " + reference + " could not be resolved: no action of this execution has given it.");
        }
    }

    /** The namespaces to which a text refers. */
    static Set<String> namespaces(String text) {
        Set<String> found = new LinkedHashSet<>();
        Matcher matcher = REFERENCE.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    /** The names to which a text refers in one namespace. */
    static Set<String> names(String text, String namespace) {
        Set<String> found = new LinkedHashSet<>();
        Matcher matcher = REFERENCE.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(namespace)) {
                found.add(matcher.group(2));
            }
        }
        return found;
    }

    /** A configuration with values in place of references.
     *
     * @throws Unresolved when there is no value */
    static Map<String, String> resolve(Map<String, String> configuration, ExecutionRecord execution) {
        Map<String, String> resolved = new LinkedHashMap<>();
        configuration.forEach((key, value) -> resolved.put(key, resolve(value, execution)));
        return resolved;
    }

    private static String resolve(String text, ExecutionRecord execution) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            String value =
                    value(match.group(1), match.group(2), execution).orElseThrow(() -> new Unresolved(match.group()));
            return Matcher.quoteReplacement(value);
        });
    }

    private static Optional<String> value(String namespace, String name, ExecutionRecord execution) {
        return switch (namespace) {
            case PIPELINE -> Optional.ofNullable(execution.origin().variables().get(name));
            case CODEPIPELINE -> name.equals("PipelineExecutionId") ? Optional.of(execution.id()) : Optional.empty();
            default ->
                Optional.ofNullable(execution
                        .products()
                        .variables()
                        .getOrDefault(namespace, Map.of())
                        .get(name));
        };
    }
}
