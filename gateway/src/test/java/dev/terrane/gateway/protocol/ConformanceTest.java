package dev.terrane.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.ModeledError;
import dev.terrane.kernel.contract.Operation;
import dev.terrane.kernel.contract.ServiceContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.smithy.model.Model;
import software.amazon.smithy.model.loader.ModelAssembler;
import software.amazon.smithy.model.node.Node;
import software.amazon.smithy.model.node.ObjectNode;
import software.amazon.smithy.model.shapes.OperationShape;
import software.amazon.smithy.model.shapes.Shape;
import software.amazon.smithy.model.shapes.ShapeId;

/**
 * AWS's published protocol cases: requests decoded, responses and errors encoded, malformed requests refused. Cases
 * that do not apply are listed with their reasons in conformance-exclusions.txt; one that passes must not be listed.
 * https://smithy.io/2.0/additional-specs/http-protocol-compliance-tests.html
 */
class ConformanceTest {

    private static final Map<String, Protocol> PROTOCOLS = new HashMap<>();
    private static final Map<String, String> EXCLUSIONS = new TreeMap<>();
    private static Model model = Model.builder().build();

    @BeforeAll
    static void load() throws IOException {
        ModelAssembler assembler = Model.assembler().putProperty(ModelAssembler.ALLOW_UNKNOWN_TRAITS, true);
        ClassLoader loader = ConformanceTest.class.getClassLoader();
        String manifest = text(loader, "META-INF/smithy/manifest");
        manifest.lines()
                .filter(line -> line.endsWith(".smithy"))
                .forEach(line -> assembler.addImport(loader.getResource("META-INF/smithy/" + line)));
        model = assembler.assemble().getResult().orElseThrow();
        Protocols protocols = new Protocols(WireLimits.DEFAULT);
        PROTOCOLS.put("awsJson1_0", protocols.json10);
        PROTOCOLS.put("awsJson1_1", protocols.json11);
        PROTOCOLS.put("awsQuery", protocols.query);
        PROTOCOLS.put("ec2Query", protocols.ec2);
        PROTOCOLS.put("restJson1", protocols.restJson);
        PROTOCOLS.put("restXml", protocols.restXml);
        PROTOCOLS.put("rpcv2Cbor", protocols.cbor);
        text(loader, "conformance-exclusions.txt")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> EXCLUSIONS.put(line.substring(0, line.indexOf(' ')), line));
    }

    private static String text(ClassLoader loader, String resource) throws IOException {
        try (InputStream stream = loader.getResourceAsStream(resource)) {
            return stream == null ? "" : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** One case and the shape that carries it. */
    private record Case(Shape shape, ObjectNode facts) {
        String id() {
            return facts.expectStringMember("id").getValue();
        }

        String protocol() {
            return ShapeId.from(facts.expectStringMember("protocol").getValue()).getName();
        }

        String text(String name) {
            return facts.getStringMemberOrDefault(name, "");
        }

        boolean forServers() {
            return !text("appliesTo").equals("client");
        }

        ObjectNode params() {
            return facts.getObjectMember("params").orElse(Node.objectNode());
        }
    }

    private static Stream<Case> cases(String trait) {
        ShapeId id = ShapeId.from("smithy.test#" + trait);
        return model.getShapesWithTrait(id).stream()
                .flatMap(
                        shape -> shape
                                .findTrait(id)
                                .orElseThrow()
                                .toNode()
                                .expectArrayNode()
                                .getElementsAs(Node::expectObjectNode)
                                .stream()
                                .map(facts -> new Case(shape, facts)))
                .filter(Case::forServers)
                .filter(one -> PROTOCOLS.containsKey(one.protocol()));
    }

    private static DynamicTest test(String kind, String name, Runnable check) {
        String id = EXCLUSIONS.containsKey(kind + ":" + name) ? kind + ":" + name : name;
        return DynamicTest.dynamicTest(name, () -> {
            String family = id.contains("[") ? id.substring(0, id.indexOf('[')) : id;
            if (!EXCLUSIONS.containsKey(id) && !EXCLUSIONS.containsKey(family)) {
                try {
                    check.run();
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(id + ": " + e.getMessage(), e);
                }
                return;
            }
            if (EXCLUSIONS.containsKey(id)) {
                try {
                    check.run();
                } catch (AssertionError | RuntimeException expected) {
                    return;
                }
                fail("Passes, and has to leave conformance-exclusions.txt: " + id);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> requests() {
        return cases("httpRequestTests").map(one -> test("request", one.id(), () -> decode(one)));
    }

    private static void decode(Case one) {
        OperationShape operation = (OperationShape) one.shape();
        ModelMessages messages = new ModelMessages(model, one.protocol());
        ShapeId input = operation.getInputShape();
        BoundOperation bound = bound(one, operation, messages);
        WireRequest request = request(one.facts());
        if (input.getNamespace().equals("com.amazonaws.s3")) {
            request = new BucketHosts(List.of()).pathStyle(request);
        }
        ModelMessages.Message expected = new ModelValues(model, messages).message(input, one.params());
        model.expectShape(input).members().stream()
                .filter(member -> ModelMessages.has(model.expectShape(member.getTarget()), "streaming"))
                .forEach(member -> expected.values().remove(member.getMemberName()));
        assertThat((Object) protocol(one).decode(bound, request)).isEqualTo(expected);
    }

    @TestFactory
    Stream<DynamicTest> responses() {
        return cases("httpResponseTests").map(one -> test("response", one.id(), () -> encode(one)));
    }

    private static void encode(Case one) {
        ModelMessages messages = new ModelMessages(model, one.protocol());
        ModelValues values = new ModelValues(model, messages);
        WireResponse response;
        if (one.shape() instanceof OperationShape operation) {
            ModelMessages.Message message = values.message(operation.getOutputShape(), one.params());
            response = protocol(one)
                    .encode(
                            bound(one, operation, messages),
                            new ModelMessages.Response(message),
                            stream(operation.getOutputShape(), one.params()),
                            requestId(one));
        } else {
            String name = one.shape().getId().getName();
            ModelMessages.ModelError error = new ModelMessages.ModelError(
                    name, values.message(one.shape().getId(), one.params()));
            response = protocol(one)
                    .encodeError(
                            service(one),
                            error,
                            new WireRequest("POST", "/", "", Headers.EMPTY, WireBody.EMPTY),
                            requestId(one));
        }
        assertThat(response.status())
                .isEqualTo(one.facts().expectNumberMember("code").getValue().intValue());
        one.facts()
                .getObjectMember("headers")
                .orElse(Node.objectNode())
                .getStringMap()
                .forEach((name, value) -> assertThat(response.headers().first(name))
                        .as(name)
                        .contains(value.expectStringNode().getValue()));
        one.facts()
                .getArrayMember("forbidHeaders")
                .ifPresent(names -> names.getElements()
                        .forEach(name -> assertThat(response.headers()
                                        .contains(name.expectStringNode().getValue()))
                                .isFalse()));
        one.facts()
                .getStringMember("body")
                .ifPresent(body -> Documents.assertSame(
                        one.text("bodyMediaType"),
                        response.body(),
                        body.getValue(),
                        one.protocol().endsWith("Query")));
    }

    private static WireBody stream(ShapeId output, ObjectNode params) {
        return model.expectShape(output).members().stream()
                .filter(member -> ModelMessages.has(member, "httpPayload"))
                .filter(member -> ModelMessages.has(model.expectShape(member.getTarget()), "streaming"))
                .findFirst()
                .flatMap(member -> params.getStringMember(member.getMemberName()))
                .<WireBody>map(text -> WireBody.of(text.getValue().getBytes(StandardCharsets.UTF_8)))
                .orElse(WireBody.EMPTY);
    }

    @TestFactory
    Stream<DynamicTest> malformedRequests() {
        return cases("httpMalformedRequestTests")
                .filter(one -> !one.shape().getId().getNamespace().endsWith(".validation"))
                .flatMap(ConformanceTest::variants)
                .map(one -> test("malformed", one.id(), () -> refuse(one)));
    }

    /** A case for each value of its parameters. */
    private static Stream<Case> variants(Case one) {
        Map<String, Node> parameters = new TreeMap<>();
        one.facts().getObjectMember("testParameters").ifPresent(node -> parameters.putAll(node.getStringMap()));
        if (parameters.isEmpty()) {
            return Stream.of(one);
        }
        int count = parameters.values().iterator().next().expectArrayNode().size();
        List<Case> variants = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, String> texts = new HashMap<>();
            for (Map.Entry<String, Node> parameter : parameters.entrySet()) {
                texts.put(
                        parameter.getKey(),
                        parameter
                                .getValue()
                                .expectArrayNode()
                                .get(i)
                                .orElseThrow()
                                .expectStringNode()
                                .getValue());
            }
            ObjectNode facts = substituted(one.facts().withoutMember("testParameters"), texts)
                    .expectObjectNode();
            variants.add(new Case(one.shape(), facts.withMember("id", one.id() + "[" + i + "]")));
        }
        return variants.stream();
    }

    private static Node substituted(Node node, Map<String, String> texts) {
        return switch (node.getType()) {
            case STRING -> {
                String text = node.expectStringNode().getValue();
                for (Map.Entry<String, String> entry : texts.entrySet()) {
                    text = text.replace("$" + entry.getKey() + ":L", entry.getValue())
                            .replace("$" + entry.getKey() + ":S", Node.printJson(Node.from(entry.getValue())));
                }
                yield Node.from(text.replace("$$", "$"));
            }
            case ARRAY ->
                Node.arrayNode(node.expectArrayNode().getElements().stream()
                        .map(element -> substituted(element, texts))
                        .toArray(Node[]::new));
            case OBJECT -> {
                ObjectNode.Builder object = Node.objectNodeBuilder();
                node.expectObjectNode()
                        .getStringMap()
                        .forEach((key, value) -> object.withMember(key, substituted(value, texts)));
                yield object.build();
            }
            default -> node;
        };
    }

    private static void refuse(Case one) {
        OperationShape operation = (OperationShape) one.shape();
        BoundOperation bound = bound(one, operation, new ModelMessages(model, one.protocol()));
        WireRequest request = request(one.facts().expectObjectMember("request"));
        ObjectNode expected = one.facts().expectObjectMember("response");
        try {
            Object decoded = protocol(one).decode(bound, request);
            fail("Accepted as " + decoded);
        } catch (AwsServiceException e) {
            WireResponse answer = protocol(one).encodeError(service(one), e, request, requestId(one));
            assertThat(answer.status())
                    .isEqualTo(expected.expectNumberMember("code").getValue().intValue());
            assertThat(answer.headers().first("x-amzn-errortype"))
                    .contains(expected.expectObjectMember("headers")
                            .expectStringMember("x-amzn-errortype")
                            .getValue());
        }
    }

    private static Protocol protocol(Case one) {
        Protocol protocol = PROTOCOLS.get(one.protocol());
        if (protocol == null) {
            throw new IllegalStateException(one.protocol());
        }
        return protocol;
    }

    private static WireRequest request(ObjectNode facts) {
        Headers.Builder headers = Headers.builder();
        facts.getObjectMember("headers")
                .orElse(Node.objectNode())
                .getStringMap()
                .forEach((name, value) ->
                        headers.add(name, value.expectStringNode().getValue()));
        facts.getStringMember("resolvedHost")
                .or(() -> facts.getStringMember("host"))
                .ifPresent(host -> headers.add("Host", host.getValue()));
        List<String> query = new ArrayList<>();
        String uri = facts.getStringMemberOrDefault("uri", "/");
        int question = uri.indexOf('?');
        if (question >= 0) {
            query.add(uri.substring(question + 1));
        }
        facts.getArrayMember("queryParams")
                .ifPresent(array -> array.getElements()
                        .forEach(node -> query.add(node.expectStringNode().getValue())));
        String body = facts.getStringMemberOrDefault("body", "");
        boolean binary = facts.getStringMemberOrDefault("bodyMediaType", "").equals("application/cbor");
        byte[] bytes = binary ? Base64.getDecoder().decode(body) : body.getBytes(StandardCharsets.UTF_8);
        return new WireRequest(
                facts.getStringMemberOrDefault("method", "POST"),
                question < 0 ? uri : uri.substring(0, question),
                String.join("&", query),
                headers.build(),
                WireBody.of(bytes));
    }

    private static BoundOperation bound(Case one, OperationShape operation, ModelMessages messages) {
        ObjectNode http = operation
                .findTrait(ShapeId.from("smithy.api#http"))
                .map(trait -> trait.toNode().expectObjectNode())
                .orElse(Node.objectNode());
        Shape output = model.expectShape(operation.getOutputShape());
        String root =
                ModelMessages.text(output, "xmlName").orElse(output.getId().getName());
        Operation contract = new Operation.Facts(
                        operation.getId().getName(),
                        operation.getId().getName(),
                        new Operation.Http(
                                http.getStringMemberOrDefault("method", "POST"),
                                http.getStringMemberOrDefault("uri", "/"),
                                http.getNumberMemberOrDefault("code", 200).intValue(),
                                List.of(),
                                List.of()),
                        new Operation.Body(
                                Optional.empty(),
                                Optional.empty(),
                                streams(operation.getInputShape()),
                                streams(operation.getOutputShape()),
                                false),
                        new Operation.Checksum(Optional.empty(), false, Optional.empty()),
                        List.of(),
                        Optional.of(operation.getId().getName() + "Result")
                                .filter(name ->
                                        !operation.getOutputShape().getName().equals("Unit")),
                        Optional.of(root)
                                .filter(name -> output.members().stream()
                                        .noneMatch(member -> ModelMessages.has(member, "httpPayload"))),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        name -> Optional.empty())
                .operation();
        return BoundOperation.ofMessages(
                service(one),
                contract,
                () -> messages.message(operation.getInputShape()),
                () -> messages.message(operation.getOutputShape()));
    }

    // The id that the cases' bodies carry.
    private static String requestId(Case one) {
        return one.protocol().equals("ec2Query") && one.shape().isOperationShape() ? "requestid" : "foo-id";
    }

    private static boolean streams(ShapeId shape) {
        return model.expectShape(shape).members().stream()
                .anyMatch(member -> ModelMessages.has(member, "httpPayload")
                        && ModelMessages.has(model.expectShape(member.getTarget()), "streaming"));
    }

    private static ServiceContract service(Case one) {
        String namespace = one.shape().getId().getNamespace();
        Optional<Shape> service = model.shapes()
                .filter(shape ->
                        shape.isServiceShape() && shape.getId().getNamespace().equals(namespace))
                .findFirst();
        String xmlNamespace = service.flatMap(shape -> shape.findTrait(ShapeId.from("smithy.api#xmlNamespace")))
                .map(trait -> trait.toNode()
                        .expectObjectNode()
                        .expectStringMember("uri")
                        .getValue())
                .orElse("");
        boolean compatible = model.shapes()
                .filter(shape -> shape.getId().getNamespace().equals(namespace))
                .anyMatch(shape -> shape.hasTrait(ShapeId.from("aws.protocols#awsQueryCompatible")));
        Map<String, ModeledError> errors = new HashMap<>();
        model.shapes()
                .filter(shape -> ModelMessages.has(shape, "error"))
                .filter(shape -> shape.getId().getNamespace().equals(namespace))
                .forEach(shape -> errors.put(shape.getId().getName(), error(shape, one.protocol())));
        return new ServiceContract(
                namespace.equals("com.amazonaws.s3") ? "s3" : namespace,
                "",
                "",
                "",
                List.of(),
                "",
                "",
                "",
                xmlNamespace,
                compatible,
                "",
                Map.of(),
                Map.of(),
                Map.of(),
                errors);
    }

    private static ModeledError error(Shape shape, String protocol) {
        @Nullable
        ObjectNode query = shape.findTrait(ShapeId.from("aws.protocols#awsQueryError"))
                .map(trait -> trait.toNode().expectObjectNode())
                .orElse(null);
        int status = shape.findTrait(ShapeId.from("smithy.api#httpError"))
                .map(trait -> trait.toNode().expectNumberNode().getValue().intValue())
                .orElse(ModelMessages.text(shape, "error").orElse("").equals("server") ? 500 : 400);
        String name = shape.getId().getName();
        if (query == null) {
            return new ModeledError(name, name, status, "");
        }
        int queryStatus =
                query.expectNumberMember("httpResponseCode").getValue().intValue();
        return new ModeledError(
                name,
                query.expectStringMember("code").getValue(),
                protocol.equals("awsQuery") ? queryStatus : status,
                "");
    }
}
