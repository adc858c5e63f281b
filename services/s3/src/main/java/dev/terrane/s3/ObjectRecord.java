package dev.terrane.s3;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One version of an object, or a delete marker.
 *
 * @param versionId {@code null} (the word) for a version written while versions were not kept
 * @param sequence rises with every version of a key
 * @param current whether it is the newest version of its key
 * @param marker whether it is a delete marker, which has no content
 * @param etag without quotes
 * @param place where the bytes are
 */
record ObjectRecord(
        String bucket,
        String key,
        String versionId,
        long sequence,
        boolean current,
        boolean marker,
        Instant modified,
        long size,
        String etag,
        Place place,
        Attributes attributes,
        Map<String, String> tags,
        Optional<StoredChecksum> checksum,
        Sse sse) {
    /** The version id of a version written while versions were not kept. */
    static final String NULL_VERSION = "null";

    /**
     * Where an object's bytes are: in a blob; in a {@link ContentRecord}, when they are few or in several parts; or nowhere, when there are none.
     *
     * @param blob the blob's key, or empty
     * @param content the content's id, or empty
     * @param parts how many parts a multipart upload had, or 0
     * @param iv what the data key's counter begins with, empty without one
     */
    record Place(String blob, String content, int parts, byte[] iv) {
        static final Place NOWHERE = new Place("", "", 0, new byte[0]);
    }

    /** The metadata that a client gives, and gets back as it was. */
    record Attributes(
            Optional<String> contentType,
            Optional<String> cacheControl,
            Optional<String> contentDisposition,
            Optional<String> contentEncoding,
            Optional<String> contentLanguage,
            Optional<Instant> expires,
            Optional<String> websiteRedirectLocation,
            String storageClass,
            Map<String, String> metadata,
            Lock lock) {
        static final Attributes NONE = new Attributes(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "STANDARD",
                Map.of(),
                Lock.NONE);

        Attributes {
            metadata = Map.copyOf(metadata);
            lock = java.util.Objects.requireNonNullElse(lock, Lock.NONE);
        }

        Attributes withLock(Lock now) {
            return new Attributes(
                    contentType,
                    cacheControl,
                    contentDisposition,
                    contentEncoding,
                    contentLanguage,
                    expires,
                    websiteRedirectLocation,
                    storageClass,
                    metadata,
                    now);
        }
    }

    /**
     * What keeps a version from being deleted.
     *
     * @param mode {@code GOVERNANCE} or {@code COMPLIANCE}, where it is retained
     * @param until when that ends
     * @param legalHold whether it is held, or was; empty for never
     */
    record Lock(Optional<String> mode, Optional<Instant> until, Optional<Boolean> legalHold) {
        static final Lock NONE = new Lock(Optional.empty(), Optional.empty(), Optional.empty());

        /** Whether the version may be deleted now. */
        boolean opens(Instant now, boolean bypassGovernance) {
            boolean retained = until.filter(end -> end.isAfter(now)).isPresent()
                    && !(bypassGovernance && mode.filter("GOVERNANCE"::equals).isPresent());
            return !retained && !legalHold.orElse(false);
        }
    }

    /**
     * A checksum.
     *
     * @param algorithm as in S3's API: {@code CRC64NVME}
     * @param value in base64; a composite one ends with the number of parts
     */
    record StoredChecksum(String algorithm, String value, boolean composite) {}

    /**
     * How an object is encrypted beyond the blob store's own encryption.
     *
     * @param algorithm {@code AES256} or {@code aws:kms}
     * @param kmsKey the key's ARN, empty for AES256
     * @param dataKey the data key, encrypted under the KMS key
     * @param context the encryption context of the data key
     */
    record Sse(String algorithm, String kmsKey, byte[] dataKey, Map<String, String> context, boolean bucketKey) {
        static final Sse S3 = new Sse("AES256", "", new byte[0], Map.of(), false);

        boolean kms() {
            return algorithm.equals("aws:kms");
        }
    }

    static ObjectRecord marker(String bucket, String key, Instant modified) {
        return new ObjectRecord(
                bucket,
                key,
                NULL_VERSION,
                0,
                true,
                true,
                modified,
                0,
                "",
                Place.NOWHERE,
                Attributes.NONE,
                Map.of(),
                Optional.empty(),
                Sse.S3);
    }

    /** This version under an id, as the newest one. */
    ObjectRecord asCurrent(String id, long number) {
        return new ObjectRecord(
                bucket, key, id, number, true, marker, modified, size, etag, place, attributes, tags, checksum, sse);
    }

    /** This version once a newer one is there, or has gone. */
    ObjectRecord withCurrent(boolean now) {
        return new ObjectRecord(
                bucket,
                key,
                versionId,
                sequence,
                now,
                marker,
                modified,
                size,
                etag,
                place,
                attributes,
                tags,
                checksum,
                sse);
    }

    ObjectRecord withLock(Lock now) {
        return new ObjectRecord(
                bucket,
                key,
                versionId,
                sequence,
                current,
                marker,
                modified,
                size,
                etag,
                place,
                attributes.withLock(now),
                tags,
                checksum,
                sse);
    }

    ObjectRecord withTags(Map<String, String> now) {
        return new ObjectRecord(
                bucket,
                key,
                versionId,
                sequence,
                current,
                marker,
                modified,
                size,
                etag,
                place,
                attributes,
                now,
                checksum,
                sse);
    }
}
