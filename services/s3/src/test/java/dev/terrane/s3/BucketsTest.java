package dev.terrane.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.call.Principal;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.BucketLocationConstraint;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;
import software.amazon.awssdk.services.s3.model.Payer;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.Tag;

class BucketsTest extends S3Test {
    private static final String OTHER_ACCOUNT = "210987654321";

    @Test
    void aBucketIsFoundListedAndDeleted() {
        assertThat(s3.headBucket(request -> request.bucket(BUCKET)).bucketRegion())
                .isEqualTo(TestServer.REGION);
        assertThat(s3.listBuckets().buckets()).extracting(Bucket::name).containsExactly(BUCKET);
        assertThat(s3.getBucketLocation(request -> request.bucket(BUCKET)).locationConstraintAsString())
                .isNull();

        s3.deleteBucket(request -> request.bucket(BUCKET));

        assertThat(s3.listBuckets().buckets()).isEmpty();
        assertThat(refused("NoSuchBucket", 404, () -> s3.headBucket(request -> request.bucket(BUCKET))))
                .isInstanceOf(NoSuchBucketException.class);
    }

    @Test
    void bucketsOutliveARestart() {
        restart();

        assertThat(s3.listBuckets().buckets()).extracting(Bucket::name).containsExactly(BUCKET);
    }

    @Test
    void creatingOnesOwnBucketAgainInUsEast1IsNoError() {
        s3.putBucketTagging(request -> request.bucket(BUCKET).tagging(t -> t.tagSet(tag("a", "b"))));

        s3.createBucket(request -> request.bucket(BUCKET));

        assertThat(s3.getBucketTagging(request -> request.bucket(BUCKET)).tagSet())
                .containsExactly(tag("a", "b"));
    }

    @Test
    void namesAreSharedByAllAccounts() {
        S3Client other = server.client(
                S3Client.class,
                server.identities()
                        .user(OTHER_ACCOUNT, "other", TestIdentities.EVERYTHING)
                        .principal());

        // AWS answers BucketAlreadyExists; here the owner's permission is asked for first.
        refused("AccessDenied", 403, () -> other.createBucket(request -> request.bucket(BUCKET)));
        assertThat(other.listBuckets().buckets()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Upper-case", "under_score", "two..dots", "192.168.5.4", "-begins", "ends-", "xn--a", "a-s3alias"
            })
    void namesAgainstTheRulesAreRefused(String name) {
        refused("InvalidBucketName", 400, () -> s3.createBucket(request -> request.bucket(name)));
    }

    @Test
    void aLocationOtherThanTheRequestsRegionIsRefused() {
        refused(
                "IllegalLocationConstraintException",
                400,
                () -> s3.createBucket(request -> request.bucket("elsewhere")
                        .createBucketConfiguration(
                                place -> place.locationConstraint(BucketLocationConstraint.EU_WEST_1))));
    }

    @Test
    void aBucketWithObjectsIsNotDeleted() {
        put("key", "text");

        refused("BucketNotEmpty", 409, () -> s3.deleteBucket(request -> request.bucket(BUCKET)));

        assertThat(text("key")).isEqualTo("text");
        put("other", "still writable");
    }

    @Test
    void aBucketWithADeleteMarkerIsNotDeleted() {
        version(BucketVersioningStatus.ENABLED);
        s3.deleteObject(request -> request.bucket(BUCKET).key("never-there"));

        refused("BucketNotEmpty", 409, () -> s3.deleteBucket(request -> request.bucket(BUCKET)));
    }

    @Test
    void unfinishedUploadsEndWithTheirBucket() {
        s3.createMultipartUpload(request -> request.bucket(BUCKET).key("key"));

        s3.deleteBucket(request -> request.bucket(BUCKET));
        s3.createBucket(request -> request.bucket(BUCKET));

        assertThat(s3.listMultipartUploads(request -> request.bucket(BUCKET)).uploads())
                .isEmpty();
    }

    @Test
    void bucketsAreListedInPages() {
        for (String name : List.of("bbb", "ccc", "ddd")) {
            s3.createBucket(request -> request.bucket(name));
        }

        ListBucketsResponse first = s3.listBuckets(request -> request.maxBuckets(3));
        ListBucketsResponse second =
                s3.listBuckets(request -> request.maxBuckets(3).continuationToken(first.continuationToken()));

        assertThat(first.buckets()).extracting(Bucket::name).containsExactly(BUCKET, "bbb", "ccc");
        assertThat(second.buckets()).extracting(Bucket::name).containsExactly("ddd");
        assertThat(second.continuationToken()).isNull();
        refused("InvalidArgument", 400, () -> s3.listBuckets(request -> request.continuationToken("forged")));
    }

