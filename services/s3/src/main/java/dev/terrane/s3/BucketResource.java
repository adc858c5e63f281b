package dev.terrane.s3;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.*;
import software.amazon.awssdk.services.s3.model.CORSRule;

/**
 * A bucket with its settings. A setting that a template leaves out is what a new bucket has: public access is blocked, owners are enforced, SSE-S3 encrypts;
 * a bucket whose versions were kept keeps them no longer. A bucket that is not empty is not deleted.
 */
final class BucketResource implements ResourceType {
    private static final String US_EAST_1 = "us-east-1";

    @Override
    public String name() {
        return "AWS::S3::Bucket";
    }

    @Override
    public Set<String> supported() {
        return Set.of(
                "AccessControl",
                "BucketEncryption",
                "BucketName",
                "CorsConfiguration",
                "LifecycleConfiguration",
                "NotificationConfiguration",
                "ObjectLockConfiguration",
                "ObjectLockEnabled",
                "OwnershipControls",
                "PublicAccessBlockConfiguration",
                "Tags",
                "VersioningConfiguration",
                "WebsiteConfiguration");
    }

    @Override
    public Set<String> lacking() {
        return Set.of(
                "BucketEncryption/ServerSideEncryptionConfiguration/BlockedEncryptionTypes",
                "LifecycleConfiguration/Rules/NoncurrentVersionTransition",
                "LifecycleConfiguration/Rules/NoncurrentVersionTransitions",
                "LifecycleConfiguration/Rules/Transition",
                "LifecycleConfiguration/Rules/Transitions",
                "NotificationConfiguration/LambdaConfigurations");
    }

    @Override
    public String create(ResourceWork work) {
        String name =
                work.desired().text("BucketName").orElseGet(() -> work.name(63).toLowerCase(Locale.ROOT));
        String region = work.scope().region();
        // To create one's own bucket again is no error in us-east-1.
        work.mustBeNew(this, name);
        work.client(S3Client.class).createBucket(request -> {
            request.bucket(name)
                    .acl(acl(work.desired()))
                    .objectLockEnabledForBucket(
                            work.desired().flag("ObjectLockEnabled").orElse(null));
            if (!region.equals(US_EAST_1)) {
                request.createBucketConfiguration(c -> c.locationConstraint(region));
            }
        });
        work.made(name);
        set(work, name, Properties.NONE, Map.of());
        return name;
    }

