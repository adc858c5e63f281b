package dev.terrane.s3;

import dev.terrane.kernel.call.Call;
import dev.terrane.s3.BucketRecord.ObjectLock;
import dev.terrane.s3.BucketRecord.Versioning;
import dev.terrane.s3.ObjectRecord.Lock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.*;

/**
 * Versions that are not deleted before their time: a bucket's default retention, a version's retention and legal hold.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html">Object Lock</a>
 */
final class ObjectLocks {
    private static final String COMPLIANCE = "COMPLIANCE";
    private static final Set<String> MODES = Set.of(COMPLIANCE, "GOVERNANCE");
    private static final int MOST_DAYS = 36_500;
    private static final int MOST_YEARS = 100;

    private final S3Tables tables;
    private final BucketLookup lookup;
    private final Versions versions;

    ObjectLocks(S3Tables tables, BucketLookup lookup, Versions versions) {
        this.tables = tables;
        this.lookup = lookup;
        this.versions = versions;
    }

    static AwsServiceException locked() {
        return S3Errors.accessDenied("Access Denied because object protected by object lock.");
    }

    static AwsServiceException notLocked() {
        return S3Errors.invalidRequest("Bucket is missing Object Lock Configuration");
    }

    static void checkMode(String mode) {
        if (!MODES.contains(mode)) {
            throw S3Errors.invalidArgument("Unknown wormMode directive.");
        }
    }

    static void checkUntil(Instant until) {
        if (!until.isAfter(Call.current().time())) {
            throw S3Errors.invalidArgument("The retain until date must be in the future!");
        }
    }

    static boolean held(String status) {
        return switch (status) {
            case "ON" -> true;
            case "OFF" -> false;
            default -> throw S3Errors.malformedXml();
        };
    }

    static String status(boolean held) {
        return held ? "ON" : "OFF";
    }

    /** A new version with the retention that its bucket gives where the request named none. */
    static ObjectRecord byDefault(BucketRecord bucket, ObjectRecord version) {
        Lock asked = version.attributes().lock();
        Optional<ObjectLock> rule =
                bucket.objectLock().filter(lock -> !lock.mode().isEmpty());
        if (version.marker() || rule.isEmpty() || asked.mode().isPresent()) {
            return version;
        }
        Instant until = version.modified()
                .atOffset(ZoneOffset.UTC)
                .plusDays(rule.get().days())
                .plusYears(rule.get().years())
                .toInstant();
        return version.withLock(new Lock(Optional.of(rule.get().mode()), Optional.of(until), asked.legalHold()));
    }

    GetObjectLockConfigurationResponse configuration(GetObjectLockConfigurationRequest request) {
        ObjectLock lock = lookup.require(request.bucket(), request.expectedBucketOwner())
                .objectLock()
                .orElseThrow(() -> S3Errors.of(
                        "ObjectLockConfigurationNotFoundError",
                        404,
                        "Object Lock configuration does not exist for this bucket"));
        ObjectLockConfiguration.Builder configuration =
                ObjectLockConfiguration.builder().objectLockEnabled(ObjectLockEnabled.ENABLED);
        if (!lock.mode().isEmpty()) {
            configuration.rule(rule -> rule.defaultRetention(retention -> retention
                    .mode(lock.mode())
                    .days(lock.days() == 0 ? null : lock.days())
                    .years(lock.years() == 0 ? null : lock.years())));
        }
        return GetObjectLockConfigurationResponse.builder()
                .objectLockConfiguration(configuration.build())
                .build();
    }

