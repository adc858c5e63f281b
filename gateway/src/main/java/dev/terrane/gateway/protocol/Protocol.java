package dev.terrane.gateway.protocol;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.ServiceContract;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.async.SdkPublisher;

/** One of AWS's wire protocols, for every service that speaks it. Thread-safe. */
public interface Protocol {

    /**
     * The request that a message carries. The body of operations with streaming input is not touched.
     *
     * @param request has its body in memory unless the operation's input streams
     * @throws AwsServiceException with the protocol's code for malformed input and status 400
     */
    SdkRequest decode(BoundOperation operation, WireRequest request);

    /**
     * The message that carries a response.
     *
     * @param stream the body of an operation with streaming output; else {@link WireBody#EMPTY}
     */
    WireResponse encode(BoundOperation operation, SdkResponse response, WireBody stream, String requestId);

    /** The message that carries a response without a stream. */
    default WireResponse encode(BoundOperation operation, SdkResponse response, String requestId) {
        return encode(operation, response, WireBody.EMPTY, requestId);
    }

    /**
     * The message that carries a response and then events.
     *
     * @throws UnsupportedOperationException where no operation of this protocol that is built answers so
     */
    default WireResponse encodeEvents(
            BoundOperation operation, SdkResponse response, SdkPublisher<? extends SdkPojo> events, String requestId) {
        throw new UnsupportedOperationException(operation + " cannot answer with events");
    }

    /**
     * The message that carries an error. Code and status are those of the exception's details where it has them, else
     * those that the service documents for its class.
     *
     * @param request what the error answers; its path is named in S3's errors
     */
    WireResponse encodeError(ServiceContract service, AwsServiceException error, WireRequest request, String requestId);
}
