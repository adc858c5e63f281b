package dev.terrane.ecr;

import dev.terrane.ecr.EcrTables.Placed;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.call.SystemTags;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.ecr.model.*;

/** Tags of repositories. */
final class RepositoryTags {
    private static final int MOST = 50;
    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;
    private static final String REPOSITORY = "repository/";

    private final EcrTables tables;

    RepositoryTags(EcrTables tables) {
        this.tables = tables;
    }

    /** The tags of a request, checked. */
    static Map<String, String> of(List<Tag> tags) {
        refuse(tags.stream().map(Tag::key).toList());
        Map<String, String> map = new HashMap<>();
        for (Tag tag : tags) {
            String key = tag.key();
            if (key.isEmpty() || key.length() > LONGEST_KEY) {
                throw invalid("A tag key has between 1 and " + LONGEST_KEY + " characters.");
            }
            if (tag.value().length() > LONGEST_VALUE) {
                throw invalid("A tag value has at most " + LONGEST_VALUE + " characters.");
            }
            if (map.put(key, tag.value()) != null) {
                throw invalid("The tag key " + key + " is given more than once.");
            }
        }
        return limited(SystemTags.with(map));
    }

    private static void refuse(Collection<String> keys) {
        SystemTags.refuse(keys, key -> invalid("Tag keys cannot begin with aws:, which is reserved."));
    }

    private static RuntimeException invalid(String message) {
        return InvalidTagParameterException.builder().message(message).build();
    }

    private static Map<String, String> limited(Map<String, String> tags) {
        if (SystemTags.counted(tags) > MOST) {
            throw TooManyTagsException.builder()
                    .message("The maximum number of tags that can be applied to a repository is " + MOST + ".")
                    .build();
        }
        return tags;
    }

    private Placed require(String resourceArn) {
        Arn arn = Arn.find(resourceArn)
                .filter(found -> found.service().equals("ecr")
                        && found.resource().startsWith(REPOSITORY)
                        && found.region().equals(Call.current().region()))
                .orElseThrow(() -> Refusals.parameter("resourceArn", "Invalid ARN"));
        return tables.require(
                new Scope(arn.account(), arn.region()), arn.resource().substring(REPOSITORY.length()));
    }

    TagResourceResponse tag(TagResourceRequest request) {
        Placed found = require(request.resourceArn());
        Map<String, String> tags = new HashMap<>(found.repository().tags());
        tags.putAll(of(request.tags()));
        tables.put(found.scope(), found.repository().withTags(limited(tags)));
        return TagResourceResponse.builder().build();
    }

    UntagResourceResponse untag(UntagResourceRequest request) {
        refuse(request.tagKeys());
        Placed found = require(request.resourceArn());
        Map<String, String> tags = new HashMap<>(found.repository().tags());
        tags.keySet().removeAll(request.tagKeys());
        tables.put(found.scope(), found.repository().withTags(tags));
        return UntagResourceResponse.builder().build();
    }

    ListTagsForResourceResponse list(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder()
                .tags(new TreeMap<>(require(request.resourceArn()).repository().tags())
                        .entrySet().stream()
                                .map(tag -> Tag.builder()
                                        .key(tag.getKey())
                                        .value(tag.getValue())
                                        .build())
                                .toList())
                .build();
    }
}
