package dev.terrane.s3;

import dev.terrane.kernel.call.SystemTags;
import dev.terrane.s3.BucketRecord.DefaultEncryption;
import dev.terrane.s3.BucketRecord.PublicAccess;
import dev.terrane.s3.BucketRecord.Versioning;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.AccessControlPolicy;
import software.amazon.awssdk.services.s3.model.BlockedEncryptionTypes;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DeleteBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketOwnershipControlsRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketOwnershipControlsResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketTaggingRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketTaggingResponse;
import software.amazon.awssdk.services.s3.model.DeletePublicAccessBlockRequest;
import software.amazon.awssdk.services.s3.model.DeletePublicAccessBlockResponse;
import software.amazon.awssdk.services.s3.model.GetBucketAclRequest;
import software.amazon.awssdk.services.s3.model.GetBucketAclResponse;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.GetBucketOwnershipControlsRequest;
import software.amazon.awssdk.services.s3.model.GetBucketOwnershipControlsResponse;
import software.amazon.awssdk.services.s3.model.GetBucketTaggingRequest;
import software.amazon.awssdk.services.s3.model.GetBucketTaggingResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.GetPublicAccessBlockRequest;
import software.amazon.awssdk.services.s3.model.GetPublicAccessBlockResponse;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.MFADelete;
import software.amazon.awssdk.services.s3.model.OwnershipControls;
import software.amazon.awssdk.services.s3.model.OwnershipControlsRule;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;
import software.amazon.awssdk.services.s3.model.PutBucketAclRequest;
import software.amazon.awssdk.services.s3.model.PutBucketAclResponse;
import software.amazon.awssdk.services.s3.model.PutBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.PutBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.PutBucketOwnershipControlsRequest;
import software.amazon.awssdk.services.s3.model.PutBucketOwnershipControlsResponse;
import software.amazon.awssdk.services.s3.model.PutBucketTaggingRequest;
import software.amazon.awssdk.services.s3.model.PutBucketTaggingResponse;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.PutPublicAccessBlockRequest;
import software.amazon.awssdk.services.s3.model.PutPublicAccessBlockResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionByDefault;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionConfiguration;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;
import software.amazon.awssdk.services.s3.model.VersioningConfiguration;

/** What is set on a bucket and carried out here: versions, encryption, public access, ownership, tags, access lists. */
final class BucketSettings {
    static final String OWNER_ENFORCED = "BucketOwnerEnforced";
    private static final Set<String> OWNERSHIPS = Set.of(OWNER_ENFORCED, "BucketOwnerPreferred", "ObjectWriter");

    private final BucketLookup lookup;

    BucketSettings(BucketLookup lookup) {
        this.lookup = lookup;
    }

    GetBucketVersioningResponse versioning(GetBucketVersioningRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        GetBucketVersioningResponse.Builder response = GetBucketVersioningResponse.builder();
        return switch (bucket.versioning()) {
            case OFF -> response.build();
            case ENABLED -> response.status(BucketVersioningStatus.ENABLED).build();
            case SUSPENDED -> response.status(BucketVersioningStatus.SUSPENDED).build();
        };
    }

    PutBucketVersioningResponse setVersioning(PutBucketVersioningRequest request) {
        VersioningConfiguration configuration = request.versioningConfiguration();
        if (configuration == null || configuration.status() == null) {
            throw S3Errors.of(
                    "IllegalVersioningConfigurationException", 400, "The Versioning element must be specified");
        }
        if (configuration.mfaDelete() == MFADelete.ENABLED || request.mfa() != null) {
            throw S3Errors.notImplemented("MFA Delete");
        }
        Versioning wanted = switch (configuration.status()) {
            case ENABLED -> Versioning.ENABLED;
            case SUSPENDED -> Versioning.SUSPENDED;
            case UNKNOWN_TO_SDK_VERSION -> throw S3Errors.malformedXml();
        };
        lookup.change(request.bucket(), request.expectedBucketOwner(), bucket -> {
            if (bucket.objectLock().isPresent() && wanted != Versioning.ENABLED) {
                throw S3Errors.of(
                        "InvalidBucketState",
                        409,
                        "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.");
            }
            return bucket.withVersioning(wanted);
        });
        return PutBucketVersioningResponse.builder().build();
    }

