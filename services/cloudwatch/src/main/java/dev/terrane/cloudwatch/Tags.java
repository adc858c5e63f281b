package dev.terrane.cloudwatch;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.call.SystemTags;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import software.amazon.awssdk.services.cloudwatch.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.cloudwatch.model.Tag;
import software.amazon.awssdk.services.cloudwatch.model.TagResourceRequest;
import software.amazon.awssdk.services.cloudwatch.model.TagResourceResponse;
import software.amazon.awssdk.services.cloudwatch.model.UntagResourceRequest;
import software.amazon.awssdk.services.cloudwatch.model.UntagResourceResponse;

/** Tags of alarms. */
final class Tags {
    private static final int MOST = 50;
    private static final String ALARM = "alarm:";

    private final CloudWatchTables tables;

    Tags(CloudWatchTables tables) {
        this.tables = tables;
    }

    /** Tags with more of them, where that is allowed. */
    static Map<String, String> added(Map<String, String> present, List<Tag> more) {
        Map<String, String> all = new TreeMap<>(present);
        refuse(more.stream().map(Tag::key).toList());
        more.forEach(tag -> all.put(tag.key(), tag.value()));
        if (SystemTags.counted(all) > MOST) {
            throw Errors.value("The number of tags exceeds the limit of " + MOST + " tags per resource.");
        }
        return SystemTags.with(all);
    }

    private static void refuse(Collection<String> keys) {
        SystemTags.refuse(keys, key -> Errors.value("aws: prefixed tag key names are not allowed for external use."));
    }

    /** A tagged alarm, of either type. */
    private record Tagged(Map<String, String> tags, Consumer<Map<String, String>> put) {}

    TagResourceResponse tag(TagResourceRequest request) {
        Tagged alarm = alarm(request.resourceARN());
        alarm.put().accept(added(alarm.tags(), request.tags()));
        return TagResourceResponse.builder().build();
    }

    UntagResourceResponse untag(UntagResourceRequest request) {
        refuse(request.tagKeys());
        Tagged alarm = alarm(request.resourceARN());
        Map<String, String> left = new TreeMap<>(alarm.tags());
        request.tagKeys().forEach(left::remove);
        alarm.put().accept(left);
        return UntagResourceResponse.builder().build();
    }

    ListTagsForResourceResponse list(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder()
                .tags(alarm(request.resourceARN()).tags().entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList())
                .build();
    }

    private Tagged alarm(String text) {
        return Arn.find(text)
                .filter(arn -> scope(arn).equals(Call.current().scope()))
                .flatMap(this::find)
                .orElseThrow(() -> Errors.notFound("The resource " + text + " does not exist."));
    }

    private static Scope scope(Arn arn) {
        return new Scope(arn.account(), arn.region());
    }

    private Optional<Tagged> find(Arn arn) {
        if (!arn.resource().startsWith(ALARM)) {
            return Optional.empty();
        }
        Scope scope = scope(arn);
        String name = arn.resource().substring(ALARM.length());
        return tables.alarm(scope, name)
                .map(alarm -> new Tagged(alarm.tags(), tags -> tables.put(scope, alarm.withTags(tags))))
                .or(() -> tables.composite(scope, name)
                        .map(alarm -> new Tagged(alarm.tags(), tags -> tables.put(scope, alarm.withTags(tags)))));
    }

    /** The tags of a resource for authorization; none where it is not there. */
    Map<String, String> of(Arn arn) {
        return find(arn).map(Tagged::tags).orElse(Map.of());
    }
}
