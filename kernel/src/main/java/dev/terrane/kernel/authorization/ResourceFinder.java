package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.Overlay.Asked;
import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the resources of a type in a request: a member that holds an ARN of the type's form, or members whose names are
 * those of the variables of the ARN's form.
 */
final class ResourceFinder {
    private static final List<String> UNSPECIFIC = List.of(
            "name", "names", "id", "ids", "arn", "arns", "resourcearn", "resourcearns", "resourceid", "resourcename");

    private ResourceFinder() {}

    /** The ARNs, or none where the request names no such resource. */
    static List<String> find(String service, ResourceType type, boolean onlyType, Asked asked) {
        Set<String> found = new LinkedHashSet<>();
        for (String text : asked.members().all()) {
            if (Arn.isArn(text) && type.arn().matches(text)) {
                found.add(text);
            }
        }
        if (!found.isEmpty()) {
            return List.copyOf(found);
        }
        List<String> variables = type.arn().variables();
        if (variables.isEmpty()) {
            return List.of();
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String variable : variables) {
            boolean specific = variables.size() > 1 && !variable.equals(variables.getLast());
            List<String> texts = values(type, variable, specific, onlyType, asked).stream()
                    .filter(text -> !Arn.isArn(text) || type.arn().matches(text))
                    .toList();
            if (!texts.isEmpty()) {
                values.put(variable, texts);
            }
        }
        return fill(service, type, values, asked);
    }

    private static List<String> fill(String service, ResourceType type, Map<String, List<String>> values, Asked asked) {
        if (values.isEmpty()) {
            return List.of();
        }
        int most = values.values().stream().mapToInt(List::size).max().orElse(0);
        Set<String> arns = new LinkedHashSet<>();
        for (int i = 0; i < most; i++) {
            Map<String, String> one = new LinkedHashMap<>();
            for (Map.Entry<String, List<String>> entry : values.entrySet()) {
                one.put(
                        entry.getKey(),
                        entry.getValue().get(Math.min(i, entry.getValue().size() - 1)));
            }
            String last = one.values().stream().reduce("", (a, b) -> b);
            Optional<String> known = asked.names().find(service, type.name(), last);
            arns.add(Arn.isArn(last) ? last : known.orElseGet(() -> type.arn().fill(asked.scope(), one)));
        }
        return List.copyOf(arns);
    }

    private static List<String> values(
            ResourceType type, String variable, boolean specific, boolean onlyType, Asked asked) {
        List<String> names = names(type, variable, specific);
        for (String name : names) {
            List<String> texts = asked.members().texts(name);
            if (!texts.isEmpty()) {
                return texts;
            }
        }
        if (!specific && (onlyType || isAbout(asked.operation(), type))) {
            for (String name : UNSPECIFIC) {
                List<String> texts = asked.members().texts(name);
                if (!texts.isEmpty()) {
                    return texts;
                }
            }
        }
        for (String name : names) {
            List<String> texts = asked.members().nestedTexts(name);
            if (!texts.isEmpty()) {
                return texts;
            }
        }
        return List.of();
    }

    /** The names that a variable goes by, the likeliest first: RoleNameWithPath by rolename, role, rolenames, … */
    private static List<String> names(ResourceType type, String variable, boolean specific) {
        String plain = ArnTemplate.plain(variable).replace("withpath", "").replace("withoutleadingslash", "");
        String kind = ArnTemplate.plain(type.name());
        List<String> names = new ArrayList<>(List.of(plain, plain + "s"));
        String stem = plain.endsWith("name")
                ? plain.substring(0, plain.length() - 4)
                : plain.endsWith("id") ? plain.substring(0, plain.length() - 2) : plain;
        if (!stem.isEmpty()) {
            names.addAll(forms(stem));
        }
        if (!specific && !kind.equals(stem)) {
            names.addAll(forms(kind));
        }
        return names;
    }

    private static List<String> forms(String noun) {
        return List.of(
                noun + "name",
                noun + "names",
                noun + "id",
                noun + "ids",
                noun + "identifier",
                noun + "arn",
                noun + "arns",
                noun,
                noun + "s");
    }

    private static boolean isAbout(String operation, ResourceType type) {
        return ArnTemplate.plain(operation).contains(ArnTemplate.plain(type.name()));
    }
}
