package dev.terrane.storage.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the database holds beside the rows, and how it came about. Used by the writer alone. */
final class Schema {
    /** Numbered from 1; one that was released is never changed. */
    private static final List<List<String>> MIGRATIONS = List.of(List.of(
            "CREATE TABLE sequence (one INTEGER PRIMARY KEY CHECK (one = 1), ceiling INTEGER NOT NULL)",
            "INSERT INTO sequence VALUES (1, 0)",
            "CREATE TABLE reindexing (name TEXT PRIMARY KEY) WITHOUT ROWID"));

    private final Connection connection;

    Schema(Connection connection) {
        this.connection = connection;
    }

    void migrate() throws SQLException {
        connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)");
        int version = (int) number("SELECT coalesce(max(version), 0) FROM schema_version");
        if (version > MIGRATIONS.size()) {
            throw new SQLException("The data was written by a newer program: its schema has version " + version
                    + ", this program knows " + MIGRATIONS.size());
        }
        for (int next = version + 1; next <= MIGRATIONS.size(); next++) {
            connection.execute("BEGIN IMMEDIATE");
            for (String sql : MIGRATIONS.get(next - 1)) {
                connection.execute(sql);
            }
            connection.execute("INSERT INTO schema_version VALUES (" + next + ")");
            connection.execute("COMMIT");
        }
    }

    /** The number up to which commits have been, or may have been, counted. */
    long ceiling() throws SQLException {
        return number("SELECT ceiling FROM sequence");
    }

    void raiseCeiling(long to) throws SQLException {
        connection.update("UPDATE sequence SET ceiling=?", to);
    }

    /** @return whether rows lack values of an index */
    boolean declare(String table, Set<String> indexes) throws SQLException {
        connection.execute(TableSql.create(table));
        Set<String> columns = new HashSet<>();
        try (ResultSet found = connection.query("SELECT name FROM pragma_table_info(?)", "rows:" + table)) {
            while (found.next()) {
                columns.add(found.getString(1));
            }
        }
        boolean empty = number("SELECT NOT EXISTS (SELECT 1 FROM " + TableSql.name(table) + ")") == 1;
        for (String index : indexes) {
            if (!columns.remove("by:" + index)) {
                connection.execute(
                        "ALTER TABLE " + TableSql.name(table) + " ADD COLUMN " + TableSql.column(index) + " TEXT");
                connection.execute(TableSql.createIndex(table, index));
                if (!empty) {
                    connection.update("INSERT OR IGNORE INTO reindexing VALUES (?)", table);
                }
            }
        }
        for (String column : columns) {
            if (column.startsWith("by:")) {
                String index = column.substring("by:".length());
                connection.execute("DROP INDEX " + TableSql.indexName(table, index));
                connection.execute("ALTER TABLE " + TableSql.name(table) + " DROP COLUMN " + TableSql.column(index));
            }
        }
        try (ResultSet found = connection.query("SELECT 1 FROM reindexing WHERE name=?", table)) {
            return found.next();
        }
    }

    void indexed(String table) throws SQLException {
        connection.update("DELETE FROM reindexing WHERE name=?", table);
    }

    private long number(String sql) throws SQLException {
        try (ResultSet found = connection.query(sql)) {
            found.next();
            return found.getLong(1);
        }
    }
}
