package dev.terrane.gateway.protocol;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.ServiceContract;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;

/**
 * AWS REST XML, and S3's ways with it. https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
final class RestXmlProtocol extends RestProtocol {

    private final XmlDecoder decoder;
    private final XmlEncoder encoder = new XmlEncoder("member");

    RestXmlProtocol(WireLimits limits) {
        super(limits, "MalformedXML");
        this.decoder = new XmlDecoder(limits);
    }

    @Override
    String contentType() {
        return "application/xml";
    }

    @Override
    void readBody(WireBody.Bytes body, SdkPojo builder, StructPlan plan, @Nullable FieldPlan payload) {
        decoder.read(body, builder, payload == null ? null : payload.name);
    }

    @Override
    Object readPayload(WireBody.Bytes body, FieldPlan payload) {
        throw new MalformedInputException("Unexpected document for " + payload.memberName);
    }

    @Override
    WireBody.Bytes writeBody(BoundOperation operation, SdkPojo response, StructPlan plan) {
        ServiceContract service = operation.service();
        String root = operation.operation().root().orElse(operation.operation().name() + "Response");
        XmlText out = new XmlText().declaration().start(root);
        namespace(out, service);
        // GetBucketLocation answers its only member as the root's own text.
        if (plan.body.length == 1 && plan.body[0].outName.equals(root)) {
            Object value = plan.body[0].get(response);
            if (value instanceof String text) {
                out.text(text);
            }
        } else {
            encoder.attributes(out, response, plan);
            encoder.members(out, response, plan, service);
        }
        return out.end(root).body();
    }

    @Override
    WireBody.Bytes writePayload(BoundOperation operation, Object value, FieldPlan payload) {
        XmlText out = new XmlText().declaration().start(payload.outName);
        namespace(out, operation.service());
        SdkPojo struct = (SdkPojo) value;
        encoder.attributes(out, struct, payload);
        encoder.members(out, struct, payload.struct(), operation.service());
        return out.end(payload.outName).body();
    }

    @Override
    boolean wrapped(BoundOperation operation, FieldPlan payload) {
        return payload.type == MarshallingKnownType.STRING
                && operation.operation().root().isPresent();
    }

    private static void namespace(XmlText out, ServiceContract service) {
        if (!service.xmlNamespace().isEmpty()) {
            out.attribute("xmlns", service.xmlNamespace());
        }
    }

    @Override
    public WireResponse encodeError(
            ServiceContract service, AwsServiceException error, WireRequest request, String requestId) {
        WireErrors facts = WireErrors.of(service, error);
        Headers.Builder headers = Headers.builder();
        requestId(service, headers, requestId);
        errorHeaders(error, headers);
        if (request.method().equals("HEAD") || facts.status() == 304) {
            return new WireResponse(facts.status(), headers.build(), WireBody.EMPTY);
        }
        headers.add("Content-Type", contentType());
        boolean s3 = service.name().equals("s3");
        XmlText out = new XmlText().declaration();
        if (!s3) {
            out.start("ErrorResponse");
            namespace(out, service);
        }
        out.start("Error");
        if (!s3) {
            out.element("Type", facts.senderFault() ? "Sender" : "Receiver");
        }
        out.element("Code", facts.code()).element("Message", facts.message());
        encoder.members(out, error, StructPlan.of(error), service);
        if (s3) {
            out.element("Resource", request.path());
            out.element("RequestId", requestId).element("HostId", hostId(requestId));
        }
        out.end("Error");
        if (!s3) {
            out.element("RequestId", requestId).end("ErrorResponse");
        }
        return new WireResponse(facts.status(), headers.build(), out.body());
    }
}
