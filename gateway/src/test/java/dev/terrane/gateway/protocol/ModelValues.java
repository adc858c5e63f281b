package dev.terrane.gateway.protocol;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.document.Document;
import software.amazon.smithy.model.Model;
import software.amazon.smithy.model.node.Node;
import software.amazon.smithy.model.node.NumberNode;
import software.amazon.smithy.model.node.ObjectNode;
import software.amazon.smithy.model.shapes.ListShape;
import software.amazon.smithy.model.shapes.MapShape;
import software.amazon.smithy.model.shapes.Shape;
import software.amazon.smithy.model.shapes.ShapeId;

/** The values that a conformance case gives as its parameters, as the SDK holds them. */
final class ModelValues {

    private final Model model;
    private final ModelMessages messages;

    ModelValues(Model model, ModelMessages messages) {
        this.model = model;
        this.messages = messages;
    }

    ModelMessages.Message message(ShapeId shape, ObjectNode values) {
        ModelMessages.Message message = messages.message(shape);
        Shape structure = model.expectShape(shape);
        values.getStringMap()
                .forEach((name, node) -> structure.getMember(name).ifPresent(member -> {
                    if (!node.isNullNode()) {
                        message.values().put(name, value(member.getTarget(), node));
                    }
                }));
        return message;
    }

    private Object value(ShapeId id, Node node) {
        Shape shape = model.expectShape(id);
        return switch (shape.getType()) {
            case STRING, ENUM -> node.expectStringNode().getValue();
            case INTEGER, INT_ENUM -> number(node).intValue();
            case LONG -> number(node).longValue();
            case SHORT -> number(node).shortValue();
            case BYTE -> number(node).byteValue();
            case FLOAT ->
                node.isStringNode()
                        ? Float.valueOf(special(node))
                        : Float.valueOf(number(node).floatValue());
            case DOUBLE ->
                node.isStringNode()
                        ? Double.valueOf(special(node))
                        : Double.valueOf(number(node).doubleValue());
            case BIG_DECIMAL, BIG_INTEGER -> new BigDecimal(number(node).toString());
            case BOOLEAN -> node.expectBooleanNode().getValue();
            case TIMESTAMP -> Timestamps.ofSeconds(new BigDecimal(number(node).toString()));
            case BLOB -> SdkBytes.fromUtf8String(node.expectStringNode().getValue());
            case STRUCTURE, UNION -> message(id, node.expectObjectNode());
            case LIST -> list((ListShape) shape, node);
            case MAP -> map((MapShape) shape, node);
            case DOCUMENT -> document(node);
            default -> throw new IllegalStateException(shape.toString());
        };
    }

    private List<Object> list(ListShape shape, Node node) {
        List<Object> list = new ArrayList<>();
        for (Node element : node.expectArrayNode().getElements()) {
            if (!element.isNullNode()) {
                list.add(value(shape.getMember().getTarget(), element));
            }
        }
        return list;
    }

    private Map<String, Object> map(MapShape shape, Node node) {
        Map<String, Object> map = new LinkedHashMap<>();
        node.expectObjectNode().getStringMap().forEach((key, held) -> {
            if (!held.isNullNode()) {
                map.put(key, value(shape.getValue().getTarget(), held));
            }
        });
        return map;
    }

    private static Number number(Node node) {
        return node.asNumberNode().map(NumberNode::getValue).orElseThrow();
    }

    private static String special(Node node) {
        return node.expectStringNode().getValue();
    }

    private static Document document(Node node) {
        return switch (node.getType()) {
            case STRING -> Document.fromString(node.expectStringNode().getValue());
            case NUMBER -> Document.fromNumber(new BigDecimal(number(node).toString()));
            case BOOLEAN -> Document.fromBoolean(node.expectBooleanNode().getValue());
            case NULL -> Document.fromNull();
            case ARRAY ->
                Document.fromList(node.expectArrayNode().getElements().stream()
                        .map(ModelValues::document)
                        .toList());
            case OBJECT -> {
                Document.MapBuilder map = Document.mapBuilder();
                node.expectObjectNode().getStringMap().forEach((key, held) -> map.putDocument(key, document(held)));
                yield map.build();
            }
        };
    }
}
