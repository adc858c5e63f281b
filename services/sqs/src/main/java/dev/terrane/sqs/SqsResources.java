package dev.terrane.sqs;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;

/** SQS's CloudFormation types. */
final class SqsResources {
    static final List<ResourceType> ALL = List.of(new Queue(), new QueuePolicy(), new QueueInlinePolicy());

    private SqsResources() {}

    private static final class Queue implements ResourceType {
        /** The properties that are queue attributes, by CloudFormation's names; those that are another word in the API by both. */
        private static final Map<String, QueueAttributeName> ATTRIBUTES = Map.ofEntries(
                Map.entry("ContentBasedDeduplication", QueueAttributeName.CONTENT_BASED_DEDUPLICATION),
                Map.entry("DeduplicationScope", QueueAttributeName.DEDUPLICATION_SCOPE),
                Map.entry("DelaySeconds", QueueAttributeName.DELAY_SECONDS),
                Map.entry("FifoQueue", QueueAttributeName.FIFO_QUEUE),
                Map.entry("FifoThroughputLimit", QueueAttributeName.FIFO_THROUGHPUT_LIMIT),
                Map.entry("KmsDataKeyReusePeriodSeconds", QueueAttributeName.KMS_DATA_KEY_REUSE_PERIOD_SECONDS),
                Map.entry("KmsMasterKeyId", QueueAttributeName.KMS_MASTER_KEY_ID),
                Map.entry("MaximumMessageSize", QueueAttributeName.MAXIMUM_MESSAGE_SIZE),
                Map.entry("MessageRetentionPeriod", QueueAttributeName.MESSAGE_RETENTION_PERIOD),
                Map.entry("ReceiveMessageWaitTimeSeconds", QueueAttributeName.RECEIVE_MESSAGE_WAIT_TIME_SECONDS),
                Map.entry("RedriveAllowPolicy", QueueAttributeName.REDRIVE_ALLOW_POLICY),
                Map.entry("RedrivePolicy", QueueAttributeName.REDRIVE_POLICY),
                Map.entry("SqsManagedSseEnabled", QueueAttributeName.SQS_MANAGED_SSE_ENABLED),
                Map.entry("VisibilityTimeout", QueueAttributeName.VISIBILITY_TIMEOUT));
        /** What a queue has that was not told otherwise: for properties that an update leaves out. */
        private static final Map<String, String> STANDARDS = Map.ofEntries(
                Map.entry("ContentBasedDeduplication", "false"),
                Map.entry("DeduplicationScope", "queue"),
                Map.entry("DelaySeconds", "0"),
                Map.entry("FifoThroughputLimit", "perQueue"),
                Map.entry("KmsDataKeyReusePeriodSeconds", "300"),
                Map.entry("KmsMasterKeyId", ""),
                Map.entry("MaximumMessageSize", "1048576"),
                Map.entry("MessageRetentionPeriod", "345600"),
                Map.entry("ReceiveMessageWaitTimeSeconds", "0"),
                Map.entry("RedriveAllowPolicy", ""),
                Map.entry("RedrivePolicy", ""),
                Map.entry("SqsManagedSseEnabled", "true"),
                Map.entry("VisibilityTimeout", "30"));

        @Override
        public String name() {
            return "AWS::SQS::Queue";
        }

        @Override
        public Set<String> supported() {
            return Set.of(
                    "ContentBasedDeduplication",
                    "DeduplicationScope",
                    "DelaySeconds",
                    "FifoQueue",
                    "FifoThroughputLimit",
                    "KmsDataKeyReusePeriodSeconds",
                    "KmsMasterKeyId",
                    "MaximumMessageSize",
                    "MessageRetentionPeriod",
                    "QueueName",
                    "ReceiveMessageWaitTimeSeconds",
                    "RedriveAllowPolicy",
                    "RedrivePolicy",
                    "SqsManagedSseEnabled",
                    "Tags",
                    "VisibilityTimeout");
        }

        @Override
        public String create(ResourceWork work) {
            Properties desired = work.desired();
            boolean fifo = desired.flag("FifoQueue").orElse(false);
            String name = desired.text("QueueName").orElseGet(() -> fifo ? work.name(75) + ".fifo" : work.name(80));
            Map<QueueAttributeName, String> attributes = new HashMap<>();
            ATTRIBUTES.forEach((property, attribute) ->
                    desired.json(property).ifPresent(value -> attributes.put(attribute, value)));
            if (!fifo) {
                attributes.remove(QueueAttributeName.FIFO_QUEUE);
            }
            // To create a queue again with the same attributes is no error.
            work.first(() -> work.ifThere(
                            QueueDoesNotExistException.class,
                            () -> work.client(SqsClient.class)
                                    .getQueueUrl(r -> r.queueName(name))
                                    .queueUrl())
                    .ifPresent(there -> {
                        throw QueueNameExistsException.builder()
                                .message("A queue named " + name + " already exists.")
                                .build();
                    }));
            String url = work.client(SqsClient.class)
                    .createQueue(r -> r.queueName(name).attributes(attributes).tags(work.tags()))
                    .queueUrl();
            work.made(url);
            return url;
        }