    PutObjectLockConfigurationResponse configure(PutObjectLockConfigurationRequest request) {
        ObjectLockConfiguration configuration = request.objectLockConfiguration();
        if (configuration == null || configuration.objectLockEnabled() != ObjectLockEnabled.ENABLED) {
            throw S3Errors.malformedXml();
        }
        ObjectLock wanted = configuration.rule() == null
                ? ObjectLock.NO_DEFAULT
                : rule(configuration.rule().defaultRetention());
        lookup.change(request.bucket(), request.expectedBucketOwner(), bucket -> {
            if (bucket.versioning() != Versioning.ENABLED) {
                throw S3Errors.of(
                        "InvalidBucketState",
                        409,
                        "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
            }
            return bucket.withObjectLock(wanted);
        });
        return PutObjectLockConfigurationResponse.builder().build();
    }

    private static ObjectLock rule(@Nullable DefaultRetention retention) {
        if (retention == null
                || !MODES.contains(String.valueOf(retention.modeAsString()))
                || (retention.days() == null) == (retention.years() == null)) {
            throw S3Errors.malformedXml();
        }
        int days = retention.days() == null ? 0 : retention.days();
        int years = retention.years() == null ? 0 : retention.years();
        if (days < 0 || years < 0 || days + years == 0) {
            throw S3Errors.invalidArgument("Default retention period must be a positive integer value.");
        }
        if (days > MOST_DAYS || years > MOST_YEARS) {
            throw S3Errors.invalidArgument("Default retention period too large");
        }
        return new ObjectLock(retention.modeAsString(), days, years);
    }

    GetObjectRetentionResponse retention(GetObjectRetentionRequest request) {
        Lock lock = lockOf(request.bucket(), request.expectedBucketOwner(), request.key(), request.versionId());
        if (lock.mode().isEmpty()) {
            throw noneOfObject();
        }
        return GetObjectRetentionResponse.builder()
                .retention(retention -> retention
                        .mode(lock.mode().orElse(null))
                        .retainUntilDate(lock.until().orElse(null)))
                .build();
    }

    PutObjectRetentionResponse retain(PutObjectRetentionRequest request) {
        ObjectLockRetention asked = request.retention();
        boolean ends = asked == null || (asked.modeAsString() == null && asked.retainUntilDate() == null);
        if (!ends && (!MODES.contains(String.valueOf(asked.modeAsString())) || asked.retainUntilDate() == null)) {
            throw S3Errors.malformedXml();
        }
        Optional<String> mode = ends ? Optional.empty() : Optional.of(asked.modeAsString());
        Optional<Instant> until = ends ? Optional.empty() : Optional.of(asked.retainUntilDate());
        until.ifPresent(ObjectLocks::checkUntil);
        boolean bypass = Boolean.TRUE.equals(request.bypassGovernanceRetention());
        change(request.bucket(), request.expectedBucketOwner(), request.key(), request.versionId(), lock -> {
            Lock wanted = new Lock(mode, until, lock.legalHold());
            if (!mayBecome(lock, wanted, bypass)) {
                throw locked();
            }
            return wanted;
        });
        return PutObjectRetentionResponse.builder().build();
    }

    /** A retention that still runs may only become longer or stricter; one by governance becomes anything for who may bypass it. */
    private static boolean mayBecome(Lock lock, Lock wanted, boolean bypass) {
        Lock retained = new Lock(lock.mode(), lock.until(), Optional.empty());
        if (retained.opens(Call.current().time(), bypass)) {
            return true;
        }
        boolean softer = lock.mode().filter(COMPLIANCE::equals).isPresent()
                && wanted.mode().filter(COMPLIANCE::equals).isEmpty();
        boolean longer = wanted.until()
                .filter(end -> !end.isBefore(lock.until().orElseThrow()))
                .isPresent();
        return longer && !softer;
    }

    GetObjectLegalHoldResponse legalHold(GetObjectLegalHoldRequest request) {
        Lock lock = lockOf(request.bucket(), request.expectedBucketOwner(), request.key(), request.versionId());
        boolean held = lock.legalHold().orElseThrow(ObjectLocks::noneOfObject);
        return GetObjectLegalHoldResponse.builder()
                .legalHold(hold -> hold.status(status(held)))
                .build();
    }

    PutObjectLegalHoldResponse hold(PutObjectLegalHoldRequest request) {
        if (request.legalHold() == null || request.legalHold().statusAsString() == null) {
            throw S3Errors.malformedXml();
        }
        boolean held = held(request.legalHold().statusAsString());
        change(
                request.bucket(),
                request.expectedBucketOwner(),
                request.key(),
                request.versionId(),
                lock -> new Lock(lock.mode(), lock.until(), Optional.of(held)));
        return PutObjectLegalHoldResponse.builder().build();
    }

    private Lock lockOf(String name, @Nullable String owner, String key, @Nullable String versionId) {
        BucketRecord bucket = withLocks(lookup.require(name, owner));
        return versions.require(bucket, key, Optional.ofNullable(versionId))
                .attributes()
                .lock();
    }

    private void change(
            String name, @Nullable String owner, String key, @Nullable String versionId, UnaryOperator<Lock> change) {
        BucketRecord bucket = lookup.require(name, owner);
        tables.transact(() -> {
            BucketRecord held = withLocks(lookup.hold(bucket));
            tables.heldCurrent(held, key);
            ObjectRecord version = versions.require(held, key, Optional.ofNullable(versionId));
            ObjectRecord changed =
                    version.withLock(change.apply(version.attributes().lock()));
            tables.put(held, changed);
            return changed;
        });
    }

    private static BucketRecord withLocks(BucketRecord bucket) {
        if (bucket.objectLock().isEmpty()) {
            throw notLocked();
        }
        return bucket;
    }

    private static AwsServiceException noneOfObject() {
        return S3Errors.of(
                "NoSuchObjectLockConfiguration", 404, "The specified object does not have a ObjectLock configuration");
    }
}
