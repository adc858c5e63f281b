package dev.terrane.cloudformation.stackset;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import dev.terrane.kernel.workflow.Workflows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackDriftStatus;
import software.amazon.awssdk.services.cloudformation.model.StackInstanceDetailedStatus;
import software.amazon.awssdk.services.cloudformation.model.StackInstanceResourceDriftsSummary;
import software.amazon.awssdk.services.cloudformation.model.StackInstanceStatus;
import software.amazon.awssdk.services.cloudformation.model.StackResourceDriftStatus;
import software.amazon.awssdk.services.cloudformation.model.StackSetOperationResultStatus;
import software.amazon.awssdk.services.cloudformation.model.Tag;

/** What an operation on a stack set does in one account and region. */
final class InstanceWorkflow implements Workflow<InstanceWorkflow.Input> {
    /** Statuses from which a stack cannot be updated: it is made anew. */
    private static final Set<String> BROKEN =
            Set.of("CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED");

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final int DOUBLINGS = 5;

    private final StackSetTables tables;
    private final Workflows workflows;
    private final Clock clock;
    private final StackAccounts accounts;
    private final OperationWorkflow operations;

    InstanceWorkflow(
            StackSetTables tables,
            Workflows workflows,
            Clock clock,
            StackAccounts accounts,
            OperationWorkflow operations) {
        this.tables = tables;
        this.workflows = workflows;
        this.clock = clock;
        this.accounts = accounts;
        this.operations = operations;
    }

    /** Which operation of which set, and where. */
    record Input(String set, String operation, Target target) {
        String operationKey() {
            return OperationRecord.key(set, operation);
        }

        String id() {
            return ResultRecord.key(operationKey(), target);
        }
    }

    /** What is to be done. */
    enum Kind {
        /** Make the stack, or make it what the set says. */
        BRING,
        /** Take a stack that is there already. */
        TAKE,
        REMOVE,
        /** Let the instance go, with nothing done to a stack. */
        LET_GO,
        DETECT_DRIFT
    }

    /** @param stack the stack's ARN, or empty */
    record Task(Kind kind, String stack) {}

    /** What drift detection found. */
    record Drifts(List<StackInstanceResourceDriftsSummary> found) {}

    @Override
    public String name() {
        return "cloudformation.stack-instance";
    }

    @Override
    public Class<Input> input() {
        return Input.class;
    }

    @Override
    public String principal() {
        return StackAccounts.PRINCIPAL;
    }

    @Override
    public void run(Steps steps, Input input) throws InterruptedException {
        Task task = steps.commit("begin", Task.class, () -> begin(input));
        String failure = "";
        try {
            if (task.kind() != Kind.LET_GO) {
                StackAccounts.Session session = steps.step(
                        "enter",
                        StackAccounts.Session.class,
                        () -> accounts.enter(
                                scope(),
                                set(input),
                                operation(input),
                                input.target().account()));
                steps.commit("entered", () -> tables.put(scope(), result(input).throughGate()));
                Stacked stacked = new Stacked(steps, input, session);
                switch (task.kind()) {
                    case BRING -> stacked.bring(task.stack());
                    case TAKE -> stacked.take(task.stack());
                    case REMOVE -> stacked.remove("remove", task.stack());
                    case DETECT_DRIFT -> stacked.detectDrift(task.stack());
                    case LET_GO -> {}
                }
            }
        } catch (Steps.StepFailed e) {
            failure = String.valueOf(e.getMessage());
        }
        String reason = failure;
        steps.commit("end", () -> end(input, task, reason));
    }

