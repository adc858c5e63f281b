package dev.terrane.s3;

import dev.terrane.s3.ObjectRecord.Attributes;
import dev.terrane.s3.ObjectRecord.Lock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.S3Request;

/** What requests that write an object may ask beside its bytes: metadata that is kept, and what is refused. */
final class ObjectOptions {
    private static final int METADATA_BYTES = 2048;
    private static final Set<String> STORAGE_CLASSES =
            Set.of("STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "REDUCED_REDUNDANCY", "GLACIER_IR");

    private ObjectOptions() {}

    /** The metadata of a request; its members have the same names in all requests that write. */
    static Attributes attributes(S3Request request) {
        return new Attributes(
                text(request, "ContentType"),
                text(request, "CacheControl"),
                text(request, "ContentDisposition"),
                text(request, "ContentEncoding").flatMap(ObjectOptions::withoutChunking),
                text(request, "ContentLanguage"),
                request.getValueForField("Expires", Instant.class),
                text(request, "WebsiteRedirectLocation"),
                storageClass(request),
                metadata(request),
                lock(request));
    }

    private static Optional<String> text(S3Request request, String member) {
        return request.getValueForField(member, String.class);
    }

    /** {@code aws-chunked} says how the request was sent, and is no property of the object. */
    private static Optional<String> withoutChunking(String encodings) {
        StringBuilder kept = new StringBuilder();
        for (String encoding : encodings.split(",", -1)) {
            if (!encoding.strip().equals("aws-chunked") && !encoding.isBlank()) {
                kept.append(kept.isEmpty() ? "" : ",").append(encoding.strip());
            }
        }
        return kept.isEmpty() ? Optional.empty() : Optional.of(kept.toString());
    }

    static String storageClass(S3Request request) {
        String wanted = text(request, "StorageClass").orElse("STANDARD");
        if (!STORAGE_CLASSES.contains(wanted)) {
            throw S3Errors.of("InvalidStorageClass", 400, "The storage class you specified is not valid");
        }
        return wanted;
    }

    /** The lock that a request asks for. */
    static Lock lock(S3Request request) {
        Optional<String> mode = text(request, "ObjectLockMode");
        Optional<Instant> until = request.getValueForField("ObjectLockRetainUntilDate", Instant.class);
        if (mode.isPresent() != until.isPresent()) {
            throw S3Errors.invalidArgument(
                    "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied");
        }
        mode.ifPresent(ObjectLocks::checkMode);
        until.ifPresent(ObjectLocks::checkUntil);
        return new Lock(mode, until, text(request, "ObjectLockLegalHoldStatus").map(ObjectLocks::held));
    }

    private static Map<String, String> metadata(S3Request request) {
        Map<?, ?> given = request.getValueForField("Metadata", Map.class).orElse(Map.of());
        if (given.isEmpty()) {
            return Map.of();
        }
        Map<String, String> metadata = new java.util.TreeMap<>();
        int size = 0;
        for (Map.Entry<?, ?> entry : given.entrySet()) {
            String key = String.valueOf(entry.getKey()).toLowerCase(java.util.Locale.ROOT);
            String value = String.valueOf(entry.getValue());
            size += key.getBytes(java.nio.charset.StandardCharsets.UTF_8).length
                    + value.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
            metadata.put(key, value);
        }
        if (size > METADATA_BYTES) {
            throw S3Errors.of(
                    "MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size");
        }
        return metadata;
    }

    /** Refuses what is not carried out: access lists other than the owner's, locks in a bucket without, appending. */
    static void refuseUnsupported(BucketRecord bucket, S3Request request) {
        String acl = text(request, "ACL").orElse("private");
        if (!acl.equals("private") && !acl.equals("bucket-owner-full-control")) {
            throw BucketSettings.aclsNotSupported();
        }
        for (String grant : Set.of("GrantFullControl", "GrantRead", "GrantReadACP", "GrantWriteACP")) {
            if (text(request, grant).isPresent()) {
                throw BucketSettings.aclsNotSupported();
            }
        }
        if (bucket.objectLock().isEmpty() && !lock(request).equals(Lock.NONE)) {
            throw ObjectLocks.notLocked();
        }
        if (request.getValueForField("WriteOffsetBytes", Long.class).isPresent()) {
            throw S3Errors.notImplemented("x-amz-write-offset-bytes");
        }
        Encryption.refuseCustomerKeys(request);
    }
}
