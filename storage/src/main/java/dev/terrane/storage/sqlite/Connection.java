package dev.terrane.storage.sqlite;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.sqlite.SQLiteConfig;

/** A connection that keeps its statements prepared. Used by one thread at a time. */
final class Connection implements AutoCloseable {
    /** What a connection keeps of the database in memory; negative means KiB. */
    private static final int CACHE_KIB = -4096;
    /** Bytes of a page, for a database that is made now: it takes a few records of the audit trail, of which SQLite's 4 KiB take two. */
    private static final int PAGE = 8192;
    /** Pages in the log before they are moved to the database: 16 MiB, so that the move is rare and its cost spread. */
    private static final int CHECKPOINT_PAGES = (16 << 20) / PAGE;

    private final java.sql.Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    private Connection(java.sql.Connection connection) {
        this.connection = connection;
    }

    static Connection open(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        // Asking for generated keys costs one more statement for every write, and nobody does.
        config.setGetGeneratedKeys(false);
        Connection opened = new Connection(DriverManager.getConnection("jdbc:sqlite:" + file, config.toProperties()));
        opened.execute("PRAGMA busy_timeout=10000");
        opened.execute("PRAGMA page_size=" + PAGE);
        opened.execute("PRAGMA journal_mode=WAL");
        opened.execute("PRAGMA synchronous=FULL");
        opened.execute("PRAGMA cache_size=" + CACHE_KIB);
        opened.execute("PRAGMA temp_store=MEMORY");
        opened.execute("PRAGMA wal_autocheckpoint=" + CHECKPOINT_PAGES);
        return opened;
    }

    /** Runs a statement that is not worth keeping. */
    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs a kept statement with parameters: strings, longs, byte arrays, or {@code null}.
     *
     * @return how many rows it changed */
    int update(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = statement(sql);
        for (int i = 0; i < parameters.length; i++) {
            switch (parameters[i]) {
                case String text -> statement.setString(i + 1, text);
                case Long number -> statement.setLong(i + 1, number);
                default -> throw new IllegalArgumentException("Not a parameter: " + parameters[i]);
            }
        }
        return statement.executeUpdate();
    }

    PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement known = prepared.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            prepared.put(sql, known);
        }
        return known;
    }

    /** Runs a kept query with text parameters. */
    ResultSet query(String sql, String... parameters) throws SQLException {
        PreparedStatement statement = statement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setString(i + 1, parameters[i]);
        }
        return statement.executeQuery();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
