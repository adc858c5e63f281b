package dev.terrane.gateway;

import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.error.AwsErrors;

/** What temporary credentials can't be used for, whatever policies say ("Compare AWS STS credentials" in the IAM user guide). */
final class SessionLimits {
    private SessionLimits() {}

    /**
     * Refuses IAM and STS, but for {@code GetCallerIdentity}, to a session of {@code GetFederationToken}.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException InvalidClientTokenId or AccessDenied
     */
    static void check(Principal principal, BoundOperation operation) {
        if (!(principal instanceof Principal.FederatedUser)) {
            return;
        }
        String name = operation.operation().name();
        switch (operation.service().name()) {
            case "iam" ->
                throw AwsErrors.of(
                        "InvalidClientTokenId", 403, "The security token included in the request is invalid");
            case "sts" -> {
                if (!name.equals("GetCallerIdentity")) {
                    throw AwsErrors.of("AccessDenied", 403, "Cannot call " + name + " with session credentials");
                }
            }
            default -> {
                // Policies decide.
            }
        }
    }
}
