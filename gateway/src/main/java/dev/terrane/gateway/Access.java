package dev.terrane.gateway;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.Authorizations;
import dev.terrane.kernel.authorization.Requirement;
import dev.terrane.kernel.authorization.ResourceScope;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.identity.AuthorizationMessages;
import dev.terrane.kernel.identity.Identities;
import dev.terrane.kernel.policy.AuthorizationRequest;
import dev.terrane.kernel.policy.Decision;
import dev.terrane.kernel.policy.Policies;
import dev.terrane.kernel.policy.Policies.Attached;
import dev.terrane.kernel.policy.PolicyDocument;
import dev.terrane.kernel.policy.PolicyEvaluator;
import dev.terrane.kernel.policy.PolicyPrincipal;
import dev.terrane.kernel.service.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Gathers the policies that have a say in a call, and lets the policy engine decide. Denies unless allowed. */
public final class Access {
    /** What a role's trust policy, and nothing else, lets in. */
    private static final Set<String> TRUSTED = Set.of(
            "sts:AssumeRole",
            "sts:AssumeRoleWithWebIdentity",
            "sts:AssumeRoleWithSAML",
            "sts:TagSession",
            "sts:SetSourceIdentity");

    private final Services services;
    private final AuthorizationMessages messages;

    /** @param messages in which EC2 tells why it denied */
    public Access(Services services, AuthorizationMessages messages) {
        this.services = services;
        this.messages = messages;
    }

    /**
     * Decides whether an operation may be performed.
     *
     * @return the ARNs of the resources that it was authorized on, for the trail
     * @throws Denied saying which statement or missing grant is the cause
     */
    List<String> authorize(Invocation invocation) {
        List<String> resources = new ArrayList<>();
        BoundOperation operation = invocation.operation();
        Call caller = invocation.call();
        List<Requirement> required = RoleChaining.andPassedOn(
                caller.principal(),
                Authorizations.of(
                                operation.service().name(),
                                operation.operation().name())
                        .requirements(
                                invocation.request(),
                                ResourceScope.of(caller.region(), caller.account()),
                                (service, type, name) -> resourceArn(caller, operation, service, type, name)));
        noteAttempt(caller, operation, required);
        for (Requirement requirement : required) {
            for (String resource : requirement.resources()) {
                // Each resource has a policy of its own, tags of its own and maybe another owner.
                Requirement one = new Requirement(requirement.action(), List.of(resource), requirement.conditions());
                Decision decision = decide(caller, operation.service().name(), one, invocation.conditions());
                if (!decision.allowed()) {
                    throw denied(operation.service().protocols().getFirst(), invocation, one, decision);
                }
            }
            requirement.resources().stream().filter(r -> !r.equals("*")).forEach(resources::add);
        }
        return resources;
    }

    /** What is tried of the service itself is noted; what another's policies are asked beside it, such as iam:PassRole, is not, as in AWS. */
    private void noteAttempt(Call caller, BoundOperation operation, List<Requirement> required) {
        String prefix = Authorizations.prefix(operation.service().name()) + ":";
        if (required.isEmpty()) {
            noteAttempt(caller, prefix + operation.operation().name());
        }
        for (Requirement requirement : required) {
            if (requirement.action().startsWith(prefix)) {
                noteAttempt(caller, requirement.action());
            }
        }
    }

    private void noteAttempt(Call caller, String action) {
        services.identities().tried(caller.principal(), action, caller.region(), caller.time());
    }

    private Optional<String> resourceArn(
            Call caller, BoundOperation operation, String service, String type, String name) {
        if (service.equals("iam") && type.equals("user") && name.isEmpty()) {
            // Without a name, IAM's operations about users are about the caller.
            return Optional.of(caller.principal())
                    .filter(Principal.User.class::isInstance)
                    .map(Principal::arn);
        }
        return services.named(contractName(service, operation.service().name()))
                .flatMap(owner -> owner.resourceArn(caller.scope(), type, name));
    }

