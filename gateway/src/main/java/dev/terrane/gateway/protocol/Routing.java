package dev.terrane.gateway.protocol;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.ServiceContract;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What a request means. */
public sealed interface Routing {

    /** The service that was meant; for errors, the one that comes nearest. */
    ServiceContract service();

    /** The protocol in which to answer. */
    Protocol protocol();

    /**
     * An operation was found.
     *
     * @param request to be given to {@link Protocol#decode}: in path style if it came in S3's virtual-host style, and
     *     with its body in memory if the router had to read it
     */
    record Found(BoundOperation operation, Protocol protocol, WireRequest request) implements Routing {
        @Override
        public ServiceContract service() {
            return operation.service();
        }
    }

    /** No such operation; {@code error} is what to answer. */
    record Unknown(ServiceContract service, Protocol protocol, AwsServiceException error) implements Routing {}
}
