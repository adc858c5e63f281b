package dev.terrane.testkit.resource;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Whether what was read has what was desired: scalars are compared as text, lists item by item, and objects may have more. */
final class Likeness {
    private Likeness() {}

    static boolean holds(@Nullable JsonNode found, JsonNode desired) {
        if (found == null) {
            return desired.isContainer() && desired.isEmpty();
        }
        if (desired.isArray()) {
            if (!found.isArray() || found.size() != desired.size()) {
                return false;
            }
            for (int i = 0; i < desired.size(); i++) {
                if (!holds(found.get(i), desired.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (desired.isObject()) {
            return found.isObject()
                    && desired.properties().stream().allMatch(e -> holds(found.get(e.getKey()), e.getValue()));
        }
        return found.isValueNode() && found.asString().equals(desired.asString());
    }
}