    GetBucketEncryptionResponse encryption(GetBucketEncryptionRequest request) {
        DefaultEncryption set =
                lookup.require(request.bucket(), request.expectedBucketOwner()).encryption();
        ServerSideEncryptionByDefault.Builder byDefault =
                ServerSideEncryptionByDefault.builder().sseAlgorithm(set.algorithm());
        if (!set.kmsKey().isEmpty()) {
            byDefault.kmsMasterKeyID(set.kmsKey());
        }
        return GetBucketEncryptionResponse.builder()
                .serverSideEncryptionConfiguration(
                        configuration -> configuration.rules(ServerSideEncryptionRule.builder()
                                .applyServerSideEncryptionByDefault(byDefault.build())
                                .bucketKeyEnabled(set.bucketKey())
                                .build()))
                .build();
    }

    PutBucketEncryptionResponse setEncryption(PutBucketEncryptionRequest request) {
        ServerSideEncryptionConfiguration configuration = request.serverSideEncryptionConfiguration();
        if (configuration == null || configuration.rules().size() != 1) {
            throw S3Errors.malformedXml();
        }
        ServerSideEncryptionRule rule = configuration.rules().getFirst();
        ServerSideEncryptionByDefault byDefault = rule.applyServerSideEncryptionByDefault();
        if (rule.blockedEncryptionTypes() != null && !blocksNothingElse(rule.blockedEncryptionTypes())) {
            throw S3Errors.notImplemented("BlockedEncryptionTypes");
        }
        if (byDefault == null || byDefault.sseAlgorithmAsString() == null) {
            throw S3Errors.malformedXml();
        }
        String key = byDefault.kmsMasterKeyID() == null ? "" : byDefault.kmsMasterKeyID();
        if (byDefault.sseAlgorithm() == ServerSideEncryption.AES256 && !key.isEmpty()) {
            throw S3Errors.invalidArgument(
                    "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse");
        }
        if (byDefault.sseAlgorithm() == ServerSideEncryption.UNKNOWN_TO_SDK_VERSION) {
            throw S3Errors.malformedXml();
        }
        Encryption.checkAlgorithm(byDefault.sseAlgorithmAsString(), !key.isEmpty());
        DefaultEncryption wanted = new DefaultEncryption(
                byDefault.sseAlgorithmAsString(), key, Boolean.TRUE.equals(rule.bucketKeyEnabled()));
        lookup.change(request.bucket(), request.expectedBucketOwner(), bucket -> bucket.withEncryption(wanted));
        return PutBucketEncryptionResponse.builder().build();
    }

    /** SSE-C is refused everywhere here, so to block it, or nothing, is the truth. */
    private static boolean blocksNothingElse(BlockedEncryptionTypes blocked) {
        return Set.of("NONE", "SSE-C").containsAll(blocked.encryptionTypeAsStrings());
    }

    DeleteBucketEncryptionResponse resetEncryption(DeleteBucketEncryptionRequest request) {
        lookup.change(
                request.bucket(),
                request.expectedBucketOwner(),
                bucket -> bucket.withEncryption(DefaultEncryption.SSE_S3));
        return DeleteBucketEncryptionResponse.builder().build();
    }

    GetPublicAccessBlockResponse publicAccess(GetPublicAccessBlockRequest request) {
        PublicAccess set = lookup.require(request.bucket(), request.expectedBucketOwner())
                .publicAccess()
                .orElseThrow(() -> S3Errors.of(
                        "NoSuchPublicAccessBlockConfiguration",
                        404,
                        "The public access block configuration was not found"));
        return GetPublicAccessBlockResponse.builder()
                .publicAccessBlockConfiguration(block -> block.blockPublicAcls(set.blockAcls())
                        .ignorePublicAcls(set.ignoreAcls())
                        .blockPublicPolicy(set.blockPolicy())
                        .restrictPublicBuckets(set.restrictBuckets()))
                .build();
    }

    PutPublicAccessBlockResponse setPublicAccess(PutPublicAccessBlockRequest request) {
        PublicAccessBlockConfiguration given = request.publicAccessBlockConfiguration();
        if (given == null) {
            throw S3Errors.malformedXml();
        }
        PublicAccess wanted = new PublicAccess(
                Boolean.TRUE.equals(given.blockPublicAcls()),
                Boolean.TRUE.equals(given.ignorePublicAcls()),
                Boolean.TRUE.equals(given.blockPublicPolicy()),
                Boolean.TRUE.equals(given.restrictPublicBuckets()));
        lookup.change(
                request.bucket(),
                request.expectedBucketOwner(),
                bucket -> bucket.withPublicAccess(Optional.of(wanted)));
        return PutPublicAccessBlockResponse.builder().build();
    }

