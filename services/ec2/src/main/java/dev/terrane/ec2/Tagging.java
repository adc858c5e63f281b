package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.SystemTags;
import dev.terrane.kernel.page.PageTokens;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ec2.model.*;

/** Tags of all kinds of resources ("Tag your Amazon EC2 resources"). */
final class Tagging {
    private static final int MOST = 50;
    private static final int KEY_LENGTH = 127;
    private static final int VALUE_LENGTH = 255;

    private final Ec2Tables tables;
    private final PageTokens pages;
    private final Predicate<String> exists;
    private final Filters<TagDescription> filters = new Filters<TagDescription>()
            .by("key", TagDescription::key)
            .by("value", TagDescription::value)
            .by("resource-id", TagDescription::resourceId)
            .by("resource-type", TagDescription::resourceTypeAsString)
            .tagged(tag -> Map.of(tag.key(), tag.value()));

    /** @param exists whether the current account and region have a resource with an id */
    Tagging(Ec2Tables tables, PageTokens pages, Predicate<String> exists) {
        this.tables = tables;
        this.pages = pages;
        this.exists = exists;
    }

    /** The tags for a resource that is being made. */
    static Map<String, String> specified(List<TagSpecification> specifications, ResourceType type) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (TagSpecification specification : specifications) {
            if (specification.resourceType() == type) {
                tags.putAll(map(specification.tags()));
            }
        }
        check(tags, tags);
        return SystemTags.with(tags);
    }

    /** Refuses tags for resources of other types than those that an operation makes. */
    static void onlyFor(List<TagSpecification> specifications, Set<ResourceType> types) {
        for (TagSpecification specification : specifications) {
            if (specification.resourceType() == null || !types.contains(specification.resourceType())) {
                throw Refusals.value("'" + specification.resourceTypeAsString()
                        + "' is not a valid taggable resource type for this operation.");
            }
        }
    }

    private static Map<String, String> map(List<Tag> tags) {
        Map<String, String> map = new LinkedHashMap<>();
        for (Tag tag : tags) {
            if (tag.key() == null) {
                throw Refusals.missing("Tag.Key");
            }
            if (map.put(tag.key(), tag.value() == null ? "" : tag.value()) != null) {
                throw Refusals.value("Duplicate tag key '" + tag.key() + "' specified.");
            }
        }
        return map;
    }

    private static void check(Map<String, String> set, Map<String, String> all) {
        refuseSystem(set.keySet());
        set.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > KEY_LENGTH || value.length() > VALUE_LENGTH) {
                throw Refusals.value("A tag key has 1 to " + KEY_LENGTH + " characters and its value at most "
                        + VALUE_LENGTH + ": " + key);
            }
        });
        if (SystemTags.counted(all) > MOST) {
            throw Refusals.of("TagLimitExceeded", "The maximum number of tags for a resource is " + MOST);
        }
    }

    /** A service's own role, such as Auto Scaling's, tags what it makes with tags of AWS's own. */
    private static void refuseSystem(Collection<String> keys) {
        boolean service = Call.current().principal() instanceof Principal.AssumedRole role
                && role.path().startsWith("/aws-service-role/");
        if (!service) {
            SystemTags.refuse(
                    keys,
                    key -> Refusals.value(
                            "Value ( " + key
                                    + " ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use"));
        }
    }

    CreateTagsResponse create(CreateTagsRequest request) {
        Supported.wet(request.dryRun());
        Map<String, String> set = map(request.tags());
        for (String id : request.resources()) {
            requireResource(id);
            Map<String, String> all = new LinkedHashMap<>(tables.tags(id));
            all.putAll(set);
            check(set, all);
            tables.tag(id, SystemTags.with(all));
        }
        return CreateTagsResponse.builder().build();
    }

    /** A tag is deleted whatever its value when none is given, and all tags of one's own when no tag is. */
    DeleteTagsResponse delete(DeleteTagsRequest request) {
        Supported.wet(request.dryRun());
        refuseSystem(request.tags().stream()
                .map(tag -> tag.key() == null ? "" : tag.key())
                .toList());
        for (String id : request.resources()) {
            requireResource(id);
            Map<String, String> all = new LinkedHashMap<>(tables.tags(id));
            if (request.tags().isEmpty()) {
                all.keySet().removeIf(key -> !SystemTags.is(key));
            }
            for (Tag tag : request.tags()) {
                if (tag.value() == null || tag.value().equals(all.get(tag.key()))) {
                    all.remove(tag.key());
                }
            }
            tables.tag(id, all);
        }
        return DeleteTagsResponse.builder().build();
    }

    private void requireResource(String id) {
        if (!exists.test(id)) {
            throw id.startsWith("i-")
                    ? Refusals.noInstance(id)
                    : Refusals.of("InvalidID", "The ID '" + id + "' is not valid or does not exist");
        }
    }

    DescribeTagsResponse describe(DescribeTagsRequest request) {
        Supported.wet(request.dryRun());
        List<TagDescription> all = new ArrayList<>();
        for (TagsRecord record : tables.allTags()) {
            record.tags()
                    .forEach((key, value) -> all.add(TagDescription.builder()
                            .resourceId(record.resourceId())
                            .resourceType(record.resourceType())
                            .key(key)
                            .value(value)
                            .build()));
        }
        Predicate<TagDescription> wanted = filters.of(request.filters());
        Paged<TagDescription> page = Paged.of(
                pages,
                PageLimits.INSTANCES,
                "DescribeTags" + request.filters(),
                all.stream().filter(wanted).toList(),
                tag -> tag.key() + '\0' + tag.resourceId(),
                request.maxResults(),
                request.nextToken());
        return DescribeTagsResponse.builder()
                .tags(page.items())
                .nextToken(page.next())
                .build();
    }
}
