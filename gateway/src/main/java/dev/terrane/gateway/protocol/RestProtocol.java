package dev.terrane.gateway.protocol;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.Operation;
import dev.terrane.kernel.contract.ServiceContract;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.http.SdkHttpResponse;

/** What REST JSON and REST XML have in common. */
abstract sealed class RestProtocol implements Protocol permits RestJsonProtocol, RestXmlProtocol {

    private final HttpBinding binding;
    private final String malformedCode;

    RestProtocol(WireLimits limits, String malformedCode) {
        this.binding = new HttpBinding(limits);
        this.malformedCode = malformedCode;
    }

    /** Fills a builder from a body that is a document. */
    abstract void readBody(WireBody.Bytes body, SdkPojo builder, StructPlan plan, @Nullable FieldPlan payload);

    /** The value of a payload member that is neither text, bytes nor structure. */
    abstract @Nullable Object readPayload(WireBody.Bytes body, FieldPlan payload);

    /** The body fields of a response as a document. */
    abstract WireBody.Bytes writeBody(BoundOperation operation, SdkPojo response, StructPlan plan);

    /** A payload member as a document. */
    abstract WireBody.Bytes writePayload(BoundOperation operation, Object value, FieldPlan payload);

    abstract String contentType();

    @Override
    public SdkRequest decode(BoundOperation operation, WireRequest request) {
        SdkPojo builder = operation.newRequest();
        StructPlan plan = StructPlan.of(builder);
        try {
            binding.read(operation.operation(), request, builder, plan);
            if (!operation.operation().body().streamingInput()) {
                body(Bodies.bytes(request), builder, plan);
            }
        } catch (MalformedInputException e) {
            throw WireErrors.error(malformedCode, 400, Bodies.message(e));
        }
        return (SdkRequest) FieldPlan.build(builder);
    }

    private void body(WireBody.Bytes body, SdkPojo builder, StructPlan plan) {
        FieldPlan payload = plan.payload;
        if (payload == null) {
            if (plan.body.length > 0 && body.count() > 0) {
                readBody(body, builder, plan, null);
            }
            return;
        }
        if (body.count() == 0) {
            return;
        }
        switch (payload.type) {
            case STRING ->
                payload.set(builder, new String(body.array(), body.offset(), body.count(), StandardCharsets.UTF_8));
            case SDK_BYTES -> {
                byte[] copy = new byte[body.count()];
                System.arraycopy(body.array(), body.offset(), copy, 0, copy.length);
                payload.set(builder, SdkBytes.fromByteArrayUnsafe(copy));
            }
            case SDK_POJO -> {
                SdkPojo struct = payload.newStruct();
                readBody(body, struct, payload.struct(), payload);
                payload.set(builder, FieldPlan.build(struct));
            }
            default -> {
                Object value = readPayload(body, payload);
                if (value != null) {
                    payload.set(builder, value);
                }
            }
        }
    }

    @Override
    public WireResponse encode(BoundOperation operation, SdkResponse response, WireBody stream, String requestId) {
        Operation contract = operation.operation();
        StructPlan plan = StructPlan.of(response);
        Headers.Builder headers = Headers.builder();
        requestId(operation.service(), headers, requestId);
        WireBody body = WireBody.EMPTY;
        String type = "";
        if (contract.body().streamingOutput()) {
            body = stream;
            type = "application/octet-stream";
        } else if (!contract.http().method().equals("HEAD")) {
            FieldPlan payload = plan.payload;
            Object value = payload == null ? null : payload.get(response);
            if (payload == null || wrapped(operation, payload)) {
                if (writesBody(operation, plan)) {
                    body = writeBody(operation, response, plan);
                    type = contentType();
                }
            } else if (value != null) {
                body = payload(operation, value, payload);
                type = payloadType(payload);
            }
        }
        if (!type.isEmpty()) {
            headers.add("Content-Type", type);
        }
        int status = binding.write(response, plan, headers, contract.http().status());
        return new WireResponse(given(response).orElse(status), headers.build(), body);
    }

    /** The status that a service gives an answer where the model knows but one: 206 for part of an object. */
    private static OptionalInt given(SdkPojo response) {
        SdkHttpResponse answer = response instanceof SdkResponse whole ? whole.sdkHttpResponse() : null;
        return answer == null || answer.statusCode() == 200 ? OptionalInt.empty() : OptionalInt.of(answer.statusCode());
    }

    /** Whether an answer without a payload member has a body. */
    boolean writesBody(BoundOperation operation, StructPlan plan) {
        return plan.body.length > 0;
    }

    /** Whether a payload member of plain text is written inside the root element all the same. */
    boolean wrapped(BoundOperation operation, FieldPlan payload) {
        return false;
    }

    private WireBody payload(BoundOperation operation, Object value, FieldPlan payload) {
        return switch (value) {
            case String text -> WireBody.of(text.getBytes(StandardCharsets.UTF_8));
            case SdkBytes bytes -> WireBody.of(bytes.asByteArrayUnsafe());
            default -> writePayload(operation, value, payload);
        };
    }

    private String payloadType(FieldPlan payload) {
        return payload.type == MarshallingKnownType.STRING
                ? "text/plain"
                : payload.type == MarshallingKnownType.SDK_BYTES ? "application/octet-stream" : contentType();
    }

    /** Writes what an error binds to headers, and the headers that the service gave it besides. */
    void errorHeaders(AwsServiceException error, Headers.Builder headers) {
        AwsErrorDetails details = error.awsErrorDetails();
        if (details != null && details.sdkHttpResponse() != null) {
            details.sdkHttpResponse().headers().forEach((name, values) -> headers.set(name, String.join(",", values)));
        }
        binding.write(error, StructPlan.of(error), headers, 0);
    }

    static void requestId(ServiceContract service, Headers.Builder headers, String requestId) {
        if (service.name().equals("s3")) {
            headers.add("x-amz-request-id", requestId).add("x-amz-id-2", hostId(requestId));
        } else {
            headers.add("x-amzn-RequestId", requestId);
        }
    }

    /** S3's second id, by which AWS finds the host that answered; here it repeats the request's id. */
    static String hostId(String requestId) {
        return java.util.Base64.getEncoder().encodeToString(requestId.getBytes(StandardCharsets.UTF_8));
    }
}
