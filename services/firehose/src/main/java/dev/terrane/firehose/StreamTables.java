package dev.terrane.firehose;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.Optional;

/** The delivery streams in the store. */
final class StreamTables {
    private final Rows<StreamRecord> streams;

    StreamTables(Store store) {
        streams = store.rows(Table.of("firehose.stream", StreamRecord.class, StreamRecord::name));
    }

    Optional<StreamRecord> stream(Scope scope, String name) {
        return streams.get(scope, name);
    }

    Optional<StreamRecord> peek(Scope scope, String name) {
        return streams.peek(scope, name);
    }

    /** The stream of this name in the caller's account and region.
     *
     * @throws software.amazon.awssdk.services.firehose.model.ResourceNotFoundException where there is none */
    StreamRecord require(String name) {
        return stream(Call.current().scope(), name).orElseThrow(() -> FirehoseErrors.notFound(name));
    }

    /** The streams after a name, in alphabetical order. */
    Page<StreamRecord> after(Scope scope, String name, int limit) {
        String from = name.isEmpty() ? "" : name + '\0';
        return streams.list(scope, Query.all().between(from, "").limit(limit));
    }

    void put(StreamRecord stream) {
        streams.put(new Scope(stream.account(), stream.region()), stream);
    }

    void delete(StreamRecord stream) {
        streams.delete(new Scope(stream.account(), stream.region()), stream.name());
    }
}
