package dev.terrane.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.*;

class ObjectLocksTest extends S3Test {
    private static final Instant LATER = TestServer.START.plus(Duration.ofDays(10));
    private static final Instant MUCH_LATER = TestServer.START.plus(Duration.ofDays(20));

    @BeforeEach
    void lockable() {
        s3.createBucket(r -> r.bucket("vault").objectLockEnabledForBucket(true));
    }

    private String put(String key, ObjectLockMode mode) {
        return s3.putObject(
                        r -> r.bucket("vault").key(key).objectLockMode(mode).objectLockRetainUntilDate(LATER),
                        RequestBody.fromString("x"))
                .versionId();
    }

    private void retain(String key, ObjectLockRetentionMode mode, Instant until, boolean bypass) {
        s3.putObjectRetention(r -> r.bucket("vault")
                .key(key)
                .retention(ObjectLockRetention.builder()
                        .mode(mode)
                        .retainUntilDate(until)
                        .build())
                .bypassGovernanceRetention(bypass));
    }

    private void delete(String key, String version, boolean bypass) {
        s3.deleteObject(
                r -> r.bucket("vault").key(key).versionId(version).bypassGovernanceRetention(bypass ? true : null));
    }

    @Test
    void aRetainedVersionIsNotDeletedBeforeItsTime() {
        String version = put("k", ObjectLockMode.COMPLIANCE);
        restart();
        HeadObjectResponse head = s3.headObject(r -> r.bucket("vault").key("k"));
        assertThat(head.objectLockMode()).isEqualTo(ObjectLockMode.COMPLIANCE);
        assertThat(head.objectLockRetainUntilDate()).isEqualTo(LATER);
        assertThat(refused("AccessDenied", 403, () -> delete("k", version, true))
                        .awsErrorDetails()
                        .errorMessage())
                .isEqualTo("Access Denied because object protected by object lock.");
        DeleteObjectsResponse batch = s3.deleteObjects(r -> r.bucket("vault")
                .delete(d -> d.objects(
                        ObjectIdentifier.builder().key("k").versionId(version).build())));
        assertThat(batch.errors()).extracting(S3Error::code).containsExactly("AccessDenied");

        // A marker hides it, and takes nothing away.
        s3.deleteObject(r -> r.bucket("vault").key("k"));
        assertThat(s3.getObjectAsBytes(r -> r.bucket("vault").key("k").versionId(version))
                        .asUtf8String())
                .isEqualTo("x");
        server.advance(Duration.ofDays(11));
        delete("k", version, false);
        refused(
                "NoSuchVersion",
                404,
                () -> s3.getObject(r -> r.bucket("vault").key("k").versionId(version)));
    }

