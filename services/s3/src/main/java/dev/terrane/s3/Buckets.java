package dev.terrane.s3;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.SystemTags;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.CreateBucketConfiguration;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketResponse;
import software.amazon.awssdk.services.s3.model.GetBucketLocationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketLocationResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.ListBucketsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;

/** Buckets: made, found, listed and deleted. Names are unique in the installation; a bucket is in one account and region. */
final class Buckets {
    private static final String US_EAST_1 = "us-east-1";
    private static final int MOST = 10_000;

    private final S3Tables tables;
    private final BucketLookup lookup;
    private final Garbage garbage;
    private final Clock clock;
    private final PageTokens pages;

    Buckets(S3Tables tables, BucketLookup lookup, Garbage garbage, Clock clock, PageTokens pages) {
        this.tables = tables;
        this.lookup = lookup;
        this.garbage = garbage;
        this.clock = clock;
        this.pages = pages;
    }

    CreateBucketResponse create(CreateBucketRequest request) {
        String name = request.bucket();
        if (!Keys.isBucketName(name)) {
            throw S3Errors.of("InvalidBucketName", 400, "The specified bucket is not valid.");
        }
        Call call = Call.current();
        refuseUnsupported(request);
        checkRegion(request.createBucketConfiguration(), call.region());
        String ownership = request.objectOwnershipAsString() == null
                ? BucketSettings.OWNER_ENFORCED
                : BucketSettings.checkedOwnership(request.objectOwnershipAsString());
        Map<String, String> tags = request.createBucketConfiguration() == null
                ? Map.of()
                : Tags.of(request.createBucketConfiguration().tags(), Tags.OF_BUCKET);
        BucketRecord bucket = tables.transact(() -> {
            Optional<BucketRecord> there = tables.heldBucket(name);
            if (there.isPresent()) {
                return recreated(there.get(), call);
            }
            BucketRecord fresh =
                    BucketRecord.fresh(name, call.scope(), clock.instant(), ownership, SystemTags.with(tags));
            BucketRecord made = Boolean.TRUE.equals(request.objectLockEnabledForBucket())
                    ? fresh.withVersioning(BucketRecord.Versioning.ENABLED)
                            .withObjectLock(BucketRecord.ObjectLock.NO_DEFAULT)
                    : fresh;
            tables.put(made);
            return made;
        });
        return CreateBucketResponse.builder()
                .location("/" + name)
                .bucketArn(bucket.arn())
                .build();
    }

    /** Creating one's own bucket again is no error in us-east-1 alone, where it does nothing. */
    private static BucketRecord recreated(BucketRecord there, Call call) {
        if (!there.account().equals(call.account())) {
            throw S3Errors.bucketExists();
        }
        if (there.region().equals(US_EAST_1) && call.region().equals(US_EAST_1)) {
            return there;
        }
        throw S3Errors.bucketOwned();
    }

