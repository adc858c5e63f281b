package dev.terrane.kernel.call;

import java.util.Map;
import software.amazon.awssdk.core.SdkClient;

/**
 * The way from one service to another: the same client interface that the AWS SDK gives, through the same front door
 * (authorization, audit, events), without HTTP. Errors are the SDK's typed exceptions, paginators and waiters work.
 */
public interface Clients {
    /**
     * A client of a service.
     *
     * @param api the SDK's interface, such as {@code S3Client.class}
     * @param actor as whom it calls
     * @param region the region that it calls
     */
    <C extends SdkClient> C client(Class<C> api, Actor actor, String region);

    /** A client in the region of the call now being served. */
    default <C extends SdkClient> C client(Class<C> api, Actor actor) {
        return client(
                api,
                actor,
                switch (actor) {
                    case Actor.Service s -> s.scope().region();
                    case Actor.Platform p -> p.scope().region();
                    case Actor.Delegated d -> d.scope().region();
                    case Actor.Role r -> Call.current().region();
                    case Actor.ChainedRole r -> Call.current().region();
                    case Actor.Forwarded f -> Call.current().region();
                });
    }

    /**
     * The call that a client of an actor makes, for what is not an operation of an AWS API and therefore goes through an
     * {@link Authorizer}: permissions without an operation, such as {@code codecommit:UploadArchive}.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException AccessDenied, when the actor may not assume its role
     */
    default Call callAs(Actor actor, String region) {
        throw new UnsupportedOperationException("These clients are not behind a front door");
    }

    /**
     * As {@link #client(Class, Actor, String)}, but a call that changes something is done once for each token and request: its answer is committed with what
     * it changed, and given again. So work that is run again after a crash does nothing twice. Operations with a streaming body are not among them.
     *
     * @param token names the work, in the installation
     */
    default <C extends SdkClient> C once(Class<C> api, Actor actor, String region, String token) {
        return once(api, actor, region, token, Map.of());
    }

    /**
     * The same for a resource that is marked as a stack's.
     *
     * @param systemTags what its calls have as {@link Call#systemTags}
     */
    default <C extends SdkClient> C once(
            Class<C> api, Actor actor, String region, String token, Map<String, String> systemTags) {
        throw new UnsupportedOperationException("These clients keep no answers");
    }

    /**
     * Runs a check that has not passed yet under a token: work that is run again after a crash finds what it made itself, and must not take it for somebody
     * else's. Not within a transaction.
     */
    default void first(String token, Runnable check) {
        throw new UnsupportedOperationException("These clients keep no answers");
    }

    /** Forgets the answers of a token: the work is over. Within a transaction, with its commit. */
    default void forget(String token) {
        throw new UnsupportedOperationException("These clients keep no answers");
    }
}
