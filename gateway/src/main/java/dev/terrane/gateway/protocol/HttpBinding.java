package dev.terrane.gateway.protocol;

import dev.terrane.kernel.contract.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/**
 * What REST protocols keep in headers, path, query and status.
 * https://smithy.io/2.0/spec/http-bindings.html
 */
final class HttpBinding {

    private final WireLimits limits;

    HttpBinding(WireLimits limits) {
        this.limits = limits;
    }

    /** Fills what is bound to headers, path and query. */
    void read(Operation operation, WireRequest request, SdkPojo builder, StructPlan plan) {
        if (plan.bound.length == 0) {
            return;
        }
        UriTemplate template = UriTemplate.of(operation.http().uri());
        Map<String, String> labels = template.match(request.path());
        Map<String, List<String>> query = query(request.query());
        for (FieldPlan field : plan.bound) {
            Object value = switch (field.location) {
                case PATH, GREEDY_PATH -> label(field, labels);
                case QUERY_PARAM -> parameter(field, query, template);
                case HEADER -> header(field, request.headers());
                default -> null;
            };
            if (value != null) {
                field.set(builder, value);
            }
        }
    }

    private Map<String, List<String>> query(String text) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        Form.parse(
                text,
                limits,
                (name, value) ->
                        query.computeIfAbsent(name, key -> new ArrayList<>()).add(value));
        return query;
    }

    private static @Nullable Object label(FieldPlan field, @Nullable Map<String, String> labels) {
        String text = labels == null ? null : labels.get(field.name);
        return text == null ? null : Scalars.parse(text, field, Format.ISO_8601);
    }

    private static @Nullable Object parameter(FieldPlan field, Map<String, List<String>> query, UriTemplate template) {
        if (field.type == MarshallingKnownType.MAP) {
            return parameters(field, query, template);
        }
        List<String> values = query.get(field.name);
        if (values == null) {
            return null;
        }
        if (field.type != MarshallingKnownType.LIST) {
            return Scalars.parse(values.getFirst(), field, Format.ISO_8601);
        }
        List<Object> list = new ArrayList<>();
        for (String value : values) {
            list.add(Scalars.parse(value, field.held(), Format.ISO_8601));
        }
        return list;
    }

    /** All parameters that are not bound otherwise. */
    private static @Nullable Object parameters(FieldPlan field, Map<String, List<String>> query, UriTemplate template) {
        Map<String, Object> map = new LinkedHashMap<>();
        query.forEach((name, values) -> {
            if (!template.query.containsKey(name)) {
                map.put(name, field.held().type == MarshallingKnownType.LIST ? values : values.getFirst());
            }
        });
        return map.isEmpty() ? null : map;
    }

    private static @Nullable Object header(FieldPlan field, Headers headers) {
        if (field.type == MarshallingKnownType.MAP) {
            return prefixed(field, headers);
        }
        if (field.type == MarshallingKnownType.LIST) {
            List<String> values = headers.all(field.name);
            return values.isEmpty() ? null : headerList(field.held(), String.join(",", values));
        }
        String text = headers.find(field.name);
        if (text == null) {
            return null;
        }
        if (field.jsonValue) {
            return new String(Scalars.base64(text), StandardCharsets.UTF_8);
        }
        // A header without a value says nothing about a number or a date.
        if (text.isEmpty() && field.type != MarshallingKnownType.STRING) {
            return null;
        }
        return Scalars.parse(text.strip(), field, Format.RFC_822);
    }

    private static @Nullable Object prefixed(FieldPlan field, Headers headers) {
        String prefix = field.name.toLowerCase(Locale.ROOT);
        Map<String, Object> map = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            if (name.length() >= prefix.length() && name.regionMatches(true, 0, prefix, 0, prefix.length())) {
                map.putIfAbsent(name.substring(prefix.length()).toLowerCase(Locale.ROOT), value);
            }
        });
        return map.isEmpty() ? null : map;
    }

    private static List<Object> headerList(FieldPlan element, String text) {
        List<Object> list = new ArrayList<>();
        boolean httpDates = element.type == MarshallingKnownType.INSTANT
                && (element.timestampFormat == null || element.timestampFormat == Format.RFC_822);
        int at = 0;
        while (at < text.length()) {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == ',')) {
                at++;
            }
            if (at >= text.length()) {
                break;
            }
            StringBuilder value = new StringBuilder();
            if (text.charAt(at) == '"' && element.type == MarshallingKnownType.STRING) {
                at++;
                while (at < text.length() && text.charAt(at) != '"') {
                    if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                        at++;
                    }
                    value.append(text.charAt(at++));
                }
                at++;
            } else {
                int end = text.indexOf(',', at);
                // The date itself has a comma after the day's name.
                end = httpDates && end >= 0 ? text.indexOf(',', end + 1) : end;
                end = end < 0 ? text.length() : end;
                value.append(text, at, end);
                at = end;
            }
            list.add(Scalars.parse(value.toString().strip(), element, Format.RFC_822));
        }
        return list;
    }

    /** Writes what is bound to headers; answers the status that the message asks for, or the given one. */
    int write(SdkPojo message, StructPlan plan, Headers.Builder headers, int status) {
        int answer = status;
        for (FieldPlan field : plan.bound) {
            Object value = field.get(message);
            if (value == null) {
                continue;
            }
            switch (field.location) {
                case STATUS_CODE -> answer = (Integer) value;
                case HEADER -> writeHeader(field, value, headers);
                default -> {
                    // Path and query are the request's.
                }
            }
        }
        return answer;
    }

    private static void writeHeader(FieldPlan field, Object value, Headers.Builder headers) {
        switch (value) {
            case Map<?, ?> map ->
                map.forEach((key, held) -> headers.add(field.outName + key, clean(String.valueOf(held))));
            case List<?> list -> {
                List<String> texts = new ArrayList<>();
                for (Object element : list) {
                    texts.add(quoted(element, field.held()));
                }
                headers.set(field.outName, String.join(", ", texts));
            }
            default -> {
                String text = field.jsonValue
                        ? Base64.getEncoder().encodeToString(value.toString().getBytes(StandardCharsets.UTF_8))
                        : Scalars.format(value, field, Format.RFC_822);
                headers.set(field.outName, clean(text));
            }
        }
    }

    private static String quoted(Object value, FieldPlan plan) {
        String text = clean(Scalars.format(value, plan, Format.RFC_822));
        if (value instanceof String && (text.indexOf(',') >= 0 || text.indexOf('"') >= 0)) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
        return text;
    }

    // A line break in a stored value must not begin another header.
    private static String clean(String text) {
        return text.replace('\r', ' ').replace('\n', ' ');
    }
}
