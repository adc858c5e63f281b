package dev.terrane.cloudwatchlogs;

import dev.terrane.cloudwatchlogs.SubscriptionTables.PendingRecord;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Steps.StepFailed;
import dev.terrane.kernel.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.Record;

/**
 * The process of a subscription filter, until it is deleted: sends what the filter matches to its delivery stream. What was sent is forgotten after it, so a crash
 * may have something sent twice. It rests while there is nothing to send.
 */
final class Forwarding implements Workflow<Forwarding.Input> {
    static final String PRINCIPAL = "logs.amazonaws.com";
    private static final System.Logger LOG = System.getLogger(Forwarding.class.getName());
    private static final Duration ANY_TIME = Duration.ofDays(30);
    private static final Duration TRIED_FOR = Duration.ofHours(24);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final int DOUBLINGS = 10;
    private static final int ROUNDS = 30;
    private static final int CHUNKS = 100;
    private static final long CHUNKS_BYTES = 1 << 20;
    /** Of JSON before compression: a record of Data Firehose has 1,000 KiB. */
    private static final long MESSAGE_BYTES = 800 << 10;

    private static final long EVENT_BYTES = 110;
    private static final String WAKE = "wake";

    private final Platform platform;
    private final LogTables tables;
    private final SubscriptionTables pending;

    Forwarding(Platform platform, LogTables tables, SubscriptionTables pending) {
        this.platform = platform;
        this.tables = tables;
        this.pending = pending;
    }

    /** Which filter. */
    record Input(String group, String groupId, String filter) {}

    private enum State {
        GONE,
        WAITING,
        IDLE,
        BUSY
    }

    /** What was sent. */
    private record Sent(List<PendingRecord> chunks) {}

    @Override
    public String name() {
        return "logs.subscription";
    }

    @Override
    public Class<Input> input() {
        return Input.class;
    }

    @Override
    public String principal() {
        return PRINCIPAL;
    }

    void begin(Scope scope, GroupRecord group, SubscriptionRecord filter) {
        platform.workflows().start(this, scope, filter.id(), new Input(group.name(), group.id(), filter.id()));
    }

    /** Has a process look at once what there is to do, unless it does so anyway. */
    void wake(Scope scope, SubscriptionRecord filter) {
        if (!pending.isAwake(scope, filter.id())) {
            pending.awake(scope, filter.id(), true);
            signal(filter);
        }
    }

    /** Has a process look at once whether it is still wanted. */
    void end(SubscriptionRecord filter) {
        signal(filter);
    }

    private void signal(SubscriptionRecord filter) {
        platform.workflows().signal(this, filter.id(), WAKE, "");
    }

    static Actor role(Scope scope, GroupRecord group, SubscriptionRecord filter) {
        return new Actor.Role(
                filter.role(), PRINCIPAL, "CloudWatchLogs-" + filter.id(), LogGroups.arn(scope, group.name()) + ":*");
    }

    /** The delivery stream of a filter, as the filter's role may use it. */
    FirehoseClient firehose(Scope scope, GroupRecord group, SubscriptionRecord filter) {
        return platform.clients()
                .client(
                        FirehoseClient.class,
                        role(scope, group, filter),
                        Arn.parse(filter.destination()).region());
    }

