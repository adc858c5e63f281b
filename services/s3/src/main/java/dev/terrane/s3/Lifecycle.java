package dev.terrane.s3;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.clock.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleExpiration;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.NoncurrentVersionExpiration;

/**
 * Carries lifecycle configurations out, once a day: objects expire, noncurrent versions and lone delete markers are removed, uploads that nobody completes are
 * aborted. An age counts from the day after: a time and a number of days, rounded up to midnight UTC. All is decided anew from what is stored, so a sweep
 * that is cut off is made up for by the next one.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html">Expiring objects</a>
 */
final class Lifecycle {
    private static final int BATCH = 250;

    private final S3Tables tables;
    private final BucketLookup lookup;
    private final Versions versions;
    private final Multipart multipart;
    private final S3Events events;
    private final Clients clients;
    private final Clock clock;
    private @Nullable LocalDate swept;

    Lifecycle(
            S3Tables tables,
            BucketLookup lookup,
            Versions versions,
            Multipart multipart,
            S3Events events,
            Clients clients,
            Clock clock) {
        this.tables = tables;
        this.lookup = lookup;
        this.versions = versions;
        this.multipart = multipart;
        this.events = events;
        this.clients = clients;
        this.clock = clock;
    }

    /** A rule that is enabled, with its filter. */
    private record Rule(LifecycleFilter filter, LifecycleRule of) {
        boolean removesObjects() {
            return of.expiration() != null || of.noncurrentVersionExpiration() != null;
        }
    }

    /** What is to be done with a version: expired as its key's newest one, or removed. */
    private record Expiry(ObjectRecord version, boolean removed) {}

