package dev.terrane.codepipeline;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.codepipeline.model.ActionOwner;
import software.amazon.awssdk.services.codepipeline.model.ActionType;
import software.amazon.awssdk.services.codepipeline.model.CreateCustomActionTypeRequest;
import software.amazon.awssdk.services.codepipeline.model.Tag;

/** {@code AWS::CodePipeline::CustomActionType}. A version that was deleted cannot be made again, as in AWS. */
final class CustomActionResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::CodePipeline::CustomActionType";
    }

    @Override
    public Set<String> supported() {
        return Set.of(
                "Category",
                "ConfigurationProperties",
                "InputArtifactDetails",
                "OutputArtifactDetails",
                "Provider",
                "Settings",
                "Tags",
                "Version");
    }

    @Override
    public String create(ResourceWork work) {
        Properties desired = work.desired();
        work.client(CodePipelineClient.class)
                .createCustomActionType(desired.without("Tags").as(CreateCustomActionTypeRequest.builder()).toBuilder()
                        .tags(tags(work.tags()))
                        .build());
        String id =
                desired.required("Category") + "|" + desired.required("Provider") + "|" + desired.required("Version");
        work.made(id);
        return id;
    }

    private static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    private static String arn(ResourceWork work, String id) {
        return CodePipelineEvents.arn(work.scope(), "actiontype:Custom/" + id.replace('|', '/'));
    }

    @Override
    public void update(ResourceWork work, String id) {
        CodePipelineClient client = work.client(CodePipelineClient.class);
        String arn = arn(work, id);
        work.tagChanges(
                tags -> client.tagResource(r -> r.resourceArn(arn).tags(tags(tags))),
                keys -> client.untagResource(r -> r.resourceArn(arn).tagKeys(keys)));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        String[] parts = id.split("\\|", 3);
        work.client(CodePipelineClient.class)
                .deleteCustomActionType(
                        r -> r.category(parts[0]).provider(parts[1]).version(parts[2]));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return types(work)
                .filter(type -> id(type).equals(id))
                .findFirst()
                .map(type -> Properties.builder()
                        .put("Id", id)
                        .put("Category", type.id().categoryAsString())
                        .put("Provider", type.id().provider())
                        .put("Version", type.id().version())
                        .put("ConfigurationProperties", properties(type))
                        .tags(
                                "Tags",
                                work
                                        .client(CodePipelineClient.class)
                                        .listTagsForResource(r -> r.resourceArn(arn(work, id)))
                                        .tags()
                                        .stream()
                                        .collect(Collectors.toMap(Tag::key, Tag::value)))
                        .model(ResourceSchema.of(name()).orElseThrow(), type)
                        .inOrderOf(work.desired(), "Tags")
                        .build());
    }

    private static List<Properties> properties(ActionType type) {
        return type.actionConfigurationProperties().stream()
                .map(property -> Properties.builder()
                        .put("Name", property.name())
                        .put("Description", property.description())
                        .put("Key", property.key())
                        .put("Required", property.required())
                        .put("Secret", property.secret())
                        .put("Queryable", property.queryable())
                        .put("Type", property.typeAsString())
                        .build())
                .toList();
    }

    private static java.util.stream.Stream<ActionType> types(ResourceWork work) {
        return work
                .client(CodePipelineClient.class)
                .listActionTypes(r -> r.actionOwnerFilter(ActionOwner.CUSTOM))
                .actionTypes()
                .stream();
    }

    private static String id(ActionType type) {
        return type.id().categoryAsString() + "|" + type.id().provider() + "|"
                + type.id().version();
    }

    @Override
    public List<String> list(ResourceWork work) {
        return types(work).map(CustomActionResource::id).toList();
    }
}
