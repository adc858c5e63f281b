package dev.terrane.kernel.event;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.List;

/**
 * An event on the account's default bus, in EventBridge's form.
 *
 * @param source such as {@code aws.codecommit}
 * @param detailType such as {@code CodeCommit Repository State Change}
 * @param resources ARNs of what it is about
 * @param detail a JSON object
 */
public record Event(
        String id,
        String source,
        String detailType,
        String account,
        String region,
        Instant time,
        List<String> resources,
        @JsonRawValue String detail) {
    public Event {
        resources = List.copyOf(resources);
    }
}
