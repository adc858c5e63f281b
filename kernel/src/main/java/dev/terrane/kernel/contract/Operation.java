package dev.terrane.kernel.contract;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One operation of a service as it is on the wire. Facts only; immutable. */
public final class Operation {

    /**
     * How the operation is bound to HTTP.
     *
     * @param method the HTTP method
     * @param uri the request URI's template with labels ({@code {Bucket}}, greedy {@code {Key+}}) and static query parameters
     * @param status the status of a successful answer
     * @param requiredQuery query parameters, beside the static ones, without which a request does not mean this operation
     * @param requiredHeaders headers, in lower case, without which a request does not mean this operation
     */
    public record Http(
            String method, String uri, int status, List<String> requiredQuery, List<String> requiredHeaders) {}

    /**
     * What travels in the body beside or instead of members.
     *
     * @param inputPayload the member that is the request's whole body
     * @param outputPayload the member that is the response's whole body
     * @param streamingInput the request's body is a stream, passed as {@code RequestBody}
     * @param streamingOutput the response's body is a stream, passed through a {@code ResponseTransformer}
     * @param eventStream the response is a stream of events; only the SDK's asynchronous interface has such operations
     */
    public record Body(
            Optional<String> inputPayload,
            Optional<String> outputPayload,
            boolean streamingInput,
            boolean streamingOutput,
            boolean eventStream) {}

    /**
     * How the body's integrity is declared; the httpChecksum trait of Smithy.
     *
     * @param algorithmMember the member that names the algorithm of the request's checksum
     * @param required whether a request has to carry a checksum
     * @param validationMember the member by which a client asks for the checksums of a response
     */
    public record Checksum(Optional<String> algorithmMember, boolean required, Optional<String> validationMember) {}

    private final String name;
    private final String sdkName;
    private final Http http;
    private final Body body;
    private final Checksum checksum;
    private final List<ModeledError> errors;
    private final Optional<String> resultWrapper;
    private final Optional<String> root;
    private final Optional<String> idempotencyToken;
    private final boolean anonymous;
    private final Optional<String> inputShape;
    private final Function<String, Optional<Shape>> shapes;

    Operation(Facts facts) {
        this.name = facts.name();
        this.sdkName = facts.sdkName();
        this.http = facts.http();
        this.body = facts.body();
        this.checksum = facts.checksum();
        this.errors = List.copyOf(facts.errors());
        this.resultWrapper = facts.resultWrapper();
        this.root = facts.root();
        this.idempotencyToken = facts.idempotencyToken();
        this.anonymous = facts.anonymous();
        this.inputShape = facts.inputShape();
        this.shapes = facts.shapes();
    }

    /** Everything an operation is made of; see the accessors of {@link Operation} for the meaning. */
    public record Facts(
            String name,
            String sdkName,
            Http http,
            Body body,
            Checksum checksum,
            List<ModeledError> errors,
            Optional<String> resultWrapper,
            Optional<String> root,
            Optional<String> idempotencyToken,
            boolean anonymous,
            Optional<String> inputShape,
            Function<String, Optional<Shape>> shapes) {

        /** Makes the operation. */
        public Operation operation() {
            return new Operation(this);
        }
    }

    /** The name on the wire and in IAM actions, such as {@code ListMFADevices}. */
    public String name() {
        return name;
    }

    /** The name by which the SDK's classes begin, such as {@code ListMfaDevices}. */
    public String sdkName() {
        return sdkName;
    }

    /** The binding to HTTP. */
    public Http http() {
        return http;
    }

    /** Payload members and streams. */
    public Body body() {
        return body;
    }

    /** Checksum declarations. */
    public Checksum checksum() {
        return checksum;
    }

    /** The errors that the operation documents. */
    public List<ModeledError> errors() {
        return errors;
    }

    /** The element around the result in the query protocol, such as {@code CreateRoleResult}. */
    public Optional<String> resultWrapper() {
        return resultWrapper;
    }

    /** The root element of a REST XML response whose name does not follow from the model. */
    public Optional<String> root() {
        return root;
    }

    /** The member that makes a repeated request harmless. */
    public Optional<String> idempotencyToken() {
        return idempotencyToken;
    }

    /** Whether a request needs no signature, as AssumeRoleWithWebIdentity. */
    public boolean anonymous() {
        return anonymous;
    }

    /** The constraints of the input; empty if the operation has none. */
    public Optional<Shape> constraints() {
        return inputShape.flatMap(shapes);
    }

    /** Required members of the input's top level; empty if there are none. */
    public Set<String> requiredMembers() {
        return constraints().map(Shape::required).orElse(Set.of());
    }

    @Override
    public String toString() {
        return name;
    }
}
