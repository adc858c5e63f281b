package dev.terrane.storage;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.MovableClock;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Table;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DurableWorkflowsTest {
    private static final Scope HERE = new Scope("111122223333", "eu-west-1");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    record Input(String name) {}

    record Note(String key, String text) {}

    @FunctionalInterface
    interface Code {
        void run(Steps steps, Input input) throws InterruptedException;
    }

    /** A workflow whose code a test gives. Equal by name, as one class is in two runs of a server. */
    record TestWorkflow(String name, Code code) implements Workflow<Input> {
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
            code.run(steps, input);
        }
    }

    @TempDir
    Path folder;

    private final MasterKey key = MasterKey.random();
    private final MovableClock clock = new MovableClock(START);
    private final List<String> log = new CopyOnWriteArrayList<>();
    private TestServer server;

    @BeforeEach
    void open() {
        server = new TestServer(folder, key, clock);
    }

    @AfterEach
    void close() {
        server.close();
        assertThat(server.failures).isEmpty();
    }

    @Test
    void stepsAreDoneInOrderAsTheWorkflowsPrincipal() throws Exception {
        TestWorkflow workflow = run((steps, input) -> {
            String who = steps.step(
                    "who",
                    String.class,
                    () -> Call.current().principal().arn() + " in "
                            + Call.current().region());
            steps.step("log", () -> log.add(input.name() + " " + steps.id() + " " + who));
        });
        start(workflow, "p1");
        ended(workflow, "p1");
        assertThat(log).containsExactly("in p1 test.amazonaws.com in eu-west-1");
    }

    @Test
    void startingTwiceIsStartingOnceAlsoAfterTheEnd() throws Exception {
        TestWorkflow workflow = run((steps, input) -> steps.step("log", () -> log.add("ran")));
        start(workflow, "p1");
        ended(workflow, "p1");
        start(workflow, "p1");
        assertThat(server.workflows.isRunning(workflow, "p1")).isFalse();
        restart(workflow);
        start(workflow, "p1");
        assertThat(log).containsExactly("ran");
    }

    @Test
    void aStartThatIsNotCommittedDoesNotHappen() {
        TestWorkflow workflow = run((steps, input) -> steps.step("log", () -> log.add("ran")));
        assertThatThrownBy(() -> server.store.transact(() -> {
                    start(workflow, "p1");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(server.workflows.isRunning(workflow, "p1")).isFalse();
        assertThat(log).isEmpty();
    }

    @Test
    void aProcessGoesOnAfterRestartWithoutDoingStepsAgain() throws Exception {
        Code code = (steps, input) -> {
            Note first = steps.step("first", Note.class, () -> {
                log.add("first");
                return new Note("k", "v");
            });
            steps.sleep("night", Duration.ofHours(8));
            steps.step("second", () -> log.add("second " + first.text() + " " + steps.now()));
        };
        TestWorkflow workflow = run(code);
        start(workflow, "p1");
        sleeping(1);
        restart(workflow);
        sleeping(1);
        clock.advance(Duration.ofHours(3));
        restart(workflow);
        sleeping(1);
        assertThat(log).containsExactly("first");
        clock.advance(Duration.ofHours(5));
        ended(workflow, "p1");
        assertThat(log).containsExactly("first", "second v 2026-01-01T08:00:00Z");
    }

    @Test
    void aStepThatWasCutOffIsDoneAgain() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        TestWorkflow first = run((steps, input) -> steps.step("work", () -> {
            begun.countDown();
            never.await();
        }));
        start(first, "p1");
        assertThat(begun.await(10, SECONDS)).isTrue();
        server.close();
        open();
        TestWorkflow again = run((steps, input) -> steps.step("work", () -> log.add("again")));
        ended(again, "p1");
        assertThat(log).containsExactly("again");
    }

    @Test
    void aFailedStepFailsTheSameWayAfterRestart() throws Exception {
        Code code = (steps, input) -> {
            try {
                steps.step("fail", () -> {
                    log.add("tried");
                    throw AwsErrors.of("NoSuchThing", 404, "It is not there");
                });
            } catch (Steps.StepFailed e) {
                steps.sleep("a while", Duration.ofMinutes(1));
                steps.step("caught", () -> log.add(e.code() + ": " + e.getMessage()));
            }
        };
        TestWorkflow workflow = run(code);
        start(workflow, "p1");
        sleeping(1);
        restart(workflow);
        sleeping(1);
        clock.advance(Duration.ofMinutes(1));
        ended(workflow, "p1");
        assertThat(log).containsExactly("tried", "NoSuchThing: It is not there");
    }

    @Test
    void aCommitAndItsResultAreOne() throws Exception {
        Rows<Note> notes = server.store.rows(Table.of("test.note", Note.class, Note::key));
        TestWorkflow workflow = run((steps, input) -> {
            try {
                steps.commit("fails", () -> {
                    notes.put(HERE, new Note("bad", "x"));
                    throw new IllegalStateException("no");
                });
            } catch (Steps.StepFailed e) {
                log.add(e.code());
            }
            String text = steps.commit("writes", String.class, () -> {
                notes.put(HERE, new Note("good", "x"));
                return "written";
            });
            log.add(text);
        });
        start(workflow, "p1");
        ended(workflow, "p1");
        assertThat(log).containsExactly("IllegalStateException", "written");
        assertThat(notes.all(HERE)).extracting(Note::key).containsExactly("good");
    }

    @Test
    void signalsAreTakenOnceInTheOrderOfSendingAlsoAfterRestart() throws Exception {
        Code code = (steps, input) -> {
            for (int i = 0; i < 4; i++) {
                Optional<Note> note = steps.await("wait " + i, "go", Note.class, Duration.ofHours(1));
                int number = i;
                steps.step(
                        "log " + i, () -> log.add(number + note.map(Note::text).orElse("-")));
            }
        };
        TestWorkflow workflow = run(code);
        start(workflow, "p1");
        sleeping(1);
        server.store.transact(() -> {
            signal(workflow, "a");
            signal(workflow, "b");
        });
        logged(2);
        sleeping(1);
        restart(workflow);
        sleeping(1);
        signal(workflow, "c");
        logged(3);
        sleeping(1);
        clock.advance(Duration.ofHours(1));
        ended(workflow, "p1");
        signal(workflow, "late");
        assertThat(log).containsExactly("0a", "1b", "2c", "3-");
    }

    @Test
    void otherSignalsDoNotEndAWait() throws Exception {
        TestWorkflow workflow = run((steps, input) -> {
            steps.await("wait", "go", String.class, Duration.ofHours(1)).ifPresent(log::add);
            steps.await("other", "else", String.class, Duration.ZERO).ifPresent(log::add);
        });
        start(workflow, "p1");
        sleeping(1);
        server.workflows.signal(workflow, "p1", "else", "other");
        server.workflows.signal(workflow, "p1", "go", "went");
        ended(workflow, "p1");
        assertThat(log).containsExactly("went", "other");
    }

    @Test
    void cancellationEndsAWaitOnceAndLaterStepsRun() throws Exception {
        Code code = (steps, input) -> {
            try {
                steps.sleep("long", Duration.ofDays(1));
            } catch (Workflow.Cancelled e) {
                steps.step("clean", () -> log.add("cleaned after " + e.getMessage() + " " + steps.cancelled()));
                steps.sleep("rest", Duration.ofHours(1));
                steps.step("end", () -> log.add("end"));
            }
        };
        TestWorkflow workflow = run(code);
        start(workflow, "p1");
        sleeping(1);
        server.workflows.cancel(workflow, "p1", "stop");
        server.workflows.cancel(workflow, "p1", "again");
        logged(1);
        sleeping(1);
        restart(workflow);
        sleeping(1);
        clock.advance(Duration.ofHours(1));
        ended(workflow, "p1");
        assertThat(log).containsExactly("cleaned after stop true", "end");
    }

    @Test
    void cancellationInterruptsTheStepInProgress() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        TestWorkflow workflow = run((steps, input) -> {
            try {
                steps.step("work", () -> {
                    begun.countDown();
                    never.await();
                });
            } catch (Workflow.Cancelled e) {
                steps.step(
                        "clean",
                        () -> log.add("cleaned " + Thread.currentThread().isInterrupted()));
            }
        });
        start(workflow, "p1");
        assertThat(begun.await(10, SECONDS)).isTrue();
        server.workflows.cancel(workflow, "p1", "stop");
        ended(workflow, "p1");
        assertThat(log).containsExactly("cleaned false");
    }

    @Test
    void cancellationIsNotToldByWhatIsCommittedButByTheNextStep() throws Exception {
        TestWorkflow workflow = new TestWorkflow("test.workflow", (steps, input) -> {
            steps.commit("first", () -> log.add("first"));
            try {
                steps.step("second", () -> log.add("second"));
            } catch (Workflow.Cancelled e) {
                steps.commit("end", () -> log.add("cancelled"));
            }
        });
        server.workflows.register(workflow);
        start(workflow, "p1");
        server.workflows.cancel(workflow, "p1", "stop");
        server.workflows.resume();
        ended(workflow, "p1");
        assertThat(log).containsExactly("first", "cancelled");
    }

    @Test
    void cancellationBeforeTheFirstStepIsToldThere() throws Exception {
        TestWorkflow workflow = new TestWorkflow("test.workflow", (steps, input) -> {
            try {
                steps.step("first", () -> log.add("first"));
            } catch (Workflow.Cancelled e) {
                log.add("cancelled");
            }
        });
        server.workflows.register(workflow);
        start(workflow, "p1");
        server.workflows.cancel(workflow, "p1", "stop");
        server.workflows.resume();
        ended(workflow, "p1");
        assertThat(log).containsExactly("cancelled");
    }

    @Test
    void aProcessBegunAnewForgetsItsSteps() throws Exception {
        TestWorkflow workflow = run((steps, input) -> {
            steps.step("log", () -> log.add(input.name()));
            if (input.name().length() < 4) {
                steps.beginAnew(new Input(input.name() + "x"));
            }
        });
        start(workflow, "p1");
        ended(workflow, "p1");
        assertThat(log).containsExactly("in", "inx", "inxx");
    }

    @Test
    void oneNameForTwoStepsIsRefused() throws Exception {
        TestWorkflow workflow = run((steps, input) -> {
            steps.step("same", () -> log.add("one"));
            steps.step("same", () -> log.add("two"));
        });
        start(workflow, "p1");
        ended(workflow, "p1");
        assertThat(log).containsExactly("one");
    }

    @Test
    void manyProcessesWaitAndWakeTogether() throws Exception {
        TestWorkflow workflow = run((steps, input) -> {
            steps.sleep("until noon", Duration.ofHours(12));
            steps.step("log", () -> log.add(steps.id()));
        });
        server.store.transact(() -> {
            for (int i = 0; i < 1_000; i++) {
                start(workflow, "p" + i);
            }
        });
        sleeping(1_000);
        restart(workflow);
        sleeping(1_000);
        clock.advance(Duration.ofHours(12));
        logged(1_000);
        assertThat(log).doesNotHaveDuplicates();
    }

    private TestWorkflow run(Code code) {
        TestWorkflow workflow = new TestWorkflow("test.workflow", code);
        server.workflows.register(workflow);
        server.workflows.resume();
        return workflow;
    }

    private void restart(TestWorkflow workflow) {
        server.close();
        open();
        server.workflows.register(workflow);
        server.workflows.resume();
    }

    private void start(TestWorkflow workflow, String id) {
        server.workflows.start(workflow, HERE, id, new Input("in"));
    }

    private void signal(TestWorkflow workflow, String text) {
        server.workflows.signal(workflow, "p1", "go", new Note("k", text));
    }

    private void ended(TestWorkflow workflow, String id) {
        Await.until(() -> !server.workflows.isRunning(workflow, id));
    }

    private void sleeping(int processes) {
        // One more looks after the lease.
        Await.until(() -> clock.sleepers() == processes + 1);
    }

    private void logged(int lines) {
        Await.until(() -> log.size() == lines);
    }
}
