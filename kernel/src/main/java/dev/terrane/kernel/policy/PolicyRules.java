package dev.terrane.kernel.policy;

import java.util.HashSet;
import java.util.Set;

/** What a kind of policy requires and forbids beyond the grammar, in IAM's words. */
final class PolicyRules {
    private PolicyRules() {}

    static void check(PolicyDocument document, PolicyType type) {
        Set<String> sids = new HashSet<>();
        for (Statement statement : document.statements()) {
            String at = "Statement[" + statement.index() + "]";
            if (!statement.sid().isEmpty() && !sids.add(statement.sid())) {
                throw new MalformedPolicy(at, "Statement IDs (SID) in a single policy must be unique.");
            }
            checkSid(statement, type, at);
            checkPrincipal(statement, type, at);
            checkResource(statement, type, at);
            checkOrganization(statement, type, at);
        }
    }

    private static void checkSid(Statement statement, PolicyType type, String at) {
        boolean free = type == PolicyType.RESOURCE;
        if (!free && !statement.sid().matches("[0-9A-Za-z]*")) {
            throw new MalformedPolicy(
                    at + ".Sid",
                    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression"
                            + " [0-9A-Za-z]*");
        }
    }

    private static void checkPrincipal(Statement statement, PolicyType type, String at) {
        if (!type.namesPrincipals()) {
            if (statement.principals().isPresent()) {
                throw new MalformedPolicy(at, "Policy document should not specify a principal.");
            }
            return;
        }
        PrincipalSpec principals =
                statement.principals().orElseThrow(() -> new MalformedPolicy(at, "Missing required field Principal"));
        if (principals.inverted() && type != PolicyType.RESOURCE) {
            throw new MalformedPolicy(at, "Has prohibited field NotPrincipal");
        }
        if (principals.inverted() && statement.effect() == Effect.ALLOW) {
            throw new MalformedPolicy(at, "Allow with NotPrincipal is not allowed.");
        }
        if (type == PolicyType.RESOURCE_CONTROL
                && !principals.named().stream().allMatch(PrincipalSpec.Named.Everyone.class::isInstance)) {
            throw new MalformedPolicy(at, "The Principal of a resource control policy must be \"*\".");
        }
    }

    private static void checkResource(Statement statement, PolicyType type, String at) {
        if (type == PolicyType.TRUST) {
            if (statement.resources().isPresent()) {
                throw new MalformedPolicy(at, "Has prohibited field Resource");
            }
            boolean sts = !statement.actions().inverted()
                    && statement.actions().actions().stream()
                            .allMatch(action -> action.text().regionMatches(true, 0, "sts:", 0, 4));
            if (!sts) {
                throw new MalformedPolicy(at, "AssumeRole policy may only specify STS AssumeRole actions.");
            }
        } else if (statement.resources().isEmpty()) {
            throw new MalformedPolicy(at, "Policy statement must contain resources.");
        }
    }

    private static void checkOrganization(Statement statement, PolicyType type, String at) {
        if (type == PolicyType.RESOURCE_CONTROL && statement.actions().inverted()) {
            throw new MalformedPolicy(at, "Has prohibited field NotAction");
        }
    }
}
