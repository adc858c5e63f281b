package dev.terrane.kernel.validate;

import dev.terrane.kernel.contract.Operation;
import dev.terrane.kernel.contract.ServiceContract;
import dev.terrane.kernel.contract.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Holds the requests of one operation against its model: required members, lengths, ranges, expressions and enumerations.
 * Made once for an operation, thread-safe. The cost of a small request is a few microseconds.
 *
 * @see <a href="https://smithy.io/2.0/spec/constraint-traits.html">The constraints</a>
 */
public final class Validator {
    /**
     * Enumerations whose real services take more than their models list, or answer what is not listed with an error of
     * their own: EC2 adds instance types between releases; SQS says InvalidAttributeName; S3 says InvalidLocationConstraint,
     * and takes the event types of its documentation by wildcard.
     */
    private static final Map<String, Set<String>> UNLISTED = Map.of(
            "ec2", Set.of("InstanceType", "AvailabilityZoneId"),
            "sqs", Set.of("QueueAttributeName", "MessageSystemAttributeName", "MessageSystemAttributeNameForSends"),
            "s3", Set.of("BucketLocationConstraint", "Event"),
            "autoscaling", Set.of("InstanceType"));

    private final Optional<CompiledShape> shape;
    private final Wording wording;

    private Validator(Optional<CompiledShape> shape, Wording wording) {
        this.shape = shape;
        this.wording = wording;
    }

    /** The validator of an operation. */
    public static Validator of(ServiceContract service, Operation operation) {
        Set<String> unlisted = UNLISTED.getOrDefault(service.name(), Set.of());
        return new Validator(
                operation.constraints().map(root -> CompiledShape.of(root, unlisted)),
                Wording.of(service.name(), operation));
    }

    /** The validator of a shape on its own, whose refusals are worded as {@code ValidationException}. */
    public static Validator of(Shape shape) {
        return new Validator(Optional.of(CompiledShape.of(shape, Set.of())), Wording.generic());
    }

    /**
     * Refuses a request that its model does not allow.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException with the service's code, status and message
     */
    public void validate(SdkPojo request) {
        List<Violation> found = violations(request);
        if (!found.isEmpty()) {
            throw wording.refusal(found);
        }
    }

    /** All that the model does not allow; empty if the request is in order. */
    public List<Violation> violations(SdkPojo request) {
        if (shape.isEmpty()) {
            return List.of();
        }
        List<Violation> found = new ArrayList<>(0);
        shape.get().check(request, "", "", found);
        return found;
    }
}
