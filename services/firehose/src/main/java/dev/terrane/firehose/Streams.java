package dev.terrane.firehose;

import static dev.terrane.firehose.FirehoseErrors.exceeded;
import static dev.terrane.firehose.FirehoseErrors.invalid;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.Page;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.firehose.model.*;

/** Delivery streams. One is active as soon as it is made, and gone as soon as it is deleted. */
final class Streams {
    private static final int MOST = 5_000;
    private static final int DEFAULT_LIMIT = 10;

    private final StreamTables tables;
    private final Records records;
    private final Delivery delivery;
    private final Bucket bucket;

    Streams(StreamTables tables, Records records, Delivery delivery, Bucket bucket) {
        this.tables = tables;
        this.records = records;
        this.delivery = delivery;
        this.bucket = bucket;
    }

    CreateDeliveryStreamResponse create(CreateDeliveryStreamRequest request) {
        Scope scope = Call.current().scope();
        String name = request.deliveryStreamName();
        StreamRecord stream = new StreamRecord(
                name,
                Ids.hex(16),
                scope.account(),
                scope.region(),
                1,
                Call.current().time(),
                Optional.empty(),
                DestinationRequests.of(request),
                StreamTags.of(request.tags()));
        if (tables.stream(scope, name).isPresent()) {
            throw ResourceInUseException.builder()
                    .message("Firehose " + name + " under accountId " + scope.account() + " already exists")
                    .build();
        }
        if (tables.after(scope, "", MOST).values().size() == MOST) {
            throw exceeded("You have already consumed your firehose quota of " + MOST + " hoses.");
        }
        bucket.checkRole(stream);
        tables.put(stream);
        delivery.begin(stream);
        return CreateDeliveryStreamResponse.builder()
                .deliveryStreamARN(stream.arn().toString())
                .build();
    }

    /** Its process forgets what it has not delivered. */
    DeleteDeliveryStreamResponse delete(DeleteDeliveryStreamRequest request) {
        StreamRecord stream = tables.require(request.deliveryStreamName());
        tables.delete(stream);
        records.forget(stream);
        delivery.wake(stream);
        return DeleteDeliveryStreamResponse.builder().build();
    }

    DescribeDeliveryStreamResponse describe(DescribeDeliveryStreamRequest request) {
        return DescribeDeliveryStreamResponse.builder()
                .deliveryStreamDescription(Descriptions.of(
                        tables.require(request.deliveryStreamName()), request.exclusiveStartDestinationId()))
                .build();
    }

    ListDeliveryStreamsResponse list(ListDeliveryStreamsRequest request) {
        DeliveryStreamType type = request.deliveryStreamType();
        if (type != null && type != DeliveryStreamType.DIRECT_PUT) {
            return ListDeliveryStreamsResponse.builder()
                    .deliveryStreamNames(List.of())
                    .hasMoreDeliveryStreams(false)
                    .build();
        }
        String after = request.exclusiveStartDeliveryStreamName();
        Page<StreamRecord> page = tables.after(
                Call.current().scope(),
                after == null ? "" : after,
                request.limit() == null ? DEFAULT_LIMIT : request.limit());
        return ListDeliveryStreamsResponse.builder()
                .deliveryStreamNames(
                        page.values().stream().map(StreamRecord::name).toList())
                .hasMoreDeliveryStreams(page.next().isPresent())
                .build();
    }

    UpdateDestinationResponse update(UpdateDestinationRequest request) {
        StreamRecord stream = tables.require(request.deliveryStreamName());
        if (!request.destinationId().equals(Descriptions.DESTINATION)) {
            throw invalid("Destination Id " + request.destinationId() + " not found");
        }
        if (!request.currentDeliveryStreamVersionId().equals(String.valueOf(stream.version()))) {
            throw ConcurrentModificationException.builder()
                    .message("Cannot update firehose: " + stream.name()
                            + " since the current version id: " + stream.version() + " and specified version id: "
                            + request.currentDeliveryStreamVersionId() + " do not match")
                    .build();
        }
        StreamRecord changed = stream.changed(
                DestinationRequests.of(stream.destination(), request),
                Call.current().time());
        if (!changed.destination().role().equals(stream.destination().role())) {
            bucket.checkRole(changed);
        }
        tables.put(changed);
        delivery.wake(changed);
        return UpdateDestinationResponse.builder().build();
    }
}
