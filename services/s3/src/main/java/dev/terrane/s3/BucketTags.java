package dev.terrane.s3;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.SystemTags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.s3control.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.s3control.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.s3control.model.Tag;
import software.amazon.awssdk.services.s3control.model.TagResourceRequest;
import software.amazon.awssdk.services.s3control.model.TagResourceResponse;
import software.amazon.awssdk.services.s3control.model.UntagResourceRequest;
import software.amazon.awssdk.services.s3control.model.UntagResourceResponse;

/**
 * A bucket's tags, one by one, where PutBucketTagging replaces them all.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging.html">Using tags with S3 buckets</a>
 */
final class BucketTags {
    private final BucketLookup lookup;

    BucketTags(BucketLookup lookup) {
        this.lookup = lookup;
    }

    ListTagsForResourceResponse list(ListTagsForResourceRequest request) {
        BucketRecord bucket = lookup.require(bucket(request.resourceArn()), request.accountId());
        List<Tag> tags = bucket.tags().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
        return ListTagsForResourceResponse.builder().tags(tags).build();
    }

    TagResourceResponse tag(TagResourceRequest request) {
        Map<String, String> given = new LinkedHashMap<>();
        for (Tag tag : request.tags()) {
            if (given.put(tag.key(), tag.value()) != null) {
                throw Tags.duplicate();
            }
        }
        lookup.change(bucket(request.resourceArn()), request.accountId(), bucket -> {
            Map<String, String> all = SystemTags.without(bucket.tags());
            all.putAll(given);
            Tags.checked(all, Tags.OF_BUCKET);
            all.putAll(SystemTags.of(bucket.tags()));
            return bucket.withTags(SystemTags.with(all));
        });
        return TagResourceResponse.builder().build();
    }

    UntagResourceResponse untag(UntagResourceRequest request) {
        Tags.refuseSystem(request.tagKeys(), "System tags cannot be removed by requester");
        lookup.change(bucket(request.resourceArn()), request.accountId(), bucket -> {
            Map<String, String> left = new LinkedHashMap<>(bucket.tags());
            left.keySet().removeAll(request.tagKeys());
            return bucket.withTags(left);
        });
        return UntagResourceResponse.builder().build();
    }

    /** The name of the bucket that an ARN means; an access point's, say, has a region and an account. */
    private static String bucket(String resourceArn) {
        return Arn.find(resourceArn)
                .filter(arn -> arn.type().isEmpty() && arn.equals(Arn.s3(arn.resource())))
                .map(Arn::resource)
                .orElseThrow(() -> S3Errors.notImplemented("tags of other resources than buckets: " + resourceArn));
    }
}