    /** Decides on one action, for what is no operation of an API.
     *
     * @throws Denied by AccessDeniedException
     */
    void authorize(Call call, String action, String resourceArn, Map<String, List<String>> conditions) {
        String service = action.substring(0, action.indexOf(':'));
        Requirement requirement = new Requirement(action, List.of(resourceArn), conditions);
        Decision decision = decide(call, service, requirement, Map.of());
        if (!decision.allowed()) {
            throw new Denied(denied("json", decision.explanation()), reasons(call, requirement, Map.of(), decision));
        }
    }

    /** Decides whether a principal may assume a role, by the role's trust policy and, in another account or for a user, its own policies. */
    Decision mayAssume(Call call, Identities.Role role, String roleArn, Map<String, List<String>> conditions) {
        return evaluate(
                call,
                new Requirement("sts:AssumeRole", List.of(roleArn), conditions),
                Map.of(),
                role.account(),
                Optional.of(role.trustPolicy()),
                true,
                () -> roleTags(roleArn));
    }

    /** A role's tags, which belong to IAM also when STS is asked for the role. */
    private Map<String, List<String>> roleTags(String roleArn) {
        return services.named("iam")
                .map(iam -> ConditionKeys.resourceTags("iam:AssumeRole", iam.resourceTags(roleArn)))
                .orElse(Map.of());
    }

    private Decision decide(
            Call call, String serviceName, Requirement requirement, Map<String, List<String>> conditions) {
        String resource = requirement.resources().getFirst();
        Optional<Arn> arn = Arn.find(resource);
        if (TRUSTED.contains(requirement.action())
                && arn.filter(a -> a.service().equals("iam")).isPresent()) {
            Optional<Identities.Role> role = services.identities().role(resource);
            // A role that is not there looks like one that trusts nobody: no one learns which roles exist.
            return evaluate(
                    call,
                    requirement,
                    conditions,
                    arn.get().account(),
                    role.map(Identities.Role::trustPolicy),
                    true,
                    () -> roleTags(resource));
        }
        Optional<Service> owner = arn.flatMap(a -> services.named(contractName(a.service(), serviceName)));
        // What AWS itself owns in every account, such as its managed policies, is no other account's.
        String account = arn.map(Arn::account)
                .filter(a -> !a.isEmpty() && !a.equals("aws"))
                .or(() -> owner.flatMap(s -> s.resourceOwner(resource)))
                .orElse(call.account());
        Optional<String> policy = owner.flatMap(s -> s.resourcePolicy(resource, call.principal(), requirement));
        boolean keyPolicy = arn.isPresent()
                && arn.get().service().equals("kms")
                && arn.get().type().equals("key");
        return evaluate(
                call,
                requirement,
                conditions,
                account,
                policy,
                keyPolicy && policy.isPresent(),
                () -> owner.map(s -> ofResource(s, resource, requirement)).orElse(Map.of()));
    }

    private static Map<String, List<String>> ofResource(Service owner, String resource, Requirement requirement) {
        Map<String, List<String>> keys =
                new HashMap<>(ConditionKeys.resourceTags(requirement.action(), owner.resourceTags(resource)));
        keys.putAll(owner.conditionKeys(resource, requirement));
        return keys;
    }

    /** ARNs name services by another word than contracts in a few cases. */
    private static String contractName(String arnService, String asked) {
        return switch (arnService) {
            case "logs" -> "cloudwatchlogs";
            case "events" -> "eventbridge";
            case "elasticloadbalancing" -> "elasticloadbalancingv2";
            case "" -> asked;
            default -> arnService;
        };
    }

    private Decision evaluate(
            Call call,
            Requirement requirement,
            Map<String, List<String>> conditions,
            String resourceAccount,
            Optional<String> resourcePolicy,
            boolean resourcePolicyRequired,
            Supplier<Map<String, List<String>>> late) {
        Principal principal = call.principal();
        Identities.Grants grants = grants(principal);
        Policies policies = new Policies(
                grants.policies().stream()
                        .map(p -> attached(p.name(), p.document()))
                        .toList(),
                resourcePolicy.map(p -> attached("the resource's policy", p)),
                resourcePolicyRequired,
                grants.boundary().map(b -> attached("the permissions boundary", b)),
                sessionPolicies(principal),
                List.of(),
                List.of());
        return PolicyEvaluator.evaluate(
                new AuthorizationRequest(
                        policyPrincipal(principal),
                        requirement.action(),
                        requirement.resources(),
                        resourceAccount,
                        ConditionKeys.of(call, requirement, grants, resourceAccount, conditions),
                        late),
                policies);
    }

