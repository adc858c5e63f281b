package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** S3, whose actions have names of their own: "Required permissions for Amazon S3 API operations". */
final class S3Overlay implements Overlay {
    private static final String SSE = "s3:x-amz-server-side-encryption";

    private static final Map<String, String> ACTIONS = Map.ofEntries(
            Map.entry("ListBuckets", "ListAllMyBuckets"),
            Map.entry("ListDirectoryBuckets", "ListAllMyBuckets"),
            Map.entry("HeadBucket", "ListBucket"),
            Map.entry("ListObjects", "ListBucket"),
            Map.entry("ListObjectsV2", "ListBucket"),
            Map.entry("ListObjectVersions", "ListBucketVersions"),
            Map.entry("ListMultipartUploads", "ListBucketMultipartUploads"),
            Map.entry("ListParts", "ListMultipartUploadParts"),
            Map.entry("HeadObject", "GetObject"),
            Map.entry("SelectObjectContent", "GetObject"),
            Map.entry("CopyObject", "PutObject"),
            Map.entry("CreateMultipartUpload", "PutObject"),
            Map.entry("UploadPart", "PutObject"),
            Map.entry("UploadPartCopy", "PutObject"),
            Map.entry("CompleteMultipartUpload", "PutObject"),
            Map.entry("RenameObject", "PutObject"),
            Map.entry("DeleteObjects", "DeleteObject"),
            Map.entry("GetBucketCors", "GetBucketCORS"),
            Map.entry("PutBucketCors", "PutBucketCORS"),
            Map.entry("DeleteBucketCors", "PutBucketCORS"),
            Map.entry("DeleteBucketTagging", "PutBucketTagging"),
            Map.entry("DeleteBucketOwnershipControls", "PutBucketOwnershipControls"),
            Map.entry("GetBucketEncryption", "GetEncryptionConfiguration"),
            Map.entry("PutBucketEncryption", "PutEncryptionConfiguration"),
            Map.entry("DeleteBucketEncryption", "PutEncryptionConfiguration"),
            Map.entry("GetBucketLifecycleConfiguration", "GetLifecycleConfiguration"),
            Map.entry("PutBucketLifecycleConfiguration", "PutLifecycleConfiguration"),
            Map.entry("PutBucketLifecycle", "PutLifecycleConfiguration"),
            Map.entry("DeleteBucketLifecycle", "PutLifecycleConfiguration"),
            Map.entry("GetBucketReplication", "GetReplicationConfiguration"),
            Map.entry("PutBucketReplication", "PutReplicationConfiguration"),
            Map.entry("DeleteBucketReplication", "PutReplicationConfiguration"),
            Map.entry("GetBucketNotificationConfiguration", "GetBucketNotification"),
            Map.entry("PutBucketNotificationConfiguration", "PutBucketNotification"),
            Map.entry("GetBucketAccelerateConfiguration", "GetAccelerateConfiguration"),
            Map.entry("PutBucketAccelerateConfiguration", "PutAccelerateConfiguration"),
            Map.entry("GetBucketAnalyticsConfiguration", "GetAnalyticsConfiguration"),
            Map.entry("ListBucketAnalyticsConfigurations", "GetAnalyticsConfiguration"),
            Map.entry("PutBucketAnalyticsConfiguration", "PutAnalyticsConfiguration"),
            Map.entry("DeleteBucketAnalyticsConfiguration", "PutAnalyticsConfiguration"),
            Map.entry("GetBucketInventoryConfiguration", "GetInventoryConfiguration"),
            Map.entry("ListBucketInventoryConfigurations", "GetInventoryConfiguration"),
            Map.entry("PutBucketInventoryConfiguration", "PutInventoryConfiguration"),
            Map.entry("DeleteBucketInventoryConfiguration", "PutInventoryConfiguration"),
            Map.entry("GetBucketMetricsConfiguration", "GetMetricsConfiguration"),
            Map.entry("ListBucketMetricsConfigurations", "GetMetricsConfiguration"),
            Map.entry("PutBucketMetricsConfiguration", "PutMetricsConfiguration"),
            Map.entry("DeleteBucketMetricsConfiguration", "PutMetricsConfiguration"),
            Map.entry("GetBucketIntelligentTieringConfiguration", "GetIntelligentTieringConfiguration"),
            Map.entry("ListBucketIntelligentTieringConfigurations", "GetIntelligentTieringConfiguration"),
            Map.entry("PutBucketIntelligentTieringConfiguration", "PutIntelligentTieringConfiguration"),
            Map.entry("DeleteBucketIntelligentTieringConfiguration", "PutIntelligentTieringConfiguration"),
            Map.entry("GetPublicAccessBlock", "GetBucketPublicAccessBlock"),
            Map.entry("PutPublicAccessBlock", "PutBucketPublicAccessBlock"),
            Map.entry("DeletePublicAccessBlock", "PutBucketPublicAccessBlock"),
            Map.entry("GetObjectLockConfiguration", "GetBucketObjectLockConfiguration"),
            Map.entry("PutObjectLockConfiguration", "PutBucketObjectLockConfiguration"),
            Map.entry("CreateBucketMetadataConfiguration", "CreateBucketMetadataTableConfiguration"),
            Map.entry("GetBucketMetadataConfiguration", "GetBucketMetadataTableConfiguration"),
            Map.entry("DeleteBucketMetadataConfiguration", "DeleteBucketMetadataTableConfiguration"));

