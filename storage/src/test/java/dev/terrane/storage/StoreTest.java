package dev.terrane.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.MovableClock;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

class StoreTest {
    private static final Scope HERE = new Scope("111122223333", "eu-west-1");

    record Thing(String name, String colour, int count) {}

    record Kept(String id, Message message, List<Message> more, Instant time, Optional<String> note, byte[] raw) {}

    @TempDir
    Path folder;

    private final MasterKey key = MasterKey.random();
    private TestServer server;
    private Rows<Thing> things;

    @BeforeEach
    void open() {
        server = new TestServer(folder, key, new MovableClock(Instant.parse("2026-01-01T00:00:00Z")));
        things = server.store.rows(
                Table.of("test.thing", Thing.class, Thing::name).index("colour", Thing::colour));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void recordsOutliveTheServerWithTheSdksModelObjectsInThem() {
        Message message = Message.builder()
                .messageId("m-1")
                .body("hello")
                .attributesWithStrings(Map.of("SenderId", "x"))
                .messageAttributes(Map.of(
                        "a",
                        MessageAttributeValue.builder()
                                .dataType("Binary")
                                .binaryValue(SdkBytes.fromByteArray(new byte[] {0, -1, 5}))
                                .build()))
                .build();
        Table<Kept> table = Table.of("test.kept", Kept.class, Kept::id);
        Kept kept = new Kept(
                "k", message, List.of(message, message), server.clock.instant(), Optional.of("n"), new byte[] {1, 2});
        server.store.rows(table).put(HERE, kept);
        close();
        open();

        assertThat(server.store.rows(table).get(HERE, "k")).hasValueSatisfying(read -> {
            assertThat(read.message()).isEqualTo(message);
            assertThat(read.more()).containsExactly(message, message);
            assertThat(read.time()).isEqualTo(kept.time());
            assertThat(read.note()).contains("n");
            assertThat(read.raw()).containsExactly(1, 2);
        });
    }

    @Test
    void aTransactionSeesItsOwnWritesAndOthersDoNotUntilItCommits() {
        put("a", "red", 1);
        server.store.transact(() -> {
            put("b", "red", 2);
            things.delete(HERE, "a");
            assertThat(things.get(HERE, "a")).isEmpty();
            assertThat(things.get(HERE, "b")).isPresent();
            assertThat(names(things.all(HERE))).containsExactly("b");
            assertThat(elsewhere(() -> names(things.all(HERE)))).containsExactly("a");
        });
        assertThat(names(things.all(HERE))).containsExactly("b");
    }

    @Test
    void whatAListingShowsCanBeRead() {
        assertThat(things.get(HERE, "a")).isEmpty();
        // As a commit that is on disk while its writer has not renewed the cache yet.
        Rows<Thing> others = new Store(server.backend, key)
                .rows(Table.of("test.thing", Thing.class, Thing::name).index("colour", Thing::colour));
        others.put(HERE, new Thing("a", "red", 1));
        assertThat(names(things.all(HERE))).containsExactly("a");
        assertThat(things.get(HERE, "a")).isPresent();
        others.put(HERE, new Thing("a", "red", 2));
        assertThat(things.all(HERE)).extracting(Thing::count).containsExactly(2);
        assertThat(things.get(HERE, "a")).map(Thing::count).contains(2);
    }

    @Test
    void aRecordIsPutOnlyWhereThereIsNone() {
        assertThat(things.putIfAbsent(HERE, new Thing("a", "red", 1))).isTrue();
        assertThat(things.putIfAbsent(HERE, new Thing("a", "blue", 2))).isFalse();
        assertThat(things.get(HERE, "a")).contains(new Thing("a", "red", 1));
        // Of what another opening of the store wrote, the cache knows nothing.
        close();
        open();
        assertThat(things.putIfAbsent(HERE, new Thing("a", "blue", 2))).isFalse();
        assertThat(server.store.<Boolean>transact(() -> {
                    put("b", "red", 1);
                    return things.putIfAbsent(HERE, new Thing("b", "blue", 2));
                }))
                .isFalse();
        assertThat(server.store.<Boolean>transact(() -> {
                    things.delete(HERE, "a");
                    return things.putIfAbsent(HERE, new Thing("a", "green", 3));
                }))
                .isTrue();
        assertThat(things.all(HERE)).containsExactly(new Thing("a", "green", 3), new Thing("b", "red", 1));
    }

    @Test
    void ofManyThatPutTheSameOneRecordOneIsFirst() throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 50; round++) {
                String name = "t" + round;
                List<Future<Boolean>> all = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    int count = i;
                    all.add(executor.submit(() -> server.store.transact(() -> {
                        put("beside-" + name + "-" + count, "red", count);
                        return things.putIfAbsent(HERE, new Thing(name, "red", count));
                    })));
                }
                int winners = 0;
                for (Future<Boolean> one : all) {
                    winners += one.get() ? 1 : 0;
                }
                assertThat(winners).isOne();
                assertThat(things.list(HERE, Query.prefix("beside-" + name + "-"))
                                .values())
                        .hasSize(8);
            }
        }
    }

    @Test
    void aListingInATransactionIsFullThoughTheTransactionDeletedAndMovedRows() {
        for (int i = 0; i < 20; i++) {
            put("t" + (char) ('a' + i), i % 2 == 0 ? "red" : "blue", i);
        }
        server.store.transact(() -> {
            List.of("ta", "tc", "td", "te").forEach(name -> things.delete(HERE, name));
            put("tb", "red", 0);
            put("zz", "red", 0);

            Page<Thing> first = things.list(HERE, Query.all().limit(3));
            assertThat(names(first.values())).containsExactly("tb", "tf", "tg");
            assertThat(names(things.list(HERE, Query.all().limit(3).after(first.next()))
                            .values()))
                    .containsExactly("th", "ti", "tj");
            assertThat(names(things.list(HERE, Query.equal("colour", "red").limit(3))
                            .values()))
                    .containsExactly("tb", "tg", "ti");
            assertThat(names(things.list(
                                    HERE, Query.equal("colour", "red").limit(2).reversed())
                            .values()))
                    .containsExactly("zz", "ts");
        });
    }

    @Test
    void whatThrowsInATransactionWritesNothing() {
        assertThatThrownBy(() -> server.store.transact(() -> {
                    put("a", "red", 1);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(things.get(HERE, "a")).isEmpty();
    }

    @Test
    void whatFailsAfterACommitDoesNotUndoIt() {
        Thing thing = new Thing("kept", "red", 1);
        server.store.transact(() -> {
            things.put(HERE, thing);
            server.store.afterCommit(() -> {
                throw new IllegalStateException("after the commit");
            });
        });
        assertThat(things.get(HERE, "kept")).contains(thing);
    }

    @Test
    void afterCommitRunsOnceAndOnlyWhenItIsDurable() {
        List<String> seen = new ArrayList<>();
        server.store.transact(() -> {
            put("a", "red", 1);
            server.store.afterCommit(() ->
                    seen.add("there: " + elsewhere(() -> things.get(HERE, "a").isPresent())));
            assertThat(seen).isEmpty();
        });
        assertThat(seen).containsExactly("there: true");
    }

    @Test
    void rivalTransactionsAreRunAgainAndLoseNothing() throws Exception {
        put("count", "red", 0);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                all.add(executor.submit(() -> {
                    for (int i = 0; i < 25; i++) {
                        server.store.transact(() -> put(
                                "count",
                                "red",
                                things.get(HERE, "count").orElseThrow().count() + 1));
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(things.get(HERE, "count")).map(Thing::count).contains(200);
        close();
        open();
        assertThat(things.get(HERE, "count")).map(Thing::count).contains(200);
    }

    @Test
    void aRowThatWasReadAsAbsentMustStillBeAbsent() {
        int[] runs = {0};
        server.store.transact(() -> {
            runs[0]++;
            boolean there = things.get(HERE, "a").isPresent();
            if (!there) {
                elsewhere(() -> {
                    put("a", "blue", 7);
                    return true;
                });
                put("a", "red", 1);
            }
        });
        assertThat(runs[0]).isEqualTo(2);
        assertThat(things.get(HERE, "a")).map(Thing::colour).contains("blue");
    }

    @Test
    void aNewIndexFindsRowsThatWereWrittenBeforeIt() {
        put("a", "red", 1);
        put("b", "blue", 2);
        close();
        open();
        Rows<Thing> more = server.store.rows(
                Table.of("test.thing", Thing.class, Thing::name).index("count", thing -> "" + thing.count()));

        assertThat(names(more.list(HERE, Query.equal("count", "2")).values())).containsExactly("b");
        assertThat(more.get(HERE, "a")).map(Thing::colour).contains("red");
    }

    private void put(String name, String colour, int count) {
        things.put(HERE, new Thing(name, colour, count));
    }

    private static List<String> names(List<Thing> found) {
        return found.stream().map(Thing::name).toList();
    }

    /** Runs work on another thread, outside this one's transaction. */
    private static <T> T elsewhere(java.util.concurrent.Callable<T> work) {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            return executor.submit(work).get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
