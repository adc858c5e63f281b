package dev.terrane.sns;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.Subscription;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sns.model.Topic;
import tools.jackson.databind.JsonNode;

/** A topic, with the subscriptions that it is given. */
final class TopicResource implements ResourceType {
    private static final List<String> ATTRIBUTES = List.of(
            "ContentBasedDeduplication", "DisplayName", "FifoThroughputScope", "SignatureVersion", "TracingConfig");
    private static final Map<String, String> STANDARDS = Map.of(
            "ContentBasedDeduplication", "false",
            "FifoThroughputScope", "Topic",
            "SignatureVersion", "1",
            "TracingConfig", "PassThrough");

    @Override
    public String name() {
        return "AWS::SNS::Topic";
    }

    @Override
    public Set<String> supported() {
        return Set.of(
                "ContentBasedDeduplication",
                "DisplayName",
                "FifoThroughputScope",
                "FifoTopic",
                "SignatureVersion",
                "Subscription",
                "Tags",
                "TopicName",
                "TracingConfig");
    }

    @Override
    public String create(ResourceWork work) {
        Properties desired = work.desired();
        boolean fifo = desired.flag("FifoTopic").orElse(false);
        String name = desired.text("TopicName").orElseGet(() -> fifo ? work.name(251) + ".fifo" : work.name(256));
        Map<String, String> attributes = new LinkedHashMap<>();
        ATTRIBUTES.forEach(attribute -> desired.text(attribute).ifPresent(value -> attributes.put(attribute, value)));
        if (fifo) {
            attributes.put(TopicAttributes.FIFO, "true");
        }
        work.mustBeNew(
                this,
                Arn.of("sns", work.scope().region(), work.scope().account(), name)
                        .toString());
        String arn = work.client(SnsClient.class)
                .createTopic(r -> r.name(name).attributes(attributes).tags(tags(work.tags())))
                .topicArn();
        work.made(arn);
        desired.objects("Subscription").forEach(subscription -> subscribe(work, arn, subscription));
        return arn;
    }

    private static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    private static void subscribe(ResourceWork work, String arn, Properties subscription) {
        work.client(SnsClient.class)
                .subscribe(r -> r.topicArn(arn)
                        .protocol(subscription.required("Protocol"))
                        .endpoint(subscription.required("Endpoint")));
    }

    @Override
    public void update(ResourceWork work, String id) {
        SnsClient sns = work.client(SnsClient.class);
        Properties desired = work.desired();
        for (String attribute : ATTRIBUTES) {
            Optional<String> value = desired.text(attribute);
            if (!value.equals(work.previous().text(attribute))) {
                sns.setTopicAttributes(r -> r.topicArn(id)
                        .attributeName(attribute)
                        .attributeValue(value.orElse(STANDARDS.getOrDefault(attribute, ""))));
            }
        }
        List<Properties> after = desired.objects("Subscription");
        List<Properties> before = work.previous().objects("Subscription");
        after.stream().filter(one -> !before.contains(one)).forEach(one -> subscribe(work, id, one));
        before.stream().filter(one -> !after.contains(one)).forEach(one -> unsubscribe(sns, id, one));
        work.tagChanges(
                tags -> sns.tagResource(r -> r.resourceArn(id).tags(tags(tags))),
                keys -> sns.untagResource(r -> r.resourceArn(id).tagKeys(keys)));
    }

    /** A subscription that was never confirmed has no ARN to end it by; it is forgotten by itself. */
    private static void unsubscribe(SnsClient sns, String arn, Properties subscription) {
        sns.listSubscriptionsByTopicPaginator(r -> r.topicArn(arn)).subscriptions().stream()
                .filter(one -> says(one).equals(subscription) && Arn.isArn(one.subscriptionArn()))
                .forEach(one -> sns.unsubscribe(r -> r.subscriptionArn(one.subscriptionArn())));
    }

    private static Properties says(Subscription subscription) {
        return Properties.builder()
                .put("Protocol", subscription.protocol())
                .put("Endpoint", subscription.endpoint())
                .build();
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.client(SnsClient.class).deleteTopic(r -> r.topicArn(id));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        SnsClient sns = work.client(SnsClient.class);
        ResourceSchema schema = ResourceSchema.of(name()).orElseThrow();
        return SnsResources.attributes(work, id).map(attributes -> {
            Properties.Builder found = Properties.builder();
            ATTRIBUTES.forEach(attribute -> found.typed(schema, attribute, attributes.get(attribute)));
            List<Properties> subscriptions =
                    sns.listSubscriptionsByTopicPaginator(r -> r.topicArn(id)).subscriptions().stream()
                            .map(TopicResource::says)
                            .toList();
            return found.typed(schema, "FifoTopic", attributes.get(TopicAttributes.FIFO))
                    .put("TopicArn", id)
                    .put("TopicName", Arn.parse(id).resource())
                    .put("Subscription", subscriptions)
                    .tags(
                            "Tags",
                            sns.listTagsForResource(r -> r.resourceArn(id)).tags().stream()
                                    .collect(Collectors.toMap(Tag::key, Tag::value)))
                    .inOrderOf(work.desired(), "Subscription", "Tags")
                    .build();
        });
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(SnsClient.class).listTopicsPaginator().topics().stream()
                .map(Topic::topicArn)
                .toList();
    }

    @Override
    public boolean isAttachedBy(String property, JsonNode item, String type, String id, Properties other) {
        return property.equals("Subscription")
                && type.equals("AWS::SNS::Subscription")
                && other.text("Protocol")
                        .equals(Optional.of(item.path("Protocol").asString("")))
                && other.text("Endpoint")
                        .equals(Optional.of(item.path("Endpoint").asString("")));
    }
}
