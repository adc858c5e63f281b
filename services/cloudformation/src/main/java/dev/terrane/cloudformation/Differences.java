package dev.terrane.cloudformation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.model.DifferenceType;
import software.amazon.awssdk.services.cloudformation.model.PropertyDifference;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a resource differs from what its template says: only what the template sets is looked at. */
final class Differences {
    private Differences() {}

    static List<PropertyDifference> of(JsonNode expected, JsonNode actual) {
        List<PropertyDifference> found = new ArrayList<>();
        compare("", expected, actual, found);
        return found;
    }

    private static void compare(
            String path, JsonNode expected, @Nullable JsonNode actual, List<PropertyDifference> found) {
        if (actual == null || actual.isMissingNode() || actual.isNull()) {
            if (!(expected.isContainer() && expected.isEmpty())) {
                found.add(difference(path, expected, null, DifferenceType.REMOVE));
            }
        } else if (expected.isObject() && actual.isObject()) {
            expected.properties()
                    .forEach(e -> compare(path + "/" + e.getKey(), e.getValue(), actual.get(e.getKey()), found));
        } else if (expected.isArray() && actual.isArray()) {
            int both = Math.min(expected.size(), actual.size());
            for (int i = 0; i < both; i++) {
                compare(path + "/" + i, expected.get(i), actual.get(i), found);
            }
            for (int i = both; i < expected.size(); i++) {
                found.add(difference(path + "/" + i, expected.get(i), null, DifferenceType.REMOVE));
            }
            for (int i = both; i < actual.size(); i++) {
                found.add(difference(path + "/" + i, null, actual.get(i), DifferenceType.ADD));
            }
        } else if (!text(expected).equals(text(actual)) && !sameDocument(text(expected), text(actual))) {
            found.add(difference(path, expected, actual, DifferenceType.NOT_EQUAL));
        }
    }

    private static PropertyDifference difference(
            String path, @Nullable JsonNode expected, @Nullable JsonNode actual, DifferenceType type) {
        return PropertyDifference.builder()
                .propertyPath(path)
                .expectedValue(expected == null ? "null" : text(expected))
                .actualValue(actual == null ? "null" : text(actual))
                .differenceType(type)
                .build();
    }

    /** Whether two texts are the same JSON object, such as a policy, written in other ways. */
    private static boolean sameDocument(String one, String other) {
        if (!one.stripLeading().startsWith("{") || !other.stripLeading().startsWith("{")) {
            return false;
        }
        try {
            return JsonMapper.shared().readTree(one).equals(JsonMapper.shared().readTree(other));
        } catch (JacksonException e) {
            return false;
        }
    }

    private static String text(JsonNode node) {
        return node.isValueNode() ? node.asString() : node.toString();
    }
}
