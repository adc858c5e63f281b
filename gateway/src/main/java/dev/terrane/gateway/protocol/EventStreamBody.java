package dev.terrane.gateway.protocol;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/**
 * The body of an answer that is a stream of events, in {@code application/vnd.amazon.eventstream}. An event is asked for when all before it is
 * read. Closed before its end, it takes no more events.
 *
 * @see <a href="https://smithy.io/2.0/aws/amazon-eventstream.html">The format</a>
 */
final class EventStreamBody extends InputStream implements Subscriber<SdkPojo> {
    static final String CONTENT_TYPE = "application/vnd.amazon.eventstream";
    private static final byte[] END = {};

    private final String contentType;
    private final Function<SdkPojo, byte[]> payload;
    private final Function<Throwable, Failure> failure;
    private final BlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();
    private @Nullable Subscription subscription;
    private byte[] frame;
    private int at;
    private boolean ended;

    /** How a stream ends that cannot go on.
     *
     * @param exception the name of an error that the model has, or else the code of one */
    record Failure(String exception, boolean modeled, String message, byte[] payload) {}

    /**
     * A stream that begins with the operation's response.
     *
     * @param contentType of payloads
     */
    EventStreamBody(
            String contentType,
            byte[] response,
            Function<SdkPojo, byte[]> payload,
            Function<Throwable, Failure> failure) {
        this.contentType = contentType;
        this.payload = payload;
        this.failure = failure;
        frame = frame("event", Map.of(":event-type", "initial-response", ":content-type", contentType), response);
    }

    private static byte[] frame(String type, Map<String, String> others, byte[] payload) {
        Map<String, HeaderValue> headers = new LinkedHashMap<>();
        headers.put(":message-type", HeaderValue.fromString(type));
        others.forEach((name, value) -> headers.put(name, HeaderValue.fromString(value)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new Message(headers, payload).encode(bytes);
        return bytes.toByteArray();
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
    }

    @Override
    public void onNext(SdkPojo event) {
        arrived.add(
                frame("event", Map.of(":event-type", name(event), ":content-type", contentType), payload.apply(event)));
    }

    /** The SDK's events know their names in the union that the stream is of. */
    private static String name(SdkPojo event) {
        for (Class<?> type = event.getClass(); type != null; type = type.getSuperclass()) {
            for (Class<?> union : type.getInterfaces()) {
                try {
                    return String.valueOf(union.getMethod("sdkEventType").invoke(event));
                } catch (NoSuchMethodException e) {
                    // Another of its interfaces.
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        throw new IllegalArgumentException(event.getClass() + " is no event");
    }

    @Override
    public void onError(Throwable reason) {
        Failure told = failure.apply(reason);
        arrived.add(
                told.modeled()
                        ? frame(
                                "exception",
                                Map.of(":exception-type", told.exception(), ":content-type", contentType),
                                told.payload())
                        : frame(
                                "error",
                                Map.of(":error-code", told.exception(), ":error-message", told.message()),
                                END));
        arrived.add(END);
    }

    @Override
    public void onComplete() {
        arrived.add(END);
    }

    /** Waits for the next event where there is nothing left of the last.
     *
     * @return whether there are bytes */
    private boolean fill() throws IOException {
        if (at < frame.length) {
            return true;
        }
        if (ended || subscription == null) {
            return false;
        }
        try {
            if (arrived.isEmpty()) {
                subscription.request(1);
            }
            frame = arrived.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        at = 0;
        ended = frame.length == 0;
        return !ended;
    }

    @Override
    public int read() throws IOException {
        return fill() ? frame[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, frame.length - at);
        System.arraycopy(frame, at, into, offset, count);
        at += count;
        return count;
    }

    @Override
    public void close() {
        ended = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
