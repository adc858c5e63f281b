package dev.terrane.gateway.protocol;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.Operation;
import dev.terrane.kernel.contract.ServiceContract;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;

/**
 * AWS query and EC2 query: parameters of a form or of the URI, answered in XML.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
final class QueryProtocol implements Protocol {

    private final boolean ec2;
    private final WireLimits limits;
    private final FormReader reader;
    private final XmlEncoder encoder;

    private QueryProtocol(boolean ec2, WireLimits limits) {
        this.ec2 = ec2;
        this.limits = limits;
        this.reader = new FormReader(ec2);
        this.encoder = new XmlEncoder("member");
    }

    static QueryProtocol query(WireLimits limits) {
        return new QueryProtocol(false, limits);
    }

    static QueryProtocol ec2(WireLimits limits) {
        return new QueryProtocol(true, limits);
    }

    @Override
    public SdkRequest decode(BoundOperation operation, WireRequest request) {
        SdkPojo builder = operation.newRequest();
        try {
            reader.read(Form.tree(form(request, limits), limits), builder, operation.service());
        } catch (MalformedInputException e) {
            throw WireErrors.error(ec2 ? "InvalidParameterValue" : "MalformedInput", 400, Bodies.message(e));
        }
        return (SdkRequest) FieldPlan.build(builder);
    }

    /** The parameters of the body and of the URI. */
    static String form(WireRequest request, WireLimits limits) {
        WireBody.Bytes body = Bodies.inflated(request, limits);
        if (body.count() == 0) {
            return request.query();
        }
        String form = new String(body.array(), body.offset(), body.count(), StandardCharsets.UTF_8);
        return request.query().isEmpty() ? form : form + "&" + request.query();
    }

    @Override
    public WireResponse encode(BoundOperation operation, SdkResponse response, WireBody stream, String requestId) {
        ServiceContract service = operation.service();
        Operation contract = operation.operation();
        String root = contract.name() + "Response";
        XmlText out = new XmlText().declaration().start(root).attribute("xmlns", service.xmlNamespace());
        if (ec2) {
            out.element("requestId", requestId);
            encoder.members(out, response, StructPlan.of(response), service);
        } else {
            contract.resultWrapper().ifPresent(out::start);
            encoder.members(out, response, StructPlan.of(response), service);
            contract.resultWrapper().ifPresent(out::end);
            out.start("ResponseMetadata").element("RequestId", requestId).end("ResponseMetadata");
        }
        out.end(root);
        return new WireResponse(200, headers(requestId), out.body());
    }

    @Override
    public WireResponse encodeError(
            ServiceContract service, AwsServiceException error, WireRequest request, String requestId) {
        WireErrors facts = WireErrors.of(service, error);
        XmlText out = new XmlText().declaration();
        if (ec2) {
            out.start("Response").start("Errors").start("Error");
            out.element("Code", facts.code()).element("Message", facts.message());
            out.end("Error").end("Errors").element("RequestID", requestId).end("Response");
        } else {
            out.start("ErrorResponse")
                    .attribute("xmlns", service.xmlNamespace())
                    .start("Error");
            out.element("Type", facts.senderFault() ? "Sender" : "Receiver");
            out.element("Code", facts.code()).element("Message", facts.message());
            encoder.members(out, error, StructPlan.of(error), service);
            out.end("Error").element("RequestId", requestId).end("ErrorResponse");
        }
        return new WireResponse(facts.status(), headers(requestId), out.body());
    }

    private Headers headers(String requestId) {
        return Headers.of("x-amzn-RequestId", requestId, "Content-Type", ec2 ? "text/xml;charset=UTF-8" : "text/xml");
    }
}
