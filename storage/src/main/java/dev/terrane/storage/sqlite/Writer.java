package dev.terrane.storage.sqlite;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.store.StoreBackend.Batch;
import dev.terrane.kernel.store.StoreBackend.Conflict;
import dev.terrane.kernel.store.StoreBackend.Failed;
import dev.terrane.kernel.store.StoreBackend.RowKey;
import dev.terrane.kernel.store.StoreBackend.Write;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes. All that came in while it synced the last transaction shares the next one: each batch is checked and applied in the order of
 * its coming, one that conflicts is left out, and none is answered before the sync.
 */
final class Writer {
    private static final System.Logger LOG = System.getLogger(Writer.class.getName());
    /** How many batches share a transaction at the most, so that the first does not wait long for the last. */
    private static final int GROUP = 1024;
    /** How many commit numbers are reserved at once; those left over at the server's end are skipped. */
    private static final long RESERVE = 1_000_000;

    /** Work for the writer: a batch, or a change of the schema in a transaction of its own. */
    private sealed interface Order {}

    private record Commit(Batch batch, CompletableFuture<Long> done) implements Order {}

    private record Change(SchemaChange work, CompletableFuture<Boolean> done) implements Order {}

    private record End() implements Order {}

    /** A change of the schema. */
    @FunctionalInterface
    interface SchemaChange {
        boolean run(Schema schema) throws SQLException;
    }

    private final Connection connection;
    private final Schema schema;
    private final Function<String, TableSql> tables;
    private final LinkedBlockingQueue<Order> orders = new LinkedBlockingQueue<>();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private long sequence;
    private long ceiling;
    private volatile boolean closed;

    Writer(Connection connection, Function<String, TableSql> tables) throws SQLException {
        this.connection = connection;
        this.tables = tables;
        this.schema = new Schema(connection);
        schema.migrate();
        sequence = schema.ceiling();
        ceiling = sequence;
    }

    /** Begins to write. It has a thread of its own, not the server's: what others write while the server ends is still taken. */
    void start() {
        new Threads(Clock.system(), e -> LOG.log(System.Logger.Level.ERROR, "The writer of the store failed", e))
                .startPlatform("sqlite-writer", this::work);
    }

    long commit(Batch batch) {
        return order(new CompletableFuture<>(), done -> new Commit(batch, done));
    }

    boolean change(SchemaChange work) {
        return order(new CompletableFuture<>(), done -> new Change(work, done));
    }

    private <T> T order(CompletableFuture<T> done, Function<CompletableFuture<T>, Order> order) {
        if (closed) {
            throw new Failed("The store is closed", new IllegalStateException("closed"));
        }
        Order added = order.apply(done);
        orders.add(added);
        if (ended.isDone() && orders.remove(added)) {
            refuse(List.of(added));
        }
        try {
            return done.join();
        } catch (java.util.concurrent.CompletionException e) {
            switch (e.getCause()) {
                case Conflict conflict -> throw conflict;
                case RuntimeException fault -> throw fault;
                case null, default -> throw new Failed("The store cannot be written: " + e.getCause(), e);
            }
        }
    }

    /** Commits what has come so far, and ends. */
    void close() {
        closed = true;
        orders.add(new End());
        ended.join();
    }

    private void work() {
        List<Order> taken = new ArrayList<>();
        try {
            while (true) {
                taken.clear();
                taken.add(next());
                orders.drainTo(taken, GROUP - 1);
                if (!carryOut(taken)) {
                    return;
                }
            }
        } finally {
            closed = true;
            ended.complete(true);
            refuse(taken);
            orders.drainTo(taken);
            refuse(taken);
        }
    }

