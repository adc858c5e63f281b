package dev.terrane.kernel.policy;

import dev.terrane.kernel.policy.Policies.Attached;
import dev.terrane.kernel.policy.PrincipalSpec.Reach;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides requests as AWS documents it: "Policy evaluation logic", "Policy evaluation for requests within a single
 * account" and "Cross-account policy evaluation logic" in the IAM user guide. A pure function of request and policies.
 */
public final class PolicyEvaluator {
    /** How many statements a denial tells of that come near. */
    private static final int MOST_NEAR = 8;

    private PolicyEvaluator() {}

    /** Decides: every resource of the request must be allowed; the first that isn't gives the decision. */
    public static Decision evaluate(AuthorizationRequest request, Policies policies) {
        List<Decision.Match> allows = new ArrayList<>();
        for (String resource : request.resources()) {
            Decision decision = new Evaluation(request, resource, policies).decide();
            if (!decision.allowed()) {
                return decision;
            }
            allows.addAll(decision.statements());
        }
        return new Decision.Allowed(request, allows);
    }

    /** The decision about one resource. */
    private static final class Evaluation {
        private final AuthorizationRequest request;
        private final PolicyPrincipal principal;
        private final String resource;
        private final String action;
        private final Policies policies;
        private final List<Decision.Match> denies = new ArrayList<>();
        private final List<Decision.Match> allows = new ArrayList<>();

        Evaluation(AuthorizationRequest request, String resource, Policies policies) {
            this.request = request;
            this.principal = request.principal();
            this.resource = resource;
            this.action = request.foldedAction();
            this.policies = policies;
        }

        Decision decide() {
            boolean serviceControlled = principal.hasIdentity() && !principal.isServiceLinked();
            boolean identified = principal.hasIdentity();
            // All kinds are read before anything is decided: an explicit deny anywhere wins.
            boolean serviceControl =
                    !serviceControlled || everyLevel(PolicyType.SERVICE_CONTROL, policies.serviceControl());
            boolean resourceControl =
                    principal.isServiceLinked() || everyLevel(PolicyType.RESOURCE_CONTROL, policies.resourceControl());
            Reach reach = policies.resource().map(this::resourcePolicy).orElse(Reach.NONE);
            boolean identity = identified && some(PolicyType.IDENTITY, policies.identity());
            boolean boundary = !identified
                    || policies.boundary().isEmpty()
                    || some(PolicyType.BOUNDARY, List.of(policies.boundary().get()));
            boolean session = !identified
                    || (policies.session().isEmpty() && principal.type() != PolicyPrincipal.Type.FEDERATED_USER)
                    || some(PolicyType.SESSION, policies.session());

            if (!denies.isEmpty()) {
                return new Decision.ExplicitlyDenied(request, resource, denies);
            }
            List<PolicyType> lacking = new ArrayList<>(0);
            if (!serviceControl) {
                lacking.add(PolicyType.SERVICE_CONTROL);
            }
            if (!resourceControl) {
                lacking.add(PolicyType.RESOURCE_CONTROL);
            }
            if (identified) {
                lacking(reach, identity, boundary, session, lacking);
            } else if (reach == Reach.NONE) {
                lacking.add(resourceType());
            }
            return lacking.isEmpty()
                    ? new Decision.Allowed(request, allows)
                    : new Decision.ImplicitlyDenied(request, resource, lacking, nearMisses(lacking));
        }

        /** The layers that should allow and don't, for a principal with an account. */
        private void lacking(
                Reach reach, boolean identity, boolean boundary, boolean session, List<PolicyType> lacking) {
            boolean sameAccount = principal.account().equals(request.resourceAccount());
            boolean required = reach == Reach.NONE && policies.resourcePolicyRequired();
            if (required) {
                lacking.add(resourceType());
                if (sameAccount) {
                    // Naming the principal there is enough.
                    return;
                }
            }
            boolean limited = !sameAccount || reach != Reach.DIRECT;
            boolean needsIdentity = limited && (!sameAccount || reach != Reach.ISSUER);
            if (needsIdentity && !identity && !principal.hasRootsRights()) {
                lacking.add(PolicyType.IDENTITY);
            }
            if (limited && !boundary) {
                lacking.add(PolicyType.BOUNDARY);
            }
            if (limited && !session) {
                lacking.add(PolicyType.SESSION);
            }
            if (!sameAccount && reach == Reach.NONE && !required) {
                lacking.add(resourceType());
            }
        }

        private List<Decision.NearMiss> nearMisses(List<PolicyType> lacking) {
            List<Decision.NearMiss> near = new ArrayList<>();
            for (PolicyType type : lacking) {
                for (Attached policy : policies.of(type)) {
                    for (Statement statement : policy.document().statements()) {
                        if (near.size() < MOST_NEAR
                                && speaksForEveryone(statement)
                                && statement.allowsAction(request, action)) {
                            near.add(statement.nearMiss(
                                    request, resource, new Decision.Match(type, policy.name(), statement)));
                        }
                    }
                }
            }
            return near;
        }

        /** A role's policy is called its trust policy; it is the resource's policy of the actions of STS. */
        private PolicyType resourceType() {
            return policies.resourcePolicyRequired() && action.startsWith("sts:")
                    ? PolicyType.TRUST
                    : PolicyType.RESOURCE;
        }

        private boolean everyLevel(PolicyType type, List<List<Attached>> levels) {
            boolean all = true;
            for (List<Attached> level : levels) {
                all &= some(type, level);
            }
            return all;
        }

        /** Whether one of the policies allows; remembers what allows and what denies. */
        private boolean some(PolicyType type, List<Attached> attached) {
            boolean allowed = false;
            for (Attached policy : attached) {
                for (Statement statement : policy.document().statements()) {
                    if (speaksForEveryone(statement) && statement.matches(request, action, resource)) {
                        remember(type, policy, statement);
                        allowed |= statement.effect() == Effect.ALLOW;
                    }
                }
            }
            return allowed;
        }

        private boolean speaksForEveryone(Statement statement) {
            return statement.principals().isEmpty()
                    || statement.principals().get().reach(request) != Reach.NONE;
        }

        private Reach resourcePolicy(Attached policy) {
            Reach reach = Reach.NONE;
            for (Statement statement : policy.document().statements()) {
                Reach one = statement.principals().map(p -> p.reach(request)).orElse(Reach.NONE);
                if (one == Reach.NONE || !statement.matches(request, action, resource) || isLockedOutOwner(statement)) {
                    continue;
                }
                remember(resourceType(), policy, statement);
                if (statement.effect() == Effect.ALLOW && one.compareTo(reach) > 0) {
                    reach = one;
                }
            }
            return reach;
        }

        /** The root user of a bucket's account can always mend its policy ("Bucket policies for Amazon S3"). */
        private boolean isLockedOutOwner(Statement statement) {
            return statement.effect() == Effect.DENY
                    && principal.type() == PolicyPrincipal.Type.ROOT
                    && principal.account().equals(request.resourceAccount())
                    && switch (action) {
                        case "s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy" -> true;
                        default -> false;
                    };
        }

        private void remember(PolicyType type, Attached policy, Statement statement) {
            (statement.effect() == Effect.DENY ? denies : allows)
                    .add(new Decision.Match(type, policy.name(), statement));
        }
    }
}
