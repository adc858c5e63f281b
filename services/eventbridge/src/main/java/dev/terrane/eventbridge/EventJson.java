package dev.terrane.eventbridge;

import dev.terrane.kernel.event.Event;
import dev.terrane.kernel.store.RecordCodec;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Events in the form in which patterns and targets see them ("AWS service event metadata" in the EventBridge user guide). */
final class EventJson {
    private static final JsonMapper JSON = RecordCodec.json();

    private EventJson() {}

    /** An event as JSON; its detail is put in as it was given. */
    static String of(Event event) {
        StringBuilder json = new StringBuilder(256 + event.detail().length());
        json.append("{\"version\":\"0\",\"id\":").append(quoted(event.id()));
        json.append(",\"detail-type\":").append(quoted(event.detailType()));
        json.append(",\"source\":").append(quoted(event.source()));
        json.append(",\"account\":").append(quoted(event.account()));
        json.append(",\"time\":\"")
                .append(DateTimeFormatter.ISO_INSTANT.format(event.time().truncatedTo(ChronoUnit.SECONDS)));
        json.append("\",\"region\":").append(quoted(event.region()));
        json.append(",\"resources\":").append(JSON.writeValueAsString(event.resources()));
        return json.append(",\"detail\":").append(event.detail()).append('}').toString();
    }

    private static String quoted(String text) {
        return JSON.writeValueAsString(text);
    }

    static JsonNode read(String event) {
        return JSON.readTree(event);
    }

    /** An event without its detail. */
    static ObjectNode withoutDetail(JsonNode event) {
        ObjectNode rest = ((ObjectNode) event).deepCopy();
        rest.remove("detail");
        return rest;
    }
}