    /** Actions on a version of an object, where the request names one. */
    private static final Map<String, String> VERSIONED = Map.of(
            "GetObject", "GetObjectVersion",
            "DeleteObject", "DeleteObjectVersion",
            "GetObjectAcl", "GetObjectVersionAcl",
            "PutObjectAcl", "PutObjectVersionAcl",
            "GetObjectTagging", "GetObjectVersionTagging",
            "PutObjectTagging", "PutObjectVersionTagging",
            "DeleteObjectTagging", "DeleteObjectVersionTagging",
            "GetObjectAttributes", "GetObjectVersionAttributes");

    private static final Map<String, String> LOCKING =
            Map.of("PutObjectRetention", "objectlockmode", "PutObjectLegalHold", "objectlocklegalholdstatus");
    private static final Map<String, String> BYPASSING =
            Map.of("BypassGovernanceRetention", "bypassgovernanceretention");

    /** Actions that an operation needs besides, by the member that asks for them. */
    private static final Map<String, Map<String, String>> MORE = Map.of(
            "CreateBucket",
            Map.of(
                    "PutBucketObjectLockConfiguration", "objectlockenabledforbucket",
                    "PutBucketVersioning", "objectlockenabledforbucket"),
            "PutObject",
            LOCKING,
            "CopyObject",
            LOCKING,
            "CreateMultipartUpload",
            LOCKING,
            "DeleteObject",
            BYPASSING,
            "DeleteObjects",
            BYPASSING,
            "PutObjectRetention",
            BYPASSING);

