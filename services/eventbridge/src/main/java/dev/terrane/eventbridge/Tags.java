package dev.terrane.eventbridge;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.call.SystemTags;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.eventbridge.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.eventbridge.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.eventbridge.model.Tag;
import software.amazon.awssdk.services.eventbridge.model.TagResourceRequest;
import software.amazon.awssdk.services.eventbridge.model.TagResourceResponse;
import software.amazon.awssdk.services.eventbridge.model.UntagResourceRequest;
import software.amazon.awssdk.services.eventbridge.model.UntagResourceResponse;

/** Tags of buses and rules. */
final class Tags {
    private static final int MOST = 50;

    private final EventBridgeTables tables;
    private final Buses buses;

    Tags(EventBridgeTables tables, Buses buses) {
        this.tables = tables;
        this.buses = buses;
    }

    /** Tags with more of them, where that is allowed. */
    static Map<String, String> added(Map<String, String> present, List<Tag> more) {
        Map<String, String> all = new TreeMap<>(present);
        refuse(more.stream().map(Tag::key).toList());
        more.forEach(tag -> all.put(tag.key(), tag.value()));
        if (SystemTags.counted(all) > MOST) {
            throw Errors.invalid("The number of tags exceeds the limit of " + MOST + " tags per resource.");
        }
        return new LinkedHashMap<>(SystemTags.with(all));
    }

    private static void refuse(Collection<String> keys) {
        SystemTags.refuse(keys, key -> Errors.invalid("aws: prefixed tag key names are not allowed for external use."));
    }

    TagResourceResponse tag(TagResourceRequest request) {
        Tagged resource = resource(request.resourceARN());
        resource.write(added(resource.tags(), request.tags()));
        return TagResourceResponse.builder().build();
    }

    UntagResourceResponse untag(UntagResourceRequest request) {
        refuse(request.tagKeys());
        Tagged resource = resource(request.resourceARN());
        Map<String, String> left = new LinkedHashMap<>(resource.tags());
        request.tagKeys().forEach(left::remove);
        resource.write(left);
        return UntagResourceResponse.builder().build();
    }

    ListTagsForResourceResponse list(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder()
                .tags(resource(request.resourceARN()).tags().entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList())
                .build();
    }

    /** The tags of a resource for authorization; none where it is not there. */
    Map<String, String> of(Arn arn) {
        return find(arn).map(Tagged::tags).orElse(Map.of());
    }

    private interface Tagged {
        Map<String, String> tags();

        void write(Map<String, String> tags);
    }

    private Tagged resource(String text) {
        return Arn.find(text)
                .filter(arn -> new Scope(arn.account(), arn.region())
                        .equals(Call.current().scope()))
                .flatMap(this::find)
                .orElseThrow(() -> Errors.notFound("Resource " + text + " does not exist."));
    }

    private Optional<Tagged> find(Arn arn) {
        Scope scope = new Scope(arn.account(), arn.region());
        String[] parts = arn.resource().split("/");
        return switch (parts[0]) {
            case "event-bus" ->
                parts.length == 2 ? buses.find(scope, parts[1]).map(bus -> tagged(scope, bus)) : Optional.empty();
            case "rule" ->
                switch (parts.length) {
                    case 2 -> tables.rule(scope, BusRecord.DEFAULT, parts[1]).map(rule -> tagged(scope, rule));
                    case 3 -> tables.rule(scope, parts[1], parts[2]).map(rule -> tagged(scope, rule));
                    default -> Optional.empty();
                };
            default -> Optional.empty();
        };
    }

    private Tagged tagged(Scope scope, BusRecord bus) {
        return new Tagged() {
            @Override
            public Map<String, String> tags() {
                return bus.tags();
            }

            @Override
            public void write(Map<String, String> tags) {
                tables.put(scope, bus.withTags(tags));
            }
        };
    }

    private Tagged tagged(Scope scope, RuleRecord rule) {
        return new Tagged() {
            @Override
            public Map<String, String> tags() {
                return rule.tags();
            }

            @Override
            public void write(Map<String, String> tags) {
                tables.put(scope, rule.withTags(tags));
            }
        };
    }
}
