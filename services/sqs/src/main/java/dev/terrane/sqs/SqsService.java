package dev.terrane.sqs;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Amazon SQS. */
public final class SqsService implements Service {
    private final Threads threads;
    private final Backlogs backlogs;
    private final Queues queues;
    private final Sqs api;

    public SqsService(Platform platform) {
        Clock clock = platform.clock();
        threads = platform.threads();
        SqsTables tables = new SqsTables(platform.store());
        Receipts receipts = new Receipts(platform.masterKey());
        backlogs = new Backlogs(tables, clock);
        queues = new Queues(tables, backlogs, clock, platform.pages(), platform.endpoint());
        api = new Sqs(
                queues,
                new QueueSettings(tables, queues, backlogs, clock),
                new QueueTags(tables, queues),
                new Sending(tables, queues, backlogs, clock),
                new Receiving(tables, queues, backlogs, receipts, clock, threads),
                new Acknowledging(tables, queues, backlogs, receipts, clock),
                new Permissions(tables, queues, clock));
    }

    @Override
    public String name() {
        return "sqs";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return SqsClient.class;
    }

    @Override
    public SqsClient implementation() {
        return api;
    }

    @Override
    public Optional<String> resourcePolicy(String resourceArn) {
        return queues.find(resourceArn)
                .map(queue -> queue.attribute(QueueAttributes.POLICY))
                .filter(policy -> !policy.isEmpty());
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return queues.find(resourceArn).map(QueueRecord::tags).orElse(Map.of());
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return SqsResources.ALL;
    }

    @Override
    public void start() {
        backlogs.start(threads);
    }
}
