package dev.terrane.firehose;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.kernel.workflow.Workflow;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.firehose.FirehoseClient;

/** Amazon Data Firehose: streams whose records are gathered and written into S3. */
public final class FirehoseService implements Service {
    private final StreamTables tables;
    private final Delivery delivery;
    private final Firehose api;

    public FirehoseService(Platform platform) {
        tables = new StreamTables(platform.store());
        BufferTables buffers = new BufferTables(platform.store());
        Bucket bucket = new Bucket(platform.clients());
        delivery = new Delivery(
                tables,
                buffers,
                new Uploads(buffers, bucket),
                new ErrorLog(platform.clients()),
                platform.workflows(),
                platform.clock());
        Records records = new Records(platform, tables, buffers, delivery);
        api = new Firehose(new Streams(tables, records, delivery, bucket), records, new StreamTags(tables));
    }

    @Override
    public String name() {
        return "firehose";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return FirehoseClient.class;
    }

    @Override
    public FirehoseClient implementation() {
        return api;
    }

    @Override
    public List<Workflow<?>> workflows() {
        return List.of(delivery);
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return List.of(new DeliveryStreamResource());
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return Arn.find(resourceArn)
                .filter(arn -> arn.type().equals("deliverystream"))
                .flatMap(arn -> tables.peek(new Scope(arn.account(), arn.region()), arn.name()))
                .map(StreamRecord::tags)
                .orElse(Map.of());
    }
}
