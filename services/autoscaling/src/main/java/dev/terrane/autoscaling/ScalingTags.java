package dev.terrane.autoscaling;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.SystemTags;
import dev.terrane.kernel.page.PageTokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import software.amazon.awssdk.services.autoscaling.model.*;

/** Tags of groups, and which of them their new instances get ("Tag Auto Scaling groups and instances"). */
final class ScalingTags {
    private static final int MOST = 50;
    private static final String TYPE = "auto-scaling-group";

    private final ScalingTables tables;
    private final Groups groups;
    private final PageTokens pages;

    ScalingTags(ScalingTables tables, Groups groups, PageTokens pages) {
        this.tables = tables;
        this.groups = groups;
        this.pages = pages;
    }

    /** The tags of a new group. */
    static List<TagDescription> described(String group, List<Tag> tags) {
        return merged(group, List.of(), tags);
    }

    private static List<TagDescription> merged(String group, List<TagDescription> before, List<Tag> set) {
        refuse(set);
        Map<String, TagDescription> all = new LinkedHashMap<>();
        before.forEach(tag -> all.put(tag.key(), tag));
        for (Tag tag : set) {
            if (tag.key().length() > 128 || (tag.value() != null && tag.value().length() > 256)) {
                throw Refusals.of("A tag key has at most 128 characters and its value at most 256: " + tag.key());
            }
            all.put(
                    tag.key(),
                    description(
                            group,
                            tag.key(),
                            tag.value() == null ? "" : tag.value(),
                            Boolean.TRUE.equals(tag.propagateAtLaunch())));
        }
        if (all.keySet().stream().filter(key -> !SystemTags.is(key)).count() > MOST) {
            throw LimitExceededException.builder()
                    .message("A group has at most " + MOST + " tags.")
                    .build();
        }
        // The instances of a stack's group tell of the stack, too.
        Call.current().systemTags().forEach((key, value) -> all.put(key, description(group, key, value, true)));
        return List.copyOf(all.values());
    }

    private static TagDescription description(String group, String key, String value, boolean propagated) {
        return TagDescription.builder()
                .resourceId(group)
                .resourceType(TYPE)
                .key(key)
                .value(value)
                .propagateAtLaunch(propagated)
                .build();
    }

    private static void refuse(List<Tag> tags) {
        SystemTags.refuse(
                tags.stream().map(Tag::key).toList(),
                key -> Refusals.of("Tag keys starting with 'aws:' are reserved: " + key));
    }

    CreateOrUpdateTagsResponse createOrUpdate(CreateOrUpdateTagsRequest request) {
        for (Tag tag : request.tags()) {
            GroupRecord group = groups.require(name(tag));
            groups.change(
                    group.with(g -> g.tags(merged(group.name(), group.group().tags(), List.of(tag)))));
        }
        return CreateOrUpdateTagsResponse.builder().build();
    }

    DeleteTagsResponse delete(DeleteTagsRequest request) {
        refuse(request.tags());
        for (Tag tag : request.tags()) {
            GroupRecord group = groups.require(name(tag));
            groups.change(group.with(g -> g.tags(group.group().tags().stream()
                    .filter(known -> !known.key().equals(tag.key())
                            || (tag.value() != null && !tag.value().equals(known.value())))
                    .toList())));
        }
        return DeleteTagsResponse.builder().build();
    }

    private static String name(Tag tag) {
        if (tag.resourceId() == null
                || (tag.resourceType() != null && !tag.resourceType().equals(TYPE))) {
            throw Refusals.of("A tag names its group by ResourceId, with the ResourceType auto-scaling-group.");
        }
        return tag.resourceId();
    }

    DescribeTagsResponse describe(DescribeTagsRequest request) {
        Predicate<TagDescription> wanted = tag -> request.filters().stream().allMatch(filter -> passes(tag, filter));
        Paged<TagDescription> page = Paged.of(
                pages,
                "DescribeTags" + request.filters(),
                tables.groups(Call.current().scope()).stream()
                        .flatMap(group -> group.group().tags().stream())
                        .filter(wanted)
                        .toList(),
                tag -> tag.resourceId() + '\0' + tag.key(),
                request.maxRecords(),
                request.nextToken());
        return DescribeTagsResponse.builder()
                .tags(page.items())
                .nextToken(page.next())
                .build();
    }

    private static boolean passes(TagDescription tag, Filter filter) {
        return switch (filter.name()) {
            case "auto-scaling-group" -> filter.values().contains(tag.resourceId());
            case "key" -> filter.values().contains(tag.key());
            case "value" -> filter.values().contains(tag.value());
            case "propagate-at-launch" -> filter.values().contains(String.valueOf(tag.propagateAtLaunch()));
            case null, default -> throw Refusals.of("Filter type " + filter.name() + " is not correct.");
        };
    }
}
