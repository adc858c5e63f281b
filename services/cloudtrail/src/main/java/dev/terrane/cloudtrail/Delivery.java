package dev.terrane.cloudtrail;

import dev.terrane.cloudtrail.PendingEvents.Batch;
import dev.terrane.cloudtrail.PendingEvents.Line;
import dev.terrane.cloudtrail.StatusRecord.Kind;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import dev.terrane.kernel.workflow.Workflows;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/**
 * The process of a trail, from its first StartLogging until it is deleted: delivers what is pending every five minutes. A batch is fixed before its file is
 * written, and forgotten after it; so each event is in one file, and a file that is written again after a crash is the same.
 */
final class Delivery implements Workflow<Delivery.Input> {
    private static final System.Logger LOG = System.getLogger(Delivery.class.getName());
    private static final Duration PERIOD = Duration.ofMinutes(5);
    private static final Duration ANY_TIME = Duration.ofDays(30);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 10;
    private static final int ROUNDS = 12;
    private static final int BATCHES = 100;
    private static final int LONGEST_LOG_EVENT = (256 << 10) - 26;
    private static final String WAKE = "wake";

    private final TrailTables tables;
    private final PendingEvents pending;
    private final Destinations destinations;
    private final Digests digests;
    private final Workflows flows;
    private final Clock clock;

    Delivery(
            TrailTables tables,
            PendingEvents pending,
            Destinations destinations,
            Digests digests,
            Workflows flows,
            Clock clock) {
        this.tables = tables;
        this.pending = pending;
        this.destinations = destinations;
        this.digests = digests;
        this.flows = flows;
        this.clock = clock;
    }

    /** Which trail. */
    record Input(String name, String id) {}

    private enum State {
        BUSY,
        IDLE,
        GONE
    }

    @Override
    public String name() {
        return "cloudtrail.delivery";
    }

    @Override
    public Class<Input> input() {
        return Input.class;
    }

    @Override
    public String principal() {
        return Destinations.PRINCIPAL;
    }

    /** Has a trail's events delivered from now on. */
    void begin(TrailRecord trail) {
        if (flows.isRunning(this, trail.id())) {
            wake(trail);
        } else {
            flows.start(this, trail.home(), trail.id(), new Input(trail.name(), trail.id()));
        }
    }

    /** Has a process look at once whether it is still wanted. */
    void wake(TrailRecord trail) {
        flows.signal(this, trail.id(), WAKE, "");
    }

