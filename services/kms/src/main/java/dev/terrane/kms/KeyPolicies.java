package dev.terrane.kms;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.policy.AuthorizationRequest;
import dev.terrane.kernel.policy.MalformedPolicy;
import dev.terrane.kernel.policy.Policies;
import dev.terrane.kernel.policy.Policies.Attached;
import dev.terrane.kernel.policy.PolicyDocument;
import dev.terrane.kernel.policy.PolicyEvaluator;
import dev.terrane.kernel.policy.PolicyPrincipal;
import dev.terrane.kernel.policy.PolicyType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kms.model.*;

/** Key policies: each key has one, named {@code default}, and nobody has access that it does not give. */
final class KeyPolicies {
    private static final String NAME = "default";
    private static final PolicyDocument EVERYTHING = PolicyDocument.parse("""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""");

    private final KmsTables tables;
    private final Keys keys;

    KeyPolicies(KmsTables tables, Keys keys) {
        this.tables = tables;
        this.keys = keys;
    }

    /** What a key gets without a policy: the account decides by IAM ("Default key policy"). */
    static String standard(Scope scope) {
        return """
                {
                  "Version" : "2012-10-17",
                  "Id" : "key-default-1",
                  "Statement" : [ {
                    "Sid" : "Enable IAM User Permissions",
                    "Effect" : "Allow",
                    "Principal" : {
                      "AWS" : "%s"
                    },
                    "Action" : "kms:*",
                    "Resource" : "*"
                  } ]
                }""".formatted(Arn.iam(scope.account(), "root"));
    }

    /** A policy that is well formed and, unless the check is bypassed, lets its author change it again. */
    String checked(String policy, String keyArn, @Nullable Boolean bypass) {
        PolicyDocument document = parsed(policy);
        if (!Boolean.TRUE.equals(bypass) && locksOut(document, keyArn)) {
            throw malformed("The new key policy will not allow you to update the key policy in the future.");
        }
        return policy;
    }

    private static PolicyDocument parsed(String policy) {
        try {
            return PolicyDocument.parse(policy, PolicyType.RESOURCE);
        } catch (MalformedPolicy e) {
            throw malformed(e.getMessage() == null ? "The policy is malformed." : e.getMessage());
        }
    }

    /** Whether the caller, with whatever IAM policies, could not put another policy. */
    private static boolean locksOut(PolicyDocument document, String keyArn) {
        Optional<PolicyPrincipal> caller = caller(Call.current().principal());
        return caller.isPresent()
                && !PolicyEvaluator.evaluate(
                                new AuthorizationRequest(
                                        caller.get(),
                                        "kms:PutKeyPolicy",
                                        List.of(keyArn),
                                        Call.current().account(),
                                        Map.of(
                                                "kms:CallerAccount",
                                                List.of(Call.current().account()),
                                                "aws:PrincipalAccount",
                                                List.of(Call.current().account()))),
                                Policies.none()
                                        .withIdentity(List.of(new Attached("any", EVERYTHING)))
                                        .withResource(new Attached("the new key policy", document))
                                        .requiringResourcePolicy())
                        .allowed();
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

    private static RuntimeException malformed(String message) {
        return MalformedPolicyDocumentException.builder().message(message).build();
    }

    PutKeyPolicyResponse put(PutKeyPolicyRequest request) {
        requireDefault(request.policyName());
        Keys.Found found = keys.own(request.keyId());
        String policy = checked(request.policy(), found.arn(), request.bypassPolicyLockoutSafetyCheck());
        tables.put(found.scope(), found.key().withPolicy(policy));
        return PutKeyPolicyResponse.builder().build();
    }

    GetKeyPolicyResponse get(GetKeyPolicyRequest request) {
        requireDefault(request.policyName());
        return GetKeyPolicyResponse.builder()
                .policy(keys.own(request.keyId()).key().policy())
                .policyName(NAME)
                .build();
    }

    private static void requireDefault(@Nullable String name) {
        if (name != null && !name.equals(NAME)) {
            throw KmsErrors.notFound("No such policy exists");
        }
    }

    ListKeyPoliciesResponse list(ListKeyPoliciesRequest request) {
        keys.own(request.keyId());
        return ListKeyPoliciesResponse.builder()
                .policyNames(NAME)
                .truncated(false)
                .build();
    }
}
