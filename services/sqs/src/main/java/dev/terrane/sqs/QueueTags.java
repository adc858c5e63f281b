package dev.terrane.sqs;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.ListQueueTagsRequest;
import software.amazon.awssdk.services.sqs.model.ListQueueTagsResponse;
import software.amazon.awssdk.services.sqs.model.TagQueueRequest;
import software.amazon.awssdk.services.sqs.model.TagQueueResponse;
import software.amazon.awssdk.services.sqs.model.UntagQueueRequest;
import software.amazon.awssdk.services.sqs.model.UntagQueueResponse;

/** Tags of queues. */
final class QueueTags {
    private static final int MOST = 50;
    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;

    private final SqsTables tables;
    private final Queues queues;

    QueueTags(SqsTables tables, Queues queues) {
        this.tables = tables;
        this.queues = queues;
    }

    static Map<String, String> added(Map<String, String> present, Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(present);
        more.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > LONGEST_KEY || value.length() > LONGEST_VALUE) {
                throw Errors.parameter(
                        "Tag keys must be between 1 and 128 characters in length, and values up to 256.");
            }
            if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw Errors.parameter("Tag keys must not begin with aws:.");
            }
            all.put(key, value);
        });
        if (all.size() > MOST) {
            throw Errors.parameter("Too many tags added for queue.");
        }
        return all;
    }

    TagQueueResponse tag(TagQueueRequest request) {
        QueueRecord queue = queues.forChange(request.queueUrl());
        tables.put(queue.withTags(added(queue.tags(), request.tags())));
        return TagQueueResponse.builder().build();
    }

    UntagQueueResponse untag(UntagQueueRequest request) {
        QueueRecord queue = queues.forChange(request.queueUrl());
        Map<String, String> left = new LinkedHashMap<>(queue.tags());
        request.tagKeys().forEach(left::remove);
        tables.put(queue.withTags(left));
        return UntagQueueResponse.builder().build();
    }

    ListQueueTagsResponse list(ListQueueTagsRequest request) {
        return ListQueueTagsResponse.builder()
                .tags(queues.of(request.queueUrl()).tags())
                .build();
    }
}
