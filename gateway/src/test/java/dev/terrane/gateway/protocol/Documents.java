package dev.terrane.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/** Compares bodies by what they mean. */
final class Documents {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final CBORMapper CBOR = CBORMapper.shared();

    private Documents() {}

    /**
     * Asserts that two bodies say the same.
     *
     * @param metadata whether the body may carry the query protocols' request id, which cases may leave out
     */
    static void assertSame(String mediaType, WireBody body, String expected, boolean metadata) {
        byte[] bytes = bytes(body);
        String whole = new String(bytes, StandardCharsets.UTF_8);
        String text = metadata && !expected.toLowerCase(Locale.ROOT).contains("requestid")
                ? whole.replaceFirst("<ResponseMetadata>.*</ResponseMetadata>|<requestId>.*</requestId>", "")
                : whole;
        switch (mediaType) {
            case "application/json" ->
                assertThat(normal(JSON.readTree(bytes))).isEqualTo(normal(JSON.readTree(expected)));
            case "application/cbor" ->
                assertThat(normal(CBOR.readTree(bytes)))
                        .isEqualTo(normal(CBOR.readTree(Base64.getDecoder().decode(expected))));
            case "application/xml" -> assertThat(xml(text)).isEqualTo(xml(expected));
            default -> assertThat(text).isEqualTo(expected);
        }
    }

    private static byte[] bytes(WireBody body) {
        try (InputStream stream = body.open()) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // 1 and 1.0 are the same number, and the namespace in an error's name says nothing.
    private static Object normal(JsonNode node) {
        if (node.isNumber()) {
            return node.asDouble();
        }
        if (node.isObject()) {
            Map<String, Object> map = new TreeMap<>();
            node.properties().forEach(entry -> map.put(entry.getKey(), normal(entry.getValue())));
            map.computeIfPresent("__type", (key, type) -> type.toString().replaceFirst(".*#", ""));
            return map;
        }
        if (node.isArray()) {
            return node.valueStream().map(Documents::normal).toList();
        }
        return node.isBinary() ? Base64.getEncoder().encodeToString(node.binaryValue()) : node.asString();
    }

    private static Object xml(String text) {
        try {
            return element(DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(text.strip().getBytes(StandardCharsets.UTF_8)))
                    .getDocumentElement());
        } catch (SAXException | IOException | ParserConfigurationException e) {
            throw new IllegalStateException(text, e);
        }
    }

    /** Name, attributes and children; the order counts only among children of one name. */
    private static Object element(Element element) {
        Map<String, List<Object>> children = new TreeMap<>();
        StringBuilder text = new StringBuilder();
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element nested) {
                children.computeIfAbsent(nested.getNodeName(), name -> new ArrayList<>())
                        .add(element(nested));
            } else if (child.getNodeType() == Node.TEXT_NODE || child.getNodeType() == Node.CDATA_SECTION_NODE) {
                text.append(child.getNodeValue());
            }
        }
        Map<String, String> attributes = new TreeMap<>();
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            Node attribute = element.getAttributes().item(i);
            attributes.put(attribute.getNodeName(), attribute.getNodeValue());
        }
        return List.of(element.getNodeName(), attributes, children.isEmpty() ? text.toString() : children);
    }
}