    private Task begin(Input input) {
        OperationRecord operation = operation(input);
        InstanceRecord instance = instance(input);
        tables.put(scope(), result(input).in(StackSetOperationResultStatus.RUNNING, ""));
        Optional<String> imported = Optional.ofNullable(
                operation.asked().imports().get(input.target().key()));
        Kind kind = switch (operation.asked().action()) {
            case DETECT_DRIFT -> Kind.DETECT_DRIFT;
            case DELETE -> operation.asked().retain() || instance.stack().isEmpty() ? Kind.LET_GO : Kind.REMOVE;
            default -> imported.isPresent() ? Kind.TAKE : Kind.BRING;
        };
        if (kind != Kind.DETECT_DRIFT) {
            tables.put(scope(), instance.in(instance.status(), StackInstanceDetailedStatus.RUNNING, instance.reason()));
        }
        return new Task(kind, imported.orElse(instance.stack()));
    }

    private void end(Input input, Task task, String failure) {
        boolean failed = !failure.isEmpty();
        tables.put(
                scope(),
                result(input)
                        .in(
                                failed ? StackSetOperationResultStatus.FAILED : StackSetOperationResultStatus.SUCCEEDED,
                                failure));
        InstanceRecord instance = instance(input);
        switch (task.kind()) {
            case BRING ->
                tables.put(
                        scope(),
                        failed
                                ? instance.in(StackInstanceStatus.OUTDATED, StackInstanceDetailedStatus.FAILED, failure)
                                : instance.in(StackInstanceStatus.CURRENT, StackInstanceDetailedStatus.SUCCEEDED, ""));
            case TAKE -> {
                if (failed && !instance.stack().isEmpty()) {
                    tables.put(
                            scope(),
                            instance.in(StackInstanceStatus.OUTDATED, StackInstanceDetailedStatus.FAILED, failure));
                } else if (failed) {
                    tables.put(
                            scope(),
                            instance.in(
                                    StackInstanceStatus.INOPERABLE,
                                    StackInstanceDetailedStatus.FAILED_IMPORT,
                                    failure));
                }
            }
            case REMOVE, LET_GO -> {
                if (failed) {
                    tables.put(
                            scope(),
                            instance.in(
                                    StackInstanceStatus.INOPERABLE, StackInstanceDetailedStatus.INOPERABLE, failure));
                } else {
                    tables.delete(scope(), instance);
                }
            }
            case DETECT_DRIFT -> {}
        }
        accounts.forget(input.id());
        workflows.signal(
                operations,
                input.operationKey(),
                OperationWorkflow.TOLD,
                new OperationWorkflow.Told(input.target(), failed));
    }

    /** The work on the instance's stack, with the rights of the execution role. */
    private final class Stacked {
        private final Steps steps;
        private final Input input;
        private final InstanceStack stack;

        Stacked(Steps steps, Input input, StackAccounts.Session session) {
            this.steps = steps;
            this.input = input;
            this.stack = new InstanceStack(accounts.stacks(session, input.target(), input.id()), input.id());
        }

        void bring(String known) throws InterruptedException {
            String status = known.isEmpty() ? "" : steps.step("look", String.class, () -> stack.status(known));
            if (BROKEN.contains(status)) {
                remove("clear", known);
            }
            if (status.isEmpty() || BROKEN.contains(status)) {
                String arn = steps.step("create", String.class, () -> stack.create(set(input), instance(input)));
                steps.commit("made", () -> tables.put(scope(), instance(input).of(arn)));
                expect("create", arn, "CREATE_COMPLETE");
            } else if (steps.step("update", Boolean.class, () -> stack.update(set(input), instance(input)))) {
                expect("update", known, "UPDATE_COMPLETE");
            }
        }

        void remove(String phase, String arn) throws InterruptedException {
            steps.step(phase, () -> stack.delete(arn));
            expect(phase, arn, "");
        }

        /** Waits until a stack has come to rest.
         *
         * @throws Steps.StepFailed where it is not as it should be */
        private void expect(String phase, String arn, String expected) throws InterruptedException {
            String status = steps.step(phase + " look", String.class, () -> stack.status(arn));
            for (int turn = 0; status.endsWith("_IN_PROGRESS"); turn++) {
                steps.sleep(phase + " pause " + turn, pause(turn));
                status = steps.step(phase + " look " + turn, String.class, () -> stack.status(arn));
            }
            if (!status.equals(expected)) {
                String reason = steps.step(phase + " failure", String.class, () -> stack.failure(arn));
                throw new Steps.StepFailed(status, reason);
            }
        }

