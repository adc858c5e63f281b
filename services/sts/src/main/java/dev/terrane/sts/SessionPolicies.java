package dev.terrane.sts;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.policy.MalformedPolicy;
import dev.terrane.kernel.policy.PolicyDocument;
import dev.terrane.kernel.policy.PolicyType;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.sts.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.sts.model.PolicyDescriptorType;

/**
 * The session policies of a session ("Session policies"), which cut what the role or user may do.
 *
 * @param documents all of them, as JSON
 * @param plainLength characters of the policy and the ARNs in the request
 */
record SessionPolicies(List<String> documents, int plainLength) {
    private static final int MOST_ARNS = 10;
    private static final int LONGEST = 2_048;

    /** @param account whose managed policies may be used */
    static SessionPolicies of(
            IamClient iam, @Nullable String policy, List<PolicyDescriptorType> managed, String account) {
        List<String> documents = new ArrayList<>();
        int length = 0;
        if (policy != null) {
            documents.add(check(policy));
            length += policy.length();
        }
        if (managed.size() > MOST_ARNS) {
            throw Refusals.validation("At most " + MOST_ARNS + " managed policies can be used as session policies.");
        }
        for (PolicyDescriptorType descriptor : managed) {
            if (descriptor.arn() == null) {
                throw Refusals.validation("A policy descriptor needs an ARN.");
            }
            documents.add(managed(iam, descriptor.arn(), account));
            length += descriptor.arn().length();
        }
        if (length > LONGEST) {
            throw Refusals.validation("The plaintext of session policy and managed policy ARNs must not exceed "
                    + LONGEST + " characters.");
        }
        return new SessionPolicies(List.copyOf(documents), length);
    }

    private static String check(String json) {
        try {
            return PolicyDocument.parse(json, PolicyType.SESSION).text();
        } catch (MalformedPolicy e) {
            throw MalformedPolicyDocumentException.builder()
                    .message(e.problem())
                    .build();
        }
    }

    /** The default version's document at this time: the session keeps it. */
    private static String managed(IamClient iam, String text, String account) {
        boolean usable = Arn.find(text)
                .filter(arn -> arn.service().equals("iam") && arn.type().equals("policy"))
                .map(arn -> arn.account().equals(account) || arn.account().equals("aws"))
                .orElse(false);
        if (!usable) {
            throw Refusals.validation("The policy " + text + " is not in the account of the role.");
        }
        try {
            String version = iam.getPolicy(r -> r.policyArn(text)).policy().defaultVersionId();
            String encoded = iam.getPolicyVersion(r -> r.policyArn(text).versionId(version))
                    .policyVersion()
                    .document();
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (NoSuchEntityException e) {
            throw Refusals.validation("The policy " + text + " does not exist.");
        }
    }
}
