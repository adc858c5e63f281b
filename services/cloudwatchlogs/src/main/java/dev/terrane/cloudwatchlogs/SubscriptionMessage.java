package dev.terrane.cloudwatchlogs;

import dev.terrane.kernel.store.RecordCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.firehose.model.Record;

/** What subscriptions send: gzipped JSON. See "Subscription filters with Amazon Data Firehose". */
final class SubscriptionMessage {
    private SubscriptionMessage() {}

    /** The message that asks whether a destination takes messages. */
    static Record control(long now) {
        return of(
                "CONTROL_MESSAGE",
                "CloudwatchLogs",
                "",
                "",
                List.of(),
                List.of(event("", now, "CWL CONTROL MESSAGE: Checking health of destination Firehose.")));
    }

    /** Events of one stream. */
    static Record data(
            String account, String group, String stream, SubscriptionRecord filter, List<Map<String, Object>> events) {
        return of("DATA_MESSAGE", account, group, stream, List.of(filter.name()), events);
    }

    static Map<String, Object> event(String id, long timestamp, String message) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("id", id);
        event.put("timestamp", timestamp);
        event.put("message", message);
        return event;
    }

    private static Record of(
            String type,
            String owner,
            String group,
            String stream,
            List<String> filters,
            List<Map<String, Object>> events) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("messageType", type);
        message.put("owner", owner);
        message.put("logGroup", group);
        message.put("logStream", stream);
        message.put("subscriptionFilters", filters);
        message.put("logEvents", events);
        return Record.builder()
                .data(SdkBytes.fromByteArrayUnsafe(gzipped(RecordCodec.json().writeValueAsString(message))))
                .build();
    }

    private static byte[] gzipped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
