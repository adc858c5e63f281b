package dev.terrane.firehose;

import dev.terrane.firehose.BufferTables.BufferRecord;
import dev.terrane.firehose.BufferTables.DataRecord;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.store.Store;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchRequest;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponse;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponseEntry;
import software.amazon.awssdk.services.firehose.model.PutRecordRequest;
import software.amazon.awssdk.services.firehose.model.PutRecordResponse;
import software.amazon.awssdk.services.firehose.model.Record;

/** Takes records into the buffer of their stream. */
final class Records {
    private static final long MOST_BYTES = 4 << 20;
    private static final int ID_LENGTH = 216;

    /** How much a buffer holds, as far as this server knows. */
    private record Fill(long buffer, long bytes) {}

    private final StreamTables streams;
    private final BufferTables buffers;
    private final Delivery delivery;
    private final Store store;
    private final AtomicLong sequence;
    private final Map<String, Fill> fills = new ConcurrentHashMap<>();

    Records(Platform platform, StreamTables streams, BufferTables buffers, Delivery delivery) {
        this.streams = streams;
        this.buffers = buffers;
        this.delivery = delivery;
        store = platform.store();
        // Rises over restarts, since no server stores a million batches a second; apart even if the clock stands still.
        sequence = new AtomicLong(platform.clock().millis() * 1_000_000
                + ThreadLocalRandom.current().nextLong(500_000));
    }

    PutRecordResponse put(PutRecordRequest request) {
        add(request.deliveryStreamName(), List.of(request.record()));
        return PutRecordResponse.builder()
                .recordId(Ids.alphanumeric(ID_LENGTH))
                .encrypted(false)
                .build();
    }

    PutRecordBatchResponse put(PutRecordBatchRequest request) {
        add(request.deliveryStreamName(), request.records());
        return PutRecordBatchResponse.builder()
                .failedPutCount(0)
                .encrypted(false)
                .requestResponses(request.records().stream()
                        .map(_ -> PutRecordBatchResponseEntry.builder()
                                .recordId(Ids.alphanumeric(ID_LENGTH))
                                .build())
                        .toList())
                .build();
    }

    private void add(String name, List<Record> records) {
        StreamRecord stream = streams.require(name);
        byte[] bytes = joined(records);
        if (bytes.length == 0) {
            return;
        }
        Scope scope = Call.current().scope();
        BufferRecord buffer = buffers.buffer(scope, stream.id());
        for (int from = 0; from < bytes.length; from += DataRecord.LONGEST) {
            byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + DataRecord.LONGEST));
            buffers.put(scope, new DataRecord(stream.id(), buffer.number(), sequence.incrementAndGet(), part));
        }
        settle(scope, stream, buffer, bytes.length);
    }

    private static byte[] joined(List<Record> records) {
        long size = records.stream()
                .mapToLong(record -> record.data().asByteArrayUnsafe().length)
                .sum();
        if (size > MOST_BYTES) {
            throw FirehoseErrors.invalid("Records size exceeds 4 MB limit");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) size);
        records.forEach(record -> bytes.writeBytes(record.data().asByteArrayUnsafe()));
        return bytes.toByteArray();
    }

    /** Tells of the first record of a buffer, and closes one that is full. Only these two write what others read here; the rest do not get in each other's way. */
    private void settle(Scope scope, StreamRecord stream, BufferRecord buffer, long more) {
        Fill fill = fills.getOrDefault(stream.id(), new Fill(buffer.number(), 0));
        long before = fill.buffer() == buffer.number() ? fill.bytes() : 0;
        if (before + more >= stream.destination().bytes()) {
            buffers.close(scope, buffer, Call.current().time());
            delivery.wake(stream);
        } else if (buffer.opened().isEmpty()) {
            buffers.open(scope, buffer, Call.current().time());
            delivery.wake(stream);
        }
        store.afterCommit(() ->
                fills.merge(stream.id(), new Fill(buffer.number(), more), (old, added) -> switch (Long.compare(
                        old.buffer(), added.buffer())) {
                    case 0 -> new Fill(old.buffer(), old.bytes() + added.bytes());
                    case 1 -> old;
                    default -> added;
                }));
    }

    /** Forgets what is known of a stream that is gone. */
    void forget(StreamRecord stream) {
        fills.remove(stream.id());
    }
}
