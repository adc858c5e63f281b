package dev.terrane.kernel.policy;

import dev.terrane.kernel.policy.Policies.Attached;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A request against policies, put together step by step; immutable, so that cases can share a start. */
record Scenario(
        PolicyPrincipal principal,
        String action,
        String resource,
        String owner,
        Map<String, List<String>> context,
        Policies policies) {
    static final String HERE = "111122223333";
    static final String THERE = "444455556666";
    static final String USER = "arn:aws:iam::111122223333:user/alice";
    static final String ROLE = "arn:aws:iam::111122223333:role/team/Builder";
    static final String SESSION = "arn:aws:sts::111122223333:assumed-role/Builder/run-1";
    static final String QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders";

    static Scenario by(PolicyPrincipal principal) {
        return new Scenario(principal, "sqs:SendMessage", QUEUE, HERE, Map.of(), Policies.none());
    }

    static Scenario byUser() {
        return by(PolicyPrincipal.user(USER, "AIDAEXAMPLEEXAMPLE01"));
    }

    static Scenario bySession() {
        return by(PolicyPrincipal.roleSession(SESSION, ROLE, "AROAEXAMPLEEXAMPLE01"));
    }

    Scenario doing(String other) {
        return new Scenario(principal, other, resource, owner, context, policies);
    }

    Scenario on(String other) {
        return new Scenario(principal, action, other, owner, context, policies);
    }

    Scenario ownedBy(String account) {
        return new Scenario(principal, action, resource, account, context, policies);
    }

    Scenario with(String key, String... values) {
        Map<String, List<String>> more = new HashMap<>(context);
        more.put(key, List.of(values));
        return new Scenario(principal, action, resource, owner, more, policies);
    }

    Scenario under(Policies other) {
        return new Scenario(principal, action, resource, owner, context, other);
    }

    Scenario identity(String... statements) {
        return under(policies.withIdentity(List.of(attached("identity", PolicyType.IDENTITY, statements))));
    }

    Scenario resourcePolicy(String... statements) {
        return under(policies.withResource(attached("resource", PolicyType.RESOURCE, statements)));
    }

    Scenario trust(String... statements) {
        return under(policies.withResource(attached("trust", PolicyType.TRUST, statements))
                .requiringResourcePolicy());
    }

    Scenario boundary(String... statements) {
        return under(policies.withBoundary(attached("boundary", PolicyType.BOUNDARY, statements)));
    }

    Scenario session(String... statements) {
        return under(policies.withSession(List.of(attached("session", PolicyType.SESSION, statements))));
    }

    Scenario serviceControl(String... levels) {
        return under(policies.withServiceControl(List.of(levels).stream()
                .map(s -> List.of(attached("scp", PolicyType.SERVICE_CONTROL, s)))
                .toList()));
    }

    Scenario resourceControl(String... levels) {
        return under(policies.withResourceControl(List.of(levels).stream()
                .map(s -> List.of(attached("rcp", PolicyType.RESOURCE_CONTROL, s)))
                .toList()));
    }

    Decision decision() {
        return PolicyEvaluator.evaluate(
                new AuthorizationRequest(principal, action, List.of(resource), owner, context), policies);
    }

    static Attached attached(String name, PolicyType type, String... statements) {
        return new Attached(name, PolicyDocument.parse(document(statements), type));
    }

    static String document(String... statements) {
        return ("{'Version':'2012-10-17','Statement':[" + String.join(",", statements) + "]}").replace('\'', '"');
    }

    static String allow(String action, String resource) {
        return "{'Effect':'Allow','Action':'" + action + "','Resource':'" + resource + "'}";
    }

    static String deny(String action, String resource) {
        return "{'Effect':'Deny','Action':'" + action + "','Resource':'" + resource + "'}";
    }

    static String allowIf(String condition) {
        return "{'Effect':'Allow','Action':'*','Resource':'*','Condition':" + condition + "}";
    }

    static String grant(String principal) {
        return "{'Effect':'Allow','Principal':" + principal + ",'Action':'sqs:*','Resource':'*'}";
    }
}