    private Order next() {
        while (true) {
            try {
                return orders.take();
            } catch (InterruptedException e) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "Only close() ends the writer: others may still wait for commits",
                        e);
            }
        }
    }

    private static void refuse(List<Order> orders) {
        Failed closed = new Failed("The store is closed", new IllegalStateException("closed"));
        for (Order order : orders) {
            switch (order) {
                case Commit commit -> commit.done().completeExceptionally(closed);
                case Change change -> change.done().completeExceptionally(closed);
                case End end -> {}
            }
        }
    }

    /** @return whether to go on */
    private boolean carryOut(List<Order> taken) {
        List<Commit> group = new ArrayList<>(taken.size());
        boolean goOn = true;
        for (Order order : taken) {
            switch (order) {
                case Commit commit -> group.add(commit);
                case Change change -> {
                    commitGroup(group);
                    group.clear();
                    changeSchema(change);
                }
                case End end -> goOn = false;
            }
        }
        commitGroup(group);
        return goOn;
    }

    private void changeSchema(Change change) {
        try {
            connection.update("BEGIN IMMEDIATE");
            boolean result = change.work().run(schema);
            connection.update("COMMIT");
            change.done().complete(result);
        } catch (SQLException | RuntimeException e) {
            rollBack();
            change.done().completeExceptionally(e instanceof RuntimeException ? e : failed(e));
        }
    }

    private void commitGroup(List<Commit> group) {
        if (group.isEmpty()) {
            return;
        }
        List<@Nullable Object> outcomes = new ArrayList<>(group.size());
        try {
            connection.update("BEGIN IMMEDIATE");
            for (Commit commit : group) {
                outcomes.add(apply(commit.batch()));
            }
            connection.update("COMMIT");
        } catch (SQLException | RuntimeException e) {
            rollBack();
            if (group.size() == 1) {
                group.getFirst().done().completeExceptionally(e instanceof RuntimeException ? e : failed(e));
            } else {
                // One of them is at fault, or the disk is full: each is tried alone, so that none fails for another.
                group.forEach(commit -> commitGroup(List.of(commit)));
            }
            return;
        }
        for (int i = 0; i < group.size(); i++) {
            CompletableFuture<Long> done = group.get(i).done();
            if (outcomes.get(i) instanceof Long version) {
                done.complete(version);
            } else if (outcomes.get(i) instanceof Conflict conflict) {
                done.completeExceptionally(conflict);
            }
        }
    }

    /** @return the version given, or the conflict that kept it from being written */
    private Object apply(Batch batch) throws SQLException {
        for (Map.Entry<RowKey, Long> expected : batch.expected().entrySet()) {
            if (versionOf(expected.getKey()) != expected.getValue()) {
                return new Conflict(expected.getKey());
            }
        }
        long version = nextVersion();
        Optional<Conflict> conflict = insertFresh(batch, version);
        if (conflict.isPresent()) {
            return conflict.get();
        }
        for (Write write : batch.writes()) {
            Optional<byte[]> body = write.body();
            if (body.isEmpty()) {
                delete(write.row());
            } else if (!write.fresh()) {
                put(tables.apply(write.row().table()).put, write, body.get(), version);
            }
        }
        return version;
    }

    /** Rows that must not be there come first: when one is, those before it are taken back, and no other write is. */
    private Optional<Conflict> insertFresh(Batch batch, long version) throws SQLException {
        List<RowKey> inserted = new ArrayList<>();
        for (Write write : batch.writes()) {
            if (write.fresh()) {
                byte[] body = write.body().orElseThrow();
                if (put(tables.apply(write.row().table()).insert, write, body, version) == 0) {
                    for (RowKey row : inserted) {
                        delete(row);
                    }
                    return Optional.of(new Conflict(write.row()));
                }
                inserted.add(write.row());
            }
        }
        return Optional.empty();
    }

    private void delete(RowKey row) throws SQLException {
        connection.update(
                tables.apply(row.table()).delete,
                row.scope().account(),
                row.scope().region(),
                row.key());
    }

    private long versionOf(RowKey row) throws SQLException {
        try (ResultSet found = connection.query(
                tables.apply(row.table()).version,
                row.scope().account(),
                row.scope().region(),
                row.key())) {
            return found.next() ? found.getLong(1) : 0;
        }
    }

    /** @return how many rows were written */
    private int put(String sql, Write write, byte[] body, long version) throws SQLException {
        RowKey row = write.row();
        TableSql table = tables.apply(row.table());
        PreparedStatement statement = connection.statement(sql);
        statement.setString(1, row.scope().account());
        statement.setString(2, row.scope().region());
        statement.setString(3, row.key());
        statement.setLong(4, version);
        statement.setBytes(5, body);
        int parameter = 6;
        for (String index : table.indexes()) {
            String value = write.indexes().get(index);
            if (value == null) {
                statement.setNull(parameter++, Types.VARCHAR);
            } else {
                statement.setString(parameter++, value);
            }
        }
        return statement.executeUpdate();
    }

    private long nextVersion() throws SQLException {
        if (sequence == ceiling) {
            schema.raiseCeiling(ceiling + RESERVE);
            ceiling += RESERVE;
        }
        return ++sequence;
    }

    private void rollBack() {
        try {
            connection.update("ROLLBACK");
        } catch (SQLException e) {
            // SQLite has rolled back by itself, as it does when the disk is full.
            LOG.log(System.Logger.Level.DEBUG, "Rolled back already", e);
        }
        // A reservation may be undone with the transaction, so the next commit reserves anew.
        ceiling = sequence;
    }

    private static Failed failed(Exception e) {
        return new Failed("The store cannot be written: " + e.getMessage(), e);
    }
}
