package dev.terrane.storage.sqlite;

import dev.terrane.kernel.store.StoreBackend.Failed;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/** A few connections that only read. What they read is committed; they neither wait for the writer nor hold it up. */
final class Readers implements AutoCloseable {
    private static final int MOST = 4;

    private final Path file;
    private final Semaphore free = new Semaphore(MOST);
    /** The last one given back is taken first: its pages are warm. */
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

    private volatile boolean closed;

    Readers(Path file) {
        this.file = file;
    }

    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    <T> T read(Work<T> work) {
        free.acquireUninterruptibly();
        try {
            if (closed) {
                throw new Failed("The store is closed", new IllegalStateException("closed"));
            }
            Connection connection = idle.pollFirst();
            if (connection == null) {
                connection = Connection.open(file);
                connection.execute("PRAGMA query_only=ON");
            }
            try {
                return work.run(connection);
            } finally {
                idle.addFirst(connection);
            }
        } catch (SQLException e) {
            throw new Failed("The store cannot be read: " + e.getMessage(), e);
        } finally {
            free.release();
        }
    }

    /** Waits for readers to end, and refuses new ones. */
    @Override
    public void close() throws SQLException {
        closed = true;
        free.acquireUninterruptibly(MOST);
        for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
            connection.close();
        }
        free.release(MOST);
    }
}
