package dev.terrane.s3;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.s3.ObjectRecord.Attributes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Objects put. A body is taken in before a transaction publishes it, so that it appears whole or not at all, and
 * the newest of several that are put at once is the last whose transaction ends.
 */
final class Objects {
    private static final long LARGEST = 5L * 1024 * 1024 * 1024;

    private final S3Tables tables;
    private final BucketLookup lookup;
    private final Versions versions;
    private final Contents contents;
    private final Encryption encryption;
    private final S3Events events;
    private final Clock clock;

    Objects(
            S3Tables tables,
            BucketLookup lookup,
            Versions versions,
            Contents contents,
            Encryption encryption,
            S3Events events,
            Clock clock) {
        this.tables = tables;
        this.lookup = lookup;
        this.versions = versions;
        this.contents = contents;
        this.encryption = encryption;
        this.events = events;
        this.clock = clock;
    }

    PutObjectResponse put(PutObjectRequest request, RequestBody body) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        Keys.check(request.key());
        ObjectOptions.refuseUnsupported(bucket, request);
        Attributes attributes = ObjectOptions.attributes(request);
        Map<String, String> tags = Tags.parse(request.tagging());
        Conditions.Write condition = Conditions.Write.of(request.ifMatch(), request.ifNoneMatch());
        Checksums.Declared declared = Checksums.declared(request);
        condition.check(tables.current(bucket, request.key()));
        Encryption.Sealing sealing = encryption.begin(bucket, request.key(), request);
        Received received = receive(body, declared, sealing, true);
        try {
            declared.verify(received);
            if (received.size() > LARGEST) {
                throw S3Errors.of(
                        "EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed object size.");
            }
            ObjectRecord published = tables.transactNow(() -> {
                BucketRecord held = lookup.hold(bucket);
                condition.check(tables.heldCurrent(held, request.key()));
                ObjectRecord version = versions.add(
                        held,
                        new ObjectRecord(
                                held.name(),
                                request.key(),
                                ObjectRecord.NULL_VERSION,
                                0,
                                true,
                                false,
                                Conditions.now(clock),
                                received.size(),
                                received.etag(),
                                contents.settle(held, received),
                                attributes,
                                tags,
                                received.stored(),
                                sealing.sse()));
                events.created(held, version, "PutObject");
                return version;
            });
            return putResponse(bucket, published);
        } catch (RuntimeException | Error e) {
            contents.discard(received);
            throw e;
        }
    }

    /** Takes the body of a request in; shorter or longer than the client said is refused. */
    Received receive(RequestBody body, Checksums.Declared declared, Encryption.Sealing sealing, boolean mayInline) {
        Received received;
        try (InputStream stream = body.contentStreamProvider().newStream()) {
            received = contents.receive(stream, declared.algorithm(), sealing.key(), mayInline);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (body.optionalContentLength().orElse(received.size()) != received.size()) {
            contents.discard(received);
            throw S3Errors.of(
                    "IncompleteBody",
                    400,
                    "You did not provide the number of bytes specified by the Content-Length HTTP header");
        }
        return received;
    }

    private static PutObjectResponse putResponse(BucketRecord bucket, ObjectRecord version) {
        PutObjectResponse.Builder response = PutObjectResponse.builder()
                .eTag(quoted(version.etag()))
                .serverSideEncryption(version.sse().algorithm());
        if (version.sse().kms()) {
            response.ssekmsKeyId(version.sse().kmsKey())
                    .bucketKeyEnabled(version.sse().bucketKey());
        }
        Checksums.tell(response, version.checksum());
        versionId(bucket, version).ifPresent(response::versionId);
        return response.build();
    }

    /** The version id that answers carry: none from buckets that never kept versions. */
    static Optional<String> versionId(BucketRecord bucket, ObjectRecord version) {
        return bucket.versioning() == BucketRecord.Versioning.OFF ? Optional.empty() : Optional.of(version.versionId());
    }

    static String quoted(String etag) {
        return '"' + etag + '"';
    }
}
