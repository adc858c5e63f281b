package dev.terrane.sts;

import dev.terrane.kernel.error.AwsErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sts.model.IdpRejectedClaimException;
import software.amazon.awssdk.services.sts.model.InvalidIdentityTokenException;

/** STS's errors that its model has no class for. */
final class Refusals {
    private Refusals() {}

    static AwsServiceException validation(String message) {
        return AwsErrors.of("ValidationError", 400, message);
    }

    static AwsServiceException parameter(String message) {
        return AwsErrors.of("InvalidParameterValue", 400, message);
    }

    static AwsServiceException invalidToken(String message) {
        return InvalidIdentityTokenException.builder().message(message).build();
    }

    static AwsServiceException rejected(String message) {
        return IdpRejectedClaimException.builder().message(message).build();
    }

    /** An issuer does not publish what the standard says. */
    static AwsServiceException noKeys() {
        return invalidToken("Couldn't retrieve verification key from your identity provider,  please reference"
                + " AssumeRoleWithWebIdentity documentation for requirements");
    }

    static AwsServiceException denied(String message) {
        return AwsErrors.of("AccessDenied", 403, message);
    }
}
