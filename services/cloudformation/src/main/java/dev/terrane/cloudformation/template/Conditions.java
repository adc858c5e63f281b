package dev.terrane.cloudformation.template;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The conditions of a template: what they are, for given parameters. */
public final class Conditions {
    private Conditions() {}

    /** What each condition is.
     *
     * @param environment asked for parameters and pseudo parameters only
     * @throws TemplateException when a mapping or an item of a list is not there */
    public static Map<String, Boolean> of(Template template, Environment environment) {
        Map<String, Boolean> holds = new LinkedHashMap<>();
        Functions functions = new Functions(template, environment, holds);
        for (String name : order(template)) {
            try {
                holds.put(name, functions.holds(template.condition(name)));
            } catch (TemplateException e) {
                throw e.in(name);
            }
        }
        return Map.copyOf(holds);
    }

    /** The names of conditions, each after those that it names.
     *
     * @throws TemplateException when one depends on itself */
    static List<String> order(Template template) {
        Map<String, Set<String>> named = new LinkedHashMap<>();
        template.conditions().forEach((name, value) -> named.put(name, named(value)));
        List<String> order = Graph.order(named);
        if (order.size() < named.size()) {
            List<String> circle = Graph.circle(named, order);
            throw new TemplateException(
                    "Template error: Found circular condition dependency between " + circle,
                    template.condition(circle.getFirst()).at());
        }
        return order;
    }

    /** The conditions that a condition names. */
    static Set<String> named(Value value) {
        Set<String> names = new LinkedHashSet<>();
        collect(value, names);
        return names;
    }

    private static void collect(Value value, Set<String> names) {
        if (value instanceof Value.Fields object && object.fields().size() == 1) {
            object.get("Condition").flatMap(Value::scalar).ifPresent(names::add);
        }
        value.call("Fn::If")
                .flatMap(Value::list)
                .filter(items -> !items.isEmpty())
                .flatMap(items -> items.getFirst().scalar())
                .ifPresent(names::add);
        value.children().forEach(child -> collect(child, names));
    }
}
