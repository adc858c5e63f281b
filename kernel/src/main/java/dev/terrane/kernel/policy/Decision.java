package dev.terrane.kernel.policy;

import java.util.List;

/** What the policies say about a request, and why. */
public sealed interface Decision {
    /** The request that was decided. */
    AuthorizationRequest request();

    /** The decision in words; for a denial, AWS's own ("Troubleshoot access denied error messages"). */
    String explanation();

    default boolean allowed() {
        return this instanceof Allowed;
    }

    /** The statements that led to the decision. */
    List<Match> statements();

    /**
     * A statement that matched.
     *
     * @param policy the name that the policy is attached by
     */
    record Match(PolicyType type, String policy, Statement statement) {}

    /** Every resource is allowed; the statements are those that allowed, none for the root user in its account. */
    record Allowed(AuthorizationRequest request, List<Match> statements) implements Decision {
        public Allowed {
            statements = List.copyOf(statements);
        }

        @Override
        public String explanation() {
            return "User: %s is authorized to perform: %s on resource: %s"
                    .formatted(request.principal().arn(), request.action(), String.join(", ", request.resources()));
        }
    }

    /** Statements deny the resource. */
    record ExplicitlyDenied(AuthorizationRequest request, String resource, List<Match> statements) implements Decision {
        public ExplicitlyDenied {
            statements = List.copyOf(statements);
            if (statements.isEmpty()) {
                throw new IllegalArgumentException("An explicit denial comes from a statement");
            }
        }

        /** The kind of policy that AWS names. */
        public PolicyType type() {
            return statements.getFirst().type();
        }

        @Override
        public String explanation() {
            return unauthorized(request, resource) + " with an explicit deny in " + type().wordsWithArticle();
        }
    }

    /**
     * Layers that would have to allow the resource don't.
     *
     * @param lacking the layers, at least one; AWS's words name the first
     * @param near statements of theirs that allow the action, but elsewhere or in other circumstances
     */
    record ImplicitlyDenied(
            AuthorizationRequest request, String resource, List<PolicyType> lacking, List<NearMiss> near)
            implements Decision {
        public ImplicitlyDenied {
            lacking = List.copyOf(lacking);
            near = List.copyOf(near);
        }

        /** The layer that AWS names. */
        public PolicyType missing() {
            return lacking.getFirst();
        }

        @Override
        public List<Match> statements() {
            return List.of();
        }

        @Override
        public String explanation() {
            return unauthorized(request, resource) + " because no " + missing().words() + " allows the "
                    + request.action() + " action";
        }
    }

    /**
     * A statement that allows the action, and yet not this request.
     *
     * @param resourceMatches whether it is about the resource
     * @param unmet its conditions that do not hold
     */
    record NearMiss(Match match, boolean resourceMatches, List<Unmet> unmet) {
        public NearMiss {
            unmet = List.copyOf(unmet);
        }
    }

    /**
     * A condition that does not hold.
     *
     * @param given what the request has under its key; empty without the key
     */
    record Unmet(Condition condition, List<String> given) {
        public Unmet {
            given = List.copyOf(given);
        }
    }

    private static String unauthorized(AuthorizationRequest request, String resource) {
        return "User: " + request.principal().arn() + " is not authorized to perform: " + request.action()
                + " on resource: " + resource;
    }
}
