package dev.terrane.s3;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.checksum.Checksum;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.s3.UploadRecord.PartRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Multipart uploads: begun, their parts taken in, listed, aborted. Completing them is {@link Completion}'s.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html">Multipart upload</a>
 */
final class Multipart {
    static final int MOST_PARTS = 10_000;
    private static final long LARGEST_PART = 5L * 1024 * 1024 * 1024;
    private static final int ID_LENGTH = 48;

    private final S3Tables tables;
    private final BucketLookup lookup;
    private final Objects objects;
    private final Contents contents;
    private final Garbage garbage;
    private final Encryption encryption;
    private final Clock clock;

    Multipart(
            S3Tables tables,
            BucketLookup lookup,
            Objects objects,
            Contents contents,
            Garbage garbage,
            Encryption encryption,
            Clock clock) {
        this.tables = tables;
        this.lookup = lookup;
        this.objects = objects;
        this.contents = contents;
        this.garbage = garbage;
        this.encryption = encryption;
        this.clock = clock;
    }

    CreateMultipartUploadResponse create(CreateMultipartUploadRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        Keys.check(request.key());
        ObjectOptions.refuseUnsupported(bucket, request);
        boolean asked = request.checksumAlgorithmAsString() != null;
        Checksum algorithm = asked ? Checksums.algorithm(request.checksumAlgorithmAsString()) : Checksums.DEFAULT;
        boolean fullObject = isFullObject(algorithm, request);
        Encryption.Sealing sealing = encryption.begin(bucket, request.key(), request);
        // Ids begin with the time, so that uploads of one key are listed in the order of their beginning.
        String id = "%012x".formatted(clock.instant().toEpochMilli()) + Ids.alphanumeric(ID_LENGTH);
        UploadRecord upload = new UploadRecord(
                bucket.name(),
                request.key(),
                id,
                Conditions.now(clock),
                Call.current().principal().arn(),
                ObjectOptions.attributes(request),
                Tags.parse(request.tagging()),
                algorithm.name(),
                fullObject,
                asked,
                sealing.sse());
        tables.transact(() -> {
            BucketRecord held = lookup.hold(bucket);
            tables.put(held, upload);
            return upload;
        });
        CreateMultipartUploadResponse.Builder response = CreateMultipartUploadResponse.builder()
                .bucket(bucket.name())
                .key(upload.key())
                .uploadId(id)
                .serverSideEncryption(upload.sse().algorithm());
        if (upload.sse().kms()) {
            response.ssekmsKeyId(upload.sse().kmsKey())
                    .bucketKeyEnabled(upload.sse().bucketKey());
        }
        if (asked) {
            response.checksumAlgorithm(algorithm.name()).checksumType(Checksums.type(!fullObject));
        }
        return response.build();
    }

