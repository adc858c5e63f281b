package dev.terrane.ecr;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeType;

/**
 * What a lifecycle policy must be like: first its form, then what its rules may be together.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html">Lifecycle policy properties</a>
 */
final class LifecycleRules {
    private static final int MOST_RULES = 50;
    private static final int MOST_WILDCARDS = 4;
    private static final int LEAST_DAYS_ARCHIVED = 90;
    private static final String NO_SCHEMA = "instance failed to match exactly one schema (matched 0 out of 2)";

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private LifecycleRules() {}

    /** What of a rule matters to the others. */
    private record Rule(int priority, String tagStatus, String storageClass) {}

    /** @throws software.amazon.awssdk.services.ecr.model.InvalidParameterException saying what is wrong with the policy */
    static void check(String policyText) {
        JsonNode policy = parsed(policyText);
        requireProperties(policy, Set.of("rules"), Set.of("rules"));
        JsonNode rules = typed(policy.path("rules"), JsonNodeType.ARRAY);
        if (rules.isEmpty()) {
            throw failure("array is too short: must have at least 1 elements but instance has 0 elements");
        }
        if (rules.size() > MOST_RULES) {
            throw failure("array is too long: must have at most " + MOST_RULES + " elements but instance has "
                    + rules.size() + " elements");
        }
        List<Rule> read = new ArrayList<>();
        rules.forEach(rule -> read.add(rule(rule)));
        checkTogether(read);
    }

    private static JsonNode parsed(String text) {
        try {
            JsonNode policy = JSON.readTree(text);
            if (policy.isObject()) {
                return policy;
            }
        } catch (JacksonException notJson) {
            // Said below.
        }
        throw failure("Could not map policyString into LifecyclePolicy.");
    }

    private static Rule rule(JsonNode rule) {
        typed(rule, JsonNodeType.OBJECT);
        requireProperties(
                rule,
                Set.of("rulePriority", "selection", "action"),
                Set.of("rulePriority", "description", "selection", "action"));
        if (rule.has("description")) {
            typed(rule.path("description"), JsonNodeType.STRING);
        }
        JsonNode action = typed(rule.path("action"), JsonNodeType.OBJECT);
        requireProperties(action, Set.of("type"), Set.of("type", "targetStorageClass"));
        boolean transition = oneOf(action.path("type"), "expire", "transition").equals("transition");
        if (transition != action.has("targetStorageClass")) {
            throw failure(NO_SCHEMA);
        }
        if (transition) {
            oneOf(action.path("targetStorageClass"), "archive");
        }
        JsonNode selection = typed(rule.path("selection"), JsonNodeType.OBJECT);
        String tagStatus = selection(selection, transition);
        return new Rule(
                positive(rule.path("rulePriority")),
                tagStatus,
                selection.path("storageClass").asString("standard"));
    }

    private static String selection(JsonNode selection, boolean transition) {
        requireProperties(
                selection,
                Set.of("tagStatus", "countType", "countNumber"),
                Set.of(
                        "tagStatus",
                        "tagPatternList",
                        "tagPrefixList",
                        "storageClass",
                        "countType",
                        "countUnit",
                        "countNumber"));
        String tagStatus = oneOf(selection.path("tagStatus"), "any", "tagged", "untagged");
        checkTags(selection, tagStatus);
        int number = positive(selection.path("countNumber"));
        String countType = selection.path("countType").asString("");
        boolean counted = switch (countType) {
            case "imageCountMoreThan" -> true;
            case "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned" -> false;
            default -> throw failure(NO_SCHEMA);
        };
        if (counted == selection.has("countUnit")) {
            throw failure(NO_SCHEMA);
        }
        if (!counted) {
            oneOf(selection.path("countUnit"), "days");
        }
        checkStorageClass(selection, countType, transition, number);
        return tagStatus;
    }

    private static void checkTags(JsonNode selection, String tagStatus) {
        boolean tagged = tagStatus.equals("tagged");
        if (!tagged && (selection.has("tagPrefixList") || selection.has("tagPatternList"))) {
            throw failure("tagPrefixList and tagPatternList can only be specified when tagStatus=TAGGED.");
        }
        if (selection.has("tagPrefixList") && selection.has("tagPatternList")) {
            throw failure("Only one of tagPrefixList and tagPatternList can be specified.");
        }
        if (tagged
                && texts(selection, "tagPrefixList").isEmpty()
                && texts(selection, "tagPatternList").isEmpty()) {
            throw failure("Must specify tagPrefixList or tagPatternList when tagStatus=TAGGED.");
        }
        for (String pattern : texts(selection, "tagPatternList")) {
            if (pattern.chars().filter(c -> c == '*').count() > MOST_WILDCARDS) {
                throw failure("The tag pattern '" + pattern + "' has more than " + MOST_WILDCARDS + " wildcards.");
            }
        }
    }

