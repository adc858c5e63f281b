package dev.terrane.cloudformation;

import dev.terrane.kernel.error.AwsErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** CloudFormation's errors that are no class of the SDK. */
final class Refusals {
    private Refusals() {}

    static AwsServiceException invalid(String message) {
        return AwsErrors.of("ValidationError", 400, message);
    }

    /** What resources of CloudFormation itself fail with: no service's handler answered. */
    static AwsServiceException failed(String message) {
        return AwsErrors.of(Reasons.AS_IT_IS, 400, message);
    }

    static AwsServiceException noStack(String nameOrId) {
        return invalid("Stack with id " + nameOrId + " does not exist");
    }

    static AwsServiceException noStackNamed(String name) {
        return invalid("Stack [" + name + "] does not exist");
    }
}
