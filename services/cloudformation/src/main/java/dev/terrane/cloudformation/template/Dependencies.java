package dev.terrane.cloudformation.template;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which resources of a template exist, and which of them others need.
 *
 * @param needs of each resource that exists, those that must be there before it: by {@code DependsOn}, {@code Ref}, {@code Fn::GetAtt} and
 *     {@code Fn::Sub}
 * @param order the resources that exist, each after those that it needs; otherwise as in the template
 */
public record Dependencies(Map<String, Set<String>> needs, List<String> order) {

    /** The dependencies of a template.
     *
     * @param conditions what each condition is; of one that is missing nothing is left out
     * @throws TemplateException when a resource needs itself, or one that does not exist since its condition does not hold */
    public static Dependencies of(Template template, Map<String, Boolean> conditions) {
        Map<String, Set<String>> needs = new LinkedHashMap<>();
        template.resources().forEach((logicalId, resource) -> {
            if (exists(resource.condition(), conditions)) {
                needs.put(logicalId, needs(template, resource, conditions));
            }
        });
        absent(template, needs.keySet(), conditions);
        return new Dependencies(Collections.unmodifiableMap(needs), order(template, needs));
    }

    static boolean exists(java.util.Optional<String> condition, Map<String, Boolean> conditions) {
        return condition.map(name -> conditions.getOrDefault(name, true)).orElse(true);
    }

    /** Of each resource, those that need it directly. */
    public Map<String, Set<String>> neededBy() {
        Map<String, Set<String>> reversed = new LinkedHashMap<>();
        order.forEach(logicalId -> reversed.put(logicalId, new LinkedHashSet<>()));
        needs.forEach((logicalId, needed) -> needed.forEach(
                one -> reversed.computeIfAbsent(one, x -> new LinkedHashSet<>()).add(logicalId)));
        return reversed;
    }

    private static Set<String> needs(Template template, ResourceDeclaration resource, Map<String, Boolean> conditions) {
        Set<String> needed = new LinkedHashSet<>();
        // A DependsOn of a resource that does not exist is passed over, as in AWS.
        resource.dependsOn().stream()
                .filter(name -> exists(template.resource(name).condition(), conditions))
                .forEach(needed::add);
        resource.evaluated().stream()
                .flatMap(value -> References.in(value, conditions).stream())
                .map(References.Reference::name)
                .filter(template.resources()::containsKey)
                .forEach(needed::add);
        return Collections.unmodifiableSet(needed);
    }

    /** Refuses what refers to a resource that does not exist. */
    private static void absent(Template template, Set<String> existing, Map<String, Boolean> conditions) {
        template.resources().forEach((logicalId, resource) -> {
            if (existing.contains(logicalId)) {
                resource.evaluated()
                        .forEach(value ->
                                absent(template, existing, References.in(value, conditions), "Resources", logicalId));
            }
        });
        template.outputs().forEach((name, output) -> {
            if (exists(output.condition(), conditions)) {
                output.evaluated()
                        .forEach(
                                value -> absent(template, existing, References.in(value, conditions), "Outputs", name));
            }
        });
    }

    private static void absent(
            Template template, Set<String> existing, List<References.Reference> references, String block, String in) {
        references.stream()
                .filter(reference ->
                        template.resources().containsKey(reference.name()) && !existing.contains(reference.name()))
                .findFirst()
                .ifPresent(reference -> {
                    throw new TemplateException(
                                    "Template format error: Unresolved resource dependencies [" + reference.name()
                                            + "] in the " + block + " block of the template",
                                    reference.at())
                            .in(in);
                });
    }

    private static List<String> order(Template template, Map<String, Set<String>> needs) {
        List<String> order = Graph.order(needs);
        if (order.size() < needs.size()) {
            List<String> circle = Graph.circle(needs, order);
            throw new TemplateException(
                    "Circular dependency between resources: [" + String.join(", ", circle) + "]",
                    template.resource(circle.getFirst()).at());
        }
        return order;
    }
}
