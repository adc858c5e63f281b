package dev.terrane.s3;

import dev.terrane.kernel.blob.Blobs;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.s3.ContentRecord.Piece;
import dev.terrane.s3.ObjectRecord.Attributes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.Checksum;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesParts;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesRequest;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.ObjectPart;

/** Objects read: whole, by range or part, on conditions; and looked at. */
final class ObjectReads {
    private static final int TRIES = 5;
    private static final String DEFAULT_TYPE = "binary/octet-stream";
    private static final SdkHttpResponse PARTIAL =
            SdkHttpResponse.builder().statusCode(206).build();

    private final BucketLookup lookup;
    private final Versions versions;
    private final Contents contents;
    private final Encryption encryption;

    ObjectReads(BucketLookup lookup, Versions versions, Contents contents, Encryption encryption) {
        this.lookup = lookup;
        this.versions = versions;
        this.contents = contents;
        this.encryption = encryption;
    }

    <T> T get(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        Encryption.refuseCustomerKeys(request);
        if (Call.current().principal() instanceof Principal.Anonymous && overrides(request)) {
            throw S3Errors.invalidRequest(
                    "Request specific response headers cannot be used for anonymous GET requests.");
        }
        Opened opened = open(bucket, request);
        boolean handedOn = false;
        try {
            T result = transformer.transform(opened.response(), AbortableInputStream.create(opened.bytes()));
            // A caller that asked for a stream reads it after this returns, and closes it.
            handedOn = transformer.needsConnectionLeftOpen();
            return result;
        } catch (RuntimeException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            if (!handedOn) {
                close(opened.bytes());
            }
        }
    }

    private record Opened(GetObjectResponse response, InputStream bytes) {}

