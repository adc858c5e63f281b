package dev.terrane.kms;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.event.Events;
import dev.terrane.kernel.id.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Once an hour: keys whose waiting period is over are destroyed, keys whose period is over are rotated. */
final class Upkeep {
    private static final Duration PERIOD = Duration.ofHours(1);

    private final KmsTables tables;
    private final Rotation rotation;
    private final Materials materials;
    private final Events events;
    private final Clock clock;

    Upkeep(KmsTables tables, Rotation rotation, Materials materials, Events events, Clock clock) {
        this.tables = tables;
        this.rotation = rotation;
        this.materials = materials;
        this.events = events;
        this.clock = clock;
    }

    void start(Threads threads) {
        threads.every("kms-upkeep", PERIOD, this::run);
    }

    private void run() {
        Instant now = clock.instant();
        for (KmsTables.Place place : tables.everywhere(key -> due(key, now))) {
            Call.internal(
                            place.scope(),
                            new Principal.Service(place.scope().account(), "kms.amazonaws.com"),
                            Ids.uuid(),
                            now)
                    .run(() -> tables.transactNow(() -> settle(place, now)));
        }
    }

    private static boolean due(KeyRecord key, Instant now) {
        return past(key.deletion(), now)
                || expired(key, now)
                || (key.state() == KeyRecord.State.ENABLED && past(key.nextRotation(), now));
    }

    private static boolean expired(KeyRecord key, Instant now) {
        return !key.materials().isEmpty() && past(key.imported().flatMap(KeyRecord.Import::validTo), now);
    }

    private static boolean past(Optional<Instant> time, Instant now) {
        return time.filter(at -> !at.isAfter(now)).isPresent();
    }

    private boolean settle(KmsTables.Place place, Instant now) {
        Optional<KeyRecord> due = tables.key(place.scope(), place.keyId()).filter(key -> due(key, now));
        due.ifPresent(key -> {
            if (past(key.deletion(), now)) {
                tables.delete(place.scope(), key.keyId());
                materials.forget(place.scope(), key);
                tell("KMS CMK Deletion", place.scope(), key);
            } else if (expired(key, now)) {
                tables.put(place.scope(), Imports.without(key));
                materials.forget(place.scope(), key);
                tell("KMS Imported Key Material Expiration", place.scope(), key);
            } else {
                Instant next = now.plus(Duration.ofDays(key.rotationDays()));
                tables.put(
                        place.scope(),
                        rotation.rotated(place.scope(), key, now, false)
                                .withRotation(key.rotationDays(), Optional.of(next)));
                tell("KMS CMK Rotation", place.scope(), key);
            }
        });
        return due.isPresent();
    }

    private void tell(String detailType, Scope scope, KeyRecord key) {
        events.emit("aws.kms", detailType, List.of(Keys.arn(scope, key.keyId())), Map.of("key-id", key.keyId()));
    }
}
