package dev.terrane.kernel.compute;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Takes the output of a command as it comes, in pieces of any size. Calls come one at a time. What it throws kills the command
 * and is thrown by {@code exec}.
 */
@FunctionalInterface
public interface OutputSink {
    OutputSink DISCARD = (stream, bytes, length) -> {};

    /** Which of the command's outputs. */
    enum Stream {
        OUT,
        ERROR
    }

    /**
     * @param bytes valid only during the call
     * @param length how many of them, from the first
     */
    void accept(Stream stream, byte[] bytes, int length);

    /** Writes both outputs to one stream. */
    static OutputSink to(OutputStream target) {
        return (stream, bytes, length) -> {
            try {
                target.write(bytes, 0, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /** Writes standard output and standard error to a stream each. */
    static OutputSink to(OutputStream out, OutputStream error) {
        OutputSink first = to(out);
        OutputSink second = to(error);
        return (stream, bytes, length) -> (stream == Stream.OUT ? first : second).accept(stream, bytes, length);
    }
}
