package dev.terrane.codedeploy;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.*;

/** Tags of applications and deployment groups. */
final class Tags {
    private static final int MOST = 50;

    private final CodeDeployTables tables;
    private final Paging paging;

    Tags(CodeDeployTables tables, Paging paging) {
        this.tables = tables;
        this.paging = paging;
    }

    /** Tags of a request as a map.
     *
     * @throws InvalidTagsToAddException when they are not permitted
     */
    static Map<String, String> of(List<Tag> tags) {
        Map<String, String> map = new HashMap<>();
        for (Tag tag : tags) {
            String key = tag.key();
            String value = tag.value() == null ? "" : tag.value();
            if (key == null || key.isEmpty() || key.length() > 128 || value.length() > 256) {
                throw invalid("A tag has a key of 1 to 128 characters and a value of at most 256");
            }
            if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw invalid("The tag key " + key + " begins with the reserved prefix aws:");
            }
            if (map.put(key, value) != null) {
                throw invalid("The tag key " + key + " is given twice");
            }
        }
        if (map.size() > MOST) {
            throw invalid("A resource has at most " + MOST + " tags");
        }
        return map;
    }

    private static InvalidTagsToAddException invalid(String message) {
        return InvalidTagsToAddException.builder().message(message).build();
    }

    static List<Tag> list(Map<String, String> tags) {
        return tags.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    TagResourceResponse tag(TagResourceRequest request) {
        Map<String, String> added = of(request.tags());
        change(request.resourceArn(), old -> {
            Map<String, String> all = new HashMap<>(old);
            all.putAll(added);
            return of(list(all));
        });
        return TagResourceResponse.builder().build();
    }

    UntagResourceResponse untag(UntagResourceRequest request) {
        change(request.resourceArn(), old -> {
            Map<String, String> rest = new HashMap<>(old);
            rest.keySet().removeAll(request.tagKeys());
            return rest;
        });
        return UntagResourceResponse.builder().build();
    }

    ListTagsForResourceResponse list(ListTagsForResourceRequest request) {
        Paging.Slice<Tag> slice = paging.slice(
                "tags/" + request.resourceArn(), list(change(request.resourceArn(), old -> old)), request.nextToken());
        return ListTagsForResourceResponse.builder()
                .tags(slice.values())
                .nextToken(slice.token())
                .build();
    }

    /** The tags of a resource, for authorization; none where it is not there. */
    Map<String, String> find(String resourceArn) {
        return Arn.find(resourceArn)
                .flatMap(arn -> {
                    Scope scope = new Scope(arn.account(), arn.region());
                    return application(scope, arn)
                            .map(ApplicationRecord::tags)
                            .or(() -> group(scope, arn).map(GroupRecord::tags));
                })
                .orElse(Map.of());
    }

    private Map<String, String> change(@Nullable String resourceArn, UnaryOperator<Map<String, String>> change) {
        if (resourceArn == null || resourceArn.isEmpty()) {
            throw ResourceArnRequiredException.builder()
                    .message("The ARN of a resource is required, but was not found")
                    .build();
        }
        Scope scope = Call.current().scope();
        Arn arn = Arn.find(resourceArn)
                .filter(found -> found.service().equals("codedeploy")
                        && found.region().equals(scope.region())
                        && found.account().equals(scope.account()))
                .orElseThrow(() -> InvalidArnException.builder()
                        .message("The specified ARN is not in a valid format: " + resourceArn)
                        .build());
        Optional<ApplicationRecord> application = application(scope, arn);
        if (application.isPresent()) {
            Map<String, String> tags = change.apply(application.get().tags());
            if (!tags.equals(application.get().tags())) {
                tables.put(scope, application.get().withTags(tags));
            }
            return tags;
        }
        GroupRecord group = group(scope, arn).orElseThrow(() -> missing(arn));
        Map<String, String> tags = change.apply(group.tags());
        if (!tags.equals(group.tags())) {
            tables.put(scope, group.withTags(tags));
        }
        return tags;
    }

    private static CodeDeployException missing(Arn arn) {
        return switch (arn.type()) {
            case "application" ->
                (CodeDeployException) ApplicationDoesNotExistException.builder()
                        .message("No application found for name: " + arn.name())
                        .build();
            case "deploymentgroup" ->
                (CodeDeployException) DeploymentGroupDoesNotExistException.builder()
                        .message("No Deployment Group found for name: " + arn.name())
                        .build();
            default ->
                (CodeDeployException) ArnNotSupportedException.builder()
                        .message("The specified ARN is not supported: " + arn)
                        .build();
        };
    }

    private Optional<ApplicationRecord> application(Scope scope, Arn arn) {
        String[] parts = arn.resource().split(":", 2);
        return parts.length == 2 && parts[0].equals("application")
                ? tables.application(scope, parts[1])
                : Optional.empty();
    }

    private Optional<GroupRecord> group(Scope scope, Arn arn) {
        String[] parts = arn.resource().split("[:/]", 3);
        return parts.length == 3 && parts[0].equals("deploymentgroup")
                ? tables.application(scope, parts[1])
                        .flatMap(application -> tables.group(scope, application.id(), parts[2]))
                : Optional.empty();
    }
}
