package dev.terrane.autoscaling;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.service.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Has scheduled actions carried out when their time has come, within two seconds. */
final class ScheduleClock {
    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final String PRINCIPAL = "autoscaling.amazonaws.com";

    private record Due(Scope scope, ScheduleRecord schedule) {}

    private final Platform platform;
    private final ScalingTables tables;
    private final Schedules schedules;

    ScheduleClock(Platform platform, ScalingTables tables, Schedules schedules) {
        this.platform = platform;
        this.tables = tables;
        this.schedules = schedules;
    }

    void start() {
        var _ = platform.threads().every("autoscaling-schedules", PERIOD, this::tick);
    }

    private void tick() {
        Instant now = platform.clock().instant();
        List<Due> due = new ArrayList<>();
        tables.everySchedule((scope, schedule) -> {
            if (!schedule.next().isAfter(now)) {
                due.add(new Due(scope, schedule));
            }
        });
        // In the order of their times, for they may be several of one group after the server was off.
        due.sort(Comparator.comparing(one -> one.schedule().next()));
        for (Due one : due) {
            String group = one.schedule().group();
            String action = one.schedule().action().scheduledActionName();
            Call.internal(one.scope(), new Principal.Service(one.scope().account(), PRINCIPAL), Ids.uuid(), now)
                    .run(() -> tables.transact(() -> schedules.perform(group, action)));
        }
    }
}