    private static boolean isFullObject(Checksum algorithm, CreateMultipartUploadRequest request) {
        if (request.checksumType() == null) {
            return algorithm == Checksum.CRC64NVME;
        }
        if (request.checksumAlgorithmAsString() == null) {
            throw S3Errors.invalidRequest(
                    "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
        }
        boolean fullObject = request.checksumType() == ChecksumType.FULL_OBJECT;
        if (request.checksumType() == ChecksumType.UNKNOWN_TO_SDK_VERSION
                || (fullObject && !algorithm.combinable())
                || (!fullObject && algorithm == Checksum.CRC64NVME)) {
            throw S3Errors.invalidRequest("The " + request.checksumTypeAsString()
                    + " checksum type cannot be used with the " + algorithm + " checksum algorithm.");
        }
        return fullObject;
    }

    UploadPartResponse upload(UploadPartRequest request, RequestBody body) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        Encryption.refuseCustomerKeys(request);
        checkNumber(request.partNumber());
        UploadRecord upload = require(bucket, request.key(), request.uploadId());
        Checksums.Declared declared = Checksums.declared(request);
        if (declared.asked() && upload.asked() && declared.algorithm() != Checksum.valueOf(upload.algorithm())) {
            throw S3Errors.invalidRequest("Checksum Type mismatch occurred, expected checksum Type: "
                    + upload.algorithm() + ", actual checksum Type: " + declared.algorithm());
        }
        // A checksum of another algorithm than the upload's is verified, but it is the upload's that is kept.
        Checksums.Declared wanted = upload.asked()
                ? new Checksums.Declared(declared.md5(), Checksum.valueOf(upload.algorithm()), declared.value(), true)
                : declared;
        Encryption.Sealing sealing = new Encryption.Sealing(upload.sse(), encryption.open(upload.sse()));
        Received received = objects.receive(body, wanted, sealing, false);
        try {
            wanted.verify(received);
            tables.transactNow(() -> record(bucket, request.key(), request.uploadId(), request.partNumber(), received));
        } catch (RuntimeException | Error e) {
            contents.discard(received);
            throw e;
        }
        UploadPartResponse.Builder response = UploadPartResponse.builder()
                .eTag(Objects.quoted(received.etag()))
                .serverSideEncryption(upload.sse().algorithm());
        if (upload.sse().kms()) {
            response.ssekmsKeyId(upload.sse().kmsKey())
                    .bucketKeyEnabled(upload.sse().bucketKey());
        }
        Checksums.tell(response, received.stored());
        return response.build();
    }

    static void checkNumber(Integer number) {
        if (number == null || number < 1 || number > MOST_PARTS) {
            throw S3Errors.invalidArgument("Part number must be an integer between 1 and 10000, inclusive");
        }
    }

    /** Puts a part that has arrived into its upload, in the transaction of the caller; it takes the place of one with its number. */
    PartRecord record(BucketRecord bucket, String key, String uploadId, int number, Received received) {
        if (received.size() > LARGEST_PART) {
            throw S3Errors.of("EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed object size.");
        }
        require(bucket, key, uploadId);
        tables.part(bucket, uploadId, number).ifPresent(old -> garbage.note(old.blob()));
        PartRecord part = new PartRecord(
                uploadId,
                number,
                received.blob().orElseThrow(),
                received.iv(),
                received.size(),
                received.etag(),
                received.algorithm().name(),
                received.checksum(),
                Conditions.now(clock));
        tables.put(bucket, part);
        return part;
    }

    UploadRecord require(BucketRecord bucket, String key, String uploadId) {
        if (uploadId == null || uploadId.isEmpty() || key == null) {
            throw S3Errors.noSuchUpload();
        }
        return tables.upload(bucket, key, uploadId).orElseThrow(S3Errors::noSuchUpload);
    }

    AbortMultipartUploadResponse abort(AbortMultipartUploadRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        if (request.ifMatchInitiatedTime() != null) {
            throw S3Errors.notImplemented("x-amz-if-match-initiated-time");
        }
        tables.transact(() -> {
            UploadRecord upload = require(bucket, request.key(), request.uploadId());
            end(bucket, upload);
            return upload;
        });
        return AbortMultipartUploadResponse.builder().build();
    }

    /** Gives an upload up with all its parts, in the transaction of the caller. */
    void end(BucketRecord bucket, UploadRecord upload) {
        tables.parts(bucket, upload.uploadId(), 0, MOST_PARTS).forEach(part -> {
            garbage.note(part.blob());
            tables.delete(bucket, part);
        });
        tables.delete(bucket, upload);
    }

