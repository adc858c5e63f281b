package dev.terrane.cloudtrail;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a trail fares.
 *
 * @param started when it last began to take events
 * @param stopped when it last ceased to
 * @param deliveries the last attempt of each kind that was made
 */
record StatusRecord(
        String id, @Nullable Instant started, @Nullable Instant stopped, Map<Kind, Attempt> deliveries) {
    StatusRecord {
        deliveries = Map.copyOf(deliveries);
    }

    /** What a trail delivers. */
    enum Kind {
        FILE,
        NOTICE,
        LOGS,
        DIGEST
    }

    /**
     * The last attempts.
     *
     * @param attempted when the last one was made
     * @param delivered when the last one succeeded, or null
     * @param error why the last one failed, or null
     */
    record Attempt(
            Instant attempted,
            @Nullable Instant delivered,
            @Nullable String error) {}

    static StatusRecord of(String id) {
        return new StatusRecord(id, null, null, Map.of());
    }

    StatusRecord startedAt(Instant now) {
        return new StatusRecord(id, now, stopped, deliveries);
    }

    StatusRecord stoppedAt(Instant now) {
        return new StatusRecord(id, started, now, deliveries);
    }

    StatusRecord delivered(Kind kind, Instant now) {
        return with(kind, new Attempt(now, now, null));
    }

    StatusRecord failed(Kind kind, Instant now, String error) {
        return with(kind, new Attempt(now, last(kind).map(Attempt::delivered).orElse(null), error));
    }

    Optional<Attempt> last(Kind kind) {
        return Optional.ofNullable(deliveries.get(kind));
    }

    private StatusRecord with(Kind kind, Attempt attempt) {
        Map<Kind, Attempt> now = new EnumMap<>(Kind.class);
        now.putAll(deliveries);
        now.put(kind, attempt);
        return new StatusRecord(id, started, stopped, now);
    }
}
