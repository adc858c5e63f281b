package dev.terrane.cloudformation.stackset;

import dev.terrane.cloudformation.stackset.OperationRecord.Asked;
import dev.terrane.cloudformation.stackset.StackSetRecord.Settings;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.workflow.Workflows;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationRequest;
import software.amazon.awssdk.services.cloudformation.model.InvalidOperationException;
import software.amazon.awssdk.services.cloudformation.model.LimitExceededException;
import software.amazon.awssdk.services.cloudformation.model.OperationIdAlreadyExistsException;
import software.amazon.awssdk.services.cloudformation.model.OperationInProgressException;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.StackInstanceDetailedStatus;
import software.amazon.awssdk.services.cloudformation.model.StackInstanceStatus;
import software.amazon.awssdk.services.cloudformation.model.StackSetOperationAction;
import software.amazon.awssdk.services.cloudformation.model.StackSetOperationStatus;
import software.amazon.awssdk.services.cloudformation.model.StaleRequestException;
import software.amazon.awssdk.services.cloudformation.model.StopStackSetOperationRequest;
import software.amazon.awssdk.services.cloudformation.model.StopStackSetOperationResponse;

/** Begins and stops operations on stack sets, one of a set at a time. */
final class Operations {
    static final String INITIATED = "User initiated operation";

    private final StackSetTables tables;
    private final Workflows workflows;
    private final Clock clock;
    private final OperationWorkflow workflow;

    Operations(StackSetTables tables, Workflows workflows, Clock clock, OperationWorkflow workflow) {
        this.tables = tables;
        this.workflows = workflows;
        this.clock = clock;
        this.workflow = workflow;
    }

    /** A set that is there. */
    StackSetRecord existing(Scope scope, String nameOrId) {
        return tables.find(scope, nameOrId).filter(StackSetRecord::active).orElseThrow(() -> Refusals.noSet(nameOrId));
    }

    /**
     * The operation that a request has begun already; empty where it is new.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when its id is another one's, or others have followed it
     */
    Optional<String> repeated(Scope scope, StackSetRecord set, @Nullable String id, CloudFormationRequest request) {
        Optional<OperationRecord> before =
                Optional.ofNullable(id).flatMap(given -> tables.operation(scope, set.id(), given));
        before.ifPresent(operation -> {
            if (!operation.digest().equals(digest(request))) {
                throw OperationIdAlreadyExistsException.builder()
                        .message("Operation " + operation.id() + " already exists")
                        .build();
            }
            if (operation.sequence() != last(scope, set)) {
                throw StaleRequestException.builder()
                        .message("Another operation has been performed on StackSet " + set.arn()
                                + " since the specified operation was performed")
                        .build();
            }
        });
        return before.map(OperationRecord::id);
    }

    private int last(Scope scope, StackSetRecord set) {
        return tables.operations(scope, set.id(), Optional.empty(), 1).values().stream()
                .mapToInt(OperationRecord::sequence)
                .findFirst()
                .orElse(0);
    }

