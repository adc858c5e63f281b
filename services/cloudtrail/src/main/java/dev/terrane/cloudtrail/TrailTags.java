package dev.terrane.cloudtrail;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.SystemTags;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudtrail.model.AddTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.AddTagsResponse;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTagParameterException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTokenException;
import software.amazon.awssdk.services.cloudtrail.model.ListTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListTagsResponse;
import software.amazon.awssdk.services.cloudtrail.model.RemoveTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.RemoveTagsResponse;
import software.amazon.awssdk.services.cloudtrail.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudtrail.model.ResourceTag;
import software.amazon.awssdk.services.cloudtrail.model.Tag;
import software.amazon.awssdk.services.cloudtrail.model.TagsLimitExceededException;

/** Tags of trails, which go by their ARNs. */
final class TrailTags {
    private static final int MOST = 50;

    private final TrailTables tables;

    TrailTags(TrailTables tables) {
        this.tables = tables;
    }

    /** The tags that a request gives. */
    static Map<String, String> of(List<Tag> given) {
        refuse(given.stream().map(Tag::key).toList());
        Map<String, String> tags = new TreeMap<>();
        for (Tag tag : given) {
            if (tags.put(tag.key(), tag.value() == null ? "" : tag.value()) != null) {
                throw InvalidTagParameterException.builder()
                        .message("Tag key " + tag.key() + " is given more than once.")
                        .build();
            }
        }
        return bounded(SystemTags.with(tags));
    }

    private static void refuse(Collection<String> keys) {
        SystemTags.refuse(
                keys,
                key -> InvalidTagParameterException.builder()
                        .message("Tag key " + key + " is reserved: keys must not begin with aws:.")
                        .build());
    }

    private static Map<String, String> bounded(Map<String, String> tags) {
        if (SystemTags.counted(tags) > MOST) {
            throw TagsLimitExceededException.builder()
                    .message("The number of tags on a resource must not exceed " + MOST + ".")
                    .build();
        }
        return tags;
    }

    AddTagsResponse add(AddTagsRequest request) {
        TrailRecord trail = find(request.resourceId());
        Map<String, String> tags = new TreeMap<>(trail.tags());
        tags.putAll(of(request.tagsList()));
        tables.put(trail.tagged(bounded(tags)));
        return AddTagsResponse.builder().build();
    }

    RemoveTagsResponse remove(RemoveTagsRequest request) {
        TrailRecord trail = find(request.resourceId());
        List<String> keys = request.tagsList().stream().map(Tag::key).toList();
        refuse(keys);
        Map<String, String> tags = new TreeMap<>(trail.tags());
        keys.forEach(tags::remove);
        tables.put(trail.tagged(tags));
        return RemoveTagsResponse.builder().build();
    }

    ListTagsResponse list(ListTagsRequest request) {
        if (request.nextToken() != null) {
            throw InvalidTokenException.builder()
                    .message("The token is not valid: all tags come at once.")
                    .build();
        }
        return ListTagsResponse.builder()
                .resourceTagList(
                        request.resourceIdList().stream().map(this::tags).toList())
                .build();
    }

    private ResourceTag tags(String arn) {
        return ResourceTag.builder()
                .resourceId(arn)
                .tagsList(new TreeMap<>(find(arn).tags())
                        .entrySet().stream()
                                .map(tag -> Tag.builder()
                                        .key(tag.getKey())
                                        .value(tag.getValue())
                                        .build())
                                .toList())
                .build();
    }

    private TrailRecord find(String text) {
        Arn arn = TrailNames.arn(text);
        return Optional.of(Call.current().scope())
                .filter(here ->
                        here.account().equals(arn.account()) && here.region().equals(arn.region()))
                .flatMap(here -> tables.trail(here, arn.name()))
                .orElseThrow(() -> ResourceNotFoundException.builder()
                        .message("Resource " + text + " is not found.")
                        .build());
    }
}
