package dev.terrane.storage.sqlite;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.StoreBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Rows in one SQLite database with a write-ahead log, synced at every commit. One thread writes and lets all that wait share a
 * sync; reads go on beside it. A folder is open in one server at a time.
 */
public final class SqliteBackend implements StoreBackend {
    /** Rows read at once when all are visited, so that no visitor holds a snapshot and with it the log. */
    private static final int STRIDE = 256;

    private final String opening = Ids.uuid();
    private final FolderLock lock;
    private final Connection connection;
    private final Readers readers;
    private final Writer writer;
    private final Map<String, TableSql> tables = new ConcurrentHashMap<>();

    private SqliteBackend(FolderLock lock, Connection connection, Path file) throws SQLException {
        this.lock = lock;
        this.connection = connection;
        this.readers = new Readers(file);
        this.writer = new Writer(connection, this::table);
        writer.start();
    }

    /** Opens the database in a folder; both are made where they are not there.
     *
     * @throws Failed when another server has the folder, when a newer program wrote it, or when the disk fails
     */
    public static SqliteBackend open(Path folder) {
        try {
            Files.createDirectories(folder);
            FolderLock lock = FolderLock.of(folder);
            try {
                Path file = folder.resolve("terrane.db");
                return new SqliteBackend(lock, Connection.open(file), file);
            } catch (SQLException e) {
                lock.close();
                throw new Failed("The store in " + folder + " cannot be opened: " + e.getMessage(), e);
            }
        } catch (IOException e) {
            throw new Failed("The store in " + folder + " cannot be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean declare(String table, Set<String> indexes) {
        TableSql sql = new TableSql(table, indexes);
        boolean lacking = writer.change(schema -> schema.declare(table, indexes));
        tables.put(table, sql);
        return lacking;
    }

    @Override
    public void indexed(String table) {
        writer.change(schema -> {
            schema.indexed(table);
            return true;
        });
    }

    private TableSql table(String name) {
        TableSql table = tables.get(name);
        if (table == null) {
            throw new IllegalStateException("Table " + name + " was not declared");
        }
        return table;
    }

    @Override
    public Optional<StoredRow> get(RowKey row) {
        TableSql table = table(row.table());
        return readers.read(connection -> {
            try (ResultSet found = connection.query(
                    table.get, row.scope().account(), row.scope().region(), row.key())) {
                return found.next()
                        ? Optional.of(
                                new StoredRow(row.scope(), row.key(), found.getLong(1), found.getBytes(2), row.key()))
                        : Optional.empty();
            }
        });
    }

    @Override
    public List<StoredRow> list(String table, Scope scope, Query query) {
        TableSql.ListSql list = table(table).list(query);
        return readers.read(connection -> {
            PreparedStatement statement = connection.statement(list.sql());
            int parameter = 1;
            statement.setString(parameter++, scope.account());
            statement.setString(parameter++, scope.region());
            for (String value : list.parameters()) {
                statement.setString(parameter++, value);
            }
            statement.setInt(parameter, query.limit());
            List<StoredRow> rows = new ArrayList<>();
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    String key = found.getString(1);
                    String cursor = query.index().isPresent() ? new IndexPlace(found.getString(4), key).cursor() : key;
                    rows.add(new StoredRow(scope, key, found.getLong(2), found.getBytes(3), cursor));
                }
            }
            return rows;
        });
    }

    @Override
    public void everywhere(String table, Consumer<StoredRow> visitor) {
        TableSql sql = table(table);
        Scope scope = new Scope("", "");
        String key = "";
        List<StoredRow> rows;
        do {
            rows = stride(sql, scope, key);
            rows.forEach(visitor);
            if (!rows.isEmpty()) {
                scope = rows.getLast().scope();
                key = rows.getLast().key();
            }
        } while (rows.size() == STRIDE);
    }

    private List<StoredRow> stride(TableSql table, Scope after, String afterKey) {
        return readers.read(connection -> {
            PreparedStatement statement = connection.statement(table.everywhere);
            statement.setString(1, after.account());
            statement.setString(2, after.region());
            statement.setString(3, afterKey);
            statement.setInt(4, STRIDE);
            List<StoredRow> rows = new ArrayList<>(STRIDE);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    String key = found.getString(3);
                    Scope scope = new Scope(found.getString(1), found.getString(2));
                    rows.add(new StoredRow(scope, key, found.getLong(4), found.getBytes(5), key));
                }
            }
            return rows;
        });
    }

    @Override
    public List<Scope> scopes(String table) {
        TableSql sql = table(table);
        return readers.read(connection -> {
            List<Scope> scopes = new ArrayList<>();
            Optional<Scope> next = scopeAfter(connection, sql, "", "");
            while (next.isPresent()) {
                scopes.add(next.get());
                next = scopeAfter(
                        connection, sql, next.get().account(), next.get().region());
            }
            return scopes;
        });
    }

    private static Optional<Scope> scopeAfter(Connection connection, TableSql table, String account, String region)
            throws SQLException {
        try (ResultSet found = connection.query(table.nextScope, account, region)) {
            return found.next() ? Optional.of(new Scope(found.getString(1), found.getString(2))) : Optional.empty();
        }
    }

    /** How many rows each table has. It goes through all of them. */
    public Map<String, Long> rowCounts() {
        return eachTable(1);
    }

    /** The sum of the versions of each table's rows, which changes with every write. It goes through all of them. */
    public Map<String, Long> rowVersions() {
        return eachTable(2);
    }

    private Map<String, Long> eachTable(int column) {
        Map<String, Long> numbers = new TreeMap<>();
        tables.forEach((name, sql) -> numbers.put(name, readers.read(connection -> {
            try (ResultSet found = connection.query(sql.count)) {
                return found.next() ? found.getLong(column) : 0;
            }
        })));
        return numbers;
    }

    @Override
    public long commit(Batch batch) {
        batch.writes().forEach(write -> table(write.row().table()));
        return writer.commit(batch);
    }

    /** The folder is locked for this one. */
    @Override
    public Optional<String> soleOpening() {
        return Optional.of(opening);
    }

    /** Ends once all that was committed before is answered. Closing twice is closing once. */
    @Override
    public void close() {
        writer.close();
        try {
            readers.close();
            connection.close();
            lock.close();
        } catch (SQLException e) {
            throw new Failed("The store cannot be closed: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