    @Test
    void governanceIsBypassedByWhoMay() {
        String version = put("k", ObjectLockMode.GOVERNANCE);
        refused("AccessDenied", 403, () -> delete("k", version, false));
        S3Client limited = server.clientWith(S3Client.class, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"},
                 {"Effect":"Deny","Action":"s3:BypassGovernanceRetention","Resource":"*"}]}""");
        refused(
                "AccessDenied",
                403,
                () -> limited.deleteObject(
                        r -> r.bucket("vault").key("k").versionId(version).bypassGovernanceRetention(true)));
        delete("k", version, true);
        refused("NoSuchKey", 404, () -> s3.getObject(r -> r.bucket("vault").key("k")));
    }

    @Test
    void aRetentionThatRunsOnlyBecomesLongerOrStricter() {
        put("c", ObjectLockMode.COMPLIANCE);
        retain("c", ObjectLockRetentionMode.COMPLIANCE, MUCH_LATER, false);
        refused("AccessDenied", 403, () -> retain("c", ObjectLockRetentionMode.COMPLIANCE, LATER, true));
        refused("AccessDenied", 403, () -> retain("c", ObjectLockRetentionMode.GOVERNANCE, MUCH_LATER, true));

        put("g", ObjectLockMode.GOVERNANCE);
        retain("g", ObjectLockRetentionMode.GOVERNANCE, MUCH_LATER, false);
        refused("AccessDenied", 403, () -> retain("g", ObjectLockRetentionMode.GOVERNANCE, LATER, false));
        retain("g", ObjectLockRetentionMode.GOVERNANCE, LATER, true);
        s3.putObjectRetention(r -> r.bucket("vault")
                .key("g")
                .retention(ObjectLockRetention.builder().build())
                .bypassGovernanceRetention(true));
        refused(
                "NoSuchObjectLockConfiguration",
                404,
                () -> s3.getObjectRetention(r -> r.bucket("vault").key("g")));
    }

    @Test
    void aLegalHoldHoldsUntilItIsTakenAway() {
        String version = s3.putObject(
                        r -> r.bucket("vault").key("k").objectLockLegalHoldStatus(ObjectLockLegalHoldStatus.ON),
                        RequestBody.fromString("x"))
                .versionId();
        refused("AccessDenied", 403, () -> delete("k", version, true));
        s3.putObjectLegalHold(r -> r.bucket("vault").key("k").legalHold(h -> h.status("OFF")));
        assertThat(s3.getObjectLegalHold(r -> r.bucket("vault").key("k"))
                        .legalHold()
                        .status())
                .isEqualTo(ObjectLockLegalHoldStatus.OFF);
        delete("k", version, false);
    }

    @Test
    void newVersionsGetTheBucketsRetention() {
        s3.putObjectLockConfiguration(r -> r.bucket("vault")
                .objectLockConfiguration(c -> c.objectLockEnabled("Enabled")
                        .rule(rule -> rule.defaultRetention(
                                d -> d.mode(ObjectLockRetentionMode.GOVERNANCE).days(3)))));
        s3.putObject(r -> r.bucket("vault").key("k"), RequestBody.fromString("x"));
        ObjectLockRetention given =
                s3.getObjectRetention(r -> r.bucket("vault").key("k")).retention();
        assertThat(given.mode()).isEqualTo(ObjectLockRetentionMode.GOVERNANCE);
        assertThat(given.retainUntilDate()).isEqualTo(TestServer.START.plus(Duration.ofDays(3)));
        s3.copyObject(r -> r.sourceBucket("vault")
                .sourceKey("k")
                .destinationBucket("vault")
                .destinationKey("copy")
                .objectLockMode(ObjectLockMode.COMPLIANCE)
                .objectLockRetainUntilDate(LATER));
        assertThat(s3.headObject(r -> r.bucket("vault").key("copy")).objectLockMode())
                .isEqualTo(ObjectLockMode.COMPLIANCE);
        String upload =
                s3.createMultipartUpload(r -> r.bucket("vault").key("big")).uploadId();
        String etag = s3.uploadPart(
                        r -> r.bucket("vault").key("big").uploadId(upload).partNumber(1),
                        RequestBody.fromString("part"))
                .eTag();
        s3.completeMultipartUpload(r -> r.bucket("vault")
                .key("big")
                .uploadId(upload)
                .multipartUpload(m ->
                        m.parts(CompletedPart.builder().partNumber(1).eTag(etag).build())));
        assertThat(s3.headObject(r -> r.bucket("vault").key("big")).objectLockMode())
                .isEqualTo(ObjectLockMode.GOVERNANCE);
    }

    @Test
    void locksNeedABucketThatHasThemAndVersions() {
        s3.createBucket(r -> r.bucket("plain"));
        refused(
                "ObjectLockConfigurationNotFoundError",
                404,
                () -> s3.getObjectLockConfiguration(r -> r.bucket("plain")));
        refused(
                "InvalidBucketState",
                409,
                () -> s3.putObjectLockConfiguration(
                        r -> r.bucket("plain").objectLockConfiguration(c -> c.objectLockEnabled("Enabled"))));
        assertThat(refused(
                                "InvalidRequest",
                                400,
                                () -> s3.putObject(
                                        r -> r.bucket("plain")
                                                .key("k")
                                                .objectLockLegalHoldStatus(ObjectLockLegalHoldStatus.ON),
                                        RequestBody.fromString("x")))
                        .awsErrorDetails()
                        .errorMessage())
                .isEqualTo("Bucket is missing Object Lock Configuration");
        refused(
                "InvalidRequest",
                400,
                () -> s3.getObjectRetention(r -> r.bucket("plain").key("k")));
        refused(
                "InvalidBucketState",
                409,
                () -> s3.putBucketVersioning(
                        r -> r.bucket("vault").versioningConfiguration(v -> v.status("Suspended"))));
        refused(
                "InvalidArgument",
                400,
                () -> s3.putObject(
                        r -> r.bucket("vault").key("k").objectLockMode(ObjectLockMode.GOVERNANCE),
                        RequestBody.fromString("x")));
        refused(
                "InvalidArgument",
                400,
                () -> s3.putObject(
                        r -> r.bucket("vault")
                                .key("k")
                                .objectLockMode(ObjectLockMode.GOVERNANCE)
                                .objectLockRetainUntilDate(TestServer.START.minusSeconds(1)),
                        RequestBody.fromString("x")));
        refused(
                "MalformedXML",
                400,
                () -> s3.putObjectLockConfiguration(r -> r.bucket("vault")
                        .objectLockConfiguration(c -> c.objectLockEnabled("Enabled")
                                .rule(rule -> rule.defaultRetention(
                                        d -> d.mode("GOVERNANCE").days(1).years(1))))));
        assertThat(s3.getObjectLockConfiguration(r -> r.bucket("vault"))
                        .objectLockConfiguration()
                        .rule())
                .isNull();
        s3.putBucketVersioning(r -> r.bucket("plain").versioningConfiguration(v -> v.status("Enabled")));
        s3.putObjectLockConfiguration(
                r -> r.bucket("plain").objectLockConfiguration(c -> c.objectLockEnabled("Enabled")));
    }
}
