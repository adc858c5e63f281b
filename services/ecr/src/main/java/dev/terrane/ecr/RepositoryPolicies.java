package dev.terrane.ecr;

import dev.terrane.ecr.EcrTables.Placed;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.policy.AuthorizationRequest;
import dev.terrane.kernel.policy.Decision;
import dev.terrane.kernel.policy.Effect;
import dev.terrane.kernel.policy.MalformedPolicy;
import dev.terrane.kernel.policy.Policies;
import dev.terrane.kernel.policy.Policies.Attached;
import dev.terrane.kernel.policy.PolicyDocument;
import dev.terrane.kernel.policy.PolicyEvaluator;
import dev.terrane.kernel.policy.PolicyPrincipal;
import dev.terrane.kernel.policy.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ecr.model.*;

/**
 * Resource policies of repositories. They are about the repository that they are set on, and name no resource.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html">Private repository policies</a>
 */
final class RepositoryPolicies {
    private static final String MEMBER = "PolicyText";

    private final EcrTables tables;

    RepositoryPolicies(EcrTables tables) {
        this.tables = tables;
    }

    SetRepositoryPolicyResponse set(SetRepositoryPolicyRequest request) {
        Placed found = tables.require(request.registryId(), request.repositoryName());
        PolicyDocument policy = parsed(request.policyText());
        if (!Boolean.TRUE.equals(request.force()) && locksOut(policy, found)) {
            throw Refusals.parameter(
                    MEMBER, "The policy would prevent you from setting another policy; set force to apply it");
        }
        tables.put(found.scope(), found.repository().withPolicy(Optional.of(request.policyText())));
        return SetRepositoryPolicyResponse.builder()
                .registryId(found.registry())
                .repositoryName(found.name())
                .policyText(request.policyText())
                .build();
    }

    private static PolicyDocument parsed(String text) {
        try {
            PolicyDocument policy = PolicyDocument.parse(text);
            if (policy.statements().stream().allMatch(RepositoryPolicies::isAboutPrincipals)) {
                return policy;
            }
        } catch (MalformedPolicy malformed) {
            // ECR does not say what is wrong with a policy.
        }
        throw Refusals.parameter(MEMBER, "Invalid repository policy provided");
    }

    private static boolean isAboutPrincipals(Statement statement) {
        return statement.resources().isEmpty()
                && statement
                        .principals()
                        .filter(principals -> !principals.inverted() || statement.effect() == Effect.DENY)
                        .isPresent();
    }

    /** Whether the caller, with whatever IAM policies, is denied another SetRepositoryPolicy whatever the circumstances. */
    private static boolean locksOut(PolicyDocument policy, Placed found) {
        PolicyDocument unconditional = new PolicyDocument(
                policy.version(),
                policy.id(),
                policy.statements().stream()
                        .filter(statement -> statement.conditions().isEmpty())
                        .toList(),
                policy.text());
        return caller(Call.current().principal())
                .map(caller -> PolicyEvaluator.evaluate(
                        new AuthorizationRequest(
                                caller,
                                "ecr:SetRepositoryPolicy",
                                List.of(RepositoryRecord.arn(found.scope(), found.name())
                                        .toString()),
                                found.registry(),
                                Map.of()),
                        Policies.none().withResource(new Attached("the new repository policy", unconditional))))
                .filter(Decision.ExplicitlyDenied.class::isInstance)
                .isPresent();
    }

    private static Optional<PolicyPrincipal> caller(Principal principal) {
        return switch (principal) {
            case Principal.Root root -> Optional.of(PolicyPrincipal.root(root.account()));
            case Principal.User user -> Optional.of(PolicyPrincipal.user(user.arn(), user.userId()));
            case Principal.AssumedRole role ->
                Optional.of(PolicyPrincipal.roleSession(role.arn(), role.roleArn(), role.roleId()));
            case Principal.FederatedUser user ->
                Optional.of(
                        PolicyPrincipal.federatedUser(user.arn(), user.issuer().arn()));
            case Principal.Federated user -> Optional.empty();
            case Principal.Service service -> Optional.empty();
            case Principal.Anonymous anonymous -> Optional.empty();
        };
    }

    GetRepositoryPolicyResponse get(GetRepositoryPolicyRequest request) {
        Placed found = tables.require(request.registryId(), request.repositoryName());
        return GetRepositoryPolicyResponse.builder()
                .registryId(found.registry())
                .repositoryName(found.name())
                .policyText(policy(found))
                .build();
    }

    private static String policy(Placed found) {
        return found.repository().policy().orElseThrow(() -> Refusals.withoutPolicy(found.registry(), found.name()));
    }

    DeleteRepositoryPolicyResponse delete(DeleteRepositoryPolicyRequest request) {
        Placed found = tables.require(request.registryId(), request.repositoryName());
        String policy = policy(found);
        tables.put(found.scope(), found.repository().withPolicy(Optional.empty()));
        return DeleteRepositoryPolicyResponse.builder()
                .registryId(found.registry())
                .repositoryName(found.name())
                .policyText(policy)
                .build();
    }
}
