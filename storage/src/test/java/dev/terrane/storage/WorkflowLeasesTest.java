package dev.terrane.storage;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.MovableClock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.StoreBackend;
import dev.terrane.kernel.store.Table;
import dev.terrane.kernel.workflow.DurableWorkflows;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import dev.terrane.storage.sqlite.SqliteBackend;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes on one store. A node whose clock a test does not move is one that is paused: it does nothing and does not know how late it is. */
@Timeout(60)
class WorkflowLeasesTest {
    private static final Scope HERE = new Scope("111122223333", "eu-west-1");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(31);

    record Input(String name) {}

    record Count(String key, int number) {}

    @FunctionalInterface
    interface Code {
        void run(Node node, Steps steps) throws InterruptedException;
    }

    /** A workflow whose code is told on which node it runs. */
    record OnNode(Node node, Code code) implements Workflow<Input> {
        @Override
        public String name() {
            return "test.workflow";
        }

        @Override
        public Class<Input> input() {
            return Input.class;
        }

        @Override
        public String principal() {
            return "test.amazonaws.com";
        }

        @Override
        public void run(Steps steps, Input input) throws InterruptedException {
            code.run(node, steps);
        }
    }

    /** One run of a server: its own clock, threads and cache of what is stored. */
    static final class Node {
        final MovableClock clock = new MovableClock(START);
        final Threads threads;
        final Store store;
        final DurableWorkflows workflows;
        final Rows<Count> counts;
        final OnNode workflow;

        Node(StoreBackend backend, MasterKey key, Code code, List<Throwable> failures) {
            threads = new Threads(clock, failures::add);
            store = new Store(backend, key);
            counts = store.rows(Table.of("test.count", Count.class, Count::key));
            workflows = new DurableWorkflows(store, clock, threads);
            workflow = new OnNode(this, code);
            workflows.register(workflow);
        }

        void start(String id) {
            workflows.start(workflow, HERE, id, new Input("in"));
        }

        void count(String key) {
            counts.put(HERE, new Count(key, counted(key) + 1));
        }

        int counted(String key) {
            return counts.get(HERE, key).map(Count::number).orElse(0);
        }

        boolean isRunning(String id) {
            return workflows.isRunning(workflow, id);
        }

        void sleeping(int processes) {
            // One more looks after the lease.
            Await.until(() -> clock.sleepers() == processes + 1);
        }

        /** What ends when a process of the operating system is killed. */
        void kill() {
            threads.close();
        }

        void end() {
            kill();
            workflows.close();
        }
    }

    @TempDir
    Path folder;

    private final MasterKey key = MasterKey.random();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final AtomicInteger commits = new AtomicInteger();
    private StoreBackend backend;

    @BeforeEach
    void open() {
        backend = counting(SqliteBackend.open(folder));
    }

    @AfterEach
    void close() {
        nodes.forEach(Node::end);
        backend.close();
        assertThat(failures).isEmpty();
    }

    @Test
    void anotherNodeGoesOnWhenTheLeaseIsOverAndDoesNoStepAgain() {
        Code code = (node, steps) -> {
            steps.commit("first", () -> node.count("first"));
            steps.sleep("a while", Duration.ofMinutes(1));
            steps.commit("second", () -> node.count("second"));
        };
        Node one = node(code);
        Node other = node(code);
        one.start("p1");
        one.sleeping(1);
        other.clock.advance(LEASE);
        other.sleeping(1);
        other.clock.advance(Duration.ofMinutes(1));
        Await.until(() -> !other.isRunning("p1"));
        assertThat(other.counted("first")).isEqualTo(1);
        assertThat(other.counted("second")).isEqualTo(1);
    }

    @Test
    void aLeaseThatIsRenewedIsNotTaken() {
        Code code = (node, steps) -> steps.sleep("long", Duration.ofDays(1));
        Node one = node(code);
        Node other = node(code);
        one.start("p1");
        one.sleeping(1);
        for (int second = 0; second < 120; second++) {
            one.clock.advance(Duration.ofSeconds(1));
            one.sleeping(1);
            other.clock.advance(Duration.ofSeconds(1));
            other.sleeping(0);
        }
        assertThat(one.clock.sleepers()).isEqualTo(2);
    }

