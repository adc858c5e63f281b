package dev.terrane.cloudwatchlogs;

import static dev.terrane.cloudwatchlogs.LogErrors.invalid;
import static dev.terrane.cloudwatchlogs.LogErrors.notFound;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.call.SystemTags;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.cloudwatchlogs.model.*;

/** Tags of log groups, by the present operations and by the older ones that name a group. */
final class LogTags {
    private static final int MOST = 50;

    private final LogTables tables;
    private final LogGroups groups;

    LogTags(LogTables tables, LogGroups groups) {
        this.tables = tables;
        this.groups = groups;
    }

    /** Refuses tags that a user can neither set nor remove. */
    static void check(Collection<String> keys) {
        SystemTags.refuse(keys, key -> invalid("The tag key " + key + " begins with aws:, which is reserved."));
    }

    TagResourceResponse tag(TagResourceRequest request) {
        add(named(request.resourceArn()), request.tags());
        return TagResourceResponse.builder().build();
    }

    UntagResourceResponse untag(UntagResourceRequest request) {
        remove(named(request.resourceArn()), request.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    ListTagsForResourceResponse list(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder()
                .tags(named(request.resourceArn()).tags())
                .build();
    }

    TagLogGroupResponse tag(TagLogGroupRequest request) {
        add(groups.require(Call.current().scope(), request.logGroupName()), request.tags());
        return TagLogGroupResponse.builder().build();
    }

    UntagLogGroupResponse untag(UntagLogGroupRequest request) {
        remove(groups.require(Call.current().scope(), request.logGroupName()), request.tags());
        return UntagLogGroupResponse.builder().build();
    }

    ListTagsLogGroupResponse list(ListTagsLogGroupRequest request) {
        return ListTagsLogGroupResponse.builder()
                .tags(groups.require(Call.current().scope(), request.logGroupName())
                        .tags())
                .build();
    }

    private GroupRecord named(String resourceArn) {
        Scope scope = Call.current().scope();
        String name = Arn.find(resourceArn)
                .flatMap(arn -> LogGroups.named(arn, scope))
                .orElseThrow(() -> notFound("resource"));
        return groups.require(scope, name);
    }

    private void add(GroupRecord group, Map<String, String> more) {
        check(more.keySet());
        Map<String, String> all = new HashMap<>(group.tags());
        all.putAll(more);
        if (SystemTags.counted(all) > MOST) {
            throw TooManyTagsException.builder()
                    .message("A resource can have no more than " + MOST + " tags.")
                    .resourceName(group.name())
                    .build();
        }
        tables.put(Call.current().scope(), group.withTags(SystemTags.with(all)));
    }

    private void remove(GroupRecord group, Collection<String> keys) {
        check(keys);
        Map<String, String> left = new HashMap<>(group.tags());
        left.keySet().removeAll(keys);
        tables.put(Call.current().scope(), group.withTags(left));
    }
}
