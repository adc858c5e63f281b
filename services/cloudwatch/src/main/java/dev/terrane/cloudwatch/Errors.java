package dev.terrane.cloudwatch;

import dev.terrane.kernel.error.AwsErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.model.InvalidNextTokenException;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterCombinationException;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterValueException;
import software.amazon.awssdk.services.cloudwatch.model.MissingRequiredParameterException;
import software.amazon.awssdk.services.cloudwatch.model.ResourceNotFoundException;

/** CloudWatch's errors. */
final class Errors {
    private Errors() {}

    static AwsServiceException value(String message) {
        return InvalidParameterValueException.builder().message(message).build();
    }

    static AwsServiceException combination(String message) {
        return InvalidParameterCombinationException.builder().message(message).build();
    }

    static AwsServiceException missing(String message) {
        return MissingRequiredParameterException.builder().message(message).build();
    }

    static AwsServiceException notFound(String message) {
        return ResourceNotFoundException.builder().message(message).build();
    }

    static AwsServiceException nextToken() {
        return InvalidNextTokenException.builder()
                .message("The next token is invalid")
                .build();
    }

    /** What AWS answers to a parameter that the model allows and the service does not. */
    static AwsServiceException validation(String message) {
        return AwsErrors.of("ValidationError", 400, message);
    }
}
