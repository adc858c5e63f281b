package dev.terrane.ec2;

import dev.terrane.kernel.error.AwsErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** EC2's errors, which have codes and no classes ("Error codes for the Amazon EC2 API"). */
final class Refusals {
    private Refusals() {}

    static AwsServiceException of(String code, String message) {
        return AwsErrors.of(code, 400, message);
    }

    static AwsServiceException value(String message) {
        return of("InvalidParameterValue", message);
    }

    static AwsServiceException combination(String message) {
        return of("InvalidParameterCombination", message);
    }

    static AwsServiceException missing(String parameter) {
        return of("MissingParameter", "The request must contain the parameter " + parameter);
    }

    static AwsServiceException unsupported(String message) {
        return of("UnsupportedOperation", message);
    }

    static AwsServiceException noInstance(String id) {
        return of("InvalidInstanceID.NotFound", "The instance ID '" + id + "' does not exist");
    }

    static AwsServiceException instanceState(String id, String state, String wanted) {
        return of(
                "IncorrectInstanceState",
                "The instance '" + id + "' is not in a state from which it can be " + wanted + ": it is " + state
                        + ".");
    }
}
