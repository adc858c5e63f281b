package dev.terrane.sns;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.NotFoundException;

/** SNS's CloudFormation types. */
final class SnsResources {
    static final List<ResourceType> ALL = List.of(
            new TopicResource(),
            new SubscriptionResource(),
            new TopicPolicyResource(),
            new TopicInlinePolicyResource());
    private static final String STANDARD_ID = "__default_policy_ID";

    private SnsResources() {}

    /** A topic's attributes; empty where there is no such topic. */
    static Optional<Map<String, String>> attributes(ResourceWork work, String topic) {
        return work.ifThere(
                NotFoundException.class,
                () -> work.client(SnsClient.class)
                        .getTopicAttributes(r -> r.topicArn(topic))
                        .attributes());
    }

    /** Sets a topic's policy; an empty one stands for the one that every topic begins with. */
    private static void setPolicy(ResourceWork work, String topic, String policy) {
        work.client(SnsClient.class)
                .setTopicAttributes(r ->
                        r.topicArn(topic).attributeName(TopicAttributes.POLICY).attributeValue(policy));
    }

    private static void removePolicy(ResourceWork work, String topic) {
        work.unlessGone(NotFoundException.class, () -> setPolicy(work, topic, ""));
    }

    /** A topic's policy; empty where it has but the one that every topic begins with. */
    private static Optional<String> policy(ResourceWork work, String topic) {
        return attributes(work, topic)
                .map(all -> all.getOrDefault(TopicAttributes.POLICY, ""))
                .filter(policy -> !policy.isEmpty() && !policy.contains(STANDARD_ID));
    }

    /** A policy that several topics share. It is nothing of its own. */
    private static final class TopicPolicyResource implements ResourceType {
        @Override
        public String name() {
            return "AWS::SNS::TopicPolicy";
        }

        /** Its identifier does not tell to what it belongs. */
        @Override
        public boolean provisionable() {
            return false;
        }

        @Override
        public Set<String> supported() {
            return Set.of("PolicyDocument", "Topics");
        }

        @Override
        public String create(ResourceWork work) {
            String id = work.name(100);
            work.made(id);
            put(work);
            return id;
        }

        private static void put(ResourceWork work) {
            String policy = work.desired().json("PolicyDocument").orElse("");
            work.desired().texts("Topics").forEach(topic -> setPolicy(work, topic, policy));
        }

        @Override
        public void update(ResourceWork work, String id) {
            put(work);
            List<String> topics = work.desired().texts("Topics");
            work.previous().texts("Topics").stream()
                    .filter(topic -> !topics.contains(topic))
                    .forEach(topic -> removePolicy(work, topic));
        }

        @Override
        public void delete(ResourceWork work, String id) {
            work.desired().texts("Topics").forEach(topic -> removePolicy(work, topic));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            List<String> topics = work.desired().texts("Topics").stream()
                    .filter(topic -> policy(work, topic).isPresent())
                    .toList();
            return topics.stream()
                    .findFirst()
                    .flatMap(topic -> policy(work, topic))
                    .map(policy -> Properties.builder()
                            .json("PolicyDocument", policy)
                            .put("Topics", topics)
                            .put("Id", id)
                            .build());
        }
    }

    /** The policy of one topic. */
    private static final class TopicInlinePolicyResource implements ResourceType {
        @Override
        public String name() {
            return "AWS::SNS::TopicInlinePolicy";
        }

        @Override
        public Set<String> supported() {
            return Set.of("PolicyDocument", "TopicArn");
        }

        @Override
        public String create(ResourceWork work) {
            String topic = work.desired().required("TopicArn");
            work.mustBeNew(this, topic);
            setPolicy(work, topic, work.desired().json("PolicyDocument").orElse(""));
            work.made(topic);
            return topic;
        }

        @Override
        public void update(ResourceWork work, String id) {
            setPolicy(work, id, work.desired().json("PolicyDocument").orElse(""));
        }

        @Override
        public void delete(ResourceWork work, String id) {
            removePolicy(work, id);
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return policy(work, id)
                    .map(policy -> Properties.builder()
                            .put("TopicArn", id)
                            .json("PolicyDocument", policy)
                            .build());
        }
    }
}
