package dev.terrane.firehose;

import static dev.terrane.firehose.FirehoseErrors.exceeded;
import static dev.terrane.firehose.FirehoseErrors.invalid;

import dev.terrane.kernel.call.SystemTags;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.firehose.model.ListTagsForDeliveryStreamRequest;
import software.amazon.awssdk.services.firehose.model.ListTagsForDeliveryStreamResponse;
import software.amazon.awssdk.services.firehose.model.Tag;
import software.amazon.awssdk.services.firehose.model.TagDeliveryStreamRequest;
import software.amazon.awssdk.services.firehose.model.TagDeliveryStreamResponse;
import software.amazon.awssdk.services.firehose.model.UntagDeliveryStreamRequest;
import software.amazon.awssdk.services.firehose.model.UntagDeliveryStreamResponse;

/** Tags of streams. */
final class StreamTags {
    private static final int MOST = 50;

    private final StreamTables tables;

    StreamTags(StreamTables tables) {
        this.tables = tables;
    }

    /** The tags that a request gives. */
    static Map<String, String> of(List<Tag> given) {
        SystemTags.refuse(
                given.stream().map(Tag::key).toList(),
                key -> invalid("Tag key " + key + " is reserved: keys must not begin with aws:."));
        Map<String, String> tags = new TreeMap<>();
        for (Tag tag : given) {
            if (tags.put(tag.key(), tag.value() == null ? "" : tag.value()) != null) {
                throw invalid("Tag key " + tag.key() + " is given more than once.");
            }
        }
        return bounded(tags);
    }

    private static Map<String, String> bounded(Map<String, String> tags) {
        if (tags.size() > MOST) {
            throw exceeded("A delivery stream can have up to " + MOST + " tags.");
        }
        return tags;
    }

    TagDeliveryStreamResponse tag(TagDeliveryStreamRequest request) {
        StreamRecord stream = tables.require(request.deliveryStreamName());
        Map<String, String> tags = new TreeMap<>(stream.tags());
        tags.putAll(of(request.tags()));
        tables.put(stream.tagged(bounded(tags)));
        return TagDeliveryStreamResponse.builder().build();
    }

    UntagDeliveryStreamResponse untag(UntagDeliveryStreamRequest request) {
        StreamRecord stream = tables.require(request.deliveryStreamName());
        SystemTags.refuse(
                request.tagKeys(), key -> invalid("Tag key " + key + " is reserved: keys must not begin with aws:."));
        Map<String, String> tags = new TreeMap<>(stream.tags());
        request.tagKeys().forEach(tags::remove);
        tables.put(stream.tagged(tags));
        return UntagDeliveryStreamResponse.builder().build();
    }

    /** Tags by key, from the one after that which the request names. */
    ListTagsForDeliveryStreamResponse list(ListTagsForDeliveryStreamRequest request) {
        StreamRecord stream = tables.require(request.deliveryStreamName());
        String after = request.exclusiveStartTagKey();
        int limit = request.limit() == null ? MOST : request.limit();
        List<Tag> tags = new TreeMap<>(stream.tags())
                .entrySet().stream()
                        .filter(tag -> after == null || tag.getKey().compareTo(after) > 0)
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList();
        return ListTagsForDeliveryStreamResponse.builder()
                .tags(tags.subList(0, Math.min(limit, tags.size())))
                .hasMoreTags(tags.size() > limit)
                .build();
    }
}