    @Override
    public void run(Steps steps, Input input) throws InterruptedException {
        int failures = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try {
                if (isOver(steps, input, round)) {
                    return;
                }
                failures = 0;
            } catch (StepFailed e) {
                LOG.log(System.Logger.Level.DEBUG, "Subscription filter of " + input.group() + " is late", e);
                steps.sleep("late-" + round, pause(failures));
                failures++;
            }
        }
        steps.beginAnew(input);
    }

    private static Duration pause(int failures) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private boolean isOver(Steps steps, Input input, int round) throws InterruptedException {
        String state =
                steps.commit("look-" + round, String.class, () -> look(input).name());
        switch (State.valueOf(state)) {
            case GONE -> {
                steps.step("purge-" + round, () -> pending.purge(Call.current().scope(), input.filter()));
                return true;
            }
            case WAITING -> steps.await("wait-" + round, WAKE, String.class, ANY_TIME);
            case IDLE -> {
                // Now it is told when something comes; what came before that is seen by looking again.
            }
            case BUSY -> {
                Sent sent = steps.step("send-" + round, Sent.class, () -> send(input));
                steps.commit(
                        "sent-" + round, () -> pending.forget(Call.current().scope(), sent.chunks()));
            }
        }
        return false;
    }

    private State look(Input input) {
        Scope scope = Call.current().scope();
        if (group(scope, input).isEmpty()) {
            return State.GONE;
        }
        boolean awake = pending.isAwake(scope, input.filter());
        if (!pending.first(scope, input.filter(), 1).isEmpty()) {
            if (!awake) {
                pending.awake(scope, input.filter(), true);
            }
            return State.BUSY;
        }
        if (awake) {
            pending.awake(scope, input.filter(), false);
            return State.IDLE;
        }
        return State.WAITING;
    }

    private Optional<GroupRecord> group(Scope scope, Input input) {
        return tables.peekGroup(scope, input.group())
                .filter(group -> group.id().equals(input.groupId()))
                .filter(group -> group.subscription(input.filter()).isPresent());
    }

    private Sent send(Input input) {
        Scope scope = Call.current().scope();
        Instant oldest = platform.clock().instant().minus(TRIED_FOR);
        GroupRecord group = group(scope, input).orElse(null);
        List<PendingRecord> taken = new ArrayList<>();
        Map<String, List<Map<String, Object>>> byStream = new LinkedHashMap<>();
        if (group == null) {
            return new Sent(taken);
        }
        SubscriptionRecord filter = group.subscription(input.filter()).orElseThrow();
        FilterPattern pattern = FilterPattern.parse(filter.pattern());
        long bytes = 0;
        for (PendingRecord one : pending.first(scope, filter.id(), CHUNKS)) {
            taken.add(one);
            Optional<ChunkRecord> chunk =
                    one.taken().isBefore(oldest) ? Optional.empty() : tables.chunk(scope, one.chunk());
            chunk.ifPresent(found -> byStream.computeIfAbsent(found.stream(), _ -> new ArrayList<>())
                    .addAll(matching(pattern, found)));
            bytes += chunk.map(ChunkRecord::bytes).orElse(0L);
            if (bytes >= CHUNKS_BYTES) {
                break;
            }
        }
        List<Record> records = new ArrayList<>();
        byStream.forEach((stream, events) -> parts(events)
                .forEach(part ->
                        records.add(SubscriptionMessage.data(scope.account(), group.name(), stream, filter, part))));
        if (!records.isEmpty()) {
            put(firehose(scope, group, filter), filter, records);
        }
        return new Sent(taken);
    }

    private static List<Map<String, Object>> matching(FilterPattern pattern, ChunkRecord chunk) {
        List<PackedEvents.Event> events = PackedEvents.unpack(chunk);
        List<Map<String, Object>> found = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            PackedEvents.Event event = events.get(i);
            if (pattern.matches(event.message())) {
                found.add(SubscriptionMessage.event(
                        EventId.of(event.timestamp(), chunk.sequence(), i), event.timestamp(), event.message()));
            }
        }
        return found;
    }

    /** Events in parts that each fit into a record. */
    private static List<List<Map<String, Object>>> parts(List<Map<String, Object>> events) {
        List<List<Map<String, Object>>> parts = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < events.size(); i++) {
            long more =
                    EVENT_BYTES + String.valueOf(events.get(i).get("message")).length();
            if (i > from && bytes + more > MESSAGE_BYTES) {
                parts.add(events.subList(from, i));
                from = i;
                bytes = 0;
            }
            bytes += more;
        }
        if (from < events.size()) {
            parts.add(events.subList(from, events.size()));
        }
        return parts;
    }

    private static void put(FirehoseClient firehose, SubscriptionRecord filter, List<Record> records) {
        int failed = firehose.putRecordBatch(r -> r.deliveryStreamName(
                                Arn.parse(filter.destination()).name())
                        .records(records))
                .failedPutCount();
        if (failed > 0) {
            throw new StepFailed("ServiceUnavailableException", failed + " records were not taken");
        }
    }
}
