package dev.terrane.cloudtrail;

import dev.terrane.cloudtrail.StatusRecord.Attempt;
import dev.terrane.cloudtrail.StatusRecord.Kind;
import dev.terrane.kernel.clock.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusResponse;
import software.amazon.awssdk.services.cloudtrail.model.StartLoggingRequest;
import software.amazon.awssdk.services.cloudtrail.model.StartLoggingResponse;
import software.amazon.awssdk.services.cloudtrail.model.StopLoggingRequest;
import software.amazon.awssdk.services.cloudtrail.model.StopLoggingResponse;

/** Begins and ends the taking of events, and tells how deliveries went. */
final class Logging {
    private final TrailTables tables;
    private final TrailNames names;
    private final Delivery delivery;
    private final Clock clock;

    Logging(TrailTables tables, TrailNames names, Delivery delivery, Clock clock) {
        this.tables = tables;
        this.names = names;
        this.delivery = delivery;
        this.clock = clock;
    }

    StartLoggingResponse start(StartLoggingRequest request) {
        TrailRecord trail = names.athome(request.name());
        if (!trail.logging()) {
            tables.put(trail.logging(true));
            tables.change(trail, status -> status.startedAt(clock.instant()));
        }
        delivery.begin(trail);
        return StartLoggingResponse.builder().build();
    }

    /** What was taken before is still delivered. */
    StopLoggingResponse stop(StopLoggingRequest request) {
        TrailRecord trail = names.athome(request.name());
        if (trail.logging()) {
            tables.put(trail.logging(false));
            tables.change(trail, status -> status.stoppedAt(clock.instant()));
        }
        return StopLoggingResponse.builder().build();
    }

    GetTrailStatusResponse status(GetTrailStatusRequest request) {
        TrailRecord trail = names.visible(request.name());
        StatusRecord status = tables.status(trail);
        return GetTrailStatusResponse.builder()
                .isLogging(trail.logging())
                .startLoggingTime(status.started())
                .stopLoggingTime(status.stopped())
                .timeLoggingStarted(text(status.started()))
                .timeLoggingStopped(text(status.stopped()))
                .latestDeliveryTime(delivered(status, Kind.FILE))
                .latestDeliveryError(error(status, Kind.FILE))
                .latestDeliveryAttemptTime(attempted(status, Kind.FILE))
                .latestDeliveryAttemptSucceeded(succeeded(status, Kind.FILE))
                .latestNotificationTime(delivered(status, Kind.NOTICE))
                .latestNotificationError(error(status, Kind.NOTICE))
                .latestNotificationAttemptTime(attempted(status, Kind.NOTICE))
                .latestNotificationAttemptSucceeded(succeeded(status, Kind.NOTICE))
                .latestCloudWatchLogsDeliveryTime(delivered(status, Kind.LOGS))
                .latestCloudWatchLogsDeliveryError(error(status, Kind.LOGS))
                .latestDigestDeliveryTime(delivered(status, Kind.DIGEST))
                .latestDigestDeliveryError(error(status, Kind.DIGEST))
                .build();
    }

    private static @Nullable Instant delivered(StatusRecord status, Kind kind) {
        return status.last(kind).map(Attempt::delivered).orElse(null);
    }

    private static @Nullable String error(StatusRecord status, Kind kind) {
        return status.last(kind).map(Attempt::error).orElse(null);
    }

    private static String attempted(StatusRecord status, Kind kind) {
        return text(status.last(kind).map(Attempt::attempted).orElse(null));
    }

    private static String succeeded(StatusRecord status, Kind kind) {
        Optional<Attempt> last = status.last(kind);
        return text(last.filter(attempt -> attempt.error() == null)
                .map(Attempt::attempted)
                .orElse(null));
    }

    /** To the second; empty for never. */
    private static String text(@Nullable Instant time) {
        return time == null ? "" : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
