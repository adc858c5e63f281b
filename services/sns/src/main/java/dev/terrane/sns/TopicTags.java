package dev.terrane.sns;

import dev.terrane.kernel.call.SystemTags;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sns.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.sns.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.sns.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sns.model.TagLimitExceededException;
import software.amazon.awssdk.services.sns.model.TagResourceRequest;
import software.amazon.awssdk.services.sns.model.TagResourceResponse;
import software.amazon.awssdk.services.sns.model.UntagResourceRequest;
import software.amazon.awssdk.services.sns.model.UntagResourceResponse;

/** Tags of topics. */
final class TopicTags {
    private static final int MOST = 50;

    private final SnsTables tables;
    private final Topics topics;

    TopicTags(SnsTables tables, Topics topics) {
        this.tables = tables;
        this.topics = topics;
    }

    static Map<String, String> added(Map<String, String> present, List<Tag> more) {
        Map<String, String> all = new LinkedHashMap<>(present);
        refuse(more.stream().map(Tag::key).toList());
        more.forEach(tag -> all.put(tag.key(), tag.value()));
        if (SystemTags.counted(all) > MOST) {
            throw TagLimitExceededException.builder()
                    .message("Could not complete request: tag quota of per resource exceeded")
                    .build();
        }
        return SystemTags.with(all);
    }

    private static void refuse(Collection<String> keys) {
        SystemTags.refuse(
                keys,
                key -> Errors.invalid("Tags Reason: aws: prefixed tag key names are not allowed for external use."));
    }

    private TopicRecord tagged(String arn) {
        return topics.find(arn)
                .flatMap(topic -> tables.topic(topic.scope(), topic.name()))
                .orElseThrow(() -> ResourceNotFoundException.builder()
                        .message("Resource does not exist")
                        .build());
    }

    TagResourceResponse tag(TagResourceRequest request) {
        TopicRecord topic = tagged(request.resourceArn());
        tables.put(topic.withTags(added(topic.tags(), request.tags())));
        return TagResourceResponse.builder().build();
    }

    UntagResourceResponse untag(UntagResourceRequest request) {
        refuse(request.tagKeys());
        TopicRecord topic = tagged(request.resourceArn());
        Map<String, String> left = new LinkedHashMap<>(topic.tags());
        request.tagKeys().forEach(left::remove);
        tables.put(topic.withTags(left));
        return UntagResourceResponse.builder().build();
    }

    ListTagsForResourceResponse list(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder()
                .tags(tagged(request.resourceArn()).tags().entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList())
                .build();
    }
}
