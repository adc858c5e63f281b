package dev.terrane.sns;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.NotFoundException;

/** SNS's errors, as AWS words them. */
final class Errors {
    private Errors() {}

    /** {@code InvalidParameter}, with what is wrong. */
    static AwsServiceException invalid(String what) {
        return InvalidParameterException.builder()
                .message("Invalid parameter: " + what)
                .build();
    }

    static AwsServiceException noTopic() {
        return NotFoundException.builder().message("Topic does not exist").build();
    }

    static AwsServiceException noSubscription() {
        return NotFoundException.builder()
                .message("Subscription does not exist")
                .build();
    }
}
