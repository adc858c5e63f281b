package dev.terrane.gateway.protocol;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.ServiceContract;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/** AWS REST JSON. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
final class RestJsonProtocol extends RestProtocol {

    private final TokenCodec codec;

    RestJsonProtocol(WireLimits limits) {
        super(limits, "SerializationException");
        this.codec = TokenCodec.json(limits);
    }

    @Override
    String contentType() {
        return "application/json";
    }

    @Override
    boolean writesBody(BoundOperation operation, StructPlan plan) {
        return operation.operation().http().status() != 204;
    }

    @Override
    void readBody(WireBody.Bytes body, SdkPojo builder, StructPlan plan, @Nullable FieldPlan payload) {
        try (var parser = codec.parser(body)) {
            codec.reader.read(parser, builder, plan);
        }
    }

    @Override
    @Nullable
    Object readPayload(WireBody.Bytes body, FieldPlan payload) {
        try (var parser = codec.parser(body)) {
            return codec.reader.readValue(parser, payload);
        }
    }

    @Override
    WireBody.Bytes writeBody(BoundOperation operation, SdkPojo response, StructPlan plan) {
        return codec.write(out -> codec.writer.object(out, response, plan));
    }

    @Override
    WireBody.Bytes writePayload(BoundOperation operation, Object value, FieldPlan payload) {
        return codec.write(out -> codec.writer.value(out, value, payload));
    }

    @Override
    public WireResponse encodeError(
            ServiceContract service, AwsServiceException error, WireRequest request, String requestId) {
        WireErrors facts = WireErrors.of(service, error);
        Headers.Builder headers = Headers.builder();
        requestId(service, headers, requestId);
        headers.add("Content-Type", contentType()).add("x-amzn-ErrorType", facts.shape());
        WireBody body = codec.write(out -> {
            out.writeStartObject();
            if (!facts.message().isEmpty()) {
                out.writeName("message");
                out.writeString(facts.message());
            }
            errorHeaders(error, headers);
            codec.writer.members(out, error, StructPlan.of(error));
            out.writeEndObject();
        });
        return new WireResponse(facts.status(), headers.build(), body);
    }
}
