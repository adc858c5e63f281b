package dev.terrane.s3;

import dev.terrane.kernel.blob.Blobs;
import dev.terrane.kernel.clock.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * Blobs that nobody has any more. Each is noted in the commit that lets go of it and deleted after it; what a crash leaves is deleted at
 * the next start. A blob made within a transaction that may be run again is noted before, and taken off the list by the
 * commit that takes it.
 */
final class Garbage {
    private static final Duration AT_MOST = Duration.ofDays(1);
    private static final int NOTES_A_COMMIT = 100;

    private final S3Tables tables;
    private final Blobs blobs;
    private final Clock clock;
    /** Deleted blobs whose notes are still there: they go with a later commit, which costs none of its own. */
    private final Queue<String> done = new ConcurrentLinkedQueue<>();

    Garbage(S3Tables tables, Blobs blobs, Clock clock) {
        this.tables = tables;
        this.blobs = blobs;
        this.clock = clock;
    }

    /** Notes a blob in the transaction that lets go of it; it is deleted after the commit. */
    void note(String blob) {
        note(blob, Runnable::run);
    }

    /** Notes a blob in the transaction that lets go of it.
     *
     * @param when runs the deletion after the commit, at once or later */
    void note(String blob, Executor when) {
        for (int i = 0; i < NOTES_A_COMMIT; i++) {
            String old = done.poll();
            if (old == null) {
                break;
            }
            tables.deleteGarbage(old);
        }
        tables.put(new GarbageRecord(blob, false, clock.instant()));
        tables.afterCommit(() -> when.execute(() -> {
            remove(blob);
            done.add(blob);
        }));
    }

    /** Notes a blob that a transaction still open is to take; durable at once. */
    void stage(String blob) {
        tables.transactNow(() -> {
            tables.put(new GarbageRecord(blob, true, clock.instant()));
            return blob;
        });
    }

    /** Takes a staged blob, in the transaction that publishes it. */
    void take(String blob) {
        tables.deleteGarbage(blob);
    }

    /** Deletes a blob now. */
    void remove(String blob) {
        try {
            blobs.delete(blob);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes what a crash or an abandoned transaction left.
     *
     * @param starting whether no transaction can be open */
    void sweep(boolean starting) {
        for (GarbageRecord garbage : tables.garbage()) {
            boolean abandoned = !garbage.since().plus(AT_MOST).isAfter(clock.instant());
            if (starting || abandoned) {
                remove(garbage.blob());
                tables.deleteGarbage(garbage.blob());
            }
        }
    }
}