    ListPartsResponse parts(ListPartsRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        Encryption.refuseCustomerKeys(request);
        UploadRecord upload = require(bucket, request.key(), request.uploadId());
        int limit = Listings.limit(request.maxParts(), "max-parts");
        int after = request.partNumberMarker() == null ? 0 : request.partNumberMarker();
        List<PartRecord> found = tables.parts(bucket, upload.uploadId(), after, limit + 1);
        List<PartRecord> shown = found.subList(0, Math.min(limit, found.size()));
        ListPartsResponse.Builder response = ListPartsResponse.builder()
                .bucket(bucket.name())
                .key(upload.key())
                .uploadId(upload.uploadId())
                .partNumberMarker(after)
                .nextPartNumberMarker(shown.isEmpty() ? 0 : shown.getLast().number())
                .maxParts(limit)
                .isTruncated(found.size() > shown.size())
                .storageClass(upload.attributes().storageClass())
                .owner(Owners.owner(bucket.account()))
                .initiator(initiator -> initiator.id(upload.initiator()).displayName(upload.initiator()))
                .parts(shown.stream().map(part -> part(upload, part)).toList());
        if (upload.asked()) {
            response.checksumAlgorithm(upload.algorithm()).checksumType(Checksums.type(!upload.fullObject()));
        }
        return response.build();
    }

    private static Part part(UploadRecord upload, PartRecord part) {
        Part.Builder entry = Part.builder()
                .partNumber(part.number())
                .lastModified(part.modified())
                .eTag(Objects.quoted(part.etag()))
                .size(part.size());
        if (upload.asked()) {
            Checksums.tell(
                    entry, Optional.of(new ObjectRecord.StoredChecksum(part.algorithm(), part.checksum(), false)));
        }
        return entry.build();
    }

    ListMultipartUploadsResponse list(ListMultipartUploadsRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        int limit = Listings.limit(request.maxUploads(), "max-uploads");
        String prefix = Listings.text(request.prefix());
        String delimiter = Listings.text(request.delimiter());
        String keyMarker = Listings.text(request.keyMarker());
        String idMarker = keyMarker.isEmpty() ? "" : Listings.text(request.uploadIdMarker());
        UnaryOperator<String> encode = Listings.encoding(request.encodingTypeAsString());
        String from = Listings.markedPrefix(keyMarker, prefix, delimiter)
                .map(common -> Keys.above(common).map(S3Tables::stored).orElse(KeyListing.BEYOND))
                .orElseGet(() -> keyMarker.isEmpty()
                        ? ""
                        : idMarker.isEmpty() ? S3Tables.after(keyMarker) : S3Tables.after(keyMarker, idMarker));
        KeyListing<UploadRecord> found = KeyListing.of(
                (start, end, count) -> tables.uploads(bucket, start, end, count),
                UploadRecord::key,
                S3Tables::after,
                prefix,
                delimiter,
                from,
                limit);
        ListMultipartUploadsResponse.Builder response = ListMultipartUploadsResponse.builder()
                .bucket(bucket.name())
                .prefix(encode.apply(prefix))
                .keyMarker(encode.apply(keyMarker))
                .uploadIdMarker(idMarker)
                .maxUploads(limit)
                .isTruncated(found.next().isPresent())
                .uploads(found.values().stream()
                        .map(upload -> listed(bucket, upload, encode))
                        .toList())
                .commonPrefixes(Listings.prefixes(found.prefixes(), encode));
        Listings.optional(request.delimiter()).map(encode).ifPresent(response::delimiter);
        Listings.optional(request.encodingTypeAsString()).ifPresent(response::encodingType);
        if (found.next().isPresent()) {
            String last = found.last(UploadRecord::key);
            response.nextKeyMarker(encode.apply(last));
            if (!found.values().isEmpty() && found.values().getLast().key().equals(last)) {
                response.nextUploadIdMarker(found.values().getLast().uploadId());
            }
        }
        return response.build();
    }

    private static MultipartUpload listed(BucketRecord bucket, UploadRecord upload, UnaryOperator<String> encode) {
        MultipartUpload.Builder entry = MultipartUpload.builder()
                .key(encode.apply(upload.key()))
                .uploadId(upload.uploadId())
                .initiated(upload.initiated())
                .storageClass(upload.attributes().storageClass())
                .owner(Owners.owner(bucket.account()))
                .initiator(initiator -> initiator.id(upload.initiator()).displayName(upload.initiator()));
        if (upload.asked()) {
            entry.checksumAlgorithm(upload.algorithm()).checksumType(Checksums.type(!upload.fullObject()));
        }
        return entry.build();
    }
}
