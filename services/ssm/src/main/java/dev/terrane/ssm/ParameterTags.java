package dev.terrane.ssm;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.SystemTags;
import dev.terrane.kernel.error.AwsErrors;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.ssm.model.*;

/** Tags of parameters. */
final class ParameterTags {
    private static final int MOST = 50;

    private final SsmTables tables;

    ParameterTags(SsmTables tables) {
        this.tables = tables;
    }

    /** The tags of a request, checked. */
    static Map<String, String> of(List<Tag> tags) {
        refuse(tags.stream().map(Tag::key).toList());
        Map<String, String> map = new HashMap<>();
        tags.forEach(tag -> map.put(tag.key(), tag.value()));
        return limited(SystemTags.with(map));
    }

    private static void refuse(Collection<String> keys) {
        SystemTags.refuse(
                keys, key -> AwsErrors.validation("Tag keys that begin with aws: are reserved for AWS: " + key));
    }

    private static Map<String, String> limited(Map<String, String> tags) {
        if (SystemTags.counted(tags) > MOST) {
            throw TooManyTagsErrorException.builder()
                    .message("The Targets parameter includes too many tags: at most " + MOST + " are allowed.")
                    .build();
        }
        return tags;
    }

    AddTagsToResourceResponse add(AddTagsToResourceRequest request) {
        ParameterRecord parameter = require(request.resourceTypeAsString(), request.resourceId());
        Map<String, String> tags = new HashMap<>(parameter.tags());
        tags.putAll(of(request.tags()));
        tables.put(Call.current().scope(), parameter.withTags(limited(tags)));
        return AddTagsToResourceResponse.builder().build();
    }

    RemoveTagsFromResourceResponse remove(RemoveTagsFromResourceRequest request) {
        refuse(request.tagKeys());
        ParameterRecord parameter = require(request.resourceTypeAsString(), request.resourceId());
        Map<String, String> tags = new HashMap<>(parameter.tags());
        tags.keySet().removeAll(request.tagKeys());
        tables.put(Call.current().scope(), parameter.withTags(tags));
        return RemoveTagsFromResourceResponse.builder().build();
    }

    ListTagsForResourceResponse list(ListTagsForResourceRequest request) {
        ParameterRecord parameter = require(request.resourceTypeAsString(), request.resourceId());
        return ListTagsForResourceResponse.builder()
                .tagList(new TreeMap<>(parameter.tags())
                        .entrySet().stream()
                                .map(tag -> Tag.builder()
                                        .key(tag.getKey())
                                        .value(tag.getValue())
                                        .build())
                                .toList())
                .build();
    }

    /** Of the resources that Systems Manager tags, parameters are here. */
    private ParameterRecord require(String type, String id) {
        if (!type.equals("Parameter")) {
            throw InvalidResourceTypeException.builder()
                    .message("The resource type is not valid: " + type)
                    .build();
        }
        return tables.parameter(Call.current().scope(), id)
                .orElseThrow(() -> InvalidResourceIdException.builder()
                        .message("The resource ID is not valid. Verify that you entered the correct ID and try again.")
                        .build());
    }
}
