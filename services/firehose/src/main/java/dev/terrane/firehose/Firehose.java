package dev.terrane.firehose;

import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.*;

/** The operations of Data Firehose. */
final class Firehose implements FirehoseClient {
    private final Streams streams;
    private final Records records;
    private final StreamTags tags;

    Firehose(Streams streams, Records records, StreamTags tags) {
        this.streams = streams;
        this.records = records;
        this.tags = tags;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // It holds nothing that is to be closed.
    }

    @Override
    public CreateDeliveryStreamResponse createDeliveryStream(CreateDeliveryStreamRequest request) {
        return streams.create(request);
    }

    @Override
    public DeleteDeliveryStreamResponse deleteDeliveryStream(DeleteDeliveryStreamRequest request) {
        return streams.delete(request);
    }

    @Override
    public DescribeDeliveryStreamResponse describeDeliveryStream(DescribeDeliveryStreamRequest request) {
        return streams.describe(request);
    }

    @Override
    public ListDeliveryStreamsResponse listDeliveryStreams(ListDeliveryStreamsRequest request) {
        return streams.list(request);
    }

    @Override
    public UpdateDestinationResponse updateDestination(UpdateDestinationRequest request) {
        return streams.update(request);
    }

    @Override
    public PutRecordResponse putRecord(PutRecordRequest request) {
        return records.put(request);
    }

    @Override
    public PutRecordBatchResponse putRecordBatch(PutRecordBatchRequest request) {
        return records.put(request);
    }

    @Override
    public TagDeliveryStreamResponse tagDeliveryStream(TagDeliveryStreamRequest request) {
        return tags.tag(request);
    }

    @Override
    public UntagDeliveryStreamResponse untagDeliveryStream(UntagDeliveryStreamRequest request) {
        return tags.untag(request);
    }

    @Override
    public ListTagsForDeliveryStreamResponse listTagsForDeliveryStream(ListTagsForDeliveryStreamRequest request) {
        return tags.list(request);
    }
}
