package dev.terrane.s3;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.S3Client;

/** S3's CloudFormation types. */
final class S3Resources {
    static final List<ResourceType> ALL = List.of(new BucketResource(), new BucketPolicyResource());

    private S3Resources() {}

    /** What reading gives; empty where the bucket has no such setting, or is not there. */
    static <T> Optional<T> configured(Supplier<@Nullable T> reading) {
        try {
            return Optional.ofNullable(reading.get());
        } catch (AwsServiceException e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A bucket's policy. Making one where there is one already is refused, as by AWS. */
    private static final class BucketPolicyResource implements ResourceType {
        @Override
        public String name() {
            return "AWS::S3::BucketPolicy";
        }

        @Override
        public Set<String> supported() {
            return Set.of("Bucket", "PolicyDocument");
        }

        @Override
        public String create(ResourceWork work) {
            String bucket = work.desired().required("Bucket");
            work.mustBeNew(this, bucket);
            put(work, bucket);
            work.made(bucket);
            return bucket;
        }

        private static void put(ResourceWork work, String bucket) {
            work.client(S3Client.class)
                    .putBucketPolicy(r -> r.bucket(bucket)
                            .policy(work.desired().json("PolicyDocument").orElse("")));
        }

        @Override
        public void update(ResourceWork work, String id) {
            put(work, id);
        }

        @Override
        public void delete(ResourceWork work, String id) {
            configured(() -> work.client(S3Client.class).deleteBucketPolicy(r -> r.bucket(id)));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return configured(() -> work.client(S3Client.class)
                            .getBucketPolicy(r -> r.bucket(id))
                            .policy())
                    .map(policy -> Properties.builder()
                            .put("Bucket", id)
                            .json("PolicyDocument", policy)
                            .build());
        }
    }
}
