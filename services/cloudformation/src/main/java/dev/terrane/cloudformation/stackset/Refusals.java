package dev.terrane.cloudformation.stackset;

import dev.terrane.kernel.error.AwsErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.model.OperationNotFoundException;
import software.amazon.awssdk.services.cloudformation.model.StackInstanceNotFoundException;
import software.amazon.awssdk.services.cloudformation.model.StackSetNotFoundException;

/** What requests about stack sets are refused with. */
final class Refusals {
    private Refusals() {}

    static AwsServiceException invalid(String message) {
        return AwsErrors.of("ValidationError", 400, message);
    }

    static AwsServiceException noSet(String name) {
        return StackSetNotFoundException.builder()
                .message("StackSet " + name + " not found")
                .build();
    }

    static AwsServiceException noInstance(StackSetRecord set, Target target) {
        return StackInstanceNotFoundException.builder()
                .message("Stack instance not found for account [" + target.account() + "], region [" + target.region()
                        + "] in stack set " + set.id())
                .build();
    }

    static AwsServiceException noOperation(String id) {
        return OperationNotFoundException.builder()
                .message("Operation " + id + " not found")
                .build();
    }

    /** What service-managed permissions need. */
    static AwsServiceException noOrganizations(String what) {
        return invalid(what + " is not supported here: there is no AWS Organizations, so stack sets have self-managed"
                + " permissions");
    }
}