    /** Members of requests by the condition key that they are. */
    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("s3:prefix", "prefix"),
            Map.entry("s3:delimiter", "delimiter"),
            Map.entry("s3:max-keys", "maxkeys"),
            Map.entry("s3:VersionId", "versionid"),
            Map.entry("s3:x-amz-acl", "acl"),
            Map.entry("s3:x-amz-copy-source", "copysource"),
            Map.entry("s3:x-amz-metadata-directive", "metadatadirective"),
            Map.entry("s3:x-amz-grant-full-control", "grantfullcontrol"),
            Map.entry("s3:x-amz-grant-read", "grantread"),
            Map.entry("s3:x-amz-grant-read-acp", "grantreadacp"),
            Map.entry("s3:x-amz-grant-write", "grantwrite"),
            Map.entry("s3:x-amz-grant-write-acp", "grantwriteacp"),
            Map.entry("s3:x-amz-storage-class", "storageclass"),
            Map.entry("s3:x-amz-website-redirect-location", "websiteredirectlocation"),
            Map.entry("s3:x-amz-object-ownership", "objectownership"),
            Map.entry("s3:object-lock-mode", "objectlockmode"),
            Map.entry("s3:object-lock-legal-hold", "objectlocklegalholdstatus"),
            Map.entry("s3:object-lock-retain-until-date", "objectlockretainuntildate"),
            Map.entry(SSE, "serversideencryption"),
            Map.entry(SSE + "-aws-kms-key-id", "ssekmskeyid"),
            Map.entry(SSE + "-customer-algorithm", "ssecustomeralgorithm"));

    @Override
    public List<String> actions(String operation) {
        String action = ACTIONS.getOrDefault(operation, operation);
        List<String> actions = new ArrayList<>(List.of(action));
        Optional.ofNullable(VERSIONED.get(action)).ifPresent(actions::add);
        actions.addAll(MORE.getOrDefault(operation, Map.of()).keySet());
        return actions;
    }

    @Override
    public List<String> actions(Asked asked) {
        List<String> actions = new ArrayList<>(chosen(asked));
        MORE.getOrDefault(asked.operation(), Map.of()).forEach((more, member) -> {
            if (asked.text(member).filter(value -> !value.equals("false")).isPresent()) {
                actions.add(more);
            }
        });
        return actions;
    }

    private static List<String> chosen(Asked asked) {
        String action = ACTIONS.getOrDefault(asked.operation(), asked.operation());
        String versioned = VERSIONED.get(action);
        if (asked.operation().equals("DeleteObjects") && versioned != null) {
            return asked.members().nestedTexts("deleteobjectsversionid").isEmpty()
                            && asked.members().at("Delete.Objects.VersionId").isEmpty()
                    ? List.of(action)
                    : List.of(action, versioned);
        }
        return versioned != null && asked.has("versionid") ? List.of(versioned) : List.of(action);
    }

    @Override
    public boolean declares(String action) {
        return switch (action) {
            case "CreateSession", "WriteGetObjectResponse" -> true;
            default -> false;
        };
    }

    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        if (!type.name().equals("bucket") && !type.name().equals("object")) {
            return Optional.of(List.of());
        }
        String bucket = target(asked, "bucket");
        if (bucket.isEmpty()) {
            return Optional.of(List.of());
        }
        if (type.name().equals("bucket")) {
            return Optional.of(List.of(arn(bucket, asked)));
        }
        if (asked.operation().equals("DeleteObjects")) {
            return Optional.of(asked.members().at("Delete.Objects.Key").stream()
                    .distinct()
                    .map(key -> arn(bucket + "/" + key, asked))
                    .toList());
        }
        String key = target(asked, "key");
        return Optional.of(List.of(arn(bucket + "/" + (key.isEmpty() ? "*" : key), asked)));
    }

    /** A copy has a destination where other requests have just a bucket and a key. */
    private static String target(Asked asked, String member) {
        return asked.text("destination" + member).or(() -> asked.text(member)).orElse("");
    }

    private static String arn(String resource, Asked asked) {
        return Arn.isArn(resource) ? resource : new Arn(asked.scope().partition(), "s3", "", "", resource).toString();
    }

    @Override
    public Map<String, List<String>> conditions(Asked asked) {
        Map<String, List<String>> conditions = new LinkedHashMap<>();
        KEYS.forEach((key, member) -> {
            List<String> values = asked.members().texts(member);
            if (!values.isEmpty()) {
                conditions.put(key, values);
            }
        });
        asked.text("tagging").ifPresent(tagging -> {
            List<String> keys = new ArrayList<>();
            for (String pair : tagging.split("&")) {
                int equals = pair.indexOf('=');
                String key = decode(equals < 0 ? pair : pair.substring(0, equals));
                if (!key.isEmpty()) {
                    keys.add(key);
                    conditions.put(
                            "s3:RequestObjectTag/" + key,
                            List.of(equals < 0 ? "" : decode(pair.substring(equals + 1))));
                }
            }
            conditions.put("s3:RequestObjectTagKeys", keys);
        });
        if (asked.operation().endsWith("ObjectTagging")) {
            List<String> keys = asked.members().at("Tagging.TagSet.Key");
            List<String> values = asked.members().at("Tagging.TagSet.Value");
            for (int i = 0; i < keys.size() && i < values.size(); i++) {
                conditions.put("s3:RequestObjectTag/" + keys.get(i), List.of(values.get(i)));
            }
            if (!keys.isEmpty()) {
                conditions.put("s3:RequestObjectTagKeys", keys);
            }
        }
        return conditions;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            // The service refuses it; for the decision it is what it says.
            return text;
        }
    }

    /** A copy reads its source. */
    @Override
    public List<Requirement> more(Asked asked) {
        Optional<CopySource> source = asked.text("sourcebucket")
                .map(bucket -> new CopySource(
                        bucket,
                        asked.text("sourcekey").orElse(""),
                        asked.text("sourceversionid").filter(id -> !id.isEmpty())))
                .or(() -> asked.text("copysource").flatMap(CopySource::parse));
        List<Requirement> more = new ArrayList<>();
        source.ifPresent(from -> more.add(new Requirement(
                from.versionId().isPresent() ? "s3:GetObjectVersion" : "s3:GetObject",
                List.of(arn(from.bucket() + "/" + from.key(), asked)),
                from.versionId().map(id -> Map.of("s3:VersionId", List.of(id))).orElse(Map.of()))));
        String target =
                asked.text("bucket").orElse("") + "/" + asked.text("key").orElse("");
        if (asked.has("tagging") && !asked.operation().endsWith("Tagging")) {
            more.add(new Requirement("s3:PutObjectTagging", List.of(arn(target, asked)), conditions(asked)));
        }
        return more;
    }
}