    @Test
    void theExpectedOwnerIsHonoured() {
        s3.headBucket(request -> request.bucket(BUCKET).expectedBucketOwner(TestServer.ACCOUNT));

        refused(
                "AccessDenied",
                403,
                () -> s3.headBucket(request -> request.bucket(BUCKET).expectedBucketOwner(OTHER_ACCOUNT)));
    }

    @Test
    void aNewBucketHasAwssDefaults() {
        assertThat(s3.getBucketEncryption(request -> request.bucket(BUCKET))
                        .serverSideEncryptionConfiguration()
                        .rules()
                        .getFirst()
                        .applyServerSideEncryptionByDefault()
                        .sseAlgorithm())
                .isEqualTo(ServerSideEncryption.AES256);
        assertThat(s3.getPublicAccessBlock(request -> request.bucket(BUCKET))
                        .publicAccessBlockConfiguration()
                        .blockPublicPolicy())
                .isTrue();
        assertThat(s3.getBucketOwnershipControls(request -> request.bucket(BUCKET))
                        .ownershipControls()
                        .rules()
                        .getFirst()
                        .objectOwnership())
                .isEqualTo(ObjectOwnership.BUCKET_OWNER_ENFORCED);
        assertThat(s3.getBucketVersioning(request -> request.bucket(BUCKET)).status())
                .isNull();
        assertThat(s3.getBucketRequestPayment(request -> request.bucket(BUCKET)).payer())
                .isEqualTo(Payer.BUCKET_OWNER);
        assertThat(s3.getBucketAccelerateConfiguration(request -> request.bucket(BUCKET))
                        .status())
                .isNull();
        assertThat(s3.getBucketLogging(request -> request.bucket(BUCKET)).loggingEnabled())
                .isNull();
        assertThat(s3.getBucketAcl(request -> request.bucket(BUCKET)).grants())
                .singleElement()
                .satisfies(grant -> assertThat(grant.permission()).isEqualTo(Permission.FULL_CONTROL));
    }

    @Test
    void whatWasNeverConfiguredIsToldInAwssWords() {
        refused("NoSuchTagSet", 404, () -> s3.getBucketTagging(request -> request.bucket(BUCKET)));
        refused("NoSuchBucketPolicy", 404, () -> s3.getBucketPolicy(request -> request.bucket(BUCKET)));
        refused("NoSuchCORSConfiguration", 404, () -> s3.getBucketCors(request -> request.bucket(BUCKET)));
        refused(
                "NoSuchLifecycleConfiguration",
                404,
                () -> s3.getBucketLifecycleConfiguration(request -> request.bucket(BUCKET)));
        refused(
                "ReplicationConfigurationNotFoundError",
                404,
                () -> s3.getBucketReplication(request -> request.bucket(BUCKET)));
        refused("NoSuchWebsiteConfiguration", 404, () -> s3.getBucketWebsite(request -> request.bucket(BUCKET)));
        refused(
                "ObjectLockConfigurationNotFoundError",
                404,
                () -> s3.getObjectLockConfiguration(request -> request.bucket(BUCKET)));
    }

    @Test
    void accessListsOtherThanTheOwnersAreRefused() {
        s3.putBucketAcl(request -> request.bucket(BUCKET).acl(BucketCannedACL.PRIVATE));

        refused(
                "AccessControlListNotSupported",
                400,
                () -> s3.putBucketAcl(request -> request.bucket(BUCKET).acl(BucketCannedACL.PUBLIC_READ)));
    }

    @Test
    void tagsAreSetReadAndRemoved() {
        s3.putBucketTagging(request -> request.bucket(BUCKET).tagging(t -> t.tagSet(tag("team", "build"))));
        assertThat(s3.getBucketTagging(request -> request.bucket(BUCKET)).tagSet())
                .containsExactly(tag("team", "build"));

        refused(
                "InvalidTag",
                400,
                () -> s3.putBucketTagging(
                        request -> request.bucket(BUCKET).tagging(t -> t.tagSet(tag("aws:mine", "no")))));
        refused(
                "InvalidTag",
                400,
                () -> s3.putBucketTagging(request ->
                        request.bucket(BUCKET).tagging(t -> t.tagSet(tag("a", "1"), tag("a", "2")))));

        s3.deleteBucketTagging(request -> request.bucket(BUCKET));
        refused("NoSuchTagSet", 404, () -> s3.getBucketTagging(request -> request.bucket(BUCKET)));
    }

