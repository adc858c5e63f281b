package dev.terrane.autoscaling;

import dev.terrane.kernel.error.AwsErrors;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/** Auto Scaling's errors that have no class of their own: {@code ValidationError} for all that is wrong with a request. */
final class Refusals {
    private Refusals() {}

    static AwsServiceException of(String message) {
        return AwsErrors.of("ValidationError", 400, message);
    }

    static AwsServiceException noGroup(String name) {
        return of("AutoScalingGroup name not found - no such group: " + name);
    }

    static AwsServiceException noTargetGroup() {
        return of("Provided Target Groups may not be valid. Please ensure they exist and try again.");
    }

    static AwsServiceException noInstance(String id) {
        return of("Instance Id not found - No managed instance found for instance ID: " + id);
    }

    /** Refuses a request that sets a member other than these: it would be without effect. */
    static void unlessOnly(SdkPojo request, Set<String> members) {
        for (SdkField<?> field : request.sdkFields()) {
            Object value = field.getValueOrDefault(request);
            boolean empty = value == null
                    || (value instanceof Collection<?> many && many.isEmpty())
                    || (value instanceof Map<?, ?> map && map.isEmpty())
                    || Boolean.FALSE.equals(value);
            if (!empty && !members.contains(field.memberName())) {
                throw of("The parameter " + field.memberName() + " is not supported.");
            }
        }
    }
}
