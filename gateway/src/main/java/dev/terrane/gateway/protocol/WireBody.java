package dev.terrane.gateway.protocol;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** The body of a message. */
public sealed interface WireBody {

    /** A body without bytes. */
    WireBody EMPTY = new Bytes(new byte[0], 0, 0);

    /** The number of bytes; -1 if it is not known. */
    long length();

    /** The bytes from the beginning; a streamed body can be read only once. */
    InputStream open();

    /** A body of the whole array, which must not change any more. */
    static Bytes of(byte[] bytes) {
        return new Bytes(bytes, 0, bytes.length);
    }

    /** A body in memory: {@code count} bytes of {@code array} from {@code offset}. */
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere; a copy per message would cost more than it guards
    record Bytes(byte[] array, int offset, int count) implements WireBody {
        @Override
        public long length() {
            return count;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(array, offset, count);
        }
    }

    /** A body that is read once; {@code length} is -1 if it is not known. */
    record Streamed(InputStream open, long length) implements WireBody {}
}