    @Test
    void aPublicPolicyIsRefusedUntilTheBlockIsLifted() {
        String policy = policy("\"*\"", "s3:GetObject", BUCKET + "/*");
        refused(
                "AccessDenied",
                403,
                () -> s3.putBucketPolicy(request -> request.bucket(BUCKET).policy(policy)));

        s3.deletePublicAccessBlock(request -> request.bucket(BUCKET));
        s3.putBucketPolicy(request -> request.bucket(BUCKET).policy(policy));
        put("key", "open");

        assertThat(s3.getBucketPolicyStatus(request -> request.bucket(BUCKET))
                        .policyStatus()
                        .isPublic())
                .isTrue();
        S3Client nobody = server.client(S3Client.class, new Principal.Anonymous());
        assertThat(nobody.getObjectAsBytes(request -> request.bucket(BUCKET).key("key"))
                        .asUtf8String())
                .isEqualTo("open");

        s3.putPublicAccessBlock(request ->
                request.bucket(BUCKET).publicAccessBlockConfiguration(block -> block.restrictPublicBuckets(true)));
        refused(
                "AccessDenied",
                403,
                () -> nobody.getObjectAsBytes(request -> request.bucket(BUCKET).key("key")));
    }

    @Test
    void policiesAskForTheTagsThatAnObjectHas() {
        version(BucketVersioningStatus.ENABLED);
        put("plain", "open");
        s3.putObject(
                request -> request.bucket(BUCKET).key("secret").tagging("class=secret"),
                RequestBody.fromString("closed"));
        String old = put("mixed", "was open").versionId();
        s3.putObject(
                request -> request.bucket(BUCKET).key("mixed").tagging("class=secret"),
                RequestBody.fromString("closed"));
        S3Client reader = server.clientWith(S3Client.class, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"},
                 {"Effect":"Deny","Action":["s3:GetObject","s3:GetObjectVersion","s3:PutObjectTagging"],"Resource":"*",
                  "Condition":{"StringEquals":{"s3:ExistingObjectTag/class":"secret","s3:ResourceAccount":"%s"}}}]}""".formatted(TestServer.ACCOUNT));
        assertThat(reader.getObjectAsBytes(request -> request.bucket(BUCKET).key("plain"))
                        .asUtf8String())
                .isEqualTo("open");
        for (String key : List.of("secret", "mixed")) {
            refused(
                    "AccessDenied",
                    403,
                    () -> reader.getObjectAsBytes(
                            request -> request.bucket(BUCKET).key(key)));
        }
        assertThat(reader.getObjectAsBytes(
                                request -> request.bucket(BUCKET).key("mixed").versionId(old))
                        .asUtf8String())
                .isEqualTo("was open");
        refused(
                "AccessDenied",
                403,
                () -> reader.copyObject(request -> request.sourceBucket(BUCKET)
                        .sourceKey("secret")
                        .destinationBucket(BUCKET)
                        .destinationKey("copy")));
        refused(
                "AccessDenied",
                403,
                () -> reader.putObjectTagging(
                        request -> request.bucket(BUCKET).key("secret").tagging(t -> t.tagSet(List.of()))));
        s3.deleteObjectTagging(request -> request.bucket(BUCKET).key("secret"));
        assertThat(reader.getObjectAsBytes(request -> request.bucket(BUCKET).key("secret"))
                        .asUtf8String())
                .isEqualTo("closed");
    }

    @Test
    void policiesOfOtherBucketsOrServicesAreMalformed() {
        String principal = "{\"AWS\":\"" + TestServer.ACCOUNT + "\"}";
        for (String policy : List.of(
                "{", policy(principal, "s3:GetObject", "other/*"), policy(principal, "ec2:RunInstances", BUCKET))) {
            refused(
                    "MalformedPolicy",
                    400,
                    () -> s3.putBucketPolicy(request -> request.bucket(BUCKET).policy(policy)));
        }
    }

    @Test
    void notificationOfEventBridgeIsTurnedOnAndOff() {
        assertThat(s3.getBucketNotificationConfiguration(request -> request.bucket(BUCKET))
                        .eventBridgeConfiguration())
                .isNull();

        s3.putBucketNotificationConfiguration(request ->
                request.bucket(BUCKET).notificationConfiguration(c -> c.eventBridgeConfiguration(bridge -> {})));

        assertThat(s3.getBucketNotificationConfiguration(request -> request.bucket(BUCKET))
                        .eventBridgeConfiguration())
                .isNotNull();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    static String policy(String principal, String action, String resource) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":" + principal
                + ",\"Action\":\"" + action + "\",\"Resource\":\""
                + dev.terrane.kernel.arn.Arn.s3(resource) + "\"}]}";
    }
}
