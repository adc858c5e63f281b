package dev.terrane.storage.sqlite;

import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.StoreBackend;
import dev.terrane.kernel.store.StoreBackend.IndexPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The SQL of one table. New rows go to the table's end, whatever their key, so that a commit touches few pages; tables that older programs made are
 * clustered by key, and work as they are. Each index is a column of the row with an SQL index over account, region, value and key, in which rows
 * without a value are not. SQLite compares text by its UTF-8 bytes.
 */
final class TableSql {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private final String table;
    private final List<String> indexes;
    final String get;
    final String version;
    final String put;
    final String insert;
    final String delete;
    final String everywhere;
    final String nextScope;
    final String count;

    TableSql(String table, Set<String> indexes) {
        this.table = table;
        this.indexes = List.copyOf(new TreeSet<>(indexes));
        this.indexes.forEach(TableSql::named);
        String name = name(table);
        String row = " WHERE account=? AND region=? AND key=?";
        get = "SELECT version, body FROM " + name + row;
        version = "SELECT version FROM " + name + row;
        delete = "DELETE FROM " + name + row;
        everywhere = "SELECT account, region, key, version, body FROM " + name
                + " WHERE (account, region, key) > (?,?,?) ORDER BY account, region, key LIMIT ?";
        count = "SELECT count(*), coalesce(sum(version), 0) FROM " + name;
        nextScope = "SELECT account, region FROM " + name
                + " WHERE (account, region) > (?,?) ORDER BY account, region LIMIT 1";
        String columns = this.indexes.stream().map(i -> ", " + column(i)).collect(Collectors.joining());
        String values = "INSERT INTO " + name + " (account, region, key, version, body" + columns
                + ") VALUES (?,?,?,?,?" + ",?".repeat(this.indexes.size()) + ") ON CONFLICT ";
        insert = values + "DO NOTHING";
        put = values + "(account, region, key) DO UPDATE SET version=excluded.version, body=excluded.body"
                + this.indexes.stream()
                        .map(i -> ", " + column(i) + "=excluded." + column(i))
                        .collect(Collectors.joining());
    }

    /** The indexes in the order of the parameters of {@link #put}. */
    List<String> indexes() {
        return indexes;
    }

    static String name(String table) {
        return "\"rows:" + named(table) + "\"";
    }

    static String column(String index) {
        return "\"by:" + named(index) + "\"";
    }

    static String indexName(String table, String index) {
        return "\"index:" + named(table) + ":" + named(index) + "\"";
    }

    static String create(String table) {
        return "CREATE TABLE IF NOT EXISTS " + name(table)
                + " (account TEXT NOT NULL, region TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL,"
                + " PRIMARY KEY (account, region, key))";
    }

    static String createIndex(String table, String index) {
        return "CREATE INDEX " + indexName(table, index) + " ON " + name(table) + " (account, region, " + column(index)
                + ", key) WHERE " + column(index) + " IS NOT NULL";
    }

    private static String named(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Not a name of a table or index: " + name);
        }
        return name;
    }

    /** A listing's SQL and its text parameters after account and region; its limit follows. */
    record ListSql(String sql, List<String> parameters) {}

    ListSql list(Query query) {
        Optional<String> index = query.index();
        index.ifPresent(i -> {
            if (!indexes.contains(i)) {
                throw new IllegalArgumentException("Table " + table + " has no index " + i);
            }
        });
        String column = index.map(TableSql::column).orElse("key");
        StringBuilder sql = new StringBuilder("SELECT key, version, body, ")
                .append(column)
                .append(" FROM ")
                .append(name(table));
        index.ifPresent(i -> sql.append(" INDEXED BY ").append(indexName(table, i)));
        sql.append(" WHERE account=? AND region=?");
        index.ifPresent(i -> sql.append(" AND ").append(column).append(" IS NOT NULL"));
        List<String> parameters = new ArrayList<>(4);
        // SQLite seeks by one lower and one upper bound, so of the query's bound and its cursor only the tighter one is
        // given.
        Optional<IndexPlace> after =
                query.after().map(cursor -> index.isPresent() ? IndexPlace.of(cursor) : new IndexPlace(cursor, ""));
        boolean afterBegins = !query.descending()
                && after.filter(place -> StoreBackend.compare(place.value(), query.from()) >= 0)
                        .isPresent();
        boolean afterEnds = query.descending()
                && after.filter(place -> query.to().isEmpty()
                                || StoreBackend.compare(
                                                place.value(), query.to().get())
                                        < 0)
                        .isPresent();
        if (!afterBegins && !query.from().isEmpty()) {
            sql.append(" AND ").append(column).append(">=?");
            parameters.add(query.from());
        }
        if (!afterEnds && query.to().isPresent()) {
            sql.append(" AND ").append(column).append("<?");
            parameters.add(query.to().get());
        }
        if (afterBegins || afterEnds) {
            String than = afterBegins ? ">" : "<";
            IndexPlace place = after.orElseThrow();
            parameters.add(place.value());
            if (index.isPresent()) {
                sql.append(" AND (")
                        .append(column)
                        .append(", key)")
                        .append(than)
                        .append("(?,?)");
                parameters.add(place.key());
            } else {
                sql.append(" AND key").append(than).append('?');
            }
        }
        String order = query.descending() ? " DESC" : "";
        sql.append(" ORDER BY ").append(column).append(order);
        index.ifPresent(i -> sql.append(", key").append(order));
        return new ListSql(sql.append(" LIMIT ?").toString(), parameters);
    }
}
