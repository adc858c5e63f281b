package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.policy.PolicyDocument;
import dev.terrane.kernel.policy.PolicyPrincipal;
import dev.terrane.kernel.policy.PolicyType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.*;

/** The policy simulator: what would be decided, by which statements, without doing it. */
final class Simulations {
    private final IamTables tables;
    private final Markers markers;

    Simulations(IamTables tables, Markers markers) {
        this.tables = tables;
        this.markers = markers;
    }

    SimulateCustomPolicyResponse custom(SimulateCustomPolicyRequest request) {
        refuseHandling(request.resourceHandlingOption());
        Scope scope = Call.current().globalScope();
        List<SimulatedPolicy> policies = inputs("PolicyInputList", request.policyInputList());
        Optional<SimulatedPolicy> boundary = boundary(request.permissionsBoundaryPolicyInputList());
        if (request.resourcePolicy() != null && request.callerArn() == null) {
            throw Refusals.invalid("CallerArn is required if you include a ResourcePolicy.");
        }
        PolicyPrincipal caller = request.callerArn() == null
                ? PolicyPrincipal.user(
                        Arn.iam(scope.account(), "user/simulated").toString(), "")
                : caller(request.callerArn());
        Simulation simulation = new Simulation(
                caller,
                policies,
                boundary,
                resource(request.resourcePolicy()),
                owner(request.resourceOwner()),
                context(request.contextEntries(), Map.of()));
        var page = page(
                "custom|"
                        + request.toBuilder()
                                .marker(null)
                                .maxItems(null)
                                .build()
                                .hashCode(),
                simulation.results(request.actionNames(), request.resourceArns()),
                request.maxItems(),
                request.marker());
        return SimulateCustomPolicyResponse.builder()
                .evaluationResults(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    SimulatePrincipalPolicyResponse principal(SimulatePrincipalPolicyRequest request) {
        refuseHandling(request.resourceHandlingOption());
        Scope scope = Call.current().globalScope();
        Identity source = source(scope, request.policySourceArn());
        List<SimulatedPolicy> policies = new ArrayList<>(attached(scope, source));
        policies.addAll(inputs("PolicyInputList", request.policyInputList()));
        Optional<SimulatedPolicy> boundary =
                request.permissionsBoundaryPolicyInputList().isEmpty()
                        ? source.permissions()
                                .boundary()
                                .flatMap(arn -> ManagedPolicies.peek(tables, arn))
                                .map(this::managed)
                        : boundary(request.permissionsBoundaryPolicyInputList());
        if (request.resourcePolicy() != null && request.callerArn() == null && source.kind() != Kind.USER) {
            throw Refusals.invalid(
                    "CallerArn is required if you include a ResourcePolicy and the PolicySourceArn is not the"
                            + " ARN for an IAM user.");
        }
        PolicyPrincipal caller = request.callerArn() == null ? caller(source) : caller(request.callerArn());
        Simulation simulation = new Simulation(
                caller,
                policies,
                boundary,
                resource(request.resourcePolicy()),
                owner(request.resourceOwner()),
                context(request.contextEntries(), known(source)));
        var page = page(
                "principal|"
                        + request.toBuilder()
                                .marker(null)
                                .maxItems(null)
                                .build()
                                .hashCode(),
                simulation.results(request.actionNames(), request.resourceArns()),
                request.maxItems(),
                request.marker());
        return SimulatePrincipalPolicyResponse.builder()
                .evaluationResults(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    GetContextKeysForCustomPolicyResponse customKeys(GetContextKeysForCustomPolicyRequest request) {
        return GetContextKeysForCustomPolicyResponse.builder()
                .contextKeyNames(SimulatedPolicy.contextKeys(inputs("PolicyInputList", request.policyInputList())))
                .build();
    }

    GetContextKeysForPrincipalPolicyResponse principalKeys(GetContextKeysForPrincipalPolicyRequest request) {
        Scope scope = Call.current().globalScope();
        List<SimulatedPolicy> policies = new ArrayList<>(attached(scope, source(scope, request.policySourceArn())));
        policies.addAll(inputs("PolicyInputList", request.policyInputList()));
        return GetContextKeysForPrincipalPolicyResponse.builder()
                .contextKeyNames(SimulatedPolicy.contextKeys(policies))
                .build();
    }

    private Markers.Marked<EvaluationResult> page(
            String listing, List<EvaluationResult> results, @Nullable Integer maxItems, @Nullable String marker) {
        return markers.page(listing, results, r -> r.evalActionName() + "|" + r.evalResourceName(), maxItems, marker);
    }

    private static void refuseHandling(@Nullable String option) {
        if (option != null) {
            throw Refusals.invalid("ResourceHandlingOption is not supported: name the resources in ResourceArns.");
        }
    }

    private Identity source(Scope scope, String text) {
        Arn arn = Arn.find(text)
                .filter(a -> a.service().equals("iam") && a.account().equals(scope.account()))
                .orElseThrow(() -> Refusals.invalid(
                        "Invalid Entity Arn: " + text + " does not clearly define entity type" + " and name."));
        Kind kind = switch (arn.type()) {
            case "user" -> Kind.USER;
            case "group" -> Kind.GROUP;
            case "role" -> Kind.ROLE;
            default ->
                throw Refusals.invalid(
                        "Invalid Entity Arn: " + text + " does not clearly define entity type and name.");
        };
        return tables.identity(scope, kind, arn.name());
    }

    /** The policies of an identity, a user's with those of its groups. */
    private List<SimulatedPolicy> attached(Scope scope, Identity identity) {
        List<SimulatedPolicy> policies = new ArrayList<>();
        add(policies, identity);
        if (identity instanceof UserRecord user) {
            for (String group : user.groups()) {
                tables.groups().peek(scope, Names.key(group)).ifPresent(g -> add(policies, g));
            }
        }
        return policies;
    }

    private void add(List<SimulatedPolicy> policies, Identity identity) {
        PolicySourceType type = switch (identity.kind()) {
            case USER -> PolicySourceType.USER;
            case GROUP -> PolicySourceType.GROUP;
            case ROLE -> PolicySourceType.ROLE;
        };
        identity.permissions()
                .inline()
                .forEach((name, document) -> policies.add(new SimulatedPolicy(
                        identity.kind().word() + "_" + identity.name() + "_" + name,
                        type,
                        PolicyDocument.parse(document))));
        identity.permissions().attached().stream()
                .flatMap(arn -> ManagedPolicies.peek(tables, arn).stream())
                .map(this::managed)
                .forEach(policies::add);
    }

    private SimulatedPolicy managed(PolicyRecord policy) {
        return new SimulatedPolicy(
                policy.name(),
                policy.byAws() ? PolicySourceType.AWS_MANAGED : PolicySourceType.USER_MANAGED,
                PolicyDocument.parse(policy.document()));
    }

    private static List<SimulatedPolicy> inputs(String list, List<String> documents) {
        List<SimulatedPolicy> policies = new ArrayList<>();
        for (String document : documents) {
            policies.add(new SimulatedPolicy(
                    list + "." + (policies.size() + 1), PolicySourceType.NONE, parse(document, PolicyType.IDENTITY)));
        }
        return policies;
    }

    private static PolicyDocument parse(String document, PolicyType type) {
        try {
            return Documents.parse(document, type);
        } catch (MalformedPolicyDocumentException e) {
            throw Refusals.invalid("The policy is not valid: " + dev.terrane.kernel.error.AwsErrors.message(e));
        }
    }

    private static Optional<SimulatedPolicy> boundary(List<String> documents) {
        if (documents.size() > 1) {
            throw Refusals.invalid("Only one permissions boundary can be set for an entity.");
        }
        return inputs("PermissionsBoundaryPolicyInputList", documents).stream().findFirst();
    }

    private static Optional<SimulatedPolicy> resource(@Nullable String document) {
        return Optional.ofNullable(document)
                .map(d -> new SimulatedPolicy(
                        "ResourcePolicy", PolicySourceType.RESOURCE, parse(d, PolicyType.RESOURCE)));
    }

    private static Optional<String> owner(@Nullable String arn) {
        return Optional.ofNullable(arn)
                .map(text -> Arn.find(text)
                        .orElseThrow(() -> Refusals.invalid("ResourceOwner must be an ARN."))
                        .account());
    }

    private static PolicyPrincipal caller(String arn) {
        if (!Arn.find(arn)
                .map(a -> a.service().equals("iam") && a.type().equals("user"))
                .orElse(false)) {
            throw Refusals.invalid("CallerArn must be the ARN of a user.");
        }
        return PolicyPrincipal.user(arn, "");
    }

    private static PolicyPrincipal caller(Identity identity) {
        if (identity.kind() == Kind.ROLE) {
            Arn session = Arn.of("sts", "", identity.account(), "assumed-role/" + identity.name() + "/simulated");
            return PolicyPrincipal.roleSession(session.toString(), identity.arn(), identity.id());
        }
        return PolicyPrincipal.user(identity.arn(), identity.id());
    }

    /** What is known of the simulated principal without being told. */
    private static Map<String, List<String>> known(Identity identity) {
        Map<String, List<String>> known = new LinkedHashMap<>();
        known.put("aws:PrincipalAccount", List.of(identity.account()));
        known.put("aws:PrincipalArn", List.of(identity.arn()));
        if (identity instanceof UserRecord user) {
            known.put("aws:username", List.of(user.name()));
            known.put("aws:userid", List.of(user.id()));
        }
        if (identity instanceof Tagged tagged) {
            tagged.tags().forEach((key, value) -> known.put("aws:PrincipalTag/" + key, List.of(value)));
        }
        return known;
    }

    private static Map<String, List<String>> context(List<ContextEntry> entries, Map<String, List<String>> known) {
        Map<String, List<String>> context = new LinkedHashMap<>(known);
        for (ContextEntry entry : entries) {
            if (entry.contextKeyName() == null || entry.contextKeyType() == null) {
                throw Refusals.invalid("A context entry needs ContextKeyName and ContextKeyType.");
            }
            boolean list = entry.contextKeyTypeAsString().endsWith("List");
            if (!list && entry.contextKeyValues().size() > 1) {
                throw Refusals.invalid("The context key " + entry.contextKeyName()
                        + " has more than one value, but is of the" + " type " + entry.contextKeyTypeAsString() + ".");
            }
            context.keySet().removeIf(key -> key.equalsIgnoreCase(entry.contextKeyName()));
            context.put(entry.contextKeyName(), entry.contextKeyValues());
        }
        return context;
    }
}