    /** {@code BucketOwnerFullControl} is {@code bucket-owner-full-control} in the API. */
    private static @Nullable String acl(Properties properties) {
        return properties
                .text("AccessControl")
                .map(acl -> acl.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT))
                .orElse(null);
    }

    @Override
    public void update(ResourceWork work, String id) {
        String acl = acl(work.desired());
        if (acl != null && !acl.equals(acl(work.previous()))) {
            work.client(S3Client.class).putBucketAcl(r -> r.bucket(id).acl(acl));
        }
        set(work, id, work.previous(), work.previousTags());
    }

    /** Sets what differs. */
    private static void set(ResourceWork work, String id, Properties previous, Map<String, String> previousTags) {
        Properties desired = work.desired();
        S3Client s3 = work.client(S3Client.class);
        changed(desired, previous, "OwnershipControls")
                .ifPresent(controls -> s3.putBucketOwnershipControls(r -> r.bucket(id)
                        .ownershipControls(
                                controls.has("Rules")
                                        ? controls.as(OwnershipControls.builder())
                                        : OwnershipControls.builder()
                                                .rules(OwnershipControlsRule.builder()
                                                        .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
                                                        .build())
                                                .build())));
        changed(desired, previous, "PublicAccessBlockConfiguration")
                .ifPresent(block -> s3.putPublicAccessBlock(r -> r.bucket(id)
                        .publicAccessBlockConfiguration(
                                desired.has("PublicAccessBlockConfiguration")
                                        ? block.as(PublicAccessBlockConfiguration.builder())
                                        : PublicAccessBlockConfiguration.builder()
                                                .blockPublicAcls(true)
                                                .blockPublicPolicy(true)
                                                .ignorePublicAcls(true)
                                                .restrictPublicBuckets(true)
                                                .build())));
        changed(desired, previous, "BucketEncryption").ifPresent(encryption -> {
            if (encryption.has("ServerSideEncryptionConfiguration")) {
                s3.putBucketEncryption(r -> r.bucket(id).serverSideEncryptionConfiguration(encryption(encryption)));
            } else {
                s3.deleteBucketEncryption(r -> r.bucket(id));
            }
        });
        // A bucket that is locked keeps its versions without being told.
        changed(desired, previous, "VersioningConfiguration")
                .filter(versioning -> versioning.has("Status")
                        || !desired.flag("ObjectLockEnabled").orElse(false))
                .ifPresent(versioning -> s3.putBucketVersioning(r -> r.bucket(id)
                        .versioningConfiguration(
                                v -> v.status(versioning.text("Status").orElse("Suspended")))));
        setLock(s3, id, desired, previous);
        changed(desired, previous, "LifecycleConfiguration").ifPresent(lifecycle -> {
            if (lifecycle.has("Rules")) {
                s3.putBucketLifecycleConfiguration(r -> r.bucket(id)
                        .transitionDefaultMinimumObjectSize(lifecycle
                                .text("TransitionDefaultMinimumObjectSize")
                                .orElse(null))
                        .lifecycleConfiguration(c -> c.rules(LifecycleProperties.rules(lifecycle))));
            } else {
                s3.deleteBucketLifecycle(r -> r.bucket(id));
            }
        });
        changed(desired, previous, "CorsConfiguration").ifPresent(cors -> {
            if (cors.has("CorsRules")) {
                s3.putBucketCors(r -> r.bucket(id).corsConfiguration(c -> c.corsRules(corsRules(cors))));
            } else {
                s3.deleteBucketCors(r -> r.bucket(id));
            }
        });
        changed(desired, previous, "WebsiteConfiguration").ifPresent(website -> {
            if (desired.has("WebsiteConfiguration")) {
                s3.putBucketWebsite(r -> r.bucket(id).websiteConfiguration(WebsiteProperties.configuration(website)));
            } else {
                s3.deleteBucketWebsite(r -> r.bucket(id));
            }
        });
        changed(desired, previous, "NotificationConfiguration")
                .ifPresent(notification -> s3.putBucketNotificationConfiguration(r ->
                        r.bucket(id).notificationConfiguration(NotificationProperties.configuration(notification))));
        setTags(s3, id, work.tags(), previousTags);
    }

    private static List<CORSRule> corsRules(Properties cors) {
        return cors.objects("CorsRules").stream()
                .map(rule -> CORSRule.builder()
                        .id(rule.text("Id").orElse(null))
                        .allowedMethods(rule.texts("AllowedMethods"))
                        .allowedOrigins(rule.texts("AllowedOrigins"))
                        .allowedHeaders(rule.texts("AllowedHeaders"))
                        .exposeHeaders(rule.texts("ExposedHeaders"))
                        .maxAgeSeconds(rule.integer("MaxAge").orElse(null))
                        .build())
                .toList();
    }

    private static Map<String, Object> cors(CORSRule rule) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("AllowedMethods", rule.allowedMethods());
        told.put("AllowedOrigins", rule.allowedOrigins());
        if (rule.id() != null) {
            told.put("Id", rule.id());
        }
        if (!rule.allowedHeaders().isEmpty()) {
            told.put("AllowedHeaders", rule.allowedHeaders());
        }
        if (!rule.exposeHeaders().isEmpty()) {
            told.put("ExposedHeaders", rule.exposeHeaders());
        }
        if (rule.maxAgeSeconds() != null) {
            told.put("MaxAge", rule.maxAgeSeconds());
        }
        return told;
    }

    private static void setLock(S3Client s3, String id, Properties desired, Properties previous) {
        boolean now = desired.flag("ObjectLockEnabled").orElse(false);
        boolean before = previous.flag("ObjectLockEnabled").orElse(false);
        if (before && !now) {
            throw S3Errors.invalidRequest("ObjectLockEnabled cannot be taken away from a bucket");
        }
        Optional<Properties> changed = changed(desired, previous, "ObjectLockConfiguration");
        if (changed.isPresent() || now != before) {
            s3.putObjectLockConfiguration(r -> r.bucket(id)
                    .objectLockConfiguration(
                            desired.object("ObjectLockConfiguration").as(ObjectLockConfiguration.builder()).toBuilder()
                                    .objectLockEnabled(ObjectLockEnabled.ENABLED)
                                    .build()));
        }
    }

    /** A property that is another one than before; empty properties where it is no longer there. */
    private static Optional<Properties> changed(Properties desired, Properties previous, String property) {
        Properties now = desired.object(property);
        return now.equals(previous.object(property)) ? Optional.empty() : Optional.of(now);
    }

    private static ServerSideEncryptionConfiguration encryption(Properties encryption) {
        List<ServerSideEncryptionRule> rules = encryption.objects("ServerSideEncryptionConfiguration").stream()
                .map(rule -> ServerSideEncryptionRule.builder()
                        .applyServerSideEncryptionByDefault(
                                rule.as("ServerSideEncryptionByDefault", ServerSideEncryptionByDefault.builder())
                                        .orElse(null))
                        .bucketKeyEnabled(rule.flag("BucketKeyEnabled").orElse(null))
                        .build())
                .toList();
        return ServerSideEncryptionConfiguration.builder().rules(rules).build();
    }

    private static void setTags(S3Client s3, String id, Map<String, String> tags, Map<String, String> previous) {
        if (tags.equals(previous)) {
            return;
        }
        if (tags.isEmpty()) {
            s3.deleteBucketTagging(r -> r.bucket(id));
        } else {
            s3.putBucketTagging(r -> r.bucket(id).tagging(t -> t.tagSet(Tags.list(tags))));
        }
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.unlessGone(
                NoSuchBucketException.class, () -> work.client(S3Client.class).deleteBucket(r -> r.bucket(id)));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        S3Client s3 = work.client(S3Client.class);
        if (S3Resources.configured(() -> s3.headBucket(r -> r.bucket(id))).isEmpty()) {
            return Optional.empty();
        }
        ResourceSchema schema = ResourceSchema.of(name()).orElseThrow();
        String region = work.scope().region();
        Properties.Builder found = Properties.builder()
                .put("BucketName", id)
                .put("Arn", Arn.s3(id))
                .put("DomainName", id + ".s3.amazonaws.com")
                .put("DualStackDomainName", id + ".s3.dualstack." + region + ".amazonaws.com")
                .put("RegionalDomainName", id + ".s3." + region + ".amazonaws.com")
                .put("WebsiteURL", "http://" + id + ".s3-website-" + region + ".amazonaws.com")
                .put("BucketEncryption", encryption(s3, id));
        S3Resources.configured(() -> s3.getBucketOwnershipControls(r -> r.bucket(id)))
                .ifPresent(o -> found.model(schema, o));
        S3Resources.configured(() -> s3.getPublicAccessBlock(r -> r.bucket(id))).ifPresent(b -> found.model(schema, b));
        String versioning = s3.getBucketVersioning(r -> r.bucket(id)).statusAsString();
        if (versioning != null) {
            found.put("VersioningConfiguration", Map.of("Status", versioning));
        }
        S3Resources.configured(() -> s3.getObjectLockConfiguration(r -> r.bucket(id)))
                .ifPresent(lock -> found.put("ObjectLockEnabled", true).model(schema, lock));
        S3Resources.configured(() -> s3.getBucketLifecycleConfiguration(r -> r.bucket(id)))
                .ifPresent(lifecycle -> found.put("LifecycleConfiguration", LifecycleProperties.of(lifecycle)));
        S3Resources.configured(() -> s3.getBucketCors(r -> r.bucket(id)).corsRules())
                .ifPresent(rules -> found.put(
                        "CorsConfiguration",
                        Map.of(
                                "CorsRules",
                                rules.stream().map(BucketResource::cors).toList())));
        S3Resources.configured(() -> s3.getBucketWebsite(r -> r.bucket(id)))
                .ifPresent(website -> found.put("WebsiteConfiguration", WebsiteProperties.of(website)));
        NotificationProperties.of(s3.getBucketNotificationConfiguration(r -> r.bucket(id)))
                .ifPresent(told -> found.put("NotificationConfiguration", told));
        Map<String, String> tags =
                S3Resources.configured(
                                () -> s3.getBucketTagging(r -> r.bucket(id)).tagSet())
                        .orElse(List.of())
                        .stream()
                        .collect(Collectors.toMap(Tag::key, Tag::value));
        return Optional.of(
                found.tags("Tags", tags).inOrderOf(work.desired(), "Tags").build());
    }

    private static Properties encryption(S3Client s3, String id) {
        List<Properties> rules =
                s3.getBucketEncryption(r -> r.bucket(id)).serverSideEncryptionConfiguration().rules().stream()
                        .map(rule -> Properties.builder()
                                .put("BucketKeyEnabled", rule.bucketKeyEnabled())
                                .put(
                                        "ServerSideEncryptionByDefault",
                                        Properties.builder()
                                                .put(
                                                        "SSEAlgorithm",
                                                        rule.applyServerSideEncryptionByDefault()
                                                                .sseAlgorithmAsString())
                                                .put(
                                                        "KMSMasterKeyID",
                                                        rule.applyServerSideEncryptionByDefault()
                                                                .kmsMasterKeyID())
                                                .build())
                                .build())
                        .toList();
        return Properties.builder()
                .put("ServerSideEncryptionConfiguration", rules)
                .build();
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work
                .client(S3Client.class)
                .listBuckets(r -> r.bucketRegion(work.scope().region()))
                .buckets()
                .stream()
                .map(Bucket::name)
                .toList();
    }
}