    private static String digest(CloudFormationRequest request) {
        String json = RecordCodec.json().writeValueAsString(request);
        return UUID.nameUUIDFromBytes(json.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Refuses what cannot be done while something else is. */
    void requireIdle(Scope scope, StackSetRecord set) {
        if (!tables.pending(scope, set.id()).isEmpty()) {
            throw OperationInProgressException.builder()
                    .message("Another Operation on StackSet " + set.arn() + " is in progress")
                    .build();
        }
    }

    /** Begins an operation, or queues it where the set's execution is managed.
     *
     * @return its id */
    String begin(Scope scope, StackSetRecord set, @Nullable String id, CloudFormationRequest request, Asked asked) {
        // Whatever begins, ends or stops operations of a set writes the set, so that one waits for the other.
        tables.put(scope, set);
        boolean busy = !tables.pending(scope, set.id()).isEmpty();
        if (busy && !set.settings().managedExecution()) {
            requireIdle(scope, set);
        }
        requireRoom(scope, set, asked);
        OperationRecord operation = new OperationRecord(
                set.id(),
                id == null ? Ids.uuid() : id,
                last(scope, set) + 1,
                StackSetOperationStatus.QUEUED,
                asked,
                set.settings().administrationRole(),
                set.settings().executionRole(),
                digest(request),
                clock.instant(),
                Optional.empty(),
                0,
                Optional.empty());
        if (busy) {
            tables.put(scope, operation);
        } else {
            launch(scope, set, operation);
        }
        return operation.id();
    }

    /** Refuses more instances than a set may have, those of operations that wait among them. */
    private void requireRoom(Scope scope, StackSetRecord set, Asked asked) {
        if (asked.action() != StackSetOperationAction.CREATE) {
            return;
        }
        Set<Target> all = new HashSet<>(asked.targets());
        tables.instances(scope, set.id()).forEach(instance -> all.add(instance.target()));
        tables.pending(scope, set.id()).stream()
                .map(OperationRecord::asked)
                .filter(other -> other.action() == StackSetOperationAction.CREATE)
                .forEach(other -> all.addAll(other.targets()));
        if (all.size() > Targets.MOST) {
            throw LimitExceededException.builder()
                    .message("A stack set has at most " + Targets.MOST + " stack instances")
                    .build();
        }
    }

    /** Lets the operation that waited longest begin. */
    void next(Scope scope, String setId) {
        tables.pending(scope, setId).stream()
                .filter(operation -> operation.status() == StackSetOperationStatus.QUEUED)
                .findFirst()
                .ifPresent(operation -> launch(scope, tables.set(scope, setId), operation));
    }

    private void launch(Scope scope, StackSetRecord was, OperationRecord queued) {
        Asked asked = queued.asked();
        StackSetRecord set = asked.becoming().map(was::being).orElse(was);
        Settings settings = set.settings();
        OperationRecord operation = queued.begun(settings.administrationRole(), settings.executionRole());
        tables.put(scope, operation);
        List<InstanceRecord> instances = instances(scope, set, operation);
        if (asked.becoming().isPresent()) {
            tables.put(scope, set);
            if (!settings.makesSame(was.settings())) {
                outdate(
                        scope,
                        set,
                        instances.stream().map(InstanceRecord::target).collect(Collectors.toSet()));
            }
        }
        for (InstanceRecord instance : instances) {
            boolean changing = asked.action() != StackSetOperationAction.DETECT_DRIFT;
            tables.put(
                    scope,
                    (changing
                                    ? instance.in(
                                            asked.action() == StackSetOperationAction.DELETE
                                                    ? instance.status()
                                                    : StackInstanceStatus.OUTDATED,
                                            StackInstanceDetailedStatus.PENDING,
                                            INITIATED)
                                    : instance)
                            .under(operation.id()));
            tables.put(scope, ResultRecord.pending(operation.key(), instance.target()));
        }
        workflows.start(workflow, scope, operation.key(), new OperationWorkflow.Input(set.id(), operation.id()));
    }

    /** The instances that an operation is about, as it finds them, with the values that it gives them. */
    private List<InstanceRecord> instances(Scope scope, StackSetRecord set, OperationRecord operation) {
        Asked asked = operation.asked();
        if (asked.targets().isEmpty()) {
            return tables.instances(scope, set.id()).stream()
                    .filter(instance -> !instance.inoperable())
                    .filter(instance -> asked.action() != StackSetOperationAction.DETECT_DRIFT
                            || !instance.stack().isEmpty())
                    .toList();
        }
        boolean makes = asked.action() == StackSetOperationAction.CREATE;
        List<InstanceRecord> found = new ArrayList<>();
        for (Target target : asked.targets()) {
            Optional<InstanceRecord> there = tables.instance(scope, set.id(), target);
            there.or(() -> makes ? Optional.of(InstanceRecord.made(set.id(), target)) : Optional.empty())
                    .map(instance -> asked.overrides()
                            .map(values -> instance.overriding(overriding(instance.overrides(), values)))
                            .orElse(instance))
                    .ifPresent(found::add);
        }
        return found;
    }

    private static List<Parameter> overriding(List<Parameter> before, List<Parameter> given) {
        return given.stream()
                .flatMap(value -> Boolean.TRUE.equals(value.usePreviousValue())
                        ? before.stream().filter(old -> old.parameterKey().equals(value.parameterKey()))
                        : java.util.stream.Stream.of(value))
                .toList();
    }

    private void outdate(Scope scope, StackSetRecord set, Set<Target> but) {
        for (InstanceRecord instance : tables.instances(scope, set.id())) {
            if (!but.contains(instance.target()) && !instance.inoperable()) {
                tables.put(scope, instance.in(StackInstanceStatus.OUTDATED, instance.detailed(), instance.reason()));
            }
        }
    }

    StopStackSetOperationResponse stop(StopStackSetOperationRequest request) {
        Scope scope = Call.current().scope();
        StackSetRecord set = existing(scope, request.stackSetName());
        OperationRecord operation = tables.operation(scope, set.id(), request.operationId())
                .orElseThrow(() -> Refusals.noOperation(request.operationId()));
        switch (operation.status()) {
            case QUEUED -> tables.put(scope, operation.ended(StackSetOperationStatus.STOPPED, 0, clock.instant()));
            case RUNNING -> {
                tables.put(scope, operation.in(StackSetOperationStatus.STOPPING));
                workflows.signal(workflow, operation.key(), OperationWorkflow.TOLD, OperationWorkflow.Told.STOP);
            }
            default ->
                throw InvalidOperationException.builder()
                        .message("Operation " + operation.id() + " is in " + operation.status()
                                + " state and can not be stopped")
                        .build();
        }
        return StopStackSetOperationResponse.builder().build();
    }
}