        @Override
        public void update(ResourceWork work, String id) {
            SqsClient sqs = work.client(SqsClient.class);
            Map<QueueAttributeName, String> attributes = new HashMap<>();
            STANDARDS.forEach((property, standard) -> {
                String value = work.desired().json(property).orElse(standard);
                if (!value.equals(work.previous().json(property).orElse(standard))) {
                    attributes.put(ATTRIBUTES.get(property), value);
                }
            });
            if (!attributes.isEmpty()) {
                sqs.setQueueAttributes(r -> r.queueUrl(id).attributes(attributes));
            }
            work.tagChanges(
                    tags -> sqs.tagQueue(r -> r.queueUrl(id).tags(tags)),
                    keys -> sqs.untagQueue(r -> r.queueUrl(id).tagKeys(keys)));
        }

        @Override
        public void delete(ResourceWork work, String id) {
            work.unlessGone(
                    QueueDoesNotExistException.class,
                    () -> work.client(SqsClient.class).deleteQueue(r -> r.queueUrl(id)));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            SqsClient sqs = work.client(SqsClient.class);
            return work.ifThere(QueueDoesNotExistException.class, () -> {
                Map<QueueAttributeName, String> attributes = sqs.getQueueAttributes(
                                r -> r.queueUrl(id).attributeNames(QueueAttributeName.ALL))
                        .attributes();
                ResourceSchema schema = ResourceSchema.of(name()).orElseThrow();
                Properties.Builder found = Properties.builder();
                ATTRIBUTES.forEach((property, attribute) -> found.typed(schema, property, attributes.get(attribute)));
                Arn arn = Arn.parse(attributes.getOrDefault(QueueAttributeName.QUEUE_ARN, ""));
                return found.put("Arn", arn.toString())
                        .put("QueueName", arn.resource())
                        .put("QueueUrl", id)
                        .tags("Tags", sqs.listQueueTags(r -> r.queueUrl(id)).tags())
                        .inOrderOf(work.desired(), "Tags")
                        .build();
            });
        }

        @Override
        public List<String> list(ResourceWork work) {
            return work.client(SqsClient.class).listQueuesPaginator().queueUrls().stream()
                    .toList();
        }
    }

    /** Gives queues a policy; an empty one takes theirs away. */
    private static void put(ResourceWork work, List<String> queues, String policy) {
        for (String queue : queues) {
            Runnable set = () -> work.client(SqsClient.class)
                    .setQueueAttributes(r -> r.queueUrl(queue).attributes(Map.of(QueueAttributeName.POLICY, policy)));
            if (policy.isEmpty()) {
                work.unlessGone(QueueDoesNotExistException.class, set);
            } else {
                set.run();
            }
        }
    }

    private static Optional<String> policy(ResourceWork work, String queue) {
        return work.ifThere(
                        QueueDoesNotExistException.class,
                        () -> work.client(SqsClient.class)
                                .getQueueAttributes(r -> r.queueUrl(queue).attributeNames(QueueAttributeName.POLICY))
                                .attributes()
                                .getOrDefault(QueueAttributeName.POLICY, ""))
                .filter(policy -> !policy.isEmpty());
    }

    /** The policy of one queue. */
    private static final class QueueInlinePolicy implements ResourceType {
        @Override
        public String name() {
            return "AWS::SQS::QueueInlinePolicy";
        }

        @Override
        public Set<String> supported() {
            return Set.of("PolicyDocument", "Queue");
        }

        @Override
        public String create(ResourceWork work) {
            String queue = work.desired().required("Queue");
            work.mustBeNew(this, queue);
            update(work, queue);
            work.made(queue);
            return queue;
        }

        @Override
        public void update(ResourceWork work, String id) {
            put(work, List.of(id), work.desired().json("PolicyDocument").orElseThrow());
        }

        @Override
        public void delete(ResourceWork work, String id) {
            put(work, List.of(id), "");
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return policy(work, id)
                    .map(policy -> Properties.builder()
                            .json("PolicyDocument", policy)
                            .put("Queue", id)
                            .build());
        }
    }

    /** A policy that several queues share. It is nothing of its own: it is what the queues' policy attribute says. */
    private static final class QueuePolicy implements ResourceType {
        @Override
        public String name() {
            return "AWS::SQS::QueuePolicy";
        }

        /** Its identifier does not tell to what it belongs. */
        @Override
        public boolean provisionable() {
            return false;
        }

        @Override
        public Set<String> supported() {
            return Set.of("PolicyDocument", "Queues");
        }

        @Override
        public String create(ResourceWork work) {
            String id = work.name(100);
            work.made(id);
            put(
                    work,
                    work.desired().texts("Queues"),
                    work.desired().json("PolicyDocument").orElseThrow());
            return id;
        }

        @Override
        public void update(ResourceWork work, String id) {
            List<String> queues = work.desired().texts("Queues");
            put(work, queues, work.desired().json("PolicyDocument").orElseThrow());
            put(
                    work,
                    work.previous().texts("Queues").stream()
                            .filter(q -> !queues.contains(q))
                            .toList(),
                    "");
        }

        @Override
        public void delete(ResourceWork work, String id) {
            put(work, work.previous().texts("Queues"), "");
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            List<String> queues = work.desired().texts("Queues");
            if (queues.isEmpty()) {
                return Optional.empty();
            }
            return policy(work, queues.getFirst())
                    .map(policy -> Properties.builder()
                            .json("PolicyDocument", policy)
                            .put("Queues", queues)
                            .put("Id", id)
                            .build());
        }
    }
}
