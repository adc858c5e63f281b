package dev.terrane.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.StoreBackend.Batch;
import dev.terrane.kernel.store.StoreBackend.Conflict;
import dev.terrane.kernel.store.StoreBackend.Failed;
import dev.terrane.kernel.store.StoreBackend.RowKey;
import dev.terrane.kernel.store.StoreBackend.StoredRow;
import dev.terrane.kernel.store.StoreBackend.Write;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteBackendTest {
    private static final Scope HERE = new Scope("111122223333", "eu-west-1");
    private static final Scope ELSEWHERE = new Scope("111122223333", "us-east-1");
    private static final String TABLE = "test.thing";

    @TempDir
    Path folder;

    private SqliteBackend backend;

    @BeforeEach
    void open() {
        backend = SqliteBackend.open(folder);
        backend.declare(TABLE, Set.of("size"));
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void aRowIsThereOnceItsCommitReturned() {
        long version = put(HERE, "a", "first", "");

        assertThat(backend.get(row(HERE, "a"))).hasValueSatisfying(stored -> {
            assertThat(stored.version()).isEqualTo(version);
            assertThat(text(stored)).isEqualTo("first");
        });
        assertThat(backend.get(row(ELSEWHERE, "a"))).isEmpty();
    }

    @Test
    void aTableThatAnOlderProgramMadeIsReadAndWritten() throws SQLException {
        backend.close();
        try (java.sql.Connection database = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("terrane.db"));
                Statement statement = database.createStatement()) {
            statement.execute("DROP TABLE \"rows:test.thing\"");
            statement.execute(
                    "CREATE TABLE \"rows:test.thing\" (account TEXT NOT NULL, region TEXT NOT NULL, key TEXT NOT NULL,"
                            + " version INTEGER NOT NULL, body BLOB NOT NULL, \"by:size\" TEXT,"
                            + " PRIMARY KEY (account, region, key)) WITHOUT ROWID");
            statement.execute(
                    "CREATE INDEX \"index:test.thing:size\" ON \"rows:test.thing\" (account, region, \"by:size\", key)"
                            + " WHERE \"by:size\" IS NOT NULL");
            statement.execute(
                    "INSERT INTO \"rows:test.thing\" VALUES ('111122223333', 'eu-west-1', 'old', 1, x'6f6c64', '3')");
        }
        open();
        put(HERE, "new", "written", "4");
        put(HERE, "old", "over", "5");

        assertThat(backend.list(TABLE, HERE, Query.index("size")))
                .extracting(SqliteBackendTest::text)
                .containsExactly("written", "over");
    }

    @Test
    void aBatchWhoseExpectationFailsWritesNothing() {
        long version = put(HERE, "a", "first", "");
        put(HERE, "a", "second", "");

        assertThatThrownBy(() -> backend.commit(new Batch(
                        Map.of(row(HERE, "a"), version),
                        List.of(write(HERE, "b", "x", ""), write(HERE, "a", "y", "")))))
                .isInstanceOfSatisfying(Conflict.class, e -> assertThat(e.row()).isEqualTo(row(HERE, "a")));
        assertThat(backend.get(row(HERE, "b"))).isEmpty();
        assertThat(backend.get(row(HERE, "a"))).map(SqliteBackendTest::text).contains("second");
    }

    @Test
    void versionZeroExpectsThatThereIsNoRow() {
        Batch create = new Batch(Map.of(row(HERE, "a"), 0L), List.of(write(HERE, "a", "x", "")));
        backend.commit(create);

        assertThatThrownBy(() -> backend.commit(create)).isInstanceOf(Conflict.class);
    }

    @Test
    void aVersionNeverComesAgainNeitherAfterDeletionNorAfterRestart() {
        List<Long> seen = new ArrayList<>();
        for (int restart = 0; restart < 3; restart++) {
            for (int i = 0; i < 5; i++) {
                seen.add(put(HERE, "a", "x", ""));
                delete("a");
            }
            close();
            open();
        }
        assertThat(seen).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void listsInTheOrderOfUtf8Bytes() {
        List<String> keys = List.of("", "a", "a\0", "a\0b", "aa", "b", "\u00e9", "\uffee", "\ud83d\ude00");
        keys.reversed().forEach(key -> put(HERE, key, key, ""));

        assertThat(backend.list(TABLE, HERE, Query.all()))
                .extracting(StoredRow::key)
                .isEqualTo(keys);
        assertThat(backend.list(TABLE, HERE, Query.all().reversed()))
                .extracting(StoredRow::key)
                .isEqualTo(keys.reversed());
        assertThat(backend.list(TABLE, HERE, Query.prefix("a")))
                .extracting(StoredRow::key)
                .containsExactly("a", "a\0", "a\0b", "aa");
        assertThat(backend.list(TABLE, HERE, Query.all().between("a", "aa")))
                .extracting(StoredRow::key)
                .containsExactly("a", "a\0", "a\0b");
    }

    @Test
    void pagesOfAnyQueryTogetherAreTheWholeListing() {
        for (int i = 0; i < 60; i++) {
            put(HERE, "k" + i % 7 + "\0" + i, "v" + i, i % 5 == 0 ? "" : "s" + i % 3 + (i % 2 == 0 ? "\0x" : ""));
            put(ELSEWHERE, "k" + i, "other", "s1");
        }
        for (Query query : List.of(
                Query.all(),
                Query.prefix("k3"),
                Query.index("size"),
                Query.equal("size", "s1"),
                Query.indexPrefix("size", "s1"),
                Query.index("size").between("s1", "s2"))) {
            for (Query way : List.of(query, query.reversed())) {
                List<String> whole = keys(backend.list(TABLE, HERE, way));
                assertThat(whole).as("%s", way).isNotEmpty();
                for (int limit : new int[] {1, 3, 7}) {
                    List<String> paged = new ArrayList<>();
                    Query next = way.limit(limit);
                    for (List<StoredRow> page = backend.list(TABLE, HERE, next);
                            !page.isEmpty();
                            page = backend.list(TABLE, HERE, next)) {
                        paged.addAll(keys(page));
                        next = next.after(page.getLast().cursor());
                    }
                    assertThat(paged).as("%s by %s", way, limit).isEqualTo(whole);
                }
            }
        }
    }

    @Test
    void anIndexFollowsItsRows() {
        put(HERE, "a", "x", "1");
        put(HERE, "b", "x", "1");
        put(HERE, "a", "x", "2");
        put(HERE, "c", "x", "");
        delete("b");

        assertThat(keys(backend.list(TABLE, HERE, Query.index("size")))).containsExactly("a");
        assertThat(keys(backend.list(TABLE, HERE, Query.equal("size", "2")))).containsExactly("a");
        assertThat(keys(backend.list(TABLE, HERE, Query.equal("size", "1")))).isEmpty();
    }

    @Test
    void aNewIndexAsksForItsValuesUntilTheyAreThere() {
        put(HERE, "a", "x", "1");

        assertThat(backend.declare(TABLE, Set.of("size", "colour"))).isTrue();
        assertThat(backend.declare(TABLE, Set.of("size", "colour"))).isTrue();
        backend.commit(new Batch(
                Map.of(), List.of(new Write(row(HERE, "a"), body("x"), Map.of("size", "1", "colour", "red")))));
        backend.indexed(TABLE);
        assertThat(backend.declare(TABLE, Set.of("size", "colour"))).isFalse();
        assertThat(keys(backend.list(TABLE, HERE, Query.equal("colour", "red"))))
                .containsExactly("a");

        assertThat(backend.declare(TABLE, Set.of("colour"))).isFalse();
        assertThatThrownBy(() -> backend.list(TABLE, HERE, Query.index("size")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(backend.declare(TABLE, Set.of("colour", "size"))).isTrue();
    }

    @Test
    void everywhereVisitsEachRowOfEachScopeOnceWhileRowsAreWritten() {
        for (int i = 0; i < 700; i++) {
            put(i % 2 == 0 ? HERE : ELSEWHERE, "k" + i, "x", "");
        }
        List<String> seen = new ArrayList<>();
        backend.everywhere(TABLE, stored -> {
            seen.add(stored.scope().region() + stored.key());
            put(stored.scope(), stored.key(), "y", "");
        });
        assertThat(seen).hasSize(700).doesNotHaveDuplicates();
    }

    @Test
    void rivalsForOneRowLoseNoUpdate() throws Exception {
        put(HERE, "count", "0", "");
        AtomicInteger conflicts = new AtomicInteger();
        inParallel(8, () -> {
            for (int i = 0; i < 50; i++) {
                while (true) {
                    StoredRow now = backend.get(row(HERE, "count")).orElseThrow();
                    try {
                        backend.commit(new Batch(
                                Map.of(row(HERE, "count"), now.version()),
                                List.of(write(HERE, "count", "" + (Integer.parseInt(text(now)) + 1), ""))));
                        break;
                    } catch (Conflict e) {
                        conflicts.incrementAndGet();
                    }
                }
            }
            return null;
        });
        assertThat(backend.get(row(HERE, "count"))).map(SqliteBackendTest::text).contains("400");
        assertThat(conflicts).hasPositiveValue();
    }

    @Test
    void aFolderIsOpenOnce() {
        assertThatThrownBy(() -> SqliteBackend.open(folder))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("open already");
    }

    @Test
    void aClosedStoreRefuses() {
        backend.close();
        assertThatThrownBy(() -> put(HERE, "a", "x", "")).isInstanceOf(Failed.class);
        backend = SqliteBackend.open(folder);
    }

    private static void inParallel(int threads, Callable<?> work) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(executor.submit(work));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    @Test
    void aBatchWithAFreshRowThatIsThereLeavesNothing() {
        put(HERE, "there", "old", "1");
        Batch batch = new Batch(
                Map.of(),
                List.of(
                        write(HERE, "other", "x", "1"),
                        new Write(row(HERE, "new"), body("x"), Map.of("size", "1"), true),
                        new Write(row(HERE, "there"), body("x"), Map.of(), true)));

        assertThatThrownBy(() -> backend.commit(batch))
                .isInstanceOfSatisfying(Conflict.class, e -> assertThat(e.row()).isEqualTo(row(HERE, "there")));

        assertThat(backend.list(TABLE, HERE, Query.equal("size", "1")))
                .extracting(StoredRow::key)
                .containsExactly("there");
        assertThat(text(backend.get(row(HERE, "there")).orElseThrow())).isEqualTo("old");
        delete("there");
        assertThat(backend.get(row(HERE, "there"))).isEmpty();
        backend.commit(batch);
        assertThat(backend.get(row(HERE, "there"))).isPresent();
        assertThat(backend.get(row(HERE, "new"))).isPresent();
    }

    private long put(Scope scope, String key, String body, String size) {
        return backend.commit(new Batch(Map.of(), List.of(write(scope, key, body, size))));
    }

    private void delete(String key) {
        backend.commit(new Batch(Map.of(), List.of(new Write(row(HERE, key), Optional.empty(), Map.of()))));
    }

    private static Write write(Scope scope, String key, String body, String size) {
        Map<String, String> indexes = new HashMap<>();
        if (!size.isEmpty()) {
            indexes.put("size", size);
        }
        return new Write(row(scope, key), body(body), indexes);
    }

    private static Optional<byte[]> body(String text) {
        return Optional.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static RowKey row(Scope scope, String key) {
        return new RowKey(TABLE, scope, key);
    }

    private static List<String> keys(List<StoredRow> rows) {
        return rows.stream().map(StoredRow::key).toList();
    }

    private static String text(StoredRow row) {
        return new String(row.body(), StandardCharsets.UTF_8);
    }
}
