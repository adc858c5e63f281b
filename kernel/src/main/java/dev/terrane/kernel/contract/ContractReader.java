package dev.terrane.kernel.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the resources that contract/generate.py writes. */
final class ContractReader {

    private static final JsonMapper JSON = JsonMapper.shared();

    private ContractReader() {}

    static ServiceContract read(String name) {
        JsonNode node = resource(name + ".json")
                .orElseThrow(() -> new IllegalArgumentException("No contract of a service " + name));
        Map<String, ModeledError> errors = new HashMap<>();
        node.path("errors").properties().forEach(entry -> errors.put(entry.getKey(), error(entry)));
        ShapeTable shapes = new ShapeTable(name);
        Map<String, Operation> operations = new HashMap<>();
        node.path("operations")
                .properties()
                .forEach(entry ->
                        operations.put(entry.getKey(), operation(entry.getKey(), entry.getValue(), errors, shapes)));
        return new ServiceContract(
                name,
                text(node, "endpointPrefix"),
                text(node, "signingName"),
                text(node, "serviceId"),
                texts(node.path("protocols")),
                text(node, "jsonVersion"),
                text(node, "targetPrefix"),
                text(node, "apiVersion"),
                text(node, "xmlNamespace"),
                node.path("queryCompatible").asBoolean(false),
                "software.amazon.awssdk.services." + name + "." + text(node, "client"),
                map(node.path("queryNames"), JsonNode::asString),
                map(node.path("mapEntry"), ContractReader::texts),
                operations,
                errors);
    }

    private static ModeledError error(Map.Entry<String, JsonNode> entry) {
        JsonNode node = entry.getValue();
        return new ModeledError(
                entry.getKey(),
                node.path("code").asString(entry.getKey()),
                node.path("status").asInt(),
                text(node, "class"));
    }

    private static Operation operation(
            String name, JsonNode node, Map<String, ModeledError> errors, Function<String, Optional<Shape>> shapes) {
        List<ModeledError> documented = texts(node.path("errors")).stream()
                .map(errors::get)
                .flatMap(error -> Optional.ofNullable(error).stream())
                .toList();
        return new Operation.Facts(
                        name,
                        node.path("sdk").asString(name),
                        new Operation.Http(
                                node.path("method").asString("POST"),
                                node.path("uri").asString("/"),
                                node.path("status").asInt(200),
                                texts(node.path("query")),
                                texts(node.path("headers"))),
                        new Operation.Body(
                                optional(node, "inputPayload"),
                                optional(node, "outputPayload"),
                                node.path("streamingInput").asBoolean(false),
                                node.path("streamingOutput").asBoolean(false),
                                node.path("eventStream").asBoolean(false)),
                        new Operation.Checksum(
                                optional(node, "checksumMember"),
                                node.path("checksumRequired").asBoolean(false),
                                optional(node, "checksumValidationMember")),
                        documented,
                        optional(node, "resultWrapper"),
                        optional(node, "root"),
                        optional(node, "idempotencyToken"),
                        node.path("anonymous").asBoolean(false),
                        optional(node, "input"),
                        shapes)
                .operation();
    }

    private static Optional<JsonNode> resource(String file) {
        try (InputStream stream = ContractReader.class.getResourceAsStream(file)) {
            return stream == null ? Optional.empty() : Optional.of(JSON.readTree(stream.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    private static Optional<String> optional(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isMissingNode() ? Optional.empty() : Optional.of(value.asString());
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static <T> Map<String, T> map(JsonNode object, Function<JsonNode, T> value) {
        return object.properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> value.apply(entry.getValue())));
    }

    /** The shapes of one service, read at the first question. */
    private static final class ShapeTable implements Function<String, Optional<Shape>> {
        private final String service;
        private volatile @Nullable Map<String, Shape> shapes;

        ShapeTable(String service) {
            this.service = service;
        }

        @Override
        public Optional<Shape> apply(String name) {
            Map<String, Shape> table = shapes;
            if (table == null) {
                table = load();
                shapes = table;
            }
            return Optional.ofNullable(table.get(name));
        }

        private Map<String, Shape> load() {
            Map<String, Shape> table = new HashMap<>();
            resource(service + ".shapes.json")
                    .ifPresent(node -> node.path("shapes")
                            .properties()
                            .forEach(entry -> table.put(entry.getKey(), shape(entry.getKey(), entry.getValue()))));
            return table;
        }

        private Shape shape(String name, JsonNode node) {
            List<Shape.Member> members = node.path("members").properties().stream()
                    .map(entry -> {
                        String target = entry.getValue().asString();
                        return new Shape.Member(
                                entry.getKey(), () -> apply(target).orElseThrow());
                    })
                    .toList();
            return new Shape(
                    name,
                    Shape.kind(text(node, "kind")),
                    set(node.path("required")),
                    number(node.path("min")),
                    number(node.path("max")),
                    text(node, "pattern"),
                    set(node.path("enum")),
                    members);
        }

        private static OptionalDouble number(JsonNode node) {
            return node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
        }

        // In the order of the model: messages name what is missing in that order.
        private static Set<String> set(JsonNode array) {
            return new LinkedHashSet<>(texts(array));
        }
    }
}