    private Opened open(BucketRecord bucket, GetObjectRequest request) {
        for (int attempt = 1; ; attempt++) {
            ObjectRecord version = found(bucket, request);
            Span span = span(bucket, version, request.range(), request.partNumber());
            try {
                InputStream bytes =
                        contents.open(bucket, version, encryption.open(version.sse()), span.offset(), span.length());
                return new Opened(response(request, bucket, version, span), bytes);
            } catch (IOException e) {
                // Overwritten between the look at the record and the opening of its bytes: read the newer version.
                if (attempt == TRIES || !(e instanceof Blobs.BlobMissing)) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private ObjectRecord found(BucketRecord bucket, GetObjectRequest request) {
        ObjectRecord version = versions.require(bucket, request.key(), Optional.ofNullable(request.versionId()));
        Conditions.forRead(
                version,
                request.ifMatch(),
                request.ifNoneMatch(),
                request.ifModifiedSince(),
                request.ifUnmodifiedSince());
        return version;
    }

    /** The bytes that an answer has.
     *
     * @param partial whether they were asked for as a range or part
     * @param parts how many parts the object has, or 0 when that was not asked for */
    private record Span(long offset, long length, boolean partial, int parts) {}

    private Span span(BucketRecord bucket, ObjectRecord version, @Nullable String range, @Nullable Integer partNumber) {
        if (partNumber != null) {
            if (range != null) {
                throw S3Errors.invalidRequest("Cannot specify both Range header and partNumber query parameter");
            }
            return part(bucket, version, partNumber);
        }
        return ByteRange.parse(range, version.size())
                .map(asked -> new Span(asked.offset(), asked.length(), true, 0))
                .orElseGet(() -> new Span(0, version.size(), false, 0));
    }

    private Span part(BucketRecord bucket, ObjectRecord version, int number) {
        if (number < 1 || number > Multipart.MOST_PARTS) {
            throw S3Errors.invalidArgument("Part number must be an integer between 1 and 10000, inclusive");
        }
        List<Piece> pieces = contents.pieces(bucket, version);
        int count = Math.max(1, pieces.size());
        if (number > count) {
            throw S3Errors.of("InvalidPartNumber", 416, "The requested partnumber is not satisfiable");
        }
        if (pieces.isEmpty()) {
            return new Span(0, version.size(), version.size() > 0, 0);
        }
        long offset = 0;
        for (Piece piece : pieces.subList(0, number - 1)) {
            offset += piece.size();
        }
        return new Span(offset, pieces.get(number - 1).size(), true, count);
    }

    private static boolean overrides(GetObjectRequest request) {
        return request.responseCacheControl() != null
                || request.responseContentDisposition() != null
                || request.responseContentEncoding() != null
                || request.responseContentLanguage() != null
                || request.responseContentType() != null
                || request.responseExpires() != null;
    }

    private static GetObjectResponse response(
            GetObjectRequest request, BucketRecord bucket, ObjectRecord version, Span span) {
        Attributes attributes = version.attributes();
        GetObjectResponse.Builder response = GetObjectResponse.builder()
                .acceptRanges("bytes")
                .lastModified(version.modified())
                .contentLength(span.length())
                .eTag(Objects.quoted(version.etag()))
                .serverSideEncryption(version.sse().algorithm())
                .metadata(attributes.metadata())
                .contentType(or(
                        request.responseContentType(), attributes.contentType().orElse(DEFAULT_TYPE)));
        set(request.responseCacheControl(), attributes.cacheControl()).ifPresent(response::cacheControl);
        set(request.responseContentDisposition(), attributes.contentDisposition())
                .ifPresent(response::contentDisposition);
        set(request.responseContentEncoding(), attributes.contentEncoding()).ifPresent(response::contentEncoding);
        set(request.responseContentLanguage(), attributes.contentLanguage()).ifPresent(response::contentLanguage);
        Optional.ofNullable(request.responseExpires())
                .or(attributes::expires)
                .ifPresent(expires -> response.expiresString(Conditions.httpDate(expires)));
        attributes.websiteRedirectLocation().ifPresent(response::websiteRedirectLocation);
        if (!attributes.storageClass().equals("STANDARD")) {
            response.storageClass(attributes.storageClass());
        }
        response.objectLockMode(attributes.lock().mode().orElse(null))
                .objectLockRetainUntilDate(attributes.lock().until().orElse(null))
                .objectLockLegalHoldStatus(
                        attributes.lock().legalHold().map(ObjectLocks::status).orElse(null));
        if (version.sse().kms()) {
            response.ssekmsKeyId(version.sse().kmsKey())
                    .bucketKeyEnabled(version.sse().bucketKey());
        }
        if (!version.tags().isEmpty()) {
            response.tagCount(version.tags().size());
        }
        if (span.parts() > 0) {
            response.partsCount(span.parts());
        }
        if (request.checksumMode() == ChecksumMode.ENABLED && !span.partial()) {
            Checksums.tell(response, version.checksum());
        }
        Objects.versionId(bucket, version).ifPresent(response::versionId);
        if (span.partial()) {
            response.contentRange(new ByteRange(span.offset(), span.length()).of(version.size()));
            response.sdkHttpResponse(PARTIAL);
        }
        return response.build();
    }

    private static String or(@Nullable String asked, String kept) {
        return asked == null ? kept : asked;
    }

    private static Optional<String> set(@Nullable String asked, Optional<String> kept) {
        return asked == null ? kept : Optional.of(asked);
    }

    /** As a get, without the bytes. */
    HeadObjectResponse head(HeadObjectRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        Encryption.refuseCustomerKeys(request);
        GetObjectRequest.Builder builder = GetObjectRequest.builder();
        Members.copy(request, builder);
        GetObjectRequest asGet = builder.build();
        ObjectRecord version = found(bucket, asGet);
        Span span = span(bucket, version, request.range(), request.partNumber());
        HeadObjectResponse.Builder response = HeadObjectResponse.builder();
        Members.copy(response(asGet, bucket, version, span), response);
        if (span.partial()) {
            response.sdkHttpResponse(PARTIAL);
        }
        return response.build();
    }

    GetObjectAttributesResponse attributes(GetObjectAttributesRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        Encryption.refuseCustomerKeys(request);
        List<ObjectAttributes> wanted = request.objectAttributes();
        if (wanted.isEmpty() || wanted.contains(ObjectAttributes.UNKNOWN_TO_SDK_VERSION)) {
            throw S3Errors.invalidArgument("Invalid attribute name specified.");
        }
        ObjectRecord version = versions.require(bucket, request.key(), Optional.ofNullable(request.versionId()));
        GetObjectAttributesResponse.Builder response =
                GetObjectAttributesResponse.builder().lastModified(version.modified());
        Objects.versionId(bucket, version).ifPresent(response::versionId);
        if (wanted.contains(ObjectAttributes.E_TAG)) {
            response.eTag(version.etag());
        }
        if (wanted.contains(ObjectAttributes.OBJECT_SIZE)) {
            response.objectSize(version.size());
        }
        if (wanted.contains(ObjectAttributes.STORAGE_CLASS)) {
            response.storageClass(version.attributes().storageClass());
        }
        if (wanted.contains(ObjectAttributes.CHECKSUM)) {
            Checksum.Builder checksum = Checksum.builder();
            Checksums.tell(checksum, version.checksum());
            response.checksum(checksum.build());
        }
        if (wanted.contains(ObjectAttributes.OBJECT_PARTS) && version.place().parts() > 0) {
            response.objectParts(parts(bucket, version, request));
        }
        return response.build();
    }

    private GetObjectAttributesParts parts(
            BucketRecord bucket, ObjectRecord version, GetObjectAttributesRequest request) {
        List<Piece> pieces = contents.pieces(bucket, version);
        int after = request.partNumberMarker() == null ? 0 : request.partNumberMarker();
        int limit = request.maxParts() == null ? 1000 : Math.clamp(request.maxParts(), 0, 1000);
        List<Piece> rest = pieces.stream().filter(piece -> piece.part() > after).toList();
        List<Piece> shown = rest.subList(0, Math.min(limit, rest.size()));
        GetObjectAttributesParts.Builder parts = GetObjectAttributesParts.builder()
                .totalPartsCount(pieces.size())
                .partNumberMarker(after)
                .maxParts(limit)
                .isTruncated(rest.size() > shown.size())
                .nextPartNumberMarker(shown.isEmpty() ? 0 : shown.getLast().part());
        // AWS lists the single parts of those objects alone whose parts have checksums that count: composite ones.
        if (version.checksum().map(ObjectRecord.StoredChecksum::composite).orElse(false)) {
            String algorithm = version.checksum().orElseThrow().algorithm();
            parts.parts(shown.stream()
                    .map(piece -> {
                        ObjectPart.Builder part =
                                ObjectPart.builder().partNumber(piece.part()).size(piece.size());
                        Checksums.tell(
                                part,
                                piece.checksum()
                                        .map(value -> new ObjectRecord.StoredChecksum(algorithm, value, false)));
                        return part.build();
                    })
                    .toList());
        }
        return parts.build();
    }

    private static void close(InputStream bytes) {
        try {
            bytes.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