    @Test
    void aPausedNodeThatLostItsLeaseCommitsNothing() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch paused = new CountDownLatch(1);
        Code code = (node, steps) -> {
            String result = steps.step("work", String.class, () -> {
                if (node == nodes.getFirst()) {
                    working.countDown();
                    paused.await();
                    log.add("the old owner wakes");
                    return "old";
                }
                return "new";
            });
            steps.commit("write", () -> node.count(result));
        };
        Node one = node(code);
        Node other = node(code);
        one.start("p1");
        assertThat(working.await(10, SECONDS)).isTrue();
        other.clock.advance(LEASE);
        Await.until(() -> !other.isRunning("p1"));
        paused.countDown();
        Await.until(() -> log.contains("the old owner wakes"));
        one.end();
        assertThat(other.counted("new")).isEqualTo(1);
        assertThat(other.counted("old")).isZero();
    }

    @Test
    void aCommitUnderWayWhenTheLeaseIsLostDoesNotHappen() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch paused = new CountDownLatch(1);
        Code code = (node, steps) -> steps.commit("write", () -> {
            node.count("written");
            if (node == nodes.getFirst()) {
                working.countDown();
                paused.await();
            }
        });
        Node one = node(code);
        Node other = node(code);
        one.start("p1");
        assertThat(working.await(10, SECONDS)).isTrue();
        other.clock.advance(LEASE);
        Await.until(() -> !other.isRunning("p1"));
        paused.countDown();
        one.sleeping(0);
        one.end();
        assertThat(other.counted("written")).isEqualTo(1);
    }

    @Test
    void aNodeThatLostItsLeaseGoesOnAsANewOne() {
        Code code = (node, steps) -> {
            steps.sleep("a while", Duration.ofMinutes(10));
            node.count(steps.id());
        };
        Node one = node(code);
        Node other = node(code);
        one.start("p1");
        one.sleeping(1);
        other.clock.advance(LEASE);
        other.sleeping(1);
        one.clock.advance(LEASE);
        // Its own process is stopped, which is at work at the other node, and it has a new lease.
        Await.until(() -> leases() == 2);
        one.sleeping(0);
        assertThat(one.isRunning("p1")).isTrue();
        one.start("p2");
        one.sleeping(1);
        // By its clock the other's lease has ended too: it may finish both.
        one.clock.advance(Duration.ofMinutes(10));
        Await.until(() -> !one.isRunning("p2"));
        assertThat(one.counted("p2")).isEqualTo(1);
        assertThat(one.counted("p1")).isLessThanOrEqualTo(1);
    }

    @Test
    void aProcessThatIsStartedWhileTheLeaseIsLostIsNotForgotten() {
        Code code = (node, steps) -> steps.commit("write", () -> node.count(steps.id()));
        Node one = node(code);
        Node other = node(code);
        other.clock.advance(LEASE);
        other.sleeping(0);
        one.start("p1");
        other.clock.advance(Duration.ofSeconds(10));
        Await.until(() -> !one.isRunning("p1"));
        assertThat(other.counted("p1")).isEqualTo(1);
    }

    @Test
    void cancellationAndSignalsReachTheOwner() {
        Code code = (node, steps) -> {
            try {
                steps.await("wait", "go", String.class, Duration.ofDays(1)).ifPresent(log::add);
                steps.sleep("long", Duration.ofDays(1));
            } catch (Workflow.Cancelled e) {
                steps.step("clean", () -> log.add("cancelled: " + e.getMessage()));
            }
        };
        Node one = node(code);
        Node other = node(code);
        one.start("p1");
        one.sleeping(1);
        other.workflows.signal(other.workflow, "p1", "go", "signalled");
        one.clock.advance(Duration.ofSeconds(10));
        Await.until(() -> log.contains("signalled"));
        one.sleeping(1);
        other.workflows.cancel(other.workflow, "p1", "stop");
        // It knows now that it is not alone, and looks every second.
        one.clock.advance(Duration.ofSeconds(1));
        Await.until(() -> !other.isRunning("p1"));
        assertThat(log).containsExactly("signalled", "cancelled: stop");
    }

    @Test
    void aNodeThatEndsGivesItsProcessesBack() {
        Code code = (node, steps) -> {
            steps.sleep("a while", Duration.ofSeconds(5));
            node.count("done");
        };
        Node one = node(code);
        Node other = node(code);
        one.start("p1");
        one.sleeping(1);
        one.end();
        other.clock.advance(Duration.ofSeconds(10));
        Await.until(() -> !other.isRunning("p1"));
        assertThat(other.counted("done")).isEqualTo(1);
    }

    @Test
    void whoOpensTheStoreAfterAKilledServerNeedNotWait() {
        Code code = (node, steps) -> {
            steps.commit("first", () -> node.count("first"));
            steps.sleep("a while", Duration.ofSeconds(1));
            steps.commit("second", () -> node.count("second"));
        };
        Node killed = node(code);
        killed.start("p1");
        killed.sleeping(1);
        killed.kill();
        nodes.clear();
        backend.close();
        open();
        Node next = node(code);
        next.sleeping(1);
        next.clock.advance(Duration.ofSeconds(1));
        Await.until(() -> !next.isRunning("p1"));
        assertThat(next.counted("first")).isEqualTo(1);
        assertThat(next.counted("second")).isEqualTo(1);
    }

    @Test
    void renewalCostsOneWriteHoweverManyProcessesWait() {
        Node one = node((node, steps) -> steps.sleep("long", Duration.ofDays(1)));
        one.store.transact(() -> {
            for (int i = 0; i < 300; i++) {
                one.start("p" + i);
            }
        });
        one.sleeping(300);
        int before = commits.get();
        for (int i = 1; i <= 3; i++) {
            int renewed = before + i;
            one.clock.advance(Duration.ofSeconds(10));
            Await.until(() -> commits.get() >= renewed);
            one.sleeping(300);
        }
        assertThat(commits.get() - before).isEqualTo(3);
    }

    @Test
    void rowsOfNodesThatAreGoneAreRemoved() {
        Code code = (node, steps) -> steps.sleep("long", Duration.ofDays(1));
        Node one = node(code);
        one.start("p1");
        one.sleeping(1);
        for (int restart = 0; restart < 3; restart++) {
            nodes.forEach(Node::end);
            nodes.clear();
            node(code).sleeping(1);
        }
        assertThat(nodes.getFirst().isRunning("p1")).isTrue();
        assertThat(leases()).isEqualTo(1);
    }

    private int leases() {
        return backend.list("workflow.node", Scope.INSTALLATION, Query.all()).size();
    }

    private Node node(Code code) {
        Node node = new Node(backend, key, code, failures);
        nodes.add(node);
        node.workflows.resume();
        return node;
    }

    /** The backend, with its commits counted. */
    private StoreBackend counting(StoreBackend counted) {
        return (StoreBackend) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {StoreBackend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        commits.incrementAndGet();
                    }
                    try {
                        return method.invoke(counted, arguments);
                    } catch (java.lang.reflect.InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
