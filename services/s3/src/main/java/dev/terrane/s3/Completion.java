package dev.terrane.s3;

import dev.terrane.kernel.checksum.Checksum;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.service.Platform;
import dev.terrane.s3.ContentRecord.Piece;
import dev.terrane.s3.ObjectRecord.StoredChecksum;
import dev.terrane.s3.UploadRecord.PartRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** Turns the parts of a multipart upload into an object, without moving a byte. */
final class Completion {
    private static final long SMALLEST_PART = 5L * 1024 * 1024;

    private final S3Tables tables;
    private final BucketLookup lookup;
    private final Multipart multipart;
    private final Versions versions;
    private final Contents contents;
    private final Garbage garbage;
    private final S3Events events;
    private final Clock clock;
    private final Platform.Endpoint endpoint;

    Completion(
            S3Tables tables,
            BucketLookup lookup,
            Multipart multipart,
            Versions versions,
            Contents contents,
            Garbage garbage,
            S3Events events,
            Clock clock,
            Platform.Endpoint endpoint) {
        this.tables = tables;
        this.lookup = lookup;
        this.multipart = multipart;
        this.versions = versions;
        this.contents = contents;
        this.garbage = garbage;
        this.events = events;
        this.clock = clock;
        this.endpoint = endpoint;
    }

    CompleteMultipartUploadResponse complete(CompleteMultipartUploadRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        Encryption.refuseCustomerKeys(request);
        Conditions.Write condition = Conditions.Write.of(request.ifMatch(), request.ifNoneMatch());
        ObjectRecord made = tables.transact(() -> {
            BucketRecord held = lookup.hold(bucket);
            UploadRecord upload = multipart.require(held, request.key(), request.uploadId());
            List<PartRecord> parts = chosen(held, upload, request);
            condition.check(tables.heldCurrent(held, upload.key()));
            ObjectRecord version = versions.add(held, assembled(held, upload, parts, request));
            remove(held, upload, parts);
            events.created(held, version, "CompleteMultipartUpload");
            return version;
        });
        CompleteMultipartUploadResponse.Builder response = CompleteMultipartUploadResponse.builder()
                .bucket(bucket.name())
                .key(made.key())
                .location(endpoint.url() + "/" + bucket.name() + "/"
                        + Listings.encoding("url").apply(made.key()))
                .eTag(Objects.quoted(made.etag()))
                .serverSideEncryption(made.sse().algorithm());
        if (made.sse().kms()) {
            response.ssekmsKeyId(made.sse().kmsKey())
                    .bucketKeyEnabled(made.sse().bucketKey());
        }
        Checksums.tell(response, made.checksum());
        Objects.versionId(bucket, made).ifPresent(response::versionId);
        return response.build();
    }

    /** The parts that the client names, which must be those that were uploaded. */
    private List<PartRecord> chosen(BucketRecord bucket, UploadRecord upload, CompleteMultipartUploadRequest request) {
        List<CompletedPart> named = request.multipartUpload() == null
                ? List.of()
                : request.multipartUpload().parts();
        if (named.isEmpty()) {
            throw S3Errors.malformedXml();
        }
        List<PartRecord> parts = new ArrayList<>(named.size());
        int last = 0;
        for (CompletedPart name : named) {
            if (name.partNumber() == null || name.eTag() == null) {
                throw S3Errors.malformedXml();
            }
            Multipart.checkNumber(name.partNumber());
            if (name.partNumber() <= last) {
                throw S3Errors.of(
                        "InvalidPartOrder",
                        400,
                        "The list of parts was not in ascending order. Parts must be ordered by part number.");
            }
            last = name.partNumber();
            PartRecord part = tables.part(bucket, upload.uploadId(), last)
                    .filter(found -> found.etag().equals(name.eTag().replace("\"", "")))
                    .filter(found -> agrees(found, name))
                    .orElseThrow(() -> S3Errors.of(
                            "InvalidPart",
                            400,
                            "One or more of the specified parts could not be found.  The part may not have been uploaded, or"
                                    + " the specified entity tag may not match the part's entity tag."));
            parts.add(part);
        }
        for (PartRecord part : parts.subList(0, parts.size() - 1)) {
            if (part.size() < SMALLEST_PART) {
                throw S3Errors.of(
                        "EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size");
            }
        }
        return parts;
    }

