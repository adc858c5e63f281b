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
import software.amazon.awssdk.services.codepipeline.model.ListWebhookItem;
import software.amazon.awssdk.services.codepipeline.model.Tag;
import software.amazon.awssdk.services.codepipeline.model.WebhookAuthenticationType;
import software.amazon.awssdk.services.codepipeline.model.WebhookDefinition;

/** {@code AWS::CodePipeline::Webhook}. The version of the target pipeline that a template gives changes nothing, as in AWS: a webhook starts the latest one. */
final class WebhookResource implements ResourceType {
    private static final String REGISTER = "RegisterWithThirdParty";
    private static final String VERSION = "TargetPipelineVersion";
    private static final String CONFIGURATION = "AuthenticationConfiguration";

    @Override
    public String name() {
        return "AWS::CodePipeline::Webhook";
    }

    @Override
    public Set<String> supported() {
        return Set.of(
                "Authentication",
                CONFIGURATION,
                "Filters",
                "Name",
                REGISTER,
                "Tags",
                "TargetAction",
                "TargetPipeline",
                VERSION);
    }

    @Override
    public String create(ResourceWork work) {
        String name = work.desired().text("Name").orElseGet(() -> work.name(100));
        String id = WebhookRecord.arn(work.scope(), name);
        work.mustBeNew(this, id);
        put(work, name, tags(work.tags()));
        work.made(id);
        register(work, name);
        return id;
    }

    private static void put(ResourceWork work, String name, List<Tag> tags) {
        WebhookDefinition definition = work.desired().as(WebhookDefinition.builder()).toBuilder()
                .name(name)
                .build();
        work.client(CodePipelineClient.class)
                .putWebhook(r -> r.webhook(definition).tags(tags));
    }

    private static void register(ResourceWork work, String name) {
        if (work.desired().flag(REGISTER).orElse(false)
                && !work.previous().flag(REGISTER).orElse(false)) {
            work.client(CodePipelineClient.class).registerWebhookWithThirdParty(r -> r.webhookName(name));
        }
    }

    private static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    private static String webhook(String id) {
        return id.substring(id.lastIndexOf(':') + 1);
    }

    @Override
    public void update(ResourceWork work, String id) {
        CodePipelineClient client = work.client(CodePipelineClient.class);
        put(work, webhook(id), List.of());
        work.tagChanges(
                tags -> client.tagResource(r -> r.resourceArn(id).tags(tags(tags))),
                keys -> client.untagResource(r -> r.resourceArn(id).tagKeys(keys)));
        register(work, webhook(id));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.client(CodePipelineClient.class).deleteWebhook(r -> r.name(webhook(id)));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return work.client(CodePipelineClient.class).listWebhooksPaginator(r -> {}).webhooks().stream()
                .filter(item -> item.arn().equals(id))
                .findFirst()
                .map(item -> properties(work, item));
    }

    /** A secret cannot be read back. */
    private Properties properties(ResourceWork work, ListWebhookItem item) {
        WebhookDefinition definition = item.definition();
        Properties read = Properties.builder()
                .put("Id", item.arn())
                .put("Url", item.url())
                .put(REGISTER, work.desired().node().get(REGISTER))
                .put(VERSION, work.desired().node().get(VERSION))
                .tags("Tags", item.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value)))
                .model(ResourceSchema.of(name()).orElseThrow(), definition)
                .inOrderOf(work.desired(), "Tags", "Filters")
                .build();
        return definition.authentication() == WebhookAuthenticationType.IP ? read : read.without(CONFIGURATION);
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(CodePipelineClient.class).listWebhooksPaginator(r -> {}).webhooks().stream()
                .map(ListWebhookItem::arn)
                .toList();
    }
}
