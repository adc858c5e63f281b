package dev.terrane.gateway.protocol;

import dev.terrane.kernel.contract.ServiceContract;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Reads the parameters of the query protocols into SDK messages.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html, https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
final class FormReader {

    private final boolean ec2;

    FormReader(boolean ec2) {
        this.ec2 = ec2;
    }

    void read(Form.Node root, SdkPojo builder, ServiceContract service) {
        String owner = service.queryNames().isEmpty() ? "" : ownerOf(builder);
        struct(root, builder, StructPlan.of(builder), service, owner);
    }

    // SendMessageRequest$BuilderImpl and the like: the message's own name.
    static String ownerOf(SdkPojo message) {
        String name = message.getClass().getName();
        int end = name.indexOf('$');
        return name.substring(name.lastIndexOf('.') + 1, end < 0 ? name.length() : end);
    }

    private void struct(Form.Node node, SdkPojo builder, StructPlan plan, ServiceContract service, String owner) {
        for (FieldPlan field : plan.body) {
            String overlaid = overlaid(service, owner, field);
            Form.Node child = overlaid == null ? null : node.child(overlaid);
            boolean flattened = child != null || field.flattened;
            if (child == null) {
                child = node.child(field.name);
            }
            if (child != null) {
                Object value = value(child, field, flattened, service);
                if (value != null) {
                    field.set(builder, value);
                }
            }
        }
    }

    static @Nullable String overlaid(ServiceContract service, String owner, FieldPlan field) {
        Map<String, String> names = service.queryNames();
        if (names.isEmpty()) {
            return null;
        }
        String own = names.get(owner + "/" + field.memberName);
        return own == null ? names.get(field.memberName) : own;
    }

    private @Nullable Object value(Form.Node node, FieldPlan plan, boolean flattened, ServiceContract service) {
        return switch (plan.type) {
            case SDK_POJO -> {
                SdkPojo builder = plan.newStruct();
                String owner = service.queryNames().isEmpty() ? "" : ownerOf(builder);
                struct(node, builder, plan.struct(), service, owner);
                yield FieldPlan.build(builder);
            }
            case LIST -> list(node, plan, flattened, service);
            case MAP -> map(node, plan, flattened, service);
            default -> node.value == null ? null : Scalars.parseLeniently(node.value, plan);
        };
    }

    private List<Object> list(Form.Node node, FieldPlan plan, boolean flattened, ServiceContract service) {
        Form.Node entries = node;
        if (!flattened && !ec2) {
            Form.Node named = plan.elementName == null ? null : node.child(plan.elementName);
            Form.Node member = named == null ? node.child("member") : named;
            entries = member == null ? node : member;
        }
        List<Object> list = new ArrayList<>();
        for (Form.Node entry : entries.numbered()) {
            Object value = value(entry, plan.held(), plan.held().flattened, service);
            if (value != null) {
                list.add(value);
            }
        }
        return list;
    }

    private Map<String, Object> map(Form.Node node, FieldPlan plan, boolean flattened, ServiceContract service) {
        Form.Node entries = node;
        if (!flattened) {
            Form.Node entry = node.child("entry");
            entries = entry == null ? node : entry;
        }
        List<String> names = service.queryMapEntries().getOrDefault(plan.memberName, List.of());
        String keyName = names.isEmpty() ? plan.keyName : names.getFirst();
        String valueName = names.isEmpty() ? plan.valueName : names.getLast();
        Map<String, Object> map = new LinkedHashMap<>();
        for (Form.Node entry : entries.numbered()) {
            Form.Node key = entry.child(keyName);
            Form.Node held = entry.child(valueName);
            if (key == null || key.value == null) {
                throw new MalformedInputException("An entry of " + plan.memberName + " has no key");
            }
            Object value = held == null ? null : value(held, plan.held(), plan.held().flattened, service);
            if (value != null) {
                map.put(key.value, value);
            }
        }
        return map;
    }
}
