package dev.terrane.cloudwatchlogs;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;

/**
 * The form in which events of a chunk are stored: deflated, and before that, for each event, the milliseconds since the one before, the
 * length of its message and the message, numbers in seven bits a byte.
 */
final class PackedEvents {
    private PackedEvents() {}

    /** One event of a chunk. */
    record Event(long timestamp, String message) {}

    static byte[] pack(List<InputLogEvent> events, long first) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(events.size() * 96);
        long before = first;
        for (InputLogEvent event : events) {
            byte[] message = event.message().getBytes(StandardCharsets.UTF_8);
            number(plain, event.timestamp() - before);
            number(plain, message.length);
            plain.writeBytes(message);
            before = event.timestamp();
        }
        return deflated(plain.toByteArray());
    }

    private static byte[] deflated(byte[] plain) {
        try (Deflater deflater = new Deflater(Deflater.BEST_SPEED, true)) {
            deflater.setInput(plain);
            deflater.finish();
            byte[] buffer = new byte[Math.max(64, plain.length / 3)];
            ByteArrayOutputStream out = new ByteArrayOutputStream(buffer.length + 4);
            out.writeBytes(ByteBuffer.allocate(4).putInt(plain.length).array());
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        }
    }

    static List<Event> unpack(ChunkRecord chunk) {
        ByteBuffer plain = inflated(chunk.packed());
        List<Event> events = new ArrayList<>(chunk.count());
        long time = chunk.first();
        for (int i = 0; i < chunk.count(); i++) {
            time += number(plain);
            int length = (int) number(plain);
            events.add(new Event(time, text(plain, length)));
        }
        return events;
    }

    private static String text(ByteBuffer plain, int length) {
        byte[] bytes = new byte[length];
        plain.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static ByteBuffer inflated(byte[] packed) {
        byte[] plain = new byte[ByteBuffer.wrap(packed).getInt()];
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(packed, 4, packed.length - 4);
            int done = 0;
            while (done < plain.length) {
                int more = inflater.inflate(plain, done, plain.length - done);
                if (more == 0) {
                    throw new IllegalStateException("A chunk of log events is cut off");
                }
                done += more;
            }
            return ByteBuffer.wrap(plain);
        } catch (DataFormatException e) {
            throw new IllegalStateException("A chunk of log events is damaged", e);
        }
    }

    private static void number(ByteArrayOutputStream out, long value) {
        long left = value;
        while (left > 127) {
            out.write((int) ((left & 127) | 128));
            left >>>= 7;
        }
        out.write((int) left);
    }

    private static long number(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 127) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