    DeletePublicAccessBlockResponse removePublicAccess(DeletePublicAccessBlockRequest request) {
        lookup.change(
                request.bucket(), request.expectedBucketOwner(), bucket -> bucket.withPublicAccess(Optional.empty()));
        return DeletePublicAccessBlockResponse.builder().build();
    }

    GetBucketOwnershipControlsResponse ownership(GetBucketOwnershipControlsRequest request) {
        String set = lookup.require(request.bucket(), request.expectedBucketOwner())
                .ownership()
                .orElseThrow(() -> S3Errors.of(
                        "OwnershipControlsNotFoundError", 404, "The bucket ownership controls were not found"));
        return GetBucketOwnershipControlsResponse.builder()
                .ownershipControls(controls -> controls.rules(
                        OwnershipControlsRule.builder().objectOwnership(set).build()))
                .build();
    }

    PutBucketOwnershipControlsResponse setOwnership(PutBucketOwnershipControlsRequest request) {
        OwnershipControls controls = request.ownershipControls();
        if (controls == null || controls.rules().size() != 1) {
            throw S3Errors.malformedXml();
        }
        String wanted = checkedOwnership(controls.rules().getFirst().objectOwnershipAsString());
        lookup.change(
                request.bucket(), request.expectedBucketOwner(), bucket -> bucket.withOwnership(Optional.of(wanted)));
        return PutBucketOwnershipControlsResponse.builder().build();
    }

    static String checkedOwnership(String ownership) {
        if (ownership == null || !OWNERSHIPS.contains(ownership)) {
            throw S3Errors.malformedXml();
        }
        return ownership;
    }

    DeleteBucketOwnershipControlsResponse removeOwnership(DeleteBucketOwnershipControlsRequest request) {
        lookup.change(
                request.bucket(), request.expectedBucketOwner(), bucket -> bucket.withOwnership(Optional.empty()));
        return DeleteBucketOwnershipControlsResponse.builder().build();
    }

    GetBucketTaggingResponse tagging(GetBucketTaggingRequest request) {
        Map<String, String> tags =
                lookup.require(request.bucket(), request.expectedBucketOwner()).tags();
        if (tags.isEmpty()) {
            throw S3Errors.of("NoSuchTagSet", 404, "The TagSet does not exist");
        }
        return GetBucketTaggingResponse.builder().tagSet(Tags.list(tags)).build();
    }

    PutBucketTaggingResponse setTagging(PutBucketTaggingRequest request) {
        if (request.tagging() == null) {
            throw S3Errors.malformedXml();
        }
        lookup.change(
                request.bucket(),
                request.expectedBucketOwner(),
                bucket -> bucket.withTags(
                        Tags.replaced(bucket.tags(), request.tagging().tagSet())));
        return PutBucketTaggingResponse.builder().build();
    }

    DeleteBucketTaggingResponse removeTagging(DeleteBucketTaggingRequest request) {
        lookup.change(
                request.bucket(),
                request.expectedBucketOwner(),
                bucket -> bucket.withTags(SystemTags.of(bucket.tags())));
        return DeleteBucketTaggingResponse.builder().build();
    }

    GetBucketAclResponse acl(GetBucketAclRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        return GetBucketAclResponse.builder()
                .owner(Owners.owner(bucket.account()))
                .grants(Owners.fullControl(bucket.account()))
                .build();
    }

    PutBucketAclResponse setAcl(PutBucketAclRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        boolean granted = request.grantFullControl() != null
                || request.grantRead() != null
                || request.grantReadACP() != null
                || request.grantWrite() != null
                || request.grantWriteACP() != null;
        if (granted
                || (request.acl() != null && request.acl() != BucketCannedACL.PRIVATE)
                || (request.acl() == null && !isOwners(bucket, request.accessControlPolicy()))) {
            throw aclsNotSupported();
        }
        return PutBucketAclResponse.builder().build();
    }

    /** Whether an access list says what is so anyhow: the owner has full control, and nobody else anything. */
    static boolean isOwners(BucketRecord bucket, AccessControlPolicy policy) {
        if (policy == null) {
            return false;
        }
        List<Grant> grants = policy.grants();
        return grants.size() == 1
                && grants.getFirst().permission() == Permission.FULL_CONTROL
                && grants.getFirst().grantee() != null
                && Owners.canonicalId(bucket.account())
                        .equals(grants.getFirst().grantee().id());
    }

    static RuntimeException aclsNotSupported() {
        return S3Errors.of("AccessControlListNotSupported", 400, "The bucket does not allow ACLs");
    }
}
