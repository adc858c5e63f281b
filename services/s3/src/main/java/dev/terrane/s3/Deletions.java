package dev.terrane.s3;

import dev.terrane.kernel.clock.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/** Objects and versions deleted, one by one and in batches. */
final class Deletions {
    private static final int BATCH = 1000;

    private final S3Tables tables;
    private final BucketLookup lookup;
    private final Versions versions;
    private final S3Events events;
    private final Clock clock;

    Deletions(S3Tables tables, BucketLookup lookup, Versions versions, S3Events events, Clock clock) {
        this.tables = tables;
        this.lookup = lookup;
        this.versions = versions;
        this.events = events;
        this.clock = clock;
    }

    DeleteObjectResponse delete(DeleteObjectRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        boolean bypass = bypass(bucket, request.mfa(), request.bypassGovernanceRetention());
        if (request.ifMatchSize() != null || request.ifMatchLastModifiedTime() != null) {
            throw S3Errors.notImplemented("x-amz-if-match-size and x-amz-if-match-last-modified-time");
        }
        Optional<String> versionId = Optional.ofNullable(request.versionId());
        Versions.Deletion done = tables.transact(() ->
                delete(lookup.hold(bucket), request.key(), versionId, Optional.ofNullable(request.ifMatch()), bypass));
        DeleteObjectResponse.Builder response = DeleteObjectResponse.builder();
        done.marker().ifPresent(marker -> response.deleteMarker(true).versionId(marker.versionId()));
        versionId.ifPresent(response::versionId);
        return response.build();
    }

    /** Whether governance is bypassed; who may, the authorization of the request has asked. */
    private static boolean bypass(BucketRecord bucket, String mfa, Boolean asked) {
        if (mfa != null) {
            throw S3Errors.notImplemented("x-amz-mfa");
        }
        boolean bypass = Boolean.TRUE.equals(asked);
        if (bypass && bucket.objectLock().isEmpty()) {
            throw S3Errors.invalidArgument(
                    "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets");
        }
        return bypass;
    }

    private Versions.Deletion delete(
            BucketRecord bucket, String key, Optional<String> versionId, Optional<String> ifMatch, boolean bypass) {
        ifMatch.ifPresent(etag -> {
            Optional<ObjectRecord> target =
                    versionId.isPresent() ? versions.find(bucket, key, versionId) : tables.heldCurrent(bucket, key);
            if (target.filter(version -> !version.marker()).isEmpty()) {
                throw S3Errors.preconditionFailed();
            }
            new Conditions.Write(Optional.of(etag), false).check(target);
        });
        if (versionId.isPresent()) {
            Versions.Deletion done = versions.deleteVersion(bucket, key, versionId.get(), clock.instant(), bypass);
            done.deleted().ifPresent(version -> events.deleted(bucket, version, false));
            return done;
        }
        Versions.Deletion done =
                versions.delete(bucket, ObjectRecord.marker(bucket.name(), key, Conditions.now(clock)));
        done.marker().ifPresent(marker -> events.deleted(bucket, marker, true));
        done.deleted().ifPresent(version -> events.deleted(bucket, version, false));
        return done;
    }

    DeleteObjectsResponse deleteAll(DeleteObjectsRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        boolean bypass = bypass(bucket, request.mfa(), request.bypassGovernanceRetention());
        if (request.delete() == null
                || request.delete().objects().isEmpty()
                || request.delete().objects().size() > BATCH) {
            throw S3Errors.malformedXml();
        }
        boolean quiet = Boolean.TRUE.equals(request.delete().quiet());
        return tables.transact(() -> {
            BucketRecord held = lookup.hold(bucket);
            List<DeletedObject> deleted = new ArrayList<>();
            List<S3Error> failed = new ArrayList<>();
            for (ObjectIdentifier one : request.delete().objects()) {
                try {
                    DeletedObject result = delete(held, one, bypass);
                    if (!quiet) {
                        deleted.add(result);
                    }
                } catch (AwsServiceException e) {
                    failed.add(S3Error.builder()
                            .key(one.key())
                            .versionId(one.versionId())
                            .code(e.awsErrorDetails().errorCode())
                            .message(e.awsErrorDetails().errorMessage())
                            .build());
                }
            }
            return DeleteObjectsResponse.builder()
                    .deleted(deleted)
                    .errors(failed)
                    .build();
        });
    }

    private DeletedObject delete(BucketRecord bucket, ObjectIdentifier one, boolean bypass) {
        if (one.key() == null || one.key().isEmpty()) {
            throw S3Errors.of("UserKeyMustBeSpecified", 400, "The object key must be specified");
        }
        if (one.size() != null || one.lastModifiedTime() != null) {
            throw S3Errors.notImplemented("Size and LastModifiedTime");
        }
        Optional<String> versionId = Optional.ofNullable(one.versionId());
        Versions.Deletion done = delete(bucket, one.key(), versionId, Optional.ofNullable(one.eTag()), bypass);
        DeletedObject.Builder result = DeletedObject.builder().key(one.key());
        versionId.ifPresent(result::versionId);
        done.marker().ifPresent(marker -> result.deleteMarker(true).deleteMarkerVersionId(marker.versionId()));
        return result.build();
    }
}
