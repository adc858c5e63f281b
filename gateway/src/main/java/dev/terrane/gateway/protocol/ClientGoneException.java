package dev.terrane.gateway.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The client broke the connection, or let it idle: nobody's fault here, and nobody is left to tell. */
public final class ClientGoneException extends IOException {
    private static final long serialVersionUID = 1L;

    private ClientGoneException(IOException cause) {
        super(cause);
    }

    /** The same stream, whose failures are the client's. */
    public static InputStream from(InputStream body) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                try {
                    return body.read();
                } catch (IOException e) {
                    throw new ClientGoneException(e);
                }
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                try {
                    return body.read(into, offset, length);
                } catch (IOException e) {
                    throw new ClientGoneException(e);
                }
            }

            @Override
            public void close() throws IOException {
                body.close();
            }
        };
    }

    /** The same stream, whose failures are the client's. */
    public static OutputStream to(OutputStream answer) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                try {
                    answer.write(bytes, offset, length);
                } catch (IOException e) {
                    throw new ClientGoneException(e);
                }
            }

            @Override
            public void close() throws IOException {
                try {
                    answer.close();
                } catch (IOException e) {
                    throw new ClientGoneException(e);
                }
            }
        };
    }
}
