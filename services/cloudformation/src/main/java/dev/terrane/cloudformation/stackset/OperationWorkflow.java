package dev.terrane.cloudformation.stackset;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import dev.terrane.kernel.workflow.Workflows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudformation.model.StackInstanceDetailedStatus;
import software.amazon.awssdk.services.cloudformation.model.StackSetOperationAction;
import software.amazon.awssdk.services.cloudformation.model.StackSetOperationPreferences;
import software.amazon.awssdk.services.cloudformation.model.StackSetOperationResultStatus;
import software.amazon.awssdk.services.cloudformation.model.StackSetOperationStatus;

/** An operation on a stack set: goes through regions and accounts as its preferences say, each by a process of its own. */
final class OperationWorkflow implements Workflow<OperationWorkflow.Input> {
    /** The signal by which an instance's process tells that it has ended, and a caller that it is to stop. */
    static final String TOLD = "told";

    private static final Duration LONG = Duration.ofDays(30);
    private static final String EXCEEDED = "Cancelled since failure tolerance has exceeded";
    private static final String STOPPED = "Cancelled since the operation was stopped";

    private final StackSetTables tables;
    private final Workflows workflows;
    private final Clock clock;
    private final InstanceWorkflow instances;
    private final Operations operations;

    OperationWorkflow(StackSetTables tables, Workflows workflows, Clock clock, StackAccounts accounts) {
        this.tables = tables;
        this.workflows = workflows;
        this.clock = clock;
        this.instances = new InstanceWorkflow(tables, workflows, clock, accounts, this);
        this.operations = new Operations(tables, workflows, clock, this);
    }

    InstanceWorkflow instances() {
        return instances;
    }

    Operations operations() {
        return operations;
    }

    /** Which operation of which set. */
    record Input(String set, String operation) {
        String key() {
            return OperationRecord.key(set, operation);
        }
    }

    /** What the process is told: that an instance's process has ended, or, of no region, that the operation is to stop. */
    record Told(Target target, boolean failed) {
        static final Told STOP = new Told(new Target("", ""), false);

        boolean toStop() {
            return target.region().isEmpty();
        }
    }

    /** Where it is to work: accounts by region. */
    record Plan(Map<String, List<String>> accounts, StackSetOperationPreferences preferences) {}

    @Override
    public String name() {
        return "cloudformation.stack-set-operation";
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
        Plan plan = steps.commit("plan", Plan.class, () -> plan(input));
        Rollout rollout = new Rollout(new Preferences(plan.preferences()), plan.accounts());
        for (int turn = 0; ; turn++) {
            List<Target> ready = rollout.ready();
            if (!ready.isEmpty()) {
                steps.commit("start " + turn, () -> start(input, ready));
            }
            if (!rollout.working()) {
                break;
            }
            steps.await("wait " + turn, TOLD, Told.class, LONG).ifPresent(told -> {
                if (told.toStop()) {
                    rollout.stop();
                } else {
                    rollout.ended(told.target(), told.failed());
                }
            });
        }
        steps.commit("end", () -> end(input, rollout));
    }

    private Plan plan(Input input) {
        OperationRecord.Asked asked = operation(input).asked();
        Set<Target> open = tables.results(scope(), input.key()).stream()
                .map(ResultRecord::target)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        // In the order of the request, where it names places.
        List<Target> ordered = new ArrayList<>(asked.targets());
        ordered.retainAll(open);
        Map<String, List<String>> byRegion = new LinkedHashMap<>();
        for (Target target : ordered.isEmpty() ? open : ordered) {
            byRegion.computeIfAbsent(target.region(), region -> new ArrayList<>())
                    .add(target.account());
        }
        return new Plan(byRegion, asked.preferences());
    }

    private void start(Input input, List<Target> ready) {
        for (Target target : ready) {
            InstanceWorkflow.Input one = new InstanceWorkflow.Input(input.set(), input.operation(), target);
            workflows.start(instances, scope(), one.id(), one);
        }
    }

    private void end(Input input, Rollout rollout) {
        // Written, so that an operation that is asked for meanwhile waits for the outcome of this.
        StackSetRecord set = tables.set(scope(), input.set());
        tables.put(scope(), set);
        OperationRecord operation = operation(input);
        String reason = rollout.stopped() ? STOPPED : EXCEEDED;
        for (ResultRecord result : tables.results(scope(), input.key())) {
            if (result.status() == StackSetOperationResultStatus.PENDING) {
                tables.put(scope(), result.in(StackSetOperationResultStatus.CANCELLED, reason));
                tables.instance(scope(), input.set(), result.target())
                        .filter(instance -> operation.asked().action() != StackSetOperationAction.DETECT_DRIFT)
                        .ifPresent(instance -> tables.put(
                                scope(),
                                instance.in(instance.status(), StackInstanceDetailedStatus.CANCELLED, reason)));
            }
        }
        StackSetOperationStatus status = rollout.stopped()
                ? StackSetOperationStatus.STOPPED
                : rollout.exceeded() ? StackSetOperationStatus.FAILED : StackSetOperationStatus.SUCCEEDED;
        OperationRecord ended = operation.ended(status, rollout.failed(), clock.instant());
        if (operation.asked().action() == StackSetOperationAction.DETECT_DRIFT) {
            SetDrift drift =
                    SetDrift.of(ended, tables.results(scope(), input.key()), tables.instances(scope(), set.id()));
            tables.put(scope(), ended.drifted(drift.details()));
            tables.put(scope(), set.drifted(drift.details()));
        } else {
            tables.put(scope(), ended);
        }
        operations.next(scope(), input.set());
    }

    private OperationRecord operation(Input input) {
        return tables.operation(scope(), input.set(), input.operation()).orElseThrow();
    }

    private static Scope scope() {
        return Call.current().scope();
    }
}
