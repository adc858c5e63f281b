package dev.terrane.s3;

import dev.terrane.kernel.authorization.CopySource;
import dev.terrane.kernel.checksum.Checksum;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.s3.ObjectRecord.Attributes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectResult;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.TaggingDirective;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;

/** Objects and parts copied within the installation. */
final class Copies {
    private static final long LARGEST = 5L * 1024 * 1024 * 1024;

    private final S3Tables tables;
    private final BucketLookup lookup;
    private final Versions versions;
    private final Contents contents;
    private final Garbage garbage;
    private final Encryption encryption;
    private final Multipart multipart;
    private final S3Events events;
    private final Clock clock;

    Copies(
            S3Tables tables,
            BucketLookup lookup,
            Versions versions,
            Contents contents,
            Garbage garbage,
            Encryption encryption,
            Multipart multipart,
            S3Events events,
            Clock clock) {
        this.tables = tables;
        this.lookup = lookup;
        this.versions = versions;
        this.contents = contents;
        this.garbage = garbage;
        this.encryption = encryption;
        this.multipart = multipart;
        this.events = events;
        this.clock = clock;
    }

    /** What a copy is made from. */
    private record Source(BucketRecord bucket, ObjectRecord version) {}

    CopyObjectResponse copy(CopyObjectRequest request) {
        BucketRecord bucket = lookup.require(request.destinationBucket(), request.expectedBucketOwner());
        String key = request.destinationKey();
        Keys.check(key);
        ObjectOptions.refuseUnsupported(bucket, request);
        Conditions.Write condition = Conditions.Write.of(request.ifMatch(), request.ifNoneMatch());
        Source source = source(
                request.getValueForField("CopySource", String.class),
                request.sourceBucket(),
                request.sourceKey(),
                request.sourceVersionId(),
                request.expectedSourceBucketOwner());
        ObjectRecord from = source.version();
        Conditions.forCopy(
                from,
                request.copySourceIfMatch(),
                request.copySourceIfNoneMatch(),
                request.copySourceIfModifiedSince(),
                request.copySourceIfUnmodifiedSince());
        boolean replaceMetadata = request.metadataDirective() == MetadataDirective.REPLACE;
        boolean replaceTags = request.taggingDirective() == TaggingDirective.REPLACE;
        if (isItself(bucket, key, source) && !replaceMetadata && !replaceTags && !changesStorage(request)) {
            throw S3Errors.invalidRequest(
                    "This copy request is illegal because it is trying to copy an object to itself without changing the"
                            + " object's metadata, storage class, website redirect location or encryption attributes.");
        }
        if (from.size() > LARGEST) {
            throw S3Errors.invalidRequest(
                    "The specified copy source is larger than the maximum allowable size for a copy"
                            + " source: 5368709120");
        }
        Attributes attributes = replaceMetadata ? ObjectOptions.attributes(request) : kept(from.attributes(), request);
        Map<String, String> tags = replaceTags ? Tags.parse(request.tagging()) : from.tags();
        Checksum algorithm = request.checksumAlgorithmAsString() == null
                ? from.checksum()
                        .map(stored -> Checksum.valueOf(stored.algorithm()))
                        .orElse(Checksums.DEFAULT)
                : Checksums.algorithm(request.checksumAlgorithmAsString());
        Encryption.Sealing sealing = encryption.begin(bucket, key, request);
        Received received = copied(source, 0, from.size(), algorithm, sealing.key(), true);
        ObjectRecord made = tables.transact(() -> {
            BucketRecord held = lookup.hold(bucket);
            condition.check(tables.heldCurrent(held, key));
            received.blob().ifPresent(garbage::take);
            ObjectRecord version = versions.add(
                    held,
                    new ObjectRecord(
                            held.name(),
                            key,
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
            events.created(held, version, "CopyObject");
            return version;
        });
        CopyObjectResult.Builder result =
                CopyObjectResult.builder().eTag(Objects.quoted(made.etag())).lastModified(made.modified());
        Checksums.tell(result, made.checksum());
        CopyObjectResponse.Builder response = CopyObjectResponse.builder()
                .copyObjectResult(result.build())
                .serverSideEncryption(made.sse().algorithm());
        if (made.sse().kms()) {
            response.ssekmsKeyId(made.sse().kmsKey())
                    .bucketKeyEnabled(made.sse().bucketKey());
        }
        Objects.versionId(source.bucket(), from).ifPresent(response::copySourceVersionId);
        Objects.versionId(bucket, made).ifPresent(response::versionId);
        return response.build();
    }

    private static boolean isItself(BucketRecord bucket, String key, Source source) {
        return source.bucket().name().equals(bucket.name())
                && source.version().key().equals(key)
                && source.version().current();
    }

    private static boolean changesStorage(CopyObjectRequest request) {
        return request.storageClassAsString() != null
                || request.websiteRedirectLocation() != null
                || request.serverSideEncryptionAsString() != null
                || request.checksumAlgorithmAsString() != null;
    }

    /** A copy keeps its source's metadata, but neither its storage class nor its redirect, nor its lock. */
    private static Attributes kept(Attributes source, CopyObjectRequest request) {
        return new Attributes(
                source.contentType(),
                source.cacheControl(),
                source.contentDisposition(),
                source.contentEncoding(),
                source.contentLanguage(),
                source.expires(),
                Optional.ofNullable(request.websiteRedirectLocation()),
                ObjectOptions.storageClass(request),
                source.metadata(),
                ObjectOptions.lock(request));
    }

    UploadPartCopyResponse copyPart(UploadPartCopyRequest request) {
        BucketRecord bucket = lookup.require(request.destinationBucket(), request.expectedBucketOwner());
        Encryption.refuseCustomerKeys(request);
        Multipart.checkNumber(request.partNumber());
        UploadRecord upload = multipart.require(bucket, request.destinationKey(), request.uploadId());
        Source source = source(
                request.getValueForField("CopySource", String.class),
                request.sourceBucket(),
                request.sourceKey(),
                request.sourceVersionId(),
                request.expectedSourceBucketOwner());
        Conditions.forCopy(
                source.version(),
                request.copySourceIfMatch(),
                request.copySourceIfNoneMatch(),
                request.copySourceIfModifiedSince(),
                request.copySourceIfUnmodifiedSince());
        ByteRange range = range(request.copySourceRange(), source.version().size());
        Checksum algorithm = Checksum.valueOf(upload.algorithm());
        Received received =
                copied(source, range.offset(), range.length(), algorithm, encryption.open(upload.sse()), false);
        Instant modified = tables.transact(() -> {
                    received.blob().ifPresent(garbage::take);
                    return multipart.record(bucket, upload.key(), upload.uploadId(), request.partNumber(), received);
                })
                .modified();
        CopyPartResult.Builder result =
                CopyPartResult.builder().eTag(Objects.quoted(received.etag())).lastModified(modified);
        if (upload.asked()) {
            Checksums.tell(result, received.stored());
        }
        UploadPartCopyResponse.Builder response = UploadPartCopyResponse.builder()
                .copyPartResult(result.build())
                .serverSideEncryption(upload.sse().algorithm());
        Objects.versionId(source.bucket(), source.version()).ifPresent(response::copySourceVersionId);
        return response.build();
    }

    private static ByteRange range(@Nullable String header, long size) {
        if (header == null) {
            return new ByteRange(0, size);
        }
        ByteRange range = ByteRange.parse(header, size)
                .orElseThrow(() -> S3Errors.invalidArgument(
                        "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are"
                                + " the zero-based offsets of the first and last bytes to copy"));
        if (!header.strip().equals("bytes=" + range.offset() + "-" + (range.offset() + range.length() - 1))) {
            throw S3Errors.invalidArgument("Range specified is not valid for source object of size: " + size);
        }
        return range;
    }

    /** Finds the source, which is named by members of its own inside the process, and by a header outside. */
    private Source source(
            Optional<String> header,
            @Nullable String bucketName,
            @Nullable String keyName,
            @Nullable String version,
            @Nullable String expectedOwner) {
        CopySource named = bucketName == null
                ? header.flatMap(CopySource::parse).orElseThrow(Copies::badSource)
                : new CopySource(
                        bucketName,
                        Optional.ofNullable(keyName).orElseThrow(Copies::badSource),
                        Optional.ofNullable(version).filter(id -> !id.isEmpty()));
        BucketRecord bucket = lookup.anywhere(named.bucket(), expectedOwner);
        Optional<ObjectRecord> found = versions.find(bucket, named.key(), named.versionId());
        if (named.versionId().isPresent() && found.filter(ObjectRecord::marker).isPresent()) {
            throw S3Errors.invalidRequest(
                    "The source of a copy request may not specifically refer to a delete marker" + " by version id.");
        }
        return new Source(bucket, versions.require(bucket, named.key(), named.versionId()));
    }

    private static RuntimeException badSource() {
        return S3Errors.invalidArgument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
    }

    private Received copied(
            Source source, long offset, long length, Checksum algorithm, Optional<DataKey> key, boolean mayInline) {
        ObjectRecord from = source.version();
        Received received;
        try (InputStream bytes = contents.open(source.bucket(), from, encryption.open(from.sse()), offset, length)) {
            received = contents.receive(bytes, algorithm, key, mayInline);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The transaction around this may be run again, which would leave this blob behind.
        received.blob().ifPresent(garbage::stage);
        return received;
    }
}
