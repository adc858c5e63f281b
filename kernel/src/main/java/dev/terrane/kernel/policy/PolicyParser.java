package dev.terrane.kernel.policy;

import dev.terrane.kernel.arn.Arn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads documents by the "Grammar of the IAM JSON policy language": nothing unknown, nothing twice, bounded. */
final class PolicyParser {
    private static final int MAXIMUM_DEPTH = 8;
    private static final Set<String> DOCUMENT_FIELDS = Set.of("Version", "Id", "Statement");
    private static final Set<String> STATEMENT_FIELDS = Set.of(
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition");

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAXIMUM_DEPTH)
                            .maxNumberLength(64)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final boolean variables;

    private PolicyParser(boolean variables) {
        this.variables = variables;
    }

    static PolicyDocument parse(String json) {
        if (json.length() > PolicyDocument.MAXIMUM_LENGTH) {
            throw new MalformedPolicy("", "The policy document is longer than " + PolicyDocument.MAXIMUM_LENGTH);
        }
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JacksonException notJson) {
            String position = notJson.getLocation() == null
                    ? ""
                    : "line " + notJson.getLocation().getLineNr() + ", column "
                            + notJson.getLocation().getColumnNr();
            throw new MalformedPolicy(position, "Syntax errors in policy.");
        }
        if (root == null || !root.isObject()) {
            throw new MalformedPolicy("", "Syntax errors in policy.");
        }
        requireKnown(root, DOCUMENT_FIELDS, "");
        PolicyDocument.Version version = version(root.get("Version"));
        JsonNode statements = root.get("Statement");
        if (statements == null) {
            throw new MalformedPolicy("", "Missing required field Statement");
        }
        PolicyParser parser = new PolicyParser(version == PolicyDocument.Version.V2012_10_17);
        List<Statement> parsed = new ArrayList<>();
        if (statements.isArray()) {
            for (JsonNode statement : statements) {
                parsed.add(parser.statement(statement, parsed.size()));
            }
        } else {
            parsed.add(parser.statement(statements, 0));
        }
        if (parsed.isEmpty()) {
            throw new MalformedPolicy("Statement", "Policy document must contain at least one statement.");
        }
        String id = root.has("Id") ? text(root.get("Id"), "Id") : "";
        return new PolicyDocument(version, id, parsed, json);
    }

    /** Without a version, a policy is of the older one. */
    private static PolicyDocument.Version version(@Nullable JsonNode version) {
        if (version == null) {
            return PolicyDocument.Version.V2008_10_17;
        }
        String text = text(version, "Version");
        for (PolicyDocument.Version known : PolicyDocument.Version.values()) {
            if (known.text().equals(text)) {
                return known;
            }
        }
        throw new MalformedPolicy("Version", "Policy document must be version 2012-10-17 or 2008-10-17.");
    }

    private Statement statement(JsonNode node, int index) {
        String at = "Statement[" + index + "]";
        if (!node.isObject()) {
            throw new MalformedPolicy(at, "Syntax errors in policy.");
        }
        requireKnown(node, STATEMENT_FIELDS, at);
        JsonNode effect = node.get("Effect");
        if (effect == null) {
            throw new MalformedPolicy(at, "Missing required field Effect");
        }
        return new Statement(
                index,
                node.has("Sid") ? text(node.get("Sid"), at + ".Sid") : "",
                switch (text(effect, at + ".Effect")) {
                    case "Allow" -> Effect.ALLOW;
                    case "Deny" -> Effect.DENY;
                    default -> throw new MalformedPolicy(at + ".Effect", "Invalid effect: " + effect.stringValue());
                },
                oneOf(node, "Principal", "NotPrincipal", at).map(name -> principals(node.get(name), name, at)),
                oneOf(node, "Action", "NotAction", at)
                        .map(name -> actions(node.get(name), name, at))
                        .orElseThrow(() -> new MalformedPolicy(at, "Policy statement must contain actions.")),
                oneOf(node, "Resource", "NotResource", at).map(name -> resources(node.get(name), name, at)),
                node.has("Condition") ? conditions(node.get("Condition"), at + ".Condition") : List.of());
    }

    private static Optional<String> oneOf(JsonNode node, String plain, String inverted, String at) {
        if (node.has(plain) && node.has(inverted)) {
            throw new MalformedPolicy(at, "Policy statement must not contain both " + plain + " and " + inverted + ".");
        }
        return node.has(plain) ? Optional.of(plain) : node.has(inverted) ? Optional.of(inverted) : Optional.empty();
    }

    private static PrincipalSpec principals(JsonNode node, String name, String statement) {
        String at = statement + "." + name;
        List<PrincipalSpec.Named> named = new ArrayList<>();
        if (node.isString()) {
            if (!node.stringValue().equals("*")) {
                throw new MalformedPolicy(at, "Invalid principal in policy.");
            }
            named.add(new PrincipalSpec.Named.Everyone());
        } else if (node.isObject()) {
            for (Map.Entry<String, JsonNode> kind : node.properties()) {
                for (String text : texts(kind.getValue(), at + "." + kind.getKey())) {
                    named.add(principal(kind.getKey(), text, at));
                }
            }
        }
        if (named.isEmpty()) {
            throw new MalformedPolicy(at, "Invalid principal in policy.");
        }
        return new PrincipalSpec(name.equals("NotPrincipal"), named);
    }

    private static PrincipalSpec.Named principal(String kind, String text, String at) {
        if (text.isEmpty() || (!kind.equals("AWS") && text.indexOf('*') >= 0)) {
            throw new MalformedPolicy(at, "Invalid principal in policy: \"" + kind + "\":\"" + text + "\"");
        }
        return switch (kind) {
            case "AWS" -> {
                try {
                    yield PrincipalSpec.aws(text);
                } catch (IllegalArgumentException invalid) {
                    throw malformed(at, invalid);
                }
            }
            case "Service" -> new PrincipalSpec.Named.Service(text);
            case "Federated" -> new PrincipalSpec.Named.Federated(text);
            case "CanonicalUser" -> new PrincipalSpec.Named.CanonicalUser(text);
            default -> throw new MalformedPolicy(at, "Invalid principal in policy: \"" + kind + "\"");
        };
    }

    private static ActionSpec actions(JsonNode node, String name, String statement) {
        String at = statement + "." + name;
        List<Pattern> actions = new ArrayList<>();
        for (String text : texts(node, at)) {
            if (!text.equals("*") && !text.matches("[A-Za-z0-9*?-]+:[A-Za-z0-9*?_-]+")) {
                throw new MalformedPolicy(
                        at,
                        text.indexOf(':') < 0
                                ? "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
                                : "The action " + text + " is not valid.");
            }
            actions.add(Pattern.compile(text, Pattern.Kind.WILD_FOLDED, false));
        }
        if (actions.isEmpty()) {
            throw new MalformedPolicy(at, "Policy statement must contain actions.");
        }
        return new ActionSpec(name.equals("NotAction"), actions);
    }

    private ResourceSpec resources(JsonNode node, String name, String statement) {
        String at = statement + "." + name;
        List<Pattern> resources = new ArrayList<>();
        for (String text : texts(node, at)) {
            if (!text.equals("*") && !Arn.isPattern(text)) {
                throw new MalformedPolicy(at, "Resource " + text + " must be in ARN format or \"*\".");
            }
            resources.add(pattern(text, Pattern.Kind.RESOURCE, at));
        }
        if (resources.isEmpty()) {
            throw new MalformedPolicy(at, "Policy statement must contain resources.");
        }
        return new ResourceSpec(name.equals("NotResource"), resources);
    }

    private Pattern pattern(String text, Pattern.Kind kind, String at) {
        try {
            return Pattern.compile(text, kind, variables);
        } catch (IllegalArgumentException invalid) {
            throw malformed(at, invalid);
        }
    }

    private List<Condition> conditions(JsonNode node, String at) {
        if (!node.isObject()) {
            throw new MalformedPolicy(at, "Syntax errors in policy.");
        }
        List<Condition> conditions = new ArrayList<>();
        for (Map.Entry<String, JsonNode> operator : node.properties()) {
            String inside = at + "." + operator.getKey();
            if (!operator.getValue().isObject()) {
                throw new MalformedPolicy(inside, "Syntax errors in policy.");
            }
            Set<String> keys = new HashSet<>();
            for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
                if (!keys.add(AuthorizationRequest.fold(key.getKey()))) {
                    throw new MalformedPolicy(inside, "Duplicate condition key: " + key.getKey());
                }
                conditions.add(condition(operator.getKey(), key.getKey(), key.getValue(), inside));
            }
        }
        return conditions;
    }

    private Condition condition(String operatorText, String key, JsonNode values, String at) {
        String name = operatorText;
        Condition.Quantifier quantifier = Condition.Quantifier.ONE;
        int colon = name.indexOf(':');
        if (colon >= 0) {
            quantifier = switch (AuthorizationRequest.fold(name.substring(0, colon))) {
                case "forallvalues" -> Condition.Quantifier.FOR_ALL_VALUES;
                case "foranyvalue" -> Condition.Quantifier.FOR_ANY_VALUE;
                default -> throw invalidOperator(operatorText, at);
            };
            name = name.substring(colon + 1);
        }
        int suffix = name.length() - "IfExists".length();
        boolean ifExists = suffix > 0 && name.substring(suffix).equalsIgnoreCase("IfExists");
        Optional<ConditionOperator> operator = ConditionOperator.named(ifExists ? name.substring(0, suffix) : name);
        if (operator.isEmpty() || (ifExists && operator.get() == ConditionOperator.NULL)) {
            throw invalidOperator(operatorText, at);
        }
        if (key.indexOf(':') <= 0) {
            throw new MalformedPolicy(at, "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
        }
        try {
            return Condition.compile(
                    quantifier, operator.get(), ifExists, key, texts(values, at + "." + key), variables);
        } catch (IllegalArgumentException invalid) {
            throw malformed(at + "." + key, invalid);
        }
    }

    private static MalformedPolicy invalidOperator(String operator, String at) {
        return new MalformedPolicy(at, "Invalid Condition type : " + operator + ".");
    }

    private static MalformedPolicy malformed(String at, IllegalArgumentException cause) {
        String message = cause.getMessage();
        MalformedPolicy malformed = new MalformedPolicy(at, message == null ? "Syntax errors in policy." : message);
        malformed.initCause(cause);
        return malformed;
    }

    private static void requireKnown(JsonNode node, Set<String> known, String at) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!known.contains(field.getKey())) {
                throw new MalformedPolicy(at, "Syntax errors in policy: unknown field " + field.getKey());
            }
        }
    }

    private static String text(JsonNode node, String at) {
        if (!node.isString()) {
            throw new MalformedPolicy(at, "Syntax errors in policy.");
        }
        return node.stringValue();
    }

    /** One value or a list of them; the grammar allows strings, numbers and booleans as values. */
    private static List<String> texts(JsonNode node, String at) {
        List<String> texts = new ArrayList<>();
        if (node.isArray()) {
            for (JsonNode element : node) {
                texts.add(scalar(element, at));
            }
        } else {
            texts.add(scalar(node, at));
        }
        return texts;
    }

    private static String scalar(JsonNode node, String at) {
        if (node.isString() || node.isNumber() || node.isBoolean()) {
            return node.asString();
        }
        throw new MalformedPolicy(at, "Syntax errors in policy.");
    }
}
