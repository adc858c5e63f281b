package dev.terrane.s3;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.DeleteObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.GetObjectAclRequest;
import software.amazon.awssdk.services.s3.model.GetObjectAclResponse;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.PutObjectAclRequest;
import software.amazon.awssdk.services.s3.model.PutObjectAclResponse;
import software.amazon.awssdk.services.s3.model.PutObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.PutObjectTaggingResponse;

/** Tags of objects and their versions, and what their access lists say. */
final class ObjectTagging {
    private final S3Tables tables;
    private final BucketLookup lookup;
    private final Versions versions;
    private final S3Events events;

    ObjectTagging(S3Tables tables, BucketLookup lookup, Versions versions, S3Events events) {
        this.tables = tables;
        this.lookup = lookup;
        this.versions = versions;
        this.events = events;
    }

    /** The tags of a version, or of the current one; none where there is no such object. */
    Map<String, String> of(BucketRecord bucket, String key, Optional<String> versionId) {
        return versions.find(bucket, key, versionId)
                .filter(version -> !version.marker())
                .map(ObjectRecord::tags)
                .orElse(Map.of());
    }

    GetObjectTaggingResponse get(GetObjectTaggingRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        ObjectRecord version = versions.require(bucket, request.key(), Optional.ofNullable(request.versionId()));
        GetObjectTaggingResponse.Builder response =
                GetObjectTaggingResponse.builder().tagSet(Tags.list(version.tags()));
        Objects.versionId(bucket, version).ifPresent(response::versionId);
        return response.build();
    }

    PutObjectTaggingResponse put(PutObjectTaggingRequest request) {
        if (request.tagging() == null) {
            throw S3Errors.malformedXml();
        }
        Map<String, String> tags = Tags.of(request.tagging().tagSet(), Tags.OF_OBJECT);
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        ObjectRecord version = change(bucket, request.key(), request.versionId(), tags);
        PutObjectTaggingResponse.Builder response = PutObjectTaggingResponse.builder();
        Objects.versionId(bucket, version).ifPresent(response::versionId);
        return response.build();
    }

    DeleteObjectTaggingResponse delete(DeleteObjectTaggingRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        ObjectRecord version = change(bucket, request.key(), request.versionId(), Map.of());
        DeleteObjectTaggingResponse.Builder response = DeleteObjectTaggingResponse.builder();
        Objects.versionId(bucket, version).ifPresent(response::versionId);
        return response.build();
    }

    private ObjectRecord change(BucketRecord bucket, String key, @Nullable String versionId, Map<String, String> tags) {
        return tables.transact(() -> {
            BucketRecord held = lookup.hold(bucket);
            tables.heldCurrent(held, key);
            ObjectRecord version =
                    versions.require(held, key, Optional.ofNullable(versionId)).withTags(tags);
            tables.put(held, version);
            events.tagged(held, version, !tags.isEmpty());
            return version;
        });
    }

    GetObjectAclResponse acl(GetObjectAclRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        versions.require(bucket, request.key(), Optional.ofNullable(request.versionId()));
        return GetObjectAclResponse.builder()
                .owner(Owners.owner(bucket.account()))
                .grants(Owners.fullControl(bucket.account()))
                .build();
    }

    PutObjectAclResponse setAcl(PutObjectAclRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        versions.require(bucket, request.key(), Optional.ofNullable(request.versionId()));
        boolean owners = request.acl() == ObjectCannedACL.PRIVATE
                || request.acl() == ObjectCannedACL.BUCKET_OWNER_FULL_CONTROL
                || (request.acl() == null && BucketSettings.isOwners(bucket, request.accessControlPolicy()));
        boolean granted = request.grantFullControl() != null
                || request.grantRead() != null
                || request.grantReadACP() != null
                || request.grantWrite() != null
                || request.grantWriteACP() != null;
        if (!owners || granted) {
            throw BucketSettings.aclsNotSupported();
        }
        return PutObjectAclResponse.builder().build();
    }
}
