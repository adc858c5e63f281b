package dev.terrane.gateway;

import dev.terrane.kernel.contract.BoundOperation;
import software.amazon.awssdk.core.SdkRequest;

/** Checks a request against the constraints of the service's model. */
@FunctionalInterface
public interface InputRules {
    /** @throws software.amazon.awssdk.awscore.exception.AwsServiceException with AWS's message when a member breaks a constraint */
    void check(BoundOperation operation, SdkRequest request);
}
