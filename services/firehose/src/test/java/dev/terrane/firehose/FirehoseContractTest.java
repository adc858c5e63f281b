package dev.terrane.firehose;

import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import dev.terrane.testkit.contract.Tagging;
import java.util.List;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.Tag;

final class FirehoseContractTest extends ServiceContractSuite<FirehoseClient> {
    FirehoseContractTest() {
        super(FirehoseClient.class);
    }

    @Override
    protected TestServer start() {
        TestServer server = FirehoseFixture.start();
        FirehoseFixture.prepare(server);
        return server;
    }

    @Override
    protected Names example(FirehoseClient client, String name) {
        client.createDeliveryStream(r -> r.deliveryStreamName(name)
                .extendedS3DestinationConfiguration(
                        FirehoseFixture.destination().build())
                .tags(Tag.builder().key("made").value("here").build()));
        return Names.of("DeliveryStreamName", name)
                .and("CreateDeliveryStream.DeliveryStreamName", "new-" + name)
                .and(
                        "CreateDeliveryStream.ExtendedS3DestinationConfiguration",
                        FirehoseFixture.destination().build())
                .and("ListDeliveryStreams.Limit", 10_000)
                .and("CurrentDeliveryStreamVersionId", "1")
                .and("DestinationId", "destinationId-000000000001")
                .and(
                        "UpdateDestination.ExtendedS3DestinationUpdate",
                        software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationUpdate.builder()
                                .prefix("other/")
                                .build());
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("DeliveryStreamName", "none", "ResourceNotFoundException")
                .and("DestinationId", "destinationId-000000000002", "InvalidArgumentException");
    }

    @Override
    protected List<Tagging> tagging() {
        return List.of(new Tagging("TagDeliveryStream", "UntagDeliveryStream", "ListTagsForDeliveryStream")
                .many("LimitExceededException")
                .reserved("ValidationException"));
    }
}
