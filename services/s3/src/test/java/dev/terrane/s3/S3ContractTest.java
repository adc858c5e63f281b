package dev.terrane.s3;

import dev.terrane.kms.KmsService;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketLifecycleConfiguration;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.ObjectLockConfiguration;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHold;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionConfiguration;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.VersioningConfiguration;

final class S3ContractTest extends ServiceContractSuite<S3Client> {
    S3ContractTest() {
        super(S3Client.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(S3Service::new, KmsService::new);
    }

    @Override
    @SuppressWarnings("unchecked") // the SDK takes builders by generic varargs
    protected Names example(S3Client client, String name) {

        client.createBucket(r -> r.bucket(name));
        client.putBucketLifecycleConfiguration(r -> r.bucket(name).lifecycleConfiguration(c -> c.rules(RULE)));
        client.putBucketTagging(r -> r.bucket(name).tagging(t -> t.tagSet(MADE)));
        for (String key : List.of("one", "two", "three")) {
            client.putObject(r -> r.bucket(name).key(key).tagging("made=here"), RequestBody.fromString("hello"));
        }
        String upload =
                client.createMultipartUpload(r -> r.bucket(name).key("big")).uploadId();
        String second =
                client.createMultipartUpload(r -> r.bucket(name).key("big")).uploadId();
        for (int part : List.of(1, 2, 3)) {
            client.uploadPart(
                    r -> r.bucket(name).key("big").uploadId(upload).partNumber(part), RequestBody.fromString("part"));
        }
        String locked = name + "-locked";
        client.createBucket(r -> r.bucket(locked).objectLockEnabledForBucket(true));
        client.putObject(
                r -> r.bucket(locked).key("one").objectLockLegalHoldStatus("OFF"), RequestBody.fromString("hello"));
        Instant until = TestServer.START.plus(Duration.ofDays(3650));
        client.putObjectRetention(r -> r.bucket(locked)
                .key("one")
                .retention(ObjectLockRetention.builder()
                        .mode("GOVERNANCE")
                        .retainUntilDate(until)
                        .build()));
        return Names.of("Bucket", name)
                .and("GetObjectLockConfiguration.Bucket", locked)
                .and("PutObjectLockConfiguration.Bucket", locked)
                .and("GetObjectRetention.Bucket", locked)
                .and("PutObjectRetention.Bucket", locked)
                .and("GetObjectLegalHold.Bucket", locked)
                .and("PutObjectLegalHold.Bucket", locked)
                .and(
                        "PutObjectRetention.Retention",
                        ObjectLockRetention.builder()
                                .mode("GOVERNANCE")
                                .retainUntilDate(until.plus(Duration.ofDays(1)))
                                .build())
                .and(
                        "PutObjectLegalHold.LegalHold",
                        ObjectLockLegalHold.builder().status("OFF").build())
                .and(
                        "PutObjectLockConfiguration.ObjectLockConfiguration",
                        ObjectLockConfiguration.builder()
                                .objectLockEnabled("Enabled")
                                .build())
                .and("Key", "one")
                .and("UploadId", upload)
                .and("AbortMultipartUpload.Key", "big")
                .and("AbortMultipartUpload.UploadId", second)
                .and("CompleteMultipartUpload.Key", "big")
                .and("ListParts.Key", "big")
                .and("UploadPart.Key", "big")
                .and("UploadPartCopy.DestinationKey", "big")
                .and("PartNumber", 1)
                .and("CopySource", name + "/one")
                .and("DestinationBucket", name)
                .and("DestinationKey", "copy")
                .and(
                        "PutBucketTagging.Tagging",
                        software.amazon.awssdk.services.s3.model.Tagging.builder()
                                .tagSet(MADE)
                                .build())
                .and(
                        "VersioningConfiguration",
                        VersioningConfiguration.builder().status("Enabled").build())
                .and(
                        "ServerSideEncryptionConfiguration",
                        ServerSideEncryptionConfiguration.builder()
                                .rules(r -> r.applyServerSideEncryptionByDefault(d -> d.sseAlgorithm("AES256")))
                                .build())
                .and(
                        "LifecycleConfiguration",
                        BucketLifecycleConfiguration.builder().rules(RULE).build())
                .and("ObjectAttributes", "ETag")
                .and("Policy", """
                        {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetBucketAcl",
                         "Resource":"arn:aws:s3:::%s"}]}""".formatted(name));
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("Bucket", "none-at-all", "NoSuchBucket")
                .and("HeadBucket.Bucket", "none-at-all", "NotFound", "NoSuchBucket")
                .and("DestinationBucket", "none-at-all", "NoSuchBucket")
                .and("CopySource", "none-at-all/one", "NoSuchBucket")
                .and("GetObject.Key", "none", "NoSuchKey")
                .and("HeadObject.Key", "none", "NotFound", "NoSuchKey")
                .and("GetObjectTagging.Key", "none", "NoSuchKey")
                .and("PutObjectTagging.Key", "none", "NoSuchKey")
                .and("GetObjectAttributes.Key", "none", "NoSuchKey")
                .and("GetObjectAcl.Key", "none", "NoSuchKey")
                .and("GetObjectRetention.Key", "none", "NoSuchKey")
                .and("PutObjectRetention.Key", "none", "NoSuchKey")
                .and("GetObjectLegalHold.Key", "none", "NoSuchKey")
                .and("PutObjectLegalHold.Key", "none", "NoSuchKey")
                .and("UploadId", "none", "NoSuchUpload");
    }

    private static final LifecycleRule RULE = LifecycleRule.builder()
            .status("Enabled")
            .filter(f -> f.prefix("a/"))
            .expiration(e -> e.days(1))
            .build();
    private static final Tag MADE = Tag.builder().key("made").value("here").build();

    @Override
    protected boolean regional() {
        return false;
    }

    @Override
    protected Set<String> codes() {
        return Set.of(
                "PreconditionFailed",
                "KeyTooLongError",
                "InvalidBucketAclWithObjectOwnership",
                "InvalidBucketName",
                "NoSuchVersion",
                "InvalidDigest",
                "InvalidTag",
                "NoSuchBucket",
                "InvalidArgument",
                "InvalidRequest",
                "MalformedXML",
                "InvalidStorageClass",
                "AccessControlListNotSupported");
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("page", "ListObjects", "NextMarker is only given with a delimiter, as documented")
                .to("exists", "CreateBucket", "one's own bucket is made again in us-east-1, as documented");
    }
}
