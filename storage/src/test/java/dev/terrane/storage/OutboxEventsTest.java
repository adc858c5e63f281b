package dev.terrane.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.MovableClock;
import dev.terrane.kernel.event.Event;
import dev.terrane.kernel.secret.MasterKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxEventsTest {
    private static final Scope HERE = new Scope("111122223333", "eu-west-1");

    @TempDir
    Path folder;

    private final MasterKey key = MasterKey.random();
    private final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final List<Event> seen = new CopyOnWriteArrayList<>();
    private TestServer server;

    @BeforeEach
    void open() {
        server = new TestServer(folder, key, clock);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void anEventComesWithItsCallsAccountAndRegion() {
        server.events.subscribe(seen::add);
        server.events.start();
        emit(1);
        Await.until(() -> seen.size() == 1);
        Event event = seen.getFirst();
        assertThat(event.source()).isEqualTo("aws.test");
        assertThat(event.detailType()).isEqualTo("Test State Change");
        assertThat(event.account()).isEqualTo("111122223333");
        assertThat(event.region()).isEqualTo("eu-west-1");
        assertThat(event.time()).isEqualTo(clock.instant());
        assertThat(event.resources()).containsExactly("r");
        assertThat(event.detail()).isEqualTo("{\"number\":1}");
    }

    @Test
    void anEventOfATransactionThatFailedIsNotSent() {
        server.events.subscribe(seen::add);
        server.events.start();
        assertThatThrownBy(() -> server.store.transact(() -> {
                    emit(1);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        emit(2);
        Await.until(() -> !seen.isEmpty());
        assertThat(details()).containsExactly("{\"number\":2}");
    }

    @Test
    void eventsLeftByAnEarlierServerComeFirstAndInOrder() {
        IntStream.range(0, 1_200).forEach(this::emit);
        close();
        open();
        server.events.subscribe(seen::add);
        server.events.start();
        emit(1_200);
        Await.until(() -> seen.size() == 1_201);
        assertThat(details())
                .isEqualTo(IntStream.rangeClosed(0, 1_200)
                        .mapToObj(i -> "{\"number\":" + i + "}")
                        .toList());
    }

    @Test
    void aListenerThatFailsGetsTheEventAgainAndHoldsUpNoOther() {
        AtomicInteger tries = new AtomicInteger();
        List<Event> failing = new CopyOnWriteArrayList<>();
        server.events.subscribe(event -> {
            if (event.detail().contains("1") && tries.incrementAndGet() < 3) {
                throw new IllegalStateException("not now");
            }
            failing.add(event);
        });
        server.events.subscribe(seen::add);
        server.events.start();
        emit(1);
        emit(2);
        Await.until(() -> seen.size() == 2 && failing.size() == 1);
        Await.until(() -> clock.sleepers() == 1);
        clock.advance(Duration.ofSeconds(1));
        Await.until(() -> tries.get() == 2 && clock.sleepers() == 1);
        clock.advance(Duration.ofSeconds(2));
        Await.until(() -> failing.size() == 2);
        assertThat(seen).hasSize(2);
    }

    @Test
    void whatWasDeliveredDoesNotComeAgainAndWhatWasNotDoes() {
        server.events.subscribe(seen::add);
        server.events.subscribe(event -> {
            if (event.detail().contains("1")) {
                throw new IllegalStateException("never");
            }
        });
        server.events.start();
        emit(1);
        emit(2);
        emit(3);
        Await.until(() -> seen.size() == 3 && clock.sleepers() == 1);
        // Those that all took are removed in the background: a later one's removal shows that theirs is done.
        Await.until(() -> {
            List<String> left = new CopyOnWriteArrayList<>();
            server.store
                    .rows(dev.terrane.kernel.store.Table.of("event.outbox", Left.class, Left::key))
                    .everywhere((scope, row) -> left.add(row.detail()));
            return left.equals(List.of("{\"number\":1}"));
        });
        close();
        open();
        seen.clear();
        server.events.subscribe(seen::add);
        server.events.start();
        Await.until(() -> seen.size() == 1);
        assertThat(details()).containsExactly("{\"number\":1}");
    }

    /** The part of an outbox row that this test looks at. */
    record Left(String key, String detail) {}

    private void emit(int number) {
        Call.internal(HERE, new Principal.Service("111122223333", "test.amazonaws.com"), "id", clock.instant())
                .run(() -> server.events.emit("aws.test", "Test State Change", List.of("r"), Map.of("number", number)));
    }

    private List<String> details() {
        return seen.stream().map(Event::detail).toList();
    }
}
