package dev.terrane.gateway.protocol;

import dev.terrane.kernel.contract.ServiceContract;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;
import software.amazon.awssdk.core.traits.XmlAttributesTrait;

/** Writes SDK messages as XML, as query, EC2 and REST XML services do. */
final class XmlEncoder {

    /** What an XML list's elements are called where nothing else is said. */
    private final String defaultElement;

    XmlEncoder(String defaultElement) {
        this.defaultElement = defaultElement;
    }

    void members(XmlText out, SdkPojo message, StructPlan plan, ServiceContract service) {
        String owner = service.queryNames().isEmpty() ? "" : FormReader.ownerOf(message);
        for (FieldPlan field : plan.body) {
            if (field.xmlAttribute) {
                continue;
            }
            Object value = field.get(message);
            if (value != null) {
                String overlaid = FormReader.overlaid(service, owner, field);
                element(
                        out,
                        overlaid == null ? field.outName : overlaid,
                        value,
                        field,
                        field.flattened || overlaid != null,
                        service);
            }
        }
    }

    void element(XmlText out, String name, Object value, FieldPlan plan, boolean flattened, ServiceContract service) {
        switch (value) {
            case List<?> list -> list(out, name, list, plan, flattened, service);
            case Map<?, ?> map -> map(out, name, map, plan, flattened, service);
            case SdkPojo struct -> {
                out.start(name);
                attributes(out, struct, plan);
                members(out, struct, plan.struct(), service);
                out.end(name);
            }
            default -> out.element(name, Scalars.format(value, plan, Format.ISO_8601));
        }
    }

    void attributes(XmlText out, SdkPojo struct, FieldPlan plan) {
        XmlAttributesTrait trait = plan.xmlAttributes;
        if (trait != null) {
            trait.attributes().forEach((name, accessors) -> {
                Object value = accessors.attributeGetter().apply(struct);
                if (value != null) {
                    out.attribute(name, value.toString());
                }
            });
            return;
        }
        attributes(out, struct, plan.struct());
    }

    /** Writes the fields that are attributes of the element just started. */
    void attributes(XmlText out, SdkPojo struct, StructPlan plan) {
        for (FieldPlan field : plan.body) {
            Object value = field.xmlAttribute ? field.get(struct) : null;
            if (value != null) {
                if (field.outName.startsWith("xsi:")) {
                    out.attribute("xmlns:xsi", XmlText.XSI);
                }
                out.attribute(field.outName, Scalars.format(value, field, Format.ISO_8601));
            }
        }
    }

    private void list(
            XmlText out, String name, List<?> list, FieldPlan plan, boolean flattened, ServiceContract service) {
        FieldPlan held = plan.held();
        String element = flattened ? name : plan.elementName == null ? defaultElement : plan.elementName;
        if (!flattened) {
            out.start(name);
        }
        for (Object value : list) {
            if (value == null) {
                out.start(element).end(element);
            } else {
                element(out, element, value, held, held.flattened, service);
            }
        }
        if (!flattened) {
            out.end(name);
        }
    }

    private void map(
            XmlText out, String name, Map<?, ?> map, FieldPlan plan, boolean flattened, ServiceContract service) {
        List<String> names = service.queryMapEntries().getOrDefault(plan.memberName, List.of());
        String keyName = names.isEmpty() ? plan.keyName : names.getFirst();
        String valueName = names.isEmpty() ? plan.valueName : names.getLast();
        String entry = flattened ? name : "entry";
        if (!flattened) {
            out.start(name);
        }
        for (Map.Entry<?, ?> held : map.entrySet()) {
            out.start(entry).element(keyName, String.valueOf(held.getKey()));
            @Nullable Object value = held.getValue();
            if (value != null) {
                element(out, valueName, value, plan.held(), plan.held().flattened, service);
            }
            out.end(entry);
        }
        if (!flattened) {
            out.end(name);
        }
    }
}
