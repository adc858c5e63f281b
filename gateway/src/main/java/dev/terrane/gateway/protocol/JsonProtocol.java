package dev.terrane.gateway.protocol;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.ServiceContract;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.async.SdkPublisher;

/**
 * AWS JSON 1.0 and 1.1, and RPC v2 CBOR: the whole message is in the body, as one object.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html,
 * https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
final class JsonProtocol implements Protocol {

    private final WireLimits limits;
    private final TokenCodec codec;
    private final String contentType;
    private final boolean cbor;

    private JsonProtocol(WireLimits limits, TokenCodec codec, String contentType, boolean cbor) {
        this.limits = limits;
        this.codec = codec;
        this.contentType = contentType;
        this.cbor = cbor;
    }

    static JsonProtocol json(String version, WireLimits limits) {
        return new JsonProtocol(limits, TokenCodec.json(limits), "application/x-amz-json-" + version, false);
    }

    static JsonProtocol cbor(WireLimits limits) {
        return new JsonProtocol(limits, TokenCodec.cbor(limits), "application/cbor", true);
    }

    @Override
    public SdkRequest decode(BoundOperation operation, WireRequest request) {
        SdkPojo builder = operation.newRequest();
        try (var parser = codec.parser(Bodies.inflated(request, limits))) {
            codec.reader.read(parser, builder);
        } catch (MalformedInputException e) {
            throw WireErrors.error("SerializationException", 400, Bodies.message(e));
        }
        return (SdkRequest) FieldPlan.build(builder);
    }

    @Override
    public WireResponse encode(BoundOperation operation, SdkResponse response, WireBody stream, String requestId) {
        WireBody body = codec.write(out -> codec.writer.object(out, response, StructPlan.of(response)));
        return new WireResponse(200, headers(requestId).build(), body);
    }

    @Override
    public WireResponse encodeEvents(
            BoundOperation operation, SdkResponse response, SdkPublisher<? extends SdkPojo> events, String requestId) {
        EventStreamBody body = new EventStreamBody(
                cbor ? contentType : "application/json",
                payload(response),
                this::payload,
                reason -> failure(operation.service(), reason));
        events.subscribe(body);
        Headers.Builder headers =
                Headers.builder().add("x-amzn-RequestId", requestId).add("Content-Type", EventStreamBody.CONTENT_TYPE);
        if (cbor) {
            headers.add("smithy-protocol", "rpc-v2-cbor");
        }
        return new WireResponse(200, headers.build(), new WireBody.Streamed(body, -1));
    }

    private byte[] payload(SdkPojo message) {
        return codec.write(out -> codec.writer.object(out, message, StructPlan.of(message)))
                .array();
    }

    private EventStreamBody.Failure failure(ServiceContract service, Throwable reason) {
        if (!(reason instanceof AwsServiceException error)) {
            return new EventStreamBody.Failure(
                    "InternalFailure", false, "The stream ended because of an internal error.", new byte[0]);
        }
        WireErrors facts = WireErrors.of(service, error);
        WireBody.Bytes payload = codec.write(out -> {
            out.writeStartObject();
            out.writeName("message");
            out.writeString(facts.message());
            out.writeEndObject();
        });
        return new EventStreamBody.Failure(facts.shape(), true, facts.message(), payload.array());
    }

    @Override
    public WireResponse encodeError(
            ServiceContract service, AwsServiceException error, WireRequest request, String requestId) {
        WireErrors facts = WireErrors.of(service, error);
        WireBody body = codec.write(out -> {
            out.writeStartObject();
            out.writeName("__type");
            out.writeString(facts.shape());
            if (!facts.message().isEmpty()) {
                out.writeName("message");
                out.writeString(facts.message());
            }
            codec.writer.members(out, error, StructPlan.of(error));
            out.writeEndObject();
        });
        Headers.Builder headers = headers(requestId);
        if (service.queryCompatible()) {
            headers.add("x-amzn-query-error", facts.code() + (facts.senderFault() ? ";Sender" : ";Receiver"));
        }
        return new WireResponse(facts.status(), headers.build(), body);
    }

    private Headers.Builder headers(String requestId) {
        Headers.Builder headers =
                Headers.builder().add("x-amzn-RequestId", requestId).add("Content-Type", contentType);
        if (cbor) {
            headers.add("smithy-protocol", "rpc-v2-cbor");
        }
        return headers;
    }
}
