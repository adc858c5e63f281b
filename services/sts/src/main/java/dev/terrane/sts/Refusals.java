package dev.terrane.sts;

import dev.terrane.kernel.error.AwsErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** STS's errors that its model has no class for. */
final class Refusals {
    private Refusals() {}

    static AwsServiceException validation(String message) {
        return AwsErrors.of("ValidationError", 400, message);
    }

    static AwsServiceException parameter(String message) {
        return AwsErrors.of("InvalidParameterValue", 400, message);
    }

    static AwsServiceException denied(String message) {
        return AwsErrors.of("AccessDenied", 403, message);
    }
}