        /** Makes a stack that is there already the instance's; what it says otherwise than the set stays so. */
        void take(String arn) throws InterruptedException {
            Stack found = steps.step("look", Stack.class, () -> stack.describe(arn));
            String template = steps.step("template", String.class, () -> stack.template(arn));
            steps.commit("take", () -> taken(found, template));
        }

        private void taken(Stack found, String template) {
            if (!instance(input).stack().isEmpty()) {
                throw AwsErrors.of(
                        "ValidationError",
                        400,
                        "The stack set has a stack instance in this account and region: "
                                + instance(input).stack());
            }
            if (tables.instanceOf(scope(), found.stackId()).isPresent()) {
                throw AwsErrors.of(
                        "ValidationError", 400, "Stack " + found.stackId() + " is part of a stack set already");
            }
            if (found.parameters().stream().anyMatch(p -> "****".equals(p.parameterValue()))) {
                throw AwsErrors.of(
                        "ValidationError", 400, "The NoEcho property is not supported by import into a stack set");
            }
            StackSetRecord.Settings settings = set(input).settings();
            Map<String, String> ours = settings.parameters().stream()
                    .collect(Collectors.toMap(Parameter::parameterKey, Parameter::parameterValue));
            List<Parameter> overrides = found.parameters().stream()
                    .filter(p -> ours.containsKey(p.parameterKey())
                            && !ours.get(p.parameterKey()).equals(p.parameterValue()))
                    .toList();
            Map<String, String> tags = found.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value));
            boolean same = template.equals(settings.template()) && tags.equals(settings.tags());
            tables.put(
                    scope(),
                    instance(input)
                            .of(found.stackId())
                            .overriding(overrides)
                            .in(
                                    same ? StackInstanceStatus.CURRENT : StackInstanceStatus.OUTDATED,
                                    StackInstanceDetailedStatus.SUCCEEDED,
                                    ""));
        }

        void detectDrift(String arn) throws InterruptedException {
            String id = steps.step("detect", String.class, () -> stack.detect(arn));
            String status = steps.step("detected", String.class, () -> stack.detection(id));
            for (int turn = 0; status.endsWith("_IN_PROGRESS"); turn++) {
                steps.sleep("pause " + turn, pause(turn));
                status = steps.step("detected " + turn, String.class, () -> stack.detection(id));
            }
            Drifts drifts = steps.step("drifts", Drifts.class, () -> new Drifts(stack.drifts(arn)));
            boolean drifted = drifts.found().stream()
                    .anyMatch(d -> d.stackResourceDriftStatus() != StackResourceDriftStatus.IN_SYNC);
            steps.commit("drift", () -> {
                tables.put(scope(), result(input).finding(drifts.found()));
                tables.put(
                        scope(),
                        instance(input)
                                .drifted(
                                        drifted ? StackDriftStatus.DRIFTED : StackDriftStatus.IN_SYNC,
                                        clock.instant()));
            });
            if (status.equals("DETECTION_FAILED")) {
                throw new Steps.StepFailed(status, "Drift detection failed for stack " + arn);
            }
        }
    }

    private static Duration pause(int turn) {
        return FIRST_PAUSE.multipliedBy(1L << Math.min(turn, DOUBLINGS));
    }

    private StackSetRecord set(Input input) {
        return tables.set(scope(), input.set());
    }

    private OperationRecord operation(Input input) {
        return tables.operation(scope(), input.set(), input.operation()).orElseThrow();
    }

    private InstanceRecord instance(Input input) {
        return tables.instance(scope(), input.set(), input.target()).orElseThrow();
    }

    private ResultRecord result(Input input) {
        return tables.result(scope(), input.operationKey(), input.target()).orElseThrow();
    }

    private static Scope scope() {
        return Call.current().scope();
    }
}
