package dev.terrane.s3;

import dev.terrane.kernel.id.Ids;
import dev.terrane.s3.BucketRecord.Versioning;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The order of a key's versions, and how writing and deleting change it. All runs in the transaction of the caller. The newest version of a key is read
 * for every change and must be the same at commit, so changes of one key come one after the other.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html">Versioning</a>
 */
final class Versions {
    private static final int ID_LENGTH = 32;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._]{" + ID_LENGTH + "}");

    private final S3Tables tables;
    private final Contents contents;

    Versions(S3Tables tables, Contents contents) {
        this.tables = tables;
        this.contents = contents;
    }

    /** What a deletion did.
     *
     * @param marker the marker it made or removed, or empty
     * @param deleted the version it removed for good, or empty */
    record Deletion(Optional<ObjectRecord> marker, Optional<ObjectRecord> deleted) {}

    /** Makes a version the newest one of its key. */
    ObjectRecord add(BucketRecord bucket, ObjectRecord asked) {
        ObjectRecord fresh = ObjectLocks.byDefault(bucket, asked);
        Optional<ObjectRecord> newest = tables.heldCurrent(bucket, fresh.key());
        long sequence = newest.map(ObjectRecord::sequence).orElse(0L) + 1;
        ObjectRecord current = switch (bucket.versioning()) {
            case OFF -> {
                newest.ifPresent(old -> contents.release(bucket, old));
                yield fresh.asCurrent(ObjectRecord.NULL_VERSION, sequence);
            }
            case ENABLED -> {
                newest.ifPresent(old -> tables.put(bucket, old.withCurrent(false)));
                yield fresh.asCurrent(Ids.alphanumeric(ID_LENGTH), sequence);
            }
            case SUSPENDED -> {
                replaceNull(bucket, fresh.key(), newest);
                yield fresh.asCurrent(ObjectRecord.NULL_VERSION, sequence);
            }
        };
        tables.put(bucket, current);
        return current;
    }

    /** While versions are suspended, a new one takes the place of the null version, wherever that is. */
    private void replaceNull(BucketRecord bucket, String key, Optional<ObjectRecord> newest) {
        if (newest.isEmpty()) {
            return;
        }
        if (newest.get().versionId().equals(ObjectRecord.NULL_VERSION)) {
            contents.release(bucket, newest.get());
            return;
        }
        tables.older(bucket, key, ObjectRecord.NULL_VERSION).ifPresent(old -> {
            contents.release(bucket, old);
            tables.delete(bucket, old);
        });
        tables.put(bucket, newest.get().withCurrent(false));
    }

    /** Refuses what cannot be the id of a version. */
    private static void check(String versionId) {
        if (versionId.isEmpty()) {
            throw S3Errors.invalidArgument("Version id cannot be the empty string");
        }
        if (!versionId.equals(ObjectRecord.NULL_VERSION)
                && !ID.matcher(versionId).matches()) {
            throw S3Errors.invalidArgument("Invalid version id specified");
        }
    }

    /** A version by its id, or the newest one, which may be a delete marker. */
    Optional<ObjectRecord> find(BucketRecord bucket, String key, Optional<String> versionId) {
        versionId.ifPresent(Versions::check);
        Optional<ObjectRecord> newest = tables.current(bucket, key);
        if (versionId.isEmpty()
                || newest.map(o -> o.versionId().equals(versionId.get())).orElse(false)) {
            return newest;
        }
        return newest.isEmpty() ? newest : tables.older(bucket, key, versionId.get());
    }

    /** A version that can be read.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker */
    ObjectRecord require(BucketRecord bucket, String key, Optional<String> versionId) {
        Optional<ObjectRecord> found = find(bucket, key, versionId);
        if (versionId.isPresent()) {
            ObjectRecord version = found.orElseThrow(S3Errors::noSuchVersion);
            if (version.marker()) {
                throw S3Errors.markerNotAllowed(version);
            }
            return version;
        }
        return found.filter(version -> !version.marker()).orElseThrow(() -> S3Errors.noSuchKey(found));
    }

    /** Deletes an object: for good, or by a marker where versions are kept. */
    Deletion delete(BucketRecord bucket, ObjectRecord marker) {
        if (bucket.versioning() != Versioning.OFF) {
            return new Deletion(Optional.of(add(bucket, marker)), Optional.empty());
        }
        Optional<ObjectRecord> newest = tables.heldCurrent(bucket, marker.key());
        newest.ifPresent(old -> {
            contents.release(bucket, old);
            tables.delete(bucket, old);
        });
        return new Deletion(Optional.empty(), newest);
    }

    /**
     * Deletes one version for good. The next older one becomes the newest where it was that.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException AccessDenied when it is locked
     */
    Deletion deleteVersion(BucketRecord bucket, String key, String versionId, Instant now, boolean bypassGovernance) {
        check(versionId);
        Optional<ObjectRecord> newest = tables.heldCurrent(bucket, key);
        boolean isNewest = newest.map(o -> o.versionId().equals(versionId)).orElse(false);
        Optional<ObjectRecord> found = isNewest || newest.isEmpty() ? newest : tables.older(bucket, key, versionId);
        found.ifPresent(version -> {
            if (!version.attributes().lock().opens(now, bypassGovernance)) {
                throw ObjectLocks.locked();
            }
            contents.release(bucket, version);
            tables.delete(bucket, version);
        });
        if (isNewest) {
            tables.newestOlder(bucket, key).ifPresent(next -> {
                tables.delete(bucket, next);
                tables.put(bucket, next.withCurrent(true));
            });
        }
        return new Deletion(found.filter(ObjectRecord::marker), found);
    }
}
