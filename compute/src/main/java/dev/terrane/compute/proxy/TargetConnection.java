package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.TargetGroup;
import dev.terrane.kernel.clock.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLSocket;

/** A connection to a target, used by one request at a time. */
final class TargetConnection implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    final Wire wire;
    final InputBuffer in;
    final OutputBuffer out;
    private long idleSince;
    private boolean used;

    private TargetConnection(Wire wire, LongAdder sent) {
        this.wire = wire;
        in = new InputBuffer(wire);
        out = new OutputBuffer(wire, sent);
    }

    /** @throws IOException when nobody answers there, within AWS's 10 seconds */
    static TargetConnection open(String host, int port, TargetGroup.TargetProtocol protocol) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                throw new java.net.UnknownHostException(host);
            }
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(address, (int) CONNECT_TIMEOUT.toMillis());
            Wire wire = switch (protocol) {
                case HTTP -> Wire.plain(channel);
                case HTTPS -> {
                    SSLSocket socket = TrustingTls.connect(channel.socket(), host, port);
                    socket.startHandshake();
                    yield Wire.tls(channel, socket);
                }
            };
            return new TargetConnection(wire, new LongAdder());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether a request was carried before, so that the target may have closed it in the meantime. */
    boolean wasUsed() {
        return used;
    }

    void rest() {
        used = true;
        idleSince = Clock.nanos();
    }

    Duration idle() {
        return Duration.ofNanos(Clock.nanos() - idleSince);
    }

    boolean isFresh() {
        return in.isEmpty() && wire.isQuiet();
    }

    @Override
    public void close() {
        wire.close();
    }
}
