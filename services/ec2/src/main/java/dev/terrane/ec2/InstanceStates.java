package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.workflow.Workflows;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.ec2.model.*;

/** Start, stop, reboot and terminate, as the API asks for them ("Amazon EC2 instance state changes"). All instances of a request, or none. */
final class InstanceStates {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'GMT'").withZone(ZoneOffset.UTC);

    private final Ec2Tables tables;
    private final Instances instances;
    private final InstanceLife life;
    private final Workflows workflows;
    private final Ec2Events events;
    private final Clock clock;

    InstanceStates(
            Ec2Tables tables,
            Instances instances,
            InstanceLife life,
            Workflows workflows,
            Ec2Events events,
            Clock clock) {
        this.tables = tables;
        this.instances = instances;
        this.life = life;
        this.workflows = workflows;
        this.events = events;
        this.clock = clock;
    }

    /** How the reason of a transition that a user asked for reads. */
    static String byUser(Instant time) {
        return "User initiated (" + MOMENT.format(time) + ")";
    }

    StartInstancesResponse start(StartInstancesRequest request) {
        Supported.only("", request, Set.of("InstanceIds"));
        List<InstanceStateChange> changes = change(
                request.instanceIds(),
                record -> switch (record.state()) {
                    case PENDING, RUNNING -> record;
                    case STOPPED ->
                        record.with(record.instance().toBuilder()
                                        .launchTime(clock.instant())
                                        .build())
                                .in(InstanceStateName.PENDING, "", "pending", "pending");
                    default ->
                        throw Refusals.instanceState(record.id(), record.state().toString(), "started");
                },
                request.dryRun());
        return StartInstancesResponse.builder().startingInstances(changes).build();
    }

    StopInstancesResponse stop(StopInstancesRequest request) {
        Supported.only("", request, Set.of("InstanceIds", "Force", "SkipOsShutdown"));
        String reason = byUser(clock.instant());
        List<InstanceStateChange> changes = change(
                request.instanceIds(),
                record -> switch (record.state()) {
                    case STOPPING, STOPPED -> record;
                    case PENDING, RUNNING -> {
                        if (record.stopProtected()) {
                            throw Refusals.of(
                                    "OperationNotPermitted",
                                    "The instance '" + record.id()
                                            + "' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.");
                        }
                        yield record.in(
                                InstanceStateName.STOPPING,
                                reason,
                                "Client.UserInitiatedShutdown",
                                "Client.UserInitiatedShutdown: User initiated shutdown");
                    }
                    default ->
                        throw Refusals.instanceState(record.id(), record.state().toString(), "stopped");
                },
                request.dryRun());
        return StopInstancesResponse.builder().stoppingInstances(changes).build();
    }

    TerminateInstancesResponse terminate(TerminateInstancesRequest request) {
        Supported.only("", request, Set.of("InstanceIds", "Force", "SkipOsShutdown"));
        String reason = byUser(clock.instant());
        List<InstanceStateChange> changes = change(
                request.instanceIds(),
                record -> {
                    if (!record.lives()) {
                        return record;
                    }
                    if (record.terminationProtected()) {
                        throw Refusals.of(
                                "OperationNotPermitted",
                                "The instance '" + record.id()
                                        + "' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.");
                    }
                    return record.in(
                            InstanceStateName.SHUTTING_DOWN,
                            reason,
                            "Client.UserInitiatedShutdown",
                            "Client.UserInitiatedShutdown: User initiated shutdown");
                },
                request.dryRun());
        return TerminateInstancesResponse.builder()
                .terminatingInstances(changes)
                .build();
    }

    RebootInstancesResponse reboot(RebootInstancesRequest request) {
        List<InstanceRecord> found =
                request.instanceIds().stream().map(instances::require).toList();
        for (InstanceRecord record : found) {
            if (!record.is(InstanceStateName.RUNNING)) {
                throw Refusals.instanceState(record.id(), record.state().toString(), "rebooted");
            }
        }
        Supported.wet(request.dryRun());
        found.forEach(record -> life.nudge(workflows, record.id(), InstanceLife.REBOOT));
        return RebootInstancesResponse.builder().build();
    }

    private List<InstanceStateChange> change(
            List<String> ids, UnaryOperator<InstanceRecord> change, @org.jspecify.annotations.Nullable Boolean dryRun) {
        List<InstanceRecord> before =
                ids.stream().distinct().map(instances::require).toList();
        List<InstanceRecord> after = before.stream().map(change).toList();
        Supported.wet(dryRun);
        List<InstanceStateChange> changes = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            InstanceRecord was = before.get(i);
            InstanceRecord is = after.get(i);
            if (was.state() != is.state()) {
                tables.put(is);
                events.stateChanged(is.id(), is.state());
                life.nudge(workflows, is.id(), InstanceLife.STATE);
            }
            changes.add(InstanceStateChange.builder()
                    .instanceId(is.id())
                    .previousState(was.instance().state())
                    .currentState(is.instance().state())
                    .build());
        }
        return changes;
    }

    /** A workload has ended by itself: its instance stops, or is terminated where that is its shutdown behaviour. */
    void ended(String instanceId) {
        tables.instance(instanceId)
                .filter(record -> record.is(InstanceStateName.RUNNING))
                .ifPresent(record -> {
                    InstanceStateName next =
                            record.terminates() ? InstanceStateName.SHUTTING_DOWN : InstanceStateName.STOPPING;
                    tables.put(record.in(
                            next,
                            "Server.InternalError ("
                                    + MOMENT.format(Call.current().time()) + ")",
                            "Server.InternalError",
                            "Server.InternalError: the instance ended by itself"));
                    events.stateChanged(instanceId, next);
                    life.nudge(workflows, instanceId, InstanceLife.STATE);
                });
    }
}
