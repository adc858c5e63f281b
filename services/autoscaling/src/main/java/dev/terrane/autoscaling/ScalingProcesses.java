package dev.terrane.autoscaling;

import dev.terrane.kernel.clock.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.autoscaling.model.DescribeScalingProcessTypesResponse;
import software.amazon.awssdk.services.autoscaling.model.ProcessType;
import software.amazon.awssdk.services.autoscaling.model.ResumeProcessesRequest;
import software.amazon.awssdk.services.autoscaling.model.ResumeProcessesResponse;
import software.amazon.awssdk.services.autoscaling.model.SuspendProcessesRequest;
import software.amazon.awssdk.services.autoscaling.model.SuspendProcessesResponse;
import software.amazon.awssdk.services.autoscaling.model.SuspendedProcess;

/** What is done to a group by itself, each of which can be suspended. */
final class ScalingProcesses {
    private static final Set<String> PROCESSES = Set.of(
            "Launch",
            "Terminate",
            "AddToLoadBalancer",
            "AlarmNotification",
            "AZRebalance",
            "HealthCheck",
            "InstanceRefresh",
            "ReplaceUnhealthy",
            "ScheduledActions");

    private final Groups groups;
    private final Clock clock;

    ScalingProcesses(Groups groups, Clock clock) {
        this.groups = groups;
        this.clock = clock;
    }

    SuspendProcessesResponse suspend(SuspendProcessesRequest request) {
        GroupRecord group = groups.require(request.autoScalingGroupName());
        List<SuspendedProcess> suspended = new ArrayList<>(group.group().suspendedProcesses());
        for (String process : processes(request.scalingProcesses())) {
            if (group.runs(process)) {
                suspended.add(SuspendedProcess.builder()
                        .processName(process)
                        .suspensionReason("User suspended at " + Activities.moment(clock.instant()))
                        .build());
            }
        }
        groups.change(group.with(g -> g.suspendedProcesses(suspended)));
        return SuspendProcessesResponse.builder().build();
    }

    ResumeProcessesResponse resume(ResumeProcessesRequest request) {
        GroupRecord group = groups.require(request.autoScalingGroupName());
        Set<String> resumed = processes(request.scalingProcesses());
        groups.change(group.with(g -> g.suspendedProcesses(group.group().suspendedProcesses().stream()
                .filter(process -> !resumed.contains(process.processName()))
                .toList())));
        return ResumeProcessesResponse.builder().build();
    }

    private static Set<String> processes(List<String> asked) {
        asked.stream()
                .filter(process -> !PROCESSES.contains(process))
                .findFirst()
                .ifPresent(process -> {
                    throw Refusals.of("Process type " + process + " is invalid");
                });
        return asked.isEmpty() ? PROCESSES : new LinkedHashSet<>(asked);
    }

    DescribeScalingProcessTypesResponse types() {
        return DescribeScalingProcessTypesResponse.builder()
                .processes(PROCESSES.stream()
                        .sorted()
                        .map(name -> ProcessType.builder().processName(name).build())
                        .toList())
                .build();
    }
}