    private static void refuseUnsupported(CreateBucketRequest request) {
        boolean granted = request.grantFullControl() != null
                || request.grantRead() != null
                || request.grantReadACP() != null
                || request.grantWrite() != null
                || request.grantWriteACP() != null;
        if (granted || (request.acl() != null && request.acl() != BucketCannedACL.PRIVATE)) {
            throw S3Errors.of(
                    "InvalidBucketAclWithObjectOwnership",
                    400,
                    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting");
        }
        CreateBucketConfiguration configuration = request.createBucketConfiguration();
        if (configuration != null && (configuration.location() != null || configuration.bucket() != null)) {
            throw S3Errors.notImplemented("directory buckets");
        }
    }

    private static void checkRegion(CreateBucketConfiguration configuration, String region) {
        String constraint = configuration == null ? null : configuration.locationConstraintAsString();
        String wanted = constraint == null || constraint.isEmpty()
                ? US_EAST_1
                : constraint.equals("EU") ? "eu-west-1" : constraint;
        if (wanted.equals(region)) {
            return;
        }
        if (US_EAST_1.equals(constraint)) {
            throw S3Errors.of("InvalidLocationConstraint", 400, "The specified location-constraint is not valid");
        }
        throw S3Errors.of(
                "IllegalLocationConstraintException",
                400,
                "The " + (constraint == null ? "unspecified" : constraint)
                        + " location constraint is incompatible for the region specific endpoint this request was sent to.");
    }

    HeadBucketResponse head(HeadBucketRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        return HeadBucketResponse.builder()
                .bucketRegion(bucket.region())
                .bucketArn(bucket.arn())
                .accessPointAlias(false)
                .build();
    }

    GetBucketLocationResponse location(GetBucketLocationRequest request) {
        BucketRecord bucket = lookup.anywhere(request.bucket(), request.expectedBucketOwner());
        return bucket.region().equals(US_EAST_1)
                ? GetBucketLocationResponse.builder().build()
                : GetBucketLocationResponse.builder()
                        .locationConstraint(bucket.region())
                        .build();
    }

    ListBucketsResponse list(ListBucketsRequest request) {
        int limit = request.maxBuckets() == null ? MOST : request.maxBuckets();
        if (limit < 1 || limit > MOST) {
            throw S3Errors.invalidArgument("Argument max-buckets must be an integer between 1 and 10000.");
        }
        String account = Call.current().account();
        String prefix = request.prefix() == null ? "" : request.prefix();
        String listing = "s3:ListBuckets:" + account + ":" + prefix;
        Optional<String> after = Optional.ofNullable(request.continuationToken())
                .map(token -> pages.decode(listing, token)
                        .orElseThrow(() -> S3Errors.invalidArgument("The continuation token provided is incorrect")));
        Page<BucketRecord> page = tables.bucketsOf(account, prefix, after, limit);
        List<Bucket> shown = page.values().stream()
                .filter(bucket ->
                        request.bucketRegion() == null || bucket.region().equals(request.bucketRegion()))
                .map(bucket -> Bucket.builder()
                        .name(bucket.name())
                        .creationDate(bucket.created())
                        .bucketRegion(bucket.region())
                        .bucketArn(bucket.arn())
                        .build())
                .toList();
        ListBucketsResponse.Builder response =
                ListBucketsResponse.builder().buckets(shown).owner(Owners.owner(account));
        if (request.prefix() != null) {
            response.prefix(prefix);
        }
        page.next().ifPresent(cursor -> response.continuationToken(pages.encode(listing, cursor)));
        return response.build();
    }

    /**
     * Deletes an empty bucket. It is marked first, so that nothing can be written into it between the look for objects and the
     * deletion; uploads that were not completed end with it.
     */
    DeleteBucketResponse delete(DeleteBucketRequest request) {
        BucketRecord seen = lookup.require(request.bucket(), request.expectedBucketOwner());
        requireEmpty(seen);
        tables.transactNow(() -> {
            BucketRecord marked = lookup.hold(seen).withDeleting(true);
            tables.put(marked);
            return marked;
        });
        try {
            requireEmpty(seen);
        } catch (RuntimeException e) {
            unmark(seen.name());
            throw e;
        }
        tables.transact(() -> {
            endUploads(seen);
            tables.deleteBucket(seen.name());
            return seen;
        });
        return DeleteBucketResponse.builder().build();
    }

    private void requireEmpty(BucketRecord bucket) {
        if (!tables.versions(bucket, "", Optional.empty(), 1).isEmpty()) {
            throw S3Errors.of(
                    "BucketNotEmpty",
                    409,
                    bucket.versioning() == BucketRecord.Versioning.OFF
                            ? "The bucket you tried to delete is not empty"
                            : "The bucket you tried to delete is not empty. You must delete all versions in the bucket.");
        }
    }

    private void endUploads(BucketRecord bucket) {
        for (UploadRecord upload : tables.uploads(bucket, "", Optional.empty(), Integer.MAX_VALUE - 1)) {
            tables.parts(bucket, upload.uploadId(), 0, Multipart.MOST_PARTS).forEach(part -> {
                garbage.note(part.blob());
                tables.delete(bucket, part);
            });
            tables.delete(bucket, upload);
        }
    }

    private void unmark(String name) {
        tables.transactNow(() -> {
            tables.heldBucket(name).ifPresent(bucket -> tables.put(bucket.withDeleting(false)));
            return name;
        });
    }

    /** Ends deletions that a crash cut off: their buckets are there. */
    void recover() {
        tables.everyBucket(bucket -> {
            if (bucket.deleting()) {
                unmark(bucket.name());
            }
        });
    }
}