    /** Images in the archive can only be expired, and not before they were there for ninety days; which were not pulled can only be archived. */
    private static void checkStorageClass(JsonNode selection, String countType, boolean transition, int number) {
        String storageClass = selection.has("storageClass")
                ? oneOf(selection.path("storageClass"), "archive", "standard")
                : "standard";
        boolean archived = countType.equals("sinceImageTransitioned");
        if (archived != storageClass.equals("archive")) {
            throw failure("storageClass must be " + (archived ? "archive" : "standard") + " when countType=" + countType
                    + ".");
        }
        if (archived && transition) {
            throw failure("Images in the archive storage class can only be expired.");
        }
        if (archived && number < LEAST_DAYS_ARCHIVED) {
            throw failure("countNumber must be at least " + LEAST_DAYS_ARCHIVED + " when countType=" + countType + ".");
        }
        if (countType.equals("sinceImagePulled") && !transition) {
            throw failure("The action must be transition when countType=sinceImagePulled.");
        }
    }

    private static void checkTogether(List<Rule> rules) {
        Set<Integer> priorities = new HashSet<>();
        Set<String> untagged = new HashSet<>();
        for (Rule rule : rules) {
            if (!priorities.add(rule.priority)) {
                throw failure("Rule priorities must be unique; " + rule.priority + " is used more than once.");
            }
            if (rule.tagStatus.equals("untagged") && !untagged.add(rule.storageClass)) {
                throw failure("Only one rule can select Untagged images per storage class");
            }
            boolean last = rules.stream()
                    .filter(other -> other.storageClass.equals(rule.storageClass))
                    .allMatch(other -> other.priority <= rule.priority);
            if (rule.tagStatus.equals("any") && !last) {
                throw failure("Rule for tagStatus=ANY must have the lowest priority per storage class");
            }
        }
    }

    private static List<String> texts(JsonNode selection, String name) {
        JsonNode list = selection.path(name);
        if (list.isMissingNode()) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        typed(list, JsonNodeType.ARRAY)
                .forEach(text -> texts.add(typed(text, JsonNodeType.STRING).asString()));
        return texts;
    }

    private static void requireProperties(JsonNode object, Set<String> required, Set<String> known) {
        Set<String> missing = new TreeSet<>(required);
        missing.removeIf(object::has);
        if (!missing.isEmpty()) {
            throw failure("object has missing required properties (" + quoted(missing) + ")");
        }
        Set<String> unknown = new TreeSet<>(object.propertyNames());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw failure(
                    "object instance has properties which are not allowed by the schema: (" + quoted(unknown) + ")");
        }
    }

    private static JsonNode typed(JsonNode node, JsonNodeType type) {
        if (node.getNodeType() != type) {
            throw wrongType(node, word(type));
        }
        return node;
    }

    private static RuntimeException wrongType(JsonNode node, String allowed) {
        return failure("instance type (" + word(node.getNodeType())
                + ") does not match any allowed primitive type (allowed: [\"" + allowed + "\"])");
    }

    private static String word(JsonNodeType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private static int positive(JsonNode number) {
        if (!number.isIntegralNumber()) {
            throw wrongType(number, "integer");
        }
        if (!number.canConvertToInt() || number.asInt() < 1) {
            throw failure(
                    number.asString().startsWith("-") || number.asString().equals("0")
                            ? "numeric instance is lower than the required minimum (minimum: 1, found: "
                                    + number.asString() + ")"
                            : "numeric instance is greater than the required maximum (maximum: " + Integer.MAX_VALUE
                                    + ", found: " + number.asString() + ")");
        }
        return number.asInt();
    }

    private static String oneOf(JsonNode text, String... allowed) {
        String given = typed(text, JsonNodeType.STRING).asString();
        if (!List.of(allowed).contains(given)) {
            throw failure("instance value (\"" + given + "\") not found in enum (possible values: "
                    + quoted(List.of(allowed)) + ")");
        }
        return given;
    }

    private static String quoted(Iterable<String> names) {
        return "[\"" + String.join("\",\"", names) + "\"]";
    }

    private static RuntimeException failure(String what) {
        return Refusals.parameter("LifecyclePolicyText", "Lifecycle policy validation failure: " + what);
    }
}