    /** Sweeps all buckets unless that was done on this day; again where a day ends meanwhile. */
    synchronized void daily() {
        for (LocalDate today = today(); !today.equals(swept); today = today()) {
            List<LifecycleRecord> all = new ArrayList<>();
            tables.everyLifecycle(all::add);
            all.forEach(this::sweep);
            swept = today;
        }
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private void sweep(LifecycleRecord lifecycle) {
        List<Rule> rules = lifecycle.rules().stream()
                .filter(rule -> rule.status() == ExpirationStatus.ENABLED)
                .map(rule -> new Rule(LifecycleFilter.of(rule), rule))
                .toList();
        Optional<BucketRecord> bucket = tables.bucket(lifecycle.bucket());
        if (bucket.isEmpty() || rules.isEmpty()) {
            return;
        }
        Actor service = new Actor.Service("s3.amazonaws.com", bucket.get().scope(), "");
        try {
            clients.callAs(service, bucket.get().region()).run(() -> {
                if (rules.stream().anyMatch(Rule::removesObjects)) {
                    sweepVersions(bucket.get(), rules);
                }
                sweepUploads(bucket.get(), rules);
            });
        } catch (AwsServiceException e) {
            // The bucket is being deleted, or was; where its deletion fails, tomorrow is another day.
            if (tables.bucket(lifecycle.bucket()).filter(now -> !now.deleting()).isPresent()) {
                throw e;
            }
        }
    }

    /** All versions in the order of their keys, newest first. */
    private void sweepVersions(BucketRecord bucket, List<Rule> rules) {
        Instant now = clock.instant();
        String from = "";
        String key = "";
        Instant successor = now;
        int newerNoncurrent = 0;
        Optional<ObjectRecord> newest = Optional.empty();
        List<ObjectRecord> page;
        do {
            page = tables.versions(bucket, from, Optional.empty(), BATCH);
            List<Expiry> due = new ArrayList<>();
            for (ObjectRecord version : page) {
                boolean older = version.key().equals(key);
                if (newest.isPresent()) {
                    current(newest.get(), !older, rules, now).ifPresent(due::add);
                }
                newest = Optional.of(version).filter(ObjectRecord::current);
                if (older && noncurrentIsDue(version, successor, newerNoncurrent, rules, now)) {
                    due.add(new Expiry(version, true));
                }
                newerNoncurrent = older ? newerNoncurrent + 1 : 0;
                key = version.key();
                successor = version.modified();
            }
            if (page.size() < BATCH && newest.isPresent()) {
                current(newest.get(), true, rules, now).ifPresent(due::add);
            }
            expire(bucket, due);
            from = page.isEmpty() ? from : S3Tables.after(page.getLast());
        } while (page.size() == BATCH);
    }

    /** What is due of a key's newest version.
     *
     * @param alone whether it is the only one */
    private static Optional<Expiry> current(ObjectRecord version, boolean alone, List<Rule> rules, Instant now) {
        for (Rule rule : rules) {
            LifecycleExpiration expiration = rule.of().expiration();
            if (expiration == null || !rule.filter().matches(version)) {
                continue;
            }
            boolean aged = (expiration.days() != null && isPast(version.modified(), expiration.days(), now))
                    || (expiration.date() != null && !now.isBefore(expiration.date()));
            if (version.marker()) {
                if (alone && (aged || Boolean.TRUE.equals(expiration.expiredObjectDeleteMarker()))) {
                    return Optional.of(new Expiry(version, true));
                }
            } else if (aged) {
                return Optional.of(new Expiry(version, false));
            }
        }
        return Optional.empty();
    }

    /** Whether a noncurrent version is due.
     *
     * @param successor when the next newer version was made, since when this one is noncurrent
     * @param newerNoncurrent how many noncurrent versions of the key are newer */
    private static boolean noncurrentIsDue(
            ObjectRecord version, Instant successor, int newerNoncurrent, List<Rule> rules, Instant now) {
        return rules.stream().anyMatch(rule -> {
            NoncurrentVersionExpiration expiration = rule.of().noncurrentVersionExpiration();
            return expiration != null
                    && rule.filter().matches(version)
                    && (expiration.newerNoncurrentVersions() == null
                            || newerNoncurrent >= expiration.newerNoncurrentVersions())
                    && isPast(successor, expiration.noncurrentDays(), now);
        });
    }

    private static boolean isPast(Instant since, int days, Instant now) {
        Instant end = since.plus(Duration.ofDays(days));
        Instant midnight = end.truncatedTo(ChronoUnit.DAYS);
        return !now.isBefore(midnight.equals(end) ? end : midnight.plus(Duration.ofDays(1)));
    }

    /** One commit; what has changed since it was looked at stays. */
    private void expire(BucketRecord seen, List<Expiry> due) {
        if (!due.isEmpty()) {
            tables.transactNow(() -> {
                BucketRecord bucket = lookup.hold(seen);
                due.forEach(expiry -> expire(bucket, expiry));
                return bucket;
            });
        }
    }

    private void expire(BucketRecord bucket, Expiry expiry) {
        ObjectRecord version = expiry.version();
        Optional<ObjectRecord> there = version.current()
                ? tables.heldCurrent(bucket, version.key())
                : tables.older(bucket, version.key(), version.versionId());
        if (there.filter(found -> found.sequence() == version.sequence()).isEmpty()
                || (expiry.removed()
                        && version.current()
                        && tables.newestOlder(bucket, version.key()).isPresent())) {
            return;
        }
        Instant now = clock.instant();
        if (expiry.removed() && !there.get().attributes().lock().opens(now, false)) {
            return;
        }
        Versions.Deletion done = expiry.removed()
                ? versions.deleteVersion(bucket, version.key(), version.versionId(), now, false)
                : versions.delete(bucket, ObjectRecord.marker(bucket.name(), version.key(), Conditions.now(clock)));
        done.deleted().ifPresent(deleted -> events.expired(bucket, deleted, false));
        if (!expiry.removed()) {
            done.marker().ifPresent(marker -> events.expired(bucket, marker, true));
        }
    }

    private void sweepUploads(BucketRecord bucket, List<Rule> rules) {
        List<Rule> aborting = rules.stream()
                .filter(rule -> rule.of().abortIncompleteMultipartUpload() != null)
                .toList();
        if (aborting.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        String from = "";
        List<UploadRecord> page;
        do {
            page = tables.uploads(bucket, from, Optional.empty(), BATCH);
            for (UploadRecord upload : page) {
                boolean due = aborting.stream()
                        .anyMatch(rule -> upload.key().startsWith(rule.filter().prefix())
                                && isPast(
                                        upload.initiated(),
                                        rule.of()
                                                .abortIncompleteMultipartUpload()
                                                .daysAfterInitiation(),
                                        now));
                if (due) {
                    tables.transactNow(() -> {
                        tables.upload(bucket, upload.key(), upload.uploadId())
                                .ifPresent(there -> multipart.end(bucket, there));
                        return upload;
                    });
                }
                from = S3Tables.after(upload);
            }
        } while (page.size() == BATCH);
    }
}
