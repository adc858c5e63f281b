package dev.terrane.eventbridge;

import dev.terrane.kernel.error.AwsErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.eventbridge.model.InvalidEventPatternException;
import software.amazon.awssdk.services.eventbridge.model.LimitExceededException;
import software.amazon.awssdk.services.eventbridge.model.ManagedRuleException;
import software.amazon.awssdk.services.eventbridge.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;

/** EventBridge's errors, as AWS words them. */
final class Errors {
    private Errors() {}

    static AwsServiceException invalid(String message) {
        return AwsErrors.validation(message);
    }

    static AwsServiceException notFound(String message) {
        return ResourceNotFoundException.builder().message(message).build();
    }

    static AwsServiceException noBus(String bus) {
        return notFound("Event bus " + bus + " does not exist.");
    }

    static AwsServiceException noRule(String rule, String bus) {
        return notFound("Rule " + rule + " does not exist on EventBus " + bus + ".");
    }

    static AwsServiceException exists(String message) {
        return ResourceAlreadyExistsException.builder().message(message).build();
    }

    static AwsServiceException limit(String message) {
        return LimitExceededException.builder().message(message).build();
    }

    static AwsServiceException managed(String rule, String service) {
        return ManagedRuleException.builder()
                .message("Rule " + rule + " is managed by " + service + " and can't be changed by a customer.")
                .build();
    }

    static AwsServiceException pattern(String reason) {
        return InvalidEventPatternException.builder()
                .message("Event pattern is not valid. Reason: " + reason)
                .build();
    }
}