    @Override
    public void run(Steps steps, Input input) throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            steps.await("wait-" + round, WAKE, String.class, Duration.between(steps.now(), next(steps.now())));
            try {
                if (isOver(steps, input, round)) {
                    return;
                }
            } catch (Steps.StepFailed e) {
                // The store did not take something. The process must not end for that: it is done again in the next
                // round.
                LOG.log(System.Logger.Level.WARNING, "Trail " + input.name() + " is late", e);
            }
        }
        steps.beginAnew(input);
    }

    /** Delivers what is there to be delivered.
     *
     * @return whether the trail is gone
     */
    private boolean isOver(Steps steps, Input input, int round) throws InterruptedException {
        String state =
                steps.commit("look-" + round, String.class, () -> state(input).name());
        switch (State.valueOf(state)) {
            case GONE -> {
                purge(steps, input);
                return true;
            }
            case IDLE -> steps.await("rest-" + round, WAKE, String.class, ANY_TIME);
            case BUSY -> {
                for (Sink sink : Sink.values()) {
                    deliver(steps, input, sink, round);
                }
                digests.deliver(steps, () -> trail(input), round);
            }
        }
        return false;
    }

    /** The next time that is a multiple of the period. */
    private static Instant next(Instant now) {
        long period = PERIOD.toSeconds();
        return Instant.ofEpochSecond((now.getEpochSecond() / period + 1) * period);
    }

    private State state(Input input) {
        Optional<TrailRecord> trail = trail(input);
        if (trail.isEmpty()) {
            return State.GONE;
        }
        boolean waiting = List.of(Sink.values()).stream().anyMatch(sink -> pending.any(trail.get(), sink));
        return trail.get().logging() || waiting || digests.waiting(trail.get()) ? State.BUSY : State.IDLE;
    }

    private Optional<TrailRecord> trail(Input input) {
        return tables.trail(Call.current().scope(), input.name())
                .filter(found -> found.id().equals(input.id()));
    }

    private void purge(Steps steps, Input input) throws InterruptedException {
        boolean more = true;
        for (int i = 0; more; i++) {
            Scope home =
                    steps.commit("home-" + i, Scope.class, () -> Call.current().scope());
            more = steps.commit("purge-" + i, Boolean.class, () -> pending.purge(home, input.id()));
        }
    }

    private void deliver(Steps steps, Input input, Sink sink, int round) throws InterruptedException {
        for (int i = 0; i < BATCHES; i++) {
            String number = sink + "-" + round + "-" + i;
            Batch batch = steps.commit(
                    "batch-" + number,
                    Batch.class,
                    () -> trail(input)
                            .map(trail -> pending.next(trail, sink))
                            .orElseGet(() -> new Batch("", List.of(), clock.instant())));
            if (batch.keys().isEmpty() || !deliver(steps, input, sink, batch, number)) {
                return;
            }
        }
    }

    /** Whether it was taken. */
    private boolean deliver(Steps steps, Input input, Sink sink, Batch batch, String number)
            throws InterruptedException {
        Kind kind = sink == Sink.FILES ? Kind.FILE : Kind.LOGS;
        try {
            LogFile file = steps.step(
                    "deliver-" + number,
                    LogFile.class,
                    () -> trail(input)
                            .map(trail -> sink == Sink.FILES ? write(trail, batch) : log(trail, batch))
                            .orElse(LogFile.NONE));
            insist(
                    steps,
                    "delivered-" + number,
                    () -> trail(input).ifPresent(trail -> delivered(trail, batch, kind, file)));
            if (!file.equals(LogFile.NONE)) {
                notice(steps, input, file, number);
            }
            return true;
        } catch (Steps.StepFailed e) {
            steps.commit("refused-" + number, () -> failed(input, kind, e));
            return false;
        }
    }

    /** Commits what must follow: what was delivered and is not forgotten would be delivered again. */
    private static void insist(Steps steps, String name, Steps.Action action) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                steps.commit(name + "-" + attempt, action);
                return;
            } catch (Steps.StepFailed e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                steps.sleep(name + "-again-" + attempt, PAUSE);
            }
        }
    }

    private LogFile write(TrailRecord trail, Batch batch) {
        List<Line> lines = pending.lines(trail, batch);
        if (lines.isEmpty()) {
            return LogFile.NONE;
        }
        LogFile file = LogFile.of(trail, batch, lines);
        destinations.write(trail, file.key(), LogFile.content(lines), Map.of());
        return file;
    }

    private LogFile log(TrailRecord trail, Batch batch) {
        List<InputLogEvent> events = pending.lines(trail, batch).stream()
                .filter(line -> line.json().length() <= LONGEST_LOG_EVENT)
                .map(line -> InputLogEvent.builder()
                        .timestamp(line.time().toEpochMilli())
                        .message(line.json())
                        .build())
                .toList();
        if (events.isEmpty() || !trail.writesLogs()) {
            return LogFile.NONE;
        }
        try {
            destinations.log(trail, batch.region(), events);
        } catch (ResourceNotFoundException e) {
            destinations.makeStream(trail, batch.region());
            destinations.log(trail, batch.region(), events);
        }
        return LogFile.NONE;
    }

    private void delivered(TrailRecord trail, Batch batch, Kind kind, LogFile file) {
        if (!file.equals(LogFile.NONE)) {
            digests.add(trail, batch.region(), file);
        }
        pending.forget(trail, batch);
        tables.change(trail, status -> status.delivered(kind, clock.instant()));
    }

    private void notice(Steps steps, Input input, LogFile file, String number) throws InterruptedException {
        try {
            boolean sent = steps.step(
                    "notice-" + number,
                    Boolean.class,
                    () -> trail(input)
                            .filter(trail -> !trail.settings().topic().isEmpty())
                            .map(trail -> notice(trail, file))
                            .orElse(false));
            if (sent) {
                steps.commit(
                        "noticed-" + number,
                        () -> trail(input)
                                .ifPresent(trail -> tables.change(
                                        trail, status -> status.delivered(Kind.NOTICE, clock.instant()))));
            }
        } catch (Steps.StepFailed e) {
            steps.commit("unnoticed-" + number, () -> failed(input, Kind.NOTICE, e));
        }
    }

    private boolean notice(TrailRecord trail, LogFile file) {
        destinations.publish(trail, Map.of("s3Bucket", file.bucket(), "s3ObjectKey", List.of(file.key())));
        return true;
    }

    private void failed(Input input, Kind kind, Steps.StepFailed e) {
        trail(input).ifPresent(trail -> tables.change(trail, status -> status.failed(kind, clock.instant(), e.code())));
    }
}
