package dev.terrane.app;

import dev.terrane.kernel.arn.Arn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A denial in words: what was asked, what stood against it, and what would allow it. */
final class DenialReport {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JsonNode event;
    private final JsonNode reasons;
    private final StringJoiner text = new StringJoiner(System.lineSeparator());

    /**
     * @param event as CloudTrail records it
     * @param reasons what {@code sts:DecodeAuthorizationMessage} says of it
     */
    DenialReport(JsonNode event, JsonNode reasons) {
        this.event = event;
        this.reasons = reasons;
    }

    String text() {
        text.add("%s at %s"
                .formatted(
                        event.path("eventName").asString(),
                        event.path("eventTime").asString()));
        text.add("  principal  " + principal());
        text.add("  action     " + action());
        text.add("  resource   " + resource());
        text.add("");
        if (reasons.path("explicitDeny").asBoolean()) {
            denied();
        } else {
            lacking();
        }
        return text.toString();
    }

    private String principal() {
        return reasons.at("/context/principal/arn").asString();
    }

    private String action() {
        return reasons.at("/context/action").asString();
    }

    private String resource() {
        return reasons.at("/context/resource").asString();
    }

    private void denied() {
        text.add("Denied by " + (items("matchedStatements").size() == 1 ? "this statement:" : "these statements:"));
        for (JsonNode statement : items("matchedStatements")) {
            text.add("  " + name(statement));
            json(statement(statement));
        }
        text.add("");
        text.add("No statement allows what another one denies: change this one, or what its conditions ask for.");
    }

    private void lacking() {
        List<String> lacking = items("lackingPolicies").stream()
                .map(kind -> kind.path("value").asString())
                .toList();
        lacking.forEach(kind -> text.add("No %s allows it.".formatted(kind)));
        List<JsonNode> near = items("nearStatements");
        if (!near.isEmpty()) {
            text.add("");
            text.add("These allow " + action() + ", but not this request:");
            near.forEach(this::near);
        }
        lacking.forEach(this::grant);
    }

    private void near(JsonNode statement) {
        text.add("  " + name(statement));
        if (!statement.path("resourceMatches").asBoolean()) {
            boolean inverted = statement.has("notResources");
            text.add("    it is about %s%s"
                    .formatted(
                            inverted ? "all but " : "",
                            String.join(", ", values(statement.path(inverted ? "notResources" : "resources")))));
        }
        for (JsonNode unmet : statement.at("/unmetConditions/items")) {
            List<String> given = values(unmet.path("given"));
            text.add("    %s of %s asks for %s; the request has %s"
                    .formatted(
                            unmet.path("operator").asString(),
                            unmet.path("key").asString(),
                            String.join(", ", values(unmet.path("values"))),
                            given.isEmpty() ? "no such key" : String.join(", ", given)));
        }
    }

    /** The smallest statement that the policy of a kind would need. */
    private void grant(String kind) {
        text.add("");
        text.add(
                switch (kind) {
                    case "identity-based policy" -> "To allow it, add to a policy of " + grantee() + ":";
                    case "permissions boundary" -> "To allow it, add to the permissions boundary of " + grantee() + ":";
                    case "session policy" -> "To allow it, add to the policy that the session is begun with:";
                    case "role trust policy" -> "To allow it, add to the trust policy of " + resource() + ":";
                    case "resource-based policy" -> "To allow it, add to the policy of " + resource() + ":";
                    default -> "To allow it, add to a %s at each level of the organization:".formatted(kind);
                });
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("Effect", "Allow");
        if (kind.equals("role trust policy") || kind.equals("resource-based policy")) {
            statement.put("Principal", grantedPrincipal());
        }
        statement.put("Action", action());
        if (!kind.equals("role trust policy")) {
            // In a key's own policy the key is all that there is.
            statement.put(
                    "Resource", kind.equals("resource-based policy") && action().startsWith("kms:") ? "*" : resource());
        }
        json(statement);
    }

    private Map<String, Object> grantedPrincipal() {
        String arn = grantee();
        return Arn.find(arn).isPresent() ? Map.of("AWS", arn) : Map.of("Service", arn);
    }

    /** Policies are attached to roles and trust roles, not their sessions. */
    private String grantee() {
        return reasons.at("/context/principal/roleArn").asString(principal());
    }

    private static String name(JsonNode statement) {
        String sid = statement.path("statementId").asString();
        return "%s of %s (%s)"
                .formatted(
                        sid.isEmpty()
                                ? "statement "
                                        + (statement.path("statementIndex").asInt() + 1)
                                : "\"" + sid + "\"",
                        statement.path("policy").asString(),
                        statement.path("policyType").asString());
    }

    private static Map<String, Object> statement(JsonNode told) {
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("Effect", told.path("effect").asString().equals("DENY") ? "Deny" : "Allow");
        Map.of("actions", "Action", "notActions", "NotAction", "resources", "Resource", "notResources", "NotResource")
                .entrySet()
                .stream()
                .filter(member -> told.has(member.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .forEach(member -> statement.put(member.getValue(), values(told.path(member.getKey()))));
        Map<String, Object> conditions = told.at("/conditions/items")
                .valueStream()
                .collect(Collectors.toMap(
                        one -> one.path("key").asString(),
                        one -> values(one.path("values")),
                        (one, other) -> one,
                        LinkedHashMap::new));
        if (!conditions.isEmpty()) {
            statement.put("Condition", conditions);
        }
        return statement;
    }

    private List<JsonNode> items(String name) {
        return reasons.path(name).path("items").valueStream().toList();
    }

    private static List<String> values(JsonNode of) {
        return of.path("items")
                .valueStream()
                .map(item -> item.path("value").asString())
                .toList();
    }

    private void json(Map<String, Object> statement) {
        JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsString(statement)
                .lines()
                .forEach(line -> text.add("    " + line));
    }
}
