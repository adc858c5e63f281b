package dev.terrane.gateway;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.identity.AccessKeyIds;
import dev.terrane.kernel.identity.Identities.SecondFactor;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * What is particular to sessions of users and federated users ("Compare AWS STS credentials" in the IAM user guide): the second factor that a request for one brings, and what
 * they may not call, whatever policies say.
 */
final class UserSessionRules {
    private static final Set<String> TAKE_CODES = Set.of("GetSessionToken", "AssumeRole");
    private static final Set<String> FOR_SESSIONS = Set.of("AssumeRole", "GetCallerIdentity");
    private static final Set<String> FOR_FEDERATED = Set.of("GetCallerIdentity");

    private final Services services;

    UserSessionRules(Services services) {
        this.services = services;
    }

    /**
     * The invocation, known to be made with a second factor where the request brings a right code of the caller's device.
     *
     * @throws AwsServiceException AccessDenied for a code that is not right; InvalidClientTokenId or AccessDenied for what a session may not call
     */
    Invocation applied(Invocation invocation) {
        String service = invocation.operation().service().name();
        String operation = invocation.operation().operation().name();
        Call call = invocation.call();
        boolean federated = call.principal() instanceof Principal.FederatedUser;
        if (federated || isSessionOfUser(call)) {
            if (service.equals("iam") && (federated || !call.mfa())) {
                throw AwsErrors.of(
                        "InvalidClientTokenId", 403, "The security token included in the request is invalid.");
            }
            if (service.equals("sts") && !(federated ? FOR_FEDERATED : FOR_SESSIONS).contains(operation)) {
                throw denied("Cannot call " + operation + " with session credentials");
            }
        }
        return service.equals("sts") && TAKE_CODES.contains(operation) ? withSecondFactor(invocation) : invocation;
    }

    private static boolean isSessionOfUser(Call call) {
        boolean user = call.principal() instanceof Principal.User || call.principal() instanceof Principal.Root;
        return user && call.accessKeyId().startsWith(AccessKeyIds.TEMPORARY);
    }

    private Invocation withSecondFactor(Invocation invocation) {
        Optional<String> serial = invocation.request().getValueForField("SerialNumber", String.class);
        Optional<String> code = invocation.request().getValueForField("TokenCode", String.class);
        if (serial.isEmpty() && code.isEmpty()) {
            return invocation;
        }
        if (serial.isEmpty() || code.isEmpty()) {
            throw denied(
                    "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.");
        }
        Call call = invocation.call();
        SecondFactor proven =
                services.identities().secondFactor(call.principal(), serial.get(), code.get(), call.time());
        return switch (proven) {
            case PROVEN -> invocation.by(call.withSecondFactor());
            case WRONG -> throw denied("MultiFactorAuthentication failed with invalid MFA one time pass code. ");
            case UNKNOWN ->
                throw denied("MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA"
                        + " serial number is valid and associated with this user.");
        };
    }

    private static AwsServiceException denied(String message) {
        return AwsErrors.of("AccessDenied", 403, message);
    }
}
