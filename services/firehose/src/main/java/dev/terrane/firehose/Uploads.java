package dev.terrane.firehose;

import dev.terrane.firehose.BufferTables.DataRecord;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Writes buffers into buckets: read, compressed and written bit by bit, some at once, so that memory is bounded whatever streams buffer. */
final class Uploads {
    private static final int AT_ONCE = 4;

    private final BufferTables buffers;
    private final Bucket bucket;
    private final Semaphore places = new Semaphore(AT_ONCE);

    Uploads(BufferTables buffers, Bucket bucket) {
        this.buffers = buffers;
        this.bucket = bucket;
    }

    /** Writes all records of a buffer as one object. */
    void write(StreamRecord stream, long buffer, String key) throws InterruptedException {
        places.acquire();
        try {
            bucket.put(stream, key, () -> content(stream, buffer, key));
        } finally {
            places.release();
        }
    }

    private InputStream content(StreamRecord stream, long buffer, String key) {
        InputStream plain = new Parts(stream, buffer);
        return switch (stream.destination().compression()) {
            case Destination.GZIP -> Compressed.gzip(plain);
            case Destination.ZIP -> Compressed.zip(plain, key.substring(key.lastIndexOf('/') + 1));
            default -> plain;
        };
    }

    /** The parts of a buffer, a page of which is held at a time. */
    private final class Parts extends InputStream {
        private final StreamRecord stream;
        private final long buffer;
        private final Scope scope;
        private Page<DataRecord> page;
        private Iterator<DataRecord> parts;
        private InputStream part = InputStream.nullInputStream();

        Parts(StreamRecord stream, long buffer) {
            this.stream = stream;
            this.buffer = buffer;
            scope = new Scope(stream.account(), stream.region());
            page = buffers.data(scope, stream.id(), buffer, Optional.empty());
            parts = page.values().iterator();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int count = part.read(into, from, length);
            while (count < 0 && hasNext()) {
                part = new ByteArrayInputStream(parts.next().bytes());
                count = part.read(into, from, length);
            }
            return count;
        }

        private boolean hasNext() {
            if (!parts.hasNext() && page.next().isPresent()) {
                page = buffers.data(scope, stream.id(), buffer, page.next());
                parts = page.values().iterator();
            }
            return parts.hasNext();
        }
    }
}
