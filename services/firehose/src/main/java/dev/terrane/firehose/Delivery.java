package dev.terrane.firehose;

import dev.terrane.firehose.BufferTables.BufferRecord;
import dev.terrane.firehose.BufferTables.ClosedRecord;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Steps.StepFailed;
import dev.terrane.kernel.workflow.Workflow;
import dev.terrane.kernel.workflow.Workflows;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The process of a stream, until it is deleted: closes its buffer when that is due, and delivers what is closed, the oldest first. A buffer that was written is
 * marked before its records are forgotten, so a crash may have an object written twice, never a part of it.
 */
final class Delivery implements Workflow<Delivery.Input> {
    private static final System.Logger LOG = System.getLogger(Delivery.class.getName());
    private static final Duration ANY_TIME = Duration.ofDays(30);
    private static final Duration TRIED_FOR = Duration.ofHours(24);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final int ROUNDS = 20;
    private static final int DOUBLINGS = 10;
    private static final String WAKE = "wake";

    private final StreamTables streams;
    private final BufferTables buffers;
    private final Uploads uploads;
    private final ErrorLog errors;
    private final Workflows flows;
    private final Clock clock;

    Delivery(
            StreamTables streams,
            BufferTables buffers,
            Uploads uploads,
            ErrorLog errors,
            Workflows flows,
            Clock clock) {
        this.streams = streams;
        this.buffers = buffers;
        this.uploads = uploads;
        this.errors = errors;
        this.flows = flows;
        this.clock = clock;
    }

    /** Which stream. */
    record Input(String name, String id) {}

    private enum Next {
        /** The stream is gone. */
        END,
        WAIT,
        DELIVER,
        /** A buffer is delivered, or given up: its records are to be forgotten. */
        FORGET
    }

    /**
     * What is to be done.
     *
     * @param until when to look again, unless woken
     */
    private record Plan(Next next, long buffer, String key, Instant until) {
        static Plan of(Next next, Instant until) {
            return new Plan(next, 0, "", until);
        }
    }

    @Override
    public String name() {
        return "firehose.delivery";
    }

    @Override
    public Class<Input> input() {
        return Input.class;
    }

    @Override
    public String principal() {
        return Bucket.PRINCIPAL;
    }

    void begin(StreamRecord stream) {
        flows.start(
                this, new Scope(stream.account(), stream.region()), stream.id(), new Input(stream.name(), stream.id()));
    }

    /** Has a process look at once what there is to do. */
    void wake(StreamRecord stream) {
        flows.signal(this, stream.id(), WAKE, "");
    }

    @Override
    public void run(Steps steps, Input input) throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            try {
                if (isOver(steps, input, round)) {
                    return;
                }
            } catch (StepFailed e) {
                // The store did not take something. The process must not end for that: it is done again.
                LOG.log(System.Logger.Level.WARNING, "Stream " + input.name() + " is late", e);
                steps.sleep("late-" + round, FIRST_PAUSE);
            }
        }
        steps.beginAnew(input);
    }

    private boolean isOver(Steps steps, Input input, int round) throws InterruptedException {
        Plan plan = steps.commit("plan-" + round, Plan.class, () -> plan(input));
        switch (plan.next()) {
            case END -> {
                steps.step("purge-" + round, () -> buffers.purge(scope(), input.id()));
                return true;
            }
            case WAIT ->
                steps.await("wait-" + round, WAKE, String.class, positive(Duration.between(steps.now(), plan.until())));
            case FORGET -> forget(steps, input, plan.buffer(), round);
            case DELIVER -> {
                if (isDelivered(steps, input, plan, round)) {
                    forget(steps, input, plan.buffer(), round);
                }
            }
        }
        return false;
    }

    private static Scope scope() {
        return Call.current().scope();
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    private Optional<StreamRecord> stream(Input input) {
        return streams.stream(scope(), input.name()).filter(found -> found.id().equals(input.id()));
    }

    private Plan plan(Input input) {
        Instant now = clock.instant();
        Optional<StreamRecord> found = stream(input);
        if (found.isEmpty()) {
            return Plan.of(Next.END, now);
        }
        StreamRecord stream = found.get();
        Duration interval = stream.destination().interval();
        BufferRecord buffer = buffers.buffer(scope(), stream.id());
        if (buffer.isDue(interval, now)) {
            buffers.close(scope(), buffer, now);
        }
        Instant due = buffer.opened()
                .filter(_ -> !buffer.isDue(interval, now))
                .map(since -> since.plus(interval))
                .orElse(now.plus(ANY_TIME));
        return buffers.oldest(scope(), stream.id())
                .map(oldest -> plan(stream, oldest, due, now))
                .orElseGet(() -> Plan.of(Next.WAIT, due));
    }

    private static Plan plan(StreamRecord stream, ClosedRecord oldest, Instant due, Instant now) {
        if (oldest.delivered()) {
            return new Plan(Next.FORGET, oldest.number(), "", now);
        }
        if (oldest.next().isAfter(now)) {
            return Plan.of(Next.WAIT, oldest.next().isBefore(due) ? oldest.next() : due);
        }
        return new Plan(Next.DELIVER, oldest.number(), ObjectKeys.of(stream, oldest.opened()), now);
    }

    /** Tries to write a buffer.
     *
     * @return whether it is done with: written, or given up */
    private boolean isDelivered(Steps steps, Input input, Plan plan, int round) throws InterruptedException {
        try {
            steps.step("write-" + round, () -> {
                Optional<StreamRecord> stream = stream(input);
                if (stream.isPresent()) {
                    uploads.write(stream.get(), plan.buffer(), plan.key());
                }
            });
        } catch (StepFailed e) {
            boolean dropped = steps.commit("refused-" + round, Boolean.class, () -> refuse(input, plan.buffer()));
            steps.step(
                    "tell-" + round,
                    () -> stream(input).ifPresent(stream -> errors.tell(stream, e, dropped, clock.instant())));
            return dropped;
        }
        steps.commit(
                "written-" + round,
                () -> buffers.closed(scope(), input.id(), plan.buffer())
                        .ifPresent(buffer -> buffers.put(scope(), buffer.done())));
        return true;
    }

    /** Has a buffer wait until it is tried again.
     *
     * @return whether it has been tried for long enough, so that it is given up */
    private boolean refuse(Input input, long number) {
        Optional<ClosedRecord> found = buffers.closed(scope(), input.id(), number);
        if (found.isEmpty()) {
            return true;
        }
        ClosedRecord buffer = found.get();
        Instant now = clock.instant();
        boolean dropped = !now.isBefore(buffer.closed().plus(TRIED_FOR));
        buffers.put(scope(), dropped ? buffer.done() : buffer.refused(now.plus(pause(buffer.attempts()))));
        return dropped;
    }

    private static Duration pause(int attempts) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts, DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private void forget(Steps steps, Input input, long number, int round) throws InterruptedException {
        steps.step("forget-" + round, () -> buffers.purge(scope(), input.id(), number));
        steps.commit(
                "forgotten-" + round,
                () -> buffers.closed(scope(), input.id(), number).ifPresent(buffer -> buffers.delete(scope(), buffer)));
    }
}
