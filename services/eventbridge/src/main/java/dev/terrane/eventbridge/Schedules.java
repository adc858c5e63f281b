package dev.terrane.eventbridge;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.id.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Fires scheduled rules. A timer's move to its next time and the event of this time are one commit, so a crash neither loses a time nor fires
 * twice; times at which the server was down are not made up for, as AWS gives no such promise.
 */
final class Schedules {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int AT_ONCE = 100;
    /** A time that passed so shortly before the start still fires: AWS fires within the minute. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    private final EventBridgeTables tables;
    private final Clock clock;
    private final Intake intake;
    /** The earliest time of all, so that looking costs nothing while none is due. */
    private final AtomicReference<Instant> earliest = new AtomicReference<>(Instant.MIN);
    /** Times before this were missed while no server ran. */
    private volatile Instant missedBefore = Instant.MIN;

    Schedules(EventBridgeTables tables, Clock clock, Intake intake) {
        this.tables = tables;
        this.clock = clock;
        this.intake = intake;
    }

    void start(Threads threads) {
        missedBefore = clock.instant().minus(GRACE);
        threads.every("events-schedules", LOOK, this::fireDue);
    }

    /** Follows a rule that is written in this transaction. The count begins anew when it was made, enabled or given another schedule. */
    void changed(Scope scope, RuleRecord rule, Optional<RuleRecord> before) {
        boolean same = before.map(b -> b.schedule().equals(rule.schedule()) && b.enabled() == rule.enabled())
                .orElse(false);
        if (same) {
            return;
        }
        Instant now = clock.instant();
        Optional<Instant> next = rule.schedule()
                .filter(expression -> rule.enabled())
                .flatMap(expression -> Schedule.parse(expression).next(now, now));
        if (next.isPresent()) {
            tables.put(new TimerRecord(scope.account(), scope.region(), rule.bus(), rule.name(), next.get()));
            tables.afterCommit(() -> earliest.accumulateAndGet(next.get(), Schedules::earlier));
        } else {
            removed(scope, rule);
        }
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    void removed(Scope scope, RuleRecord rule) {
        if (rule.schedule().isPresent()
                || tables.timer(TimerRecord.key(scope, rule.bus(), rule.name())).isPresent()) {
            tables.deleteTimer(TimerRecord.key(scope, rule.bus(), rule.name()));
        }
    }

    private void fireDue() {
        if (clock.instant().isBefore(earliest.get())) {
            return;
        }
        // Set before looking: a timer that comes meanwhile lowers it again.
        earliest.set(Instant.MAX);
        List<TimerRecord> due = tables.dueTimers(clock.instant(), AT_ONCE);
        while (!due.isEmpty()) {
            due.forEach(timer -> tables.transact(() -> fire(timer.key())));
            due = tables.dueTimers(clock.instant(), AT_ONCE);
        }
        earliest.accumulateAndGet(tables.nextDue().getFirst(), Schedules::earlier);
    }

    private void fire(String key) {
        Instant now = clock.instant();
        Optional<TimerRecord> timer = tables.timer(key).filter(t -> !t.next().isAfter(now));
        if (timer.isEmpty()) {
            return;
        }
        TimerRecord due = timer.get();
        Optional<RuleRecord> rule =
                tables.rule(due.scope(), due.bus(), due.rule()).filter(RuleRecord::enabled);
        Optional<Instant> next = rule.flatMap(RuleRecord::schedule)
                .flatMap(e -> Schedule.parse(e).next(due.next(), now));
        if (next.isPresent()) {
            tables.put(new TimerRecord(due.account(), due.region(), due.bus(), due.rule(), next.get()));
        } else {
            tables.deleteTimer(key);
        }
        rule.filter(r -> !due.next().isBefore(missedBefore))
                .ifPresent(r -> intake.scheduled(due.scope(), r, now, Ids.uuid()));
    }
}
