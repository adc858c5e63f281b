package dev.terrane.sqs;

import dev.terrane.kernel.error.AwsErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeNameException;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeValueException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;

/** SQS's errors, as AWS words them. */
final class Errors {
    private Errors() {}

    static AwsServiceException noQueue() {
        return QueueDoesNotExistException.builder()
                .message("The specified queue does not exist.")
                .build();
    }

    /** {@code InvalidParameterValue}. */
    static AwsServiceException parameter(String message) {
        return AwsErrors.of("InvalidParameterValue", 400, message);
    }

    static AwsServiceException missing(String parameter) {
        return AwsErrors.of("MissingParameter", 400, "The request must contain the parameter " + parameter + ".");
    }

    static AwsServiceException attributeName(String name) {
        return InvalidAttributeNameException.builder()
                .message("Unknown Attribute " + name + ".")
                .build();
    }

    static AwsServiceException attributeValue(String name) {
        return InvalidAttributeValueException.builder()
                .message("Invalid value for the parameter " + name + ".")
                .build();
    }

    static AwsServiceException attribute(String message) {
        return InvalidAttributeValueException.builder().message(message).build();
    }

    static AwsServiceException receipt(String handle) {
        return ReceiptHandleIsInvalidException.builder()
                .message("The input receipt handle \"" + handle + "\" is not a valid receipt handle.")
                .build();
    }
}
