package dev.terrane.cloudtrail;

import dev.terrane.kernel.audit.AuditRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The fields of events that advanced event selectors name. */
enum EventField {
    CATEGORY("eventCategory", true),
    READ_ONLY("readOnly", true),
    SOURCE("eventSource", false),
    NAME("eventName", false),
    TYPE("eventType", false),
    IDENTITY("userIdentity.arn", false),
    RESOURCE_TYPE("resources.type", true),
    RESOURCE_ARN("resources.ARN", false);

    private final String path;
    private final boolean onlyEquals;

    EventField(String path, boolean onlyEquals) {
        this.path = path;
        this.onlyEquals = onlyEquals;
    }

    static Optional<EventField> of(String path) {
        return Arrays.stream(values()).filter(field -> field.path.equals(path)).findFirst();
    }

    static List<String> paths() {
        return Arrays.stream(values()).map(field -> field.path).toList();
    }

    /** Whether {@code Equals} is its only operator. */
    boolean onlyEquals() {
        return onlyEquals;
    }

    /** What an event has in a field. */
    static List<String> values(String path, AuditRecord event, boolean data) {
        return of(path).map(field -> field.values(event, data)).orElse(List.of());
    }

    private List<String> values(AuditRecord event, boolean data) {
        return switch (this) {
            case CATEGORY -> List.of(data ? "Data" : "Management");
            case READ_ONLY -> List.of(Boolean.toString(event.readOnly()));
            case SOURCE -> List.of(event.eventSource());
            case NAME -> List.of(event.eventName());
            case TYPE -> List.of("AwsApiCall");
            case IDENTITY -> List.of(event.principal().arn());
            case RESOURCE_TYPE -> DataResources.type(event).stream().toList();
            case RESOURCE_ARN -> DataResources.arns(event);
        };
    }
}
