package dev.terrane.compute.proxy;

import dev.terrane.kernel.clock.Threads;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The way of a request's body from the client to the target, while the answer may already come back. */
final class Upload {
    /** What became of it. */
    enum Outcome {
        DONE,
        /** The client went away within the body. */
        CLIENT_FAILED,
        /** The client sent what is no body. */
        MALFORMED,
        /** The target does not take it. It may have answered, and closed then. */
        TARGET_FAILED
    }

    private final BodyReader body;
    private final TargetConnection connection;
    private final boolean chunked;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private volatile boolean awaitsClient;
    private volatile boolean discarding;

    Upload(InputBuffer client, RequestHead request, TargetConnection connection) {
        this.connection = connection;
        this.chunked = request.framing() instanceof Framing.Chunked;
        this.body = new BodyReader(client, request.framing(), this::beforeClient);
    }

    void start(Threads threads) {
        threads.start("balancer-upload", () -> {
            Outcome result = Outcome.CLIENT_FAILED;
            try {
                result = run();
            } finally {
                if (result == Outcome.CLIENT_FAILED || result == Outcome.MALFORMED) {
                    outcome.complete(result);
                    connection.close();
                }
                outcome.complete(result);
            }
        });
    }

    /** What became of it so far; empty while it goes on. */
    Optional<Outcome> outcome() {
        return Optional.ofNullable(outcome.getNow(null));
    }

    Outcome await() {
        return outcome.join();
    }

    /** Whether it stands still because the client sends nothing. */
    boolean awaitsClient() {
        return awaitsClient;
    }

    /** Only takes the rest from the client from now on: closing with bytes unread would destroy the answer on its way. */
    void discard() {
        discarding = true;
    }

    private Outcome run() {
        try {
            while (body.next()) {
                awaitsClient = false;
                writeToTarget();
            }
            awaitsClient = false;
            finish();
            return Outcome.DONE;
        } catch (TargetGoneException e) {
            return Outcome.TARGET_FAILED;
        } catch (MalformedMessageException e) {
            return Outcome.MALFORMED;
        } catch (IOException e) {
            return Outcome.CLIENT_FAILED;
        }
    }

    private void writeToTarget() throws TargetGoneException {
        if (discarding) {
            return;
        }
        try {
            if (chunked) {
                connection.out.writeChunk(body.bytes(), body.offset(), body.length());
            } else {
                connection.out.write(body.bytes(), body.offset(), body.length());
            }
        } catch (IOException e) {
            throw new TargetGoneException(e);
        }
    }

    private void finish() throws TargetGoneException {
        try {
            if (discarding) {
                return;
            }
            if (chunked) {
                connection.out.writeLastChunk();
            }
            connection.out.flush();
        } catch (IOException e) {
            throw new TargetGoneException(e);
        }
    }

    private void beforeClient() throws TargetGoneException {
        try {
            if (!discarding) {
                connection.out.flush();
            }
        } catch (IOException e) {
            throw new TargetGoneException(e);
        }
        awaitsClient = true;
    }

    private static final class TargetGoneException extends IOException {
        TargetGoneException(IOException cause) {
            super(cause);
        }
    }
}