    private Identities.Grants grants(Principal principal) {
        return switch (principal) {
            case Principal.User user -> services.identities().grants(user);
            case Principal.AssumedRole role -> services.identities().grants(role);
            case Principal.FederatedUser session -> services.identities().grants(session);
            case Principal.Federated user -> Identities.Grants.NONE;
            case Principal.Root root -> Identities.Grants.NONE;
            case Principal.Service service -> Identities.Grants.NONE;
            case Principal.Anonymous anonymous -> Identities.Grants.NONE;
        };
    }

    private static List<Attached> sessionPolicies(Principal principal) {
        List<String> documents = principal instanceof Principal.AssumedRole role
                ? role.sessionPolicies()
                : principal instanceof Principal.FederatedUser session ? session.sessionPolicies() : List.of();
        return documents.stream().map(p -> attached("the session policy", p)).toList();
    }

    private static PolicyPrincipal policyPrincipal(Principal principal) {
        return switch (principal) {
            case Principal.Root root -> PolicyPrincipal.root(root.account());
            case Principal.User user -> PolicyPrincipal.user(user.arn(), user.userId());
            case Principal.AssumedRole role -> PolicyPrincipal.roleSession(role.arn(), role.roleArn(), role.roleId());
            case Principal.FederatedUser session ->
                PolicyPrincipal.federatedUser(session.arn(), session.issuer().arn());
            case Principal.Federated user -> PolicyPrincipal.federated(user.provider());
            case Principal.Service service -> PolicyPrincipal.service(service.name());
            case Principal.Anonymous anonymous -> PolicyPrincipal.anonymous();
        };
    }

    /** Documents are held against the rules of their kind when they are stored; here they only have to be read. */
    private static Attached attached(String name, String json) {
        return new Attached(name, PolicyDocument.parse(json));
    }

    private Denied denied(String protocol, Invocation invocation, Requirement requirement, Decision decision) {
        if (invocation.call().principal() instanceof Principal.Federated) {
            // Who comes from outside learns nothing of roles.
            String told = "Not authorized to perform " + decision.request().action();
            return new Denied(denied(protocol, told), null);
        }
        String reasons = reasons(invocation.call(), requirement, invocation.conditions(), decision);
        // EC2 gives the reasons to the caller too.
        String told = protocol.equals("ec2") && reasons != null
                ? decision.explanation() + ". Encoded authorization failure message: " + reasons
                : decision.explanation();
        return new Denied(denied(protocol, told), reasons);
    }

    /** The reasons, sealed for the principal's account; null where there is no such account, or too much to tell. */
    private @Nullable String reasons(
            Call call, Requirement requirement, Map<String, List<String>> given, Decision decision) {
        Principal principal = call.principal();
        if (principal.account().isEmpty()) {
            return null;
        }
        String resource = requirement.resources().getFirst();
        Map<String, List<String>> conditions = new HashMap<>(ConditionKeys.of(
                call, requirement, grants(principal), decision.request().resourceAccount(), given));
        conditions.putAll(decision.request().late().get());
        return messages.encode(principal.account(), DenialReasons.json(decision, resource, principal, conditions))
                .orElse(null);
    }

    private static AwsServiceException denied(String protocol, String explanation) {
        return switch (protocol) {
            case "ec2" ->
                AwsErrors.of(
                        "UnauthorizedOperation",
                        403,
                        "You are not authorized to perform this operation. " + explanation);
            case "query" -> AwsErrors.of("AccessDenied", 403, explanation);
            case "rest-xml" -> AwsErrors.of("AccessDenied", 403, explanation);
            case "rest-json" -> AwsErrors.of("AccessDeniedException", 403, explanation);
            default -> AwsErrors.accessDenied(explanation);
        };
    }
}
