package dev.terrane.compute.proxy;

import dev.terrane.kernel.clock.Clock;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLSocket;

/** A connection's bytes, plain or by TLS. One thread may read while another writes; any may close. */
abstract sealed class Wire implements AutoCloseable {
    final SocketChannel channel;
    private volatile long lastActive = Clock.nanos();

    private Wire(SocketChannel channel) {
        this.channel = channel;
    }

    static Wire plain(SocketChannel channel) {
        return new Plain(channel);
    }

    static Wire tls(SocketChannel channel, SSLSocket socket) throws IOException {
        return new Tls(channel, socket);
    }

    /** Reads at least one byte, or returns -1 at the end. */
    final int read(byte[] into, int offset, int length) throws IOException {
        int count = receive(into, offset, length);
        lastActive = Clock.nanos();
        return count;
    }

    final void write(byte[] from, int offset, int length) throws IOException {
        send(from, offset, length);
        lastActive = Clock.nanos();
    }

    /** When a byte last passed, by {@link Clock#nanos()}. */
    final long lastActive() {
        return lastActive;
    }

    /**
     * Whether the other side, from which nothing is expected now, has neither closed nor sent anything. Only for a connection that no thread
     * reads.
     */
    final boolean isQuiet() {
        try {
            // A virtual thread's channel is non-blocking underneath, so that switching costs no system call.
            channel.configureBlocking(false);
            try {
                return channel.read(ByteBuffer.allocate(1)) == 0;
            } finally {
                channel.configureBlocking(true);
            }
        } catch (IOException e) {
            return false;
        }
    }

    /** Agrees on a secret with the other side, where the protocol has one. */
    void handshake() throws IOException {}

    abstract int receive(byte[] into, int offset, int length) throws IOException;

    abstract void send(byte[] from, int offset, int length) throws IOException;

    /** Tells the other side that nothing more will come. */
    abstract void endOutput() throws IOException;

    @Override
    public final void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is as closed as it can be.
        }
    }

    private static final class Plain extends Wire {
        Plain(SocketChannel channel) {
            super(channel);
        }

        @Override
        int receive(byte[] into, int offset, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(into, offset, length));
        }

        @Override
        void send(byte[] from, int offset, int length) throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(from, offset, length);
            while (rest.hasRemaining()) {
                if (channel.write(rest) < 0) {
                    throw new EOFException();
                }
            }
        }

        @Override
        void endOutput() throws IOException {
            channel.shutdownOutput();
        }
    }

    private static final class Tls extends Wire {
        private final SSLSocket socket;
        private final InputStream in;
        private final OutputStream out;

        Tls(SocketChannel channel, SSLSocket socket) throws IOException {
            super(channel);
            this.socket = socket;
            in = socket.getInputStream();
            out = socket.getOutputStream();
        }

        @Override
        void handshake() throws IOException {
            socket.startHandshake();
        }

        @Override
        int receive(byte[] into, int offset, int length) throws IOException {
            return in.read(into, offset, length);
        }

        @Override
        void send(byte[] from, int offset, int length) throws IOException {
            out.write(from, offset, length);
        }

        @Override
        void endOutput() throws IOException {
            socket.shutdownOutput();
        }
    }
}
