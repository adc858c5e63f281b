package dev.terrane.gateway.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.MissingResourceException;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;

/** Reads XML into SDK messages; document types and entities of one's own are refused. Thread-safe. */
final class XmlDecoder {

    private final XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    private final int depth;

    XmlDecoder(WireLimits limits) {
        this.depth = limits.depth();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("No external entities");
        });
    }

    /**
     * Fills a builder from a document.
     *
     * @param root the name that the root element has to have; null if any will do
     */
    void read(WireBody.Bytes body, SdkPojo builder, @Nullable String root) {
        try {
            XMLStreamReader in = factory.createXMLStreamReader(body.open());
            if (in.nextTag() != XMLStreamConstants.START_ELEMENT
                    || (root != null && !in.getLocalName().equals(root))) {
                throw new MalformedInputException("Unexpected root element " + in.getLocalName());
            }
            struct(in, builder, StructPlan.of(builder), 1);
            while (in.hasNext()) {
                if (in.next() == XMLStreamConstants.DTD) {
                    throw new MalformedInputException("No document types");
                }
            }
        } catch (XMLStreamException | MissingResourceException e) {
            // The JDK's parser has no words for some faults of document types, and throws that instead.
            throw new MalformedInputException("The XML is not well-formed");
        }
    }

    private void struct(XMLStreamReader in, SdkPojo builder, StructPlan plan, int level) throws XMLStreamException {
        if (level > depth) {
            throw new MalformedInputException("The XML is nested too deeply");
        }
        for (int i = 0; i < in.getAttributeCount(); i++) {
            String prefix = in.getAttributePrefix(i);
            String local = in.getAttributeLocalName(i);
            FieldPlan field = plan.named(prefix == null || prefix.isEmpty() ? local : prefix + ":" + local);
            if (field != null && field.xmlAttribute) {
                field.set(builder, Scalars.parseLeniently(in.getAttributeValue(i), field));
            }
        }
        Map<FieldPlan, List<Object>> lists = new LinkedHashMap<>();
        Map<FieldPlan, Map<String, Object>> maps = new LinkedHashMap<>();
        while (nextElement(in)) {
            FieldPlan field = plan.named(in.getLocalName());
            if (field == null) {
                skip(in, level);
            } else if (field.flattened && field.type == MarshallingKnownType.LIST) {
                lists.computeIfAbsent(field, key -> new ArrayList<>()).add(value(in, field.held(), level + 1));
            } else if (field.flattened) {
                entry(in, field, maps.computeIfAbsent(field, key -> new LinkedHashMap<>()), level + 1);
            } else {
                field.set(builder, value(in, field, level + 1));
            }
        }
        lists.forEach((field, list) -> field.set(builder, list));
        maps.forEach((field, map) -> field.set(builder, map));
    }

    private Object value(XMLStreamReader in, FieldPlan plan, int level) throws XMLStreamException {
        return switch (plan.type) {
            case SDK_POJO -> {
                SdkPojo builder = plan.newStruct();
                struct(in, builder, plan.struct(), level);
                yield FieldPlan.build(builder);
            }
            case LIST -> {
                if (level > depth) {
                    throw new MalformedInputException("The XML is nested too deeply");
                }
                String element = plan.elementName == null ? "member" : plan.elementName;
                List<Object> list = new ArrayList<>();
                while (nextElement(in)) {
                    if (in.getLocalName().equals(element)) {
                        list.add(value(in, plan.held(), level + 1));
                    } else {
                        skip(in, level);
                    }
                }
                yield list;
            }
            case MAP -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (nextElement(in)) {
                    entry(in, plan, map, level + 1);
                }
                yield map;
            }
            default -> Scalars.parseLeniently(text(in), plan);
        };
    }

    private void entry(XMLStreamReader in, FieldPlan plan, Map<String, Object> map, int level)
            throws XMLStreamException {
        if (level > depth) {
            throw new MalformedInputException("The XML is nested too deeply");
        }
        String key = null;
        Object value = null;
        while (nextElement(in)) {
            if (in.getLocalName().equals(plan.keyName)) {
                key = text(in);
            } else if (in.getLocalName().equals(plan.valueName)) {
                value = value(in, plan.held(), level + 1);
            } else {
                skip(in, level);
            }
        }
        if (key == null) {
            throw new MalformedInputException("An entry of " + plan.memberName + " has no key");
        }
        if (value != null) {
            map.put(key, value);
        }
    }

    /** Moves to the next child element; false at the end of the present one. */
    private static boolean nextElement(XMLStreamReader in) throws XMLStreamException {
        while (true) {
            switch (in.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    return true;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    return false;
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (!in.isWhiteSpace()) {
                        throw new MalformedInputException("Unexpected text in the XML");
                    }
                }
                case XMLStreamConstants.ENTITY_REFERENCE, XMLStreamConstants.DTD ->
                    throw new MalformedInputException("No entities");
                default -> {
                    // Comments and processing instructions say nothing.
                }
            }
        }
    }

    private static String text(XMLStreamReader in) throws XMLStreamException {
        StringBuilder text = new StringBuilder();
        while (true) {
            switch (in.next()) {
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                    text.append(in.getTextCharacters(), in.getTextStart(), in.getTextLength());
                case XMLStreamConstants.END_ELEMENT -> {
                    return text.toString();
                }
                case XMLStreamConstants.COMMENT, XMLStreamConstants.PROCESSING_INSTRUCTION -> {
                    // Say nothing.
                }
                default -> throw new MalformedInputException("Unexpected element in text");
            }
        }
    }

    private void skip(XMLStreamReader in, int level) throws XMLStreamException {
        int open = 1;
        while (open > 0) {
            switch (in.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (++open + level > depth) {
                        throw new MalformedInputException("The XML is nested too deeply");
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> open--;
                default -> {
                    // Passed over.
                }
            }
        }
    }
}
