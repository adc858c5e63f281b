package dev.terrane.compute.proxy;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A client's connection: one request after another, on one virtual thread. */
final class ClientConnection {
    private static final long LINGER_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int LINGER_BYTES = 1024 * 1024;
    private static final int STALE_ROUTINGS = 10;

    private enum Phase {
        /** Between requests; may be closed at any time. */
        RESTING,
        /** Within the TLS handshake or a request's head. */
        RECEIVING,
        EXCHANGING,
        /** The last answer is sent, and what the client still sends is thrown away. */
        LINGERING,
        CLOSED
    }

    /** The client can't be written to. */
    static final class ClientGoneException extends IOException {
        ClientGoneException(IOException cause) {
            super(cause);
        }
    }

    private final Balancer balancer;
    private final ListeningPort listener;
    private final InetAddress address;
    private final long openedAt = Clock.nanos();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.RECEIVING);
    private volatile long phaseSince = openedAt;
    private volatile Optional<Forwarding> forwarding = Optional.empty();
    private final Wire wire;
    private final InputBuffer in;
    private final OutputBuffer out;
    private final String protocol;

    ClientConnection(Balancer balancer, ListeningPort listener, SocketChannel channel) throws IOException {
        this.balancer = balancer;
        this.listener = listener;
        this.address = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
        Optional<ServerTls> tls = listener.tls();
        this.wire = tls.isPresent() ? Wire.tls(channel, tls.get().socket(channel)) : Wire.plain(channel);
        this.protocol = tls.isPresent() ? "https" : "http";
        this.in = new InputBuffer(wire);
        this.out = new OutputBuffer(wire, balancer.processedBytes());
    }

    void run() {
        try {
            wire.handshake();
        } catch (IOException e) {
            balancer.tlsFailed();
            close();
            return;
        }
        try {
            boolean more = true;
            while (more) {
                more = serveOne();
            }
        } catch (ClientGoneException e) {
            balancer.answered(460);
        } catch (IOException e) {
            // The client left between requests, or its answer broke off; it learns by the connection's end.
        } finally {
            close();
        }
    }

    /** Serves a request; returns whether there may be another. */
    private boolean serveOne() throws IOException {
        enter(Phase.RESTING);
        if (listener.isClosed() || !in.awaitSome() || !phase.compareAndSet(Phase.RESTING, Phase.RECEIVING)) {
            return false;
        }
        phaseSince = Clock.nanos();
        try {
            RequestHead request = receive();
            enter(Phase.EXCHANGING);
            balancer.received();
            return exchange(request);
        } catch (MalformedMessageException e) {
            enter(Phase.EXCHANGING);
            write(OwnAnswer.error(e.status));
            linger(Optional.empty());
            return false;
        } finally {
            forwarding = Optional.empty();
        }
    }

    private RequestHead receive() throws IOException, MalformedMessageException {
        // RFC 9112, section 2.2: an empty line before the request line is to be ignored.
        if (in.bytes[in.start] == '\r') {
            in.start++;
            if (!in.awaitSome()) {
                throw new EOFException();
            }
            if (in.bytes[in.start++] != '\n' || !in.awaitSome()) {
                throw new MalformedMessageException("A carriage return without a line feed");
            }
        }
        int end = in.awaitHead();
        RequestHead request = HeadParser.request(in.bytes, in.start, end);
        balancer.processedBytes().add(end - in.start);
        in.start = end;
        return request;
    }

    private boolean exchange(RequestHead request) throws IOException, MalformedMessageException {
        Routing routing = balancer.routing();
        for (int i = 0; i < STALE_ROUTINGS; i++) {
            Routing.ListenerRoutes routes = routing.listeners().get(listener.port());
            if (routes == null) {
                return answer(OwnAnswer.error(503), request);
            }
            switch (routes.choose(request, address)) {
                case Routing.RedirectRoute redirect -> {
                    balancer.redirected();
                    return answer(OwnAnswer.redirect(redirect.action(), request, protocol, listener.port()), request);
                }
                case Routing.FixedRoute fixed -> {
                    balancer.answeredFixed();
                    return answer(OwnAnswer.fixed(fixed.action()), request);
                }
                case Routing.ForwardRoute forward -> {
                    Forwarding attempt = new Forwarding(this, request, routing, forward);
                    forwarding = Optional.of(attempt);
                    try {
                        return attempt.run();
                    } catch (Forwarding.StaleRoutingException e) {
                        // Its targets are being drained; the routing that replaces it is there or about to be.
                        routing = balancer.settledRouting();
                    }
                }
            }
        }
        return answer(OwnAnswer.error(503), request);
    }

    // Answers

    /** Answers by itself; returns whether the connection can stay. */
    boolean answer(OwnAnswer answer, RequestHead request) throws IOException {
        boolean last = request.hasBody() || isLast(request);
        balancer.answered(answer.status());
        write(answer.head(last).getBytes(StandardCharsets.ISO_8859_1));
        if (answer.hasBody() && !request.method().equals("HEAD")) {
            write(answer.body(), 0, answer.body().length);
        }
        flush();
        if (last) {
            linger(Optional.empty());
        }
        return !last;
    }

    /** Writes an answer after which the connection ends. */
    void write(OwnAnswer answer) throws IOException {
        balancer.answered(answer.status());
        write(answer.head(true).getBytes(StandardCharsets.ISO_8859_1));
        write(answer.body(), 0, answer.body().length);
        flush();
    }

    /** Whether the connection is to end after this request. */
    boolean isLast(RequestHead request) {
        return !request.keepAlive()
                || listener.isClosed()
                || Clock.nanos() - openedAt
                        > balancer.routing().settings().clientKeepAlive().toNanos();
    }

    /**
     * Ends the output, and takes what the client still sends, for a short time: to close with bytes unread would reset the connection, and the client might
     * lose the answer.
     */
    void linger(Optional<Upload> upload) {
        enter(Phase.LINGERING);
        try {
            wire.endOutput();
            if (upload.isPresent()) {
                upload.get().discard();
                upload.get().await();
            }
            for (int taken = 0; taken < LINGER_BYTES && in.awaitSome(); in.start = in.end) {
                taken += in.end - in.start;
            }
        } catch (IOException e) {
            // Gone already.
        }
    }

    void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw new ClientGoneException(e);
        }
    }

    void writeChunk(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.writeChunk(bytes, offset, length);
        } catch (IOException e) {
            throw new ClientGoneException(e);
        }
    }

    void writeLastChunk() throws IOException {
        try {
            out.writeLastChunk();
        } catch (IOException e) {
            throw new ClientGoneException(e);
        }
    }

    void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            throw new ClientGoneException(e);
        }
    }

    // What an exchange needs

    InputBuffer in() {
        return in;
    }

    long lastActive() {
        return wire.lastActive();
    }

    Threads threads() {
        return balancer.threads();
    }

    Clock clock() {
        return balancer.clock();
    }

    StickyCookies cookies() {
        return balancer.cookies();
    }

    String setCookie(String cookie, String name, Duration stickiness) {
        return cookies().setCookie(cookie, name, stickiness, protocol.equals("https"));
    }

    byte[] forwardedHead(RequestHead request, Routing routing) throws MalformedMessageException {
        return ForwardedHead.request(
                request, routing.settings(), address.getHostAddress(), protocol, listener.port(), clock());
    }

    // Endings

    boolean belongsTo(ListeningPort port) {
        return listener == port;
    }

    /** Closes the connection if it carries no request. */
    void closeIfResting() {
        if (phase.compareAndSet(Phase.RESTING, Phase.CLOSED)) {
            wire.close();
        }
    }

    /** Closes the connection whatever it does. */
    void abort() {
        wire.close();
    }

    /** Ends what has taken too long. Called from time to time. */
    void expire(long now, long idleNanos, long keepAliveNanos) {
        switch (Objects.requireNonNull(phase.get())) {
            case RESTING -> {
                if (now - wire.lastActive() > idleNanos || now - openedAt > keepAliveNanos) {
                    closeIfResting();
                }
            }
            case RECEIVING -> {
                // From its first byte to its last: a client that sends a byte now and then gets no more time.
                if (now - phaseSince > idleNanos) {
                    balancer.answered(408);
                    abort();
                }
            }
            case EXCHANGING -> {
                Optional<Forwarding> exchange = forwarding;
                if (exchange.isPresent()) {
                    exchange.get().expire(now, idleNanos);
                } else if (now - wire.lastActive() > idleNanos) {
                    abort();
                }
            }
            case LINGERING -> {
                if (now - phaseSince > LINGER_NANOS) {
                    abort();
                }
            }
            case CLOSED -> {}
        }
    }

    private void enter(Phase next) {
        phaseSince = Clock.nanos();
        phase.set(next);
    }

    private void close() {
        phase.set(Phase.CLOSED);
        wire.close();
        balancer.left(this);
    }
}
