package dev.terrane.gateway.fuzz;

import dev.terrane.kernel.policy.AuthorizationRequest;
import dev.terrane.kernel.policy.MalformedPolicy;
import dev.terrane.kernel.policy.Policies;
import dev.terrane.kernel.policy.PolicyDocument;
import dev.terrane.kernel.policy.PolicyEvaluator;
import dev.terrane.kernel.policy.PolicyPrincipal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A policy, which is read and then decides. */
public final class PolicyTarget {
    private static final AuthorizationRequest REQUEST = new AuthorizationRequest(
            PolicyPrincipal.user("arn:aws:iam::123456789012:user/someone", "AIDASOMEONE"),
            "s3:GetObject",
            List.of("arn:aws:s3:::bucket/key"),
            "123456789012",
            Map.of(
                    "aws:SourceIp", List.of("10.0.0.1"),
                    "aws:CurrentTime", List.of("2026-03-01T10:20:30Z"),
                    "aws:username", List.of("someone"),
                    "aws:TagKeys", List.of("a", "b")));

    private PolicyTarget() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        try {
            Policies.Attached policy =
                    new Policies.Attached("fuzzed", PolicyDocument.parse(new String(data, StandardCharsets.UTF_8)));
            PolicyEvaluator.evaluate(
                    REQUEST,
                    new Policies(
                            List.of(policy),
                            Optional.of(policy),
                            false,
                            Optional.of(policy),
                            List.of(policy),
                            List.of(),
                            List.of()));
        } catch (MalformedPolicy refused) {
            // As it should be.
        }
    }
}
