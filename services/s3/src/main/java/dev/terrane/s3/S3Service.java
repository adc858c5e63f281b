package dev.terrane.s3;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.Requirement;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.CrossOrigin;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.kernel.service.Website;
import dev.terrane.kernel.workflow.Workflow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Amazon S3. */
public final class S3Service implements Service, CrossOrigin, Website.Source {
    private static final Duration SWEEP = Duration.ofHours(1);

    /** Where AWS lets a policy ask for the tags that an object has ("Actions, resources, and condition keys for Amazon S3"). */
    private static final Set<String> OF_EXISTING_OBJECTS = Set.of(
            "s3:GetObject",
            "s3:GetObjectAcl",
            "s3:GetObjectTagging",
            "s3:GetObjectVersion",
            "s3:GetObjectVersionAcl",
            "s3:GetObjectVersionTagging",
            "s3:PutObjectAcl",
            "s3:PutObjectTagging",
            "s3:PutObjectVersionAcl",
            "s3:PutObjectVersionTagging",
            "s3:DeleteObjectTagging",
            "s3:DeleteObjectVersionTagging");

    private final S3Parts parts;
    private final S3 api;
    private final Threads threads;

    public S3Service(Platform platform) {
        parts = S3Parts.of(platform);
        api = new S3(parts);
        threads = platform.threads();
    }

    @Override
    public String name() {
        return "s3";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return S3Client.class;
    }

    @Override
    public S3Client implementation() {
        return api;
    }

    @Override
    public Optional<String> resourcePolicy(String resourceArn) {
        return bucketOf(resourceArn).flatMap(parts.policies()::effective);
    }

    /** A bucket's tags; the tags of an object are a matter of condition keys of their own. */
    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return resourceArn.indexOf('/') >= 0
                ? Map.of()
                : bucketOf(resourceArn)
                        .flatMap(parts.tables()::bucket)
                        .map(BucketRecord::tags)
                        .orElse(Map.of());
    }

    @Override
    public Map<String, List<String>> conditionKeys(String resourceArn, Requirement asked) {
        return bucketOf(resourceArn)
                .flatMap(parts.tables()::bucket)
                .map(bucket -> conditionKeys(bucket, resourceArn, asked))
                .orElse(Map.of());
    }

    private Map<String, List<String>> conditionKeys(BucketRecord bucket, String resourceArn, Requirement asked) {
        Map<String, List<String>> keys = new HashMap<>();
        keys.put("s3:ResourceAccount", List.of(bucket.account()));
        int slash = resourceArn.indexOf('/');
        if (slash >= 0 && OF_EXISTING_OBJECTS.contains(asked.action())) {
            Optional<String> version = asked.conditions().getOrDefault("s3:VersionId", List.of()).stream()
                    .findFirst();
            parts.tagging()
                    .of(bucket, resourceArn.substring(slash + 1), version)
                    .forEach((key, value) -> keys.put("s3:ExistingObjectTag/" + key, List.of(value)));
        }
        return keys;
    }

    @Override
    public Optional<String> resourceOwner(String resourceArn) {
        return bucketOf(resourceArn).flatMap(parts.tables()::bucket).map(BucketRecord::account);
    }

    private static Optional<String> bucketOf(String resourceArn) {
        return Arn.find(resourceArn).map(arn -> {
            int slash = arn.resource().indexOf('/');
            return slash < 0 ? arn.resource() : arn.resource().substring(0, slash);
        });
    }

    @Override
    public Answer crossOrigin(String bucket, String origin, String method, List<String> headers) {
        return parts.crossOrigins().ask(bucket, origin, method, headers);
    }

    @Override
    public Optional<Website> website(String bucket) {
        return parts.websites().find(bucket);
    }

    @Override
    public boolean hasBucket(String bucket) {
        return parts.tables().bucket(bucket).isPresent();
    }

    @Override
    public List<Workflow<?>> workflows() {
        return List.of(parts.sender());
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return S3Resources.ALL;
    }

    @Override
    public void start() {
        parts.buckets().recover();
        parts.tables().deleteOrphanParts(part -> parts.garbage().note(part.blob()));
        parts.garbage().sweep(true);
        threads.every("s3-garbage", SWEEP, () -> parts.garbage().sweep(false));
        threads.every("s3-lifecycle", SWEEP, parts.lifecycle()::daily);
    }
}
