package dev.terrane.gateway;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.contract.BoundOperation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;

/**
 * An operation to be performed for an authenticated caller.
 *
 * @param conditions condition keys that the front door knows beyond those of call and request, such as {@code aws:SourceArn}
 * @param upkeep whether the platform calls itself, which is neither authorized nor recorded
 * @param once the token of work for which it is done once, empty where it is done each time
 * @param body the stream of an operation whose input streams
 * @param transformer what takes the stream of an operation whose output streams
 * @param events what takes the answer of an operation that answers with events
 */
record Invocation(
        Call call,
        BoundOperation operation,
        SdkRequest request,
        Map<String, List<String>> conditions,
        boolean upkeep,
        String once,
        @Nullable RequestBody body,
        @Nullable ResponseTransformer<? extends SdkResponse, ?> transformer,
        @Nullable EventReply events) {
    /** The same by whom an identity provider vouches for, in the provider's account. */
    Invocation by(Principal.Federated user) {
        return new Invocation(
                call.by(user, Arn.parse(user.provider()).account()),
                operation,
                request,
                conditions,
                upkeep,
                once,
                body,
                transformer,
                events);
    }

    /** Sends events to the caller, and returns at their end. */
    @FunctionalInterface
    interface EventReply {
        /** @throws java.io.UncheckedIOException when the connection breaks */
        void send(SdkResponse response, SdkPublisher<? extends SdkPojo> events);
    }

    /** The same, made by another call. */
    Invocation by(Call changed) {
        return new Invocation(changed, operation, request, conditions, upkeep, once, body, transformer, events);
    }
}