    private static boolean agrees(PartRecord part, CompletedPart named) {
        Optional<String> given = Members.find(named, "Checksum" + part.algorithm());
        return given.isEmpty() || given.get().equals(part.checksum());
    }

    private ObjectRecord assembled(
            BucketRecord bucket, UploadRecord upload, List<PartRecord> parts, CompleteMultipartUploadRequest request) {
        long size = parts.stream().mapToLong(PartRecord::size).sum();
        if (request.mpuObjectSize() != null && request.mpuObjectSize() != size) {
            throw S3Errors.invalidRequest(
                    "The provided 'x-amz-mp-object-size' header value does not match what was computed.");
        }
        Optional<StoredChecksum> checksum = checksum(upload, parts);
        verify(upload, checksum, request);
        List<Piece> pieces = parts.stream()
                .map(part ->
                        new Piece(part.number(), part.blob(), part.size(), part.iv(), Optional.of(part.checksum())))
                .toList();
        return new ObjectRecord(
                bucket.name(),
                upload.key(),
                ObjectRecord.NULL_VERSION,
                0,
                true,
                false,
                Conditions.now(clock),
                size,
                Contents.multipartEtag(parts.stream().map(PartRecord::etag).toList()),
                contents.settle(bucket, pieces),
                upload.attributes(),
                upload.tags(),
                checksum,
                upload.sse());
    }

    /** The object's checksum from its parts'; none when they were not all made by one algorithm. */
    private static Optional<StoredChecksum> checksum(UploadRecord upload, List<PartRecord> parts) {
        Checksum algorithm = Checksum.valueOf(parts.getFirst().algorithm());
        if (parts.stream().anyMatch(part -> !part.algorithm().equals(algorithm.name()))) {
            return Optional.empty();
        }
        boolean fullObject = upload.asked() ? upload.fullObject() : algorithm == Checksum.CRC64NVME;
        if (!fullObject) {
            List<byte[]> values =
                    parts.stream().map(part -> Checksums.bytes(part.checksum())).toList();
            return Optional.of(new StoredChecksum(algorithm.name(), algorithm.composite(values), true));
        }
        byte[] whole = Checksums.bytes(parts.getFirst().checksum());
        for (PartRecord part : parts.subList(1, parts.size())) {
            whole = algorithm.combine(whole, Checksums.bytes(part.checksum()), part.size());
        }
        return Optional.of(new StoredChecksum(
                algorithm.name(), java.util.Base64.getEncoder().encodeToString(whole), false));
    }

    private static void verify(
            UploadRecord upload, Optional<StoredChecksum> checksum, CompleteMultipartUploadRequest request) {
        if (request.checksumTypeAsString() != null
                && upload.asked()
                && !request.checksumTypeAsString().equals(Checksums.type(!upload.fullObject()))) {
            throw S3Errors.invalidRequest("The upload was created using the " + Checksums.type(!upload.fullObject())
                    + " checksum mode. The complete request must use the same checksum mode.");
        }
        Checksums.values(request).forEach((algorithm, value) -> {
            String bare = value.contains("-") ? value.substring(0, value.indexOf('-')) : value;
            boolean same = checksum.filter(stored -> stored.algorithm().equals(algorithm.name()))
                    .map(StoredChecksum::value)
                    .map(stored -> stored.equals(value)
                            || (stored.contains("-")
                                    && stored.substring(0, stored.indexOf('-')).equals(bare)))
                    .orElse(false);
            if (!same) {
                throw S3Errors.of(
                        "BadDigest", 400, "The " + algorithm + " you specified did not match the calculated checksum.");
            }
        });
    }

    /** Ends the upload. The bytes of parts that the client did not name are given up. */
    private void remove(BucketRecord bucket, UploadRecord upload, List<PartRecord> used) {
        Set<String> kept = new HashSet<>();
        used.forEach(part -> kept.add(part.blob()));
        for (PartRecord part : tables.parts(bucket, upload.uploadId(), 0, Multipart.MOST_PARTS)) {
            if (!kept.contains(part.blob())) {
                garbage.note(part.blob());
            }
            tables.delete(bucket, part);
        }
        tables.delete(bucket, upload);
    }
}
