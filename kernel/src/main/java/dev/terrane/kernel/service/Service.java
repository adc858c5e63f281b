package dev.terrane.kernel.service;

import dev.terrane.kernel.authorization.Requirement;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.workflow.Workflow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;

/**
 * A service: AWS's own client interface, implemented. An operation that is not overridden answers {@code NotImplemented}. Operations run
 * with a {@code Call} bound, after the caller was authenticated, authorized and the input validated; in a transaction that also holds the
 * call's audit record, except those with a streaming body.
 */
public interface Service {
    /** The name of its contract, which is the SDK's package name: {@code sqs}, {@code cloudwatchlogs}. */
    String name();

    /** The SDK's interface. */
    Class<? extends SdkClient> api();

    /** The implementation of {@link #api()}. */
    SdkClient implementation();

    /** The implementation of the SDK's asynchronous interface, for the operations that only it has: those that answer with events. */
    default Optional<SdkClient> streaming() {
        return Optional.empty();
    }

    /** Its durable processes. */
    default List<Workflow<?>> workflows() {
        return List.of();
    }

    /**
     * The ARN of one of its resources where that holds more than the name in a request: the path of a role, the id of an
     * Auto Scaling group, the key behind an alias. Asked before authorization, in the caller's account and region.
     *
     * @param type the resource type of the service authorization reference, such as {@code role}
     */
    default Optional<String> resourceArn(Scope scope, String type, String name) {
        return Optional.empty();
    }

    /** The resource policy of one of its resources as JSON, for authorization; empty where it has none. */
    default Optional<String> resourcePolicy(String resourceArn) {
        return Optional.empty();
    }

    /** The resource policy of one of its resources, with what the service has granted a caller beside it for what it asks, such as a key's grants. */
    default Optional<String> resourcePolicy(String resourceArn, Principal caller, Requirement asked) {
        return resourcePolicy(resourceArn);
    }

    /** The tags of one of its resources, for {@code aws:ResourceTag} conditions; empty where it has none or is not there. */
    default Map<String, String> resourceTags(String resourceArn) {
        return Map.of();
    }

    /**
     * The service's own condition keys that tell of a resource rather than of the request, such as {@code kms:KeySpec}; none where it is not there.
     * Asked for only when a policy names a key that the request does not bring.
     *
     * @param asked the action and what the request says, such as the version of an object
     */
    default Map<String, List<String>> conditionKeys(String resourceArn, Requirement asked) {
        return Map.of();
    }

    /** The account that owns a resource whose ARN does not say so, such as an S3 bucket. */
    default Optional<String> resourceOwner(String resourceArn) {
        return Optional.empty();
    }

    /** How CloudFormation and Cloud Control API make and change its resources. */
    default List<ResourceType> resourceTypes() {
        return List.of();
    }

    /** What it serves over HTTP beside its AWS API. */
    default List<HttpEndpoint> httpEndpoints() {
        return List.of();
    }

    /** Begins what runs in the background, once all services are wired. */
    default void start() {}
}
