package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceWorkflow.Input;
import dev.terrane.cloudformation.UpdatePolicy.Rolling;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow.Cancelled;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.Activity;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.Instance;
import software.amazon.awssdk.services.autoscaling.model.LifecycleState;
import software.amazon.awssdk.services.autoscaling.model.ScalingActivityStatusCode;

/** Replaces the instances of an Auto Scaling group batch by batch, once the group itself has been changed. */
final class RollingUpdate {
    private static final Duration PAUSE = Duration.ofSeconds(3);
    private static final int MOST_LOOKS = 1_200;
    private static final int FAILURES = 3;

    private final Clients clients;
    private final ResourceLedger ledger;
    private final Signals signals;

    RollingUpdate(Clients clients, ResourceLedger ledger, Signals signals) {
        this.clients = clients;
        this.ledger = ledger;
        this.signals = signals;
    }

    /** A group as it was when its instances began to be replaced: those, and how many are wanted. */
    record Group(List<String> instances, int desired, int max) {
        Group {
            instances = List.copyOf(instances);
        }
    }

    /** The group as it is. */
    Group look(Input input, String name) {
        AutoScalingGroup group = group(input, name);
        return new Group(
                group.instances().stream()
                        .filter(instance -> !instance.lifecycleStateAsString().startsWith("Terminat"))
                        .map(Instance::instanceId)
                        .toList(),
                group.desiredCapacity(),
                group.maxSize());
    }

    /**
     * Replaces the instances that a group had.
     *
     * @throws Steps.StepFailed when too few of the new ones come to work; the group's processes go on
     */
    void run(Steps steps, Input input, String name, Rolling policy, List<String> old) throws InterruptedException {
        if (old.isEmpty()) {
            return;
        }
        steps.step("rolling suspend", () -> suspend(input, name, policy));
        try {
            replace(steps, input, name, policy, old);
        } catch (Steps.StepFailed | Cancelled e) {
            steps.step("rolling resume after failure", () -> resume(input, name, policy));
            throw e;
        }
        steps.step("rolling resume", () -> resume(input, name, policy));
    }

    private void replace(Steps steps, Input input, String name, Rolling policy, List<String> old)
            throws InterruptedException {
        Group group = steps.step("rolling group", Group.class, () -> look(input, name));
        if (policy.minInService() >= group.max()) {
            throw failure("MinInstancesInService must be less than the autoscaling group's MaxSize");
        }
        int batch = Math.min(policy.maxBatch(), old.size());
        int size = Math.max(group.desired(), Math.min(group.max(), policy.minInService() + batch));
        int grown = Math.min(old.size(), size - group.desired());
        int failed = 0;
        if (grown > 0) {
            int larger = group.desired() + grown;
            signals.tell(
                    steps,
                    input,
                    "rolling grows",
                    "Temporarily setting autoscaling group DesiredCapacity to " + larger + ".");
            steps.step(
                    "rolling grow",
                    () -> client(input)
                            .setDesiredCapacity(
                                    r -> r.autoScalingGroupName(name).desiredCapacity(larger)));
            stable(steps, input, name, "rolling grown", Set.of());
            failed += pause(steps, input, policy, "rolling grown", grown, old.size(), failed);
        }
        int room = Math.max(1, group.desired() + grown - policy.minInService());
        for (int from = 0, turn = 0; from < old.size(); turn++) {
            List<String> now = old.subList(from, Math.min(old.size(), from + Math.min(batch, room)));
            from += now.size();
            // What the group had more of in the meantime comes in the place of the last ones.
            int without = Math.min(now.size(), Math.max(0, from - (old.size() - grown)));
            int added = now.size() - without;
            String step = "rolling batch " + turn;
            signals.tell(
                    steps,
                    input,
                    step + " begins",
                    "Terminating instance(s) " + now + "; replacing with " + added + " new instance(s).");
            steps.step(step, () -> terminate(input, name, now, added));
            stable(steps, input, name, step, Set.copyOf(now));
            signals.tell(
                    steps,
                    input,
                    step + " ends",
                    "Successfully terminated instance(s) " + now + " (Progress " + 100 * from / old.size() + "%).");
            failed += pause(steps, input, policy, step, added, old.size(), failed);
        }
    }

    /** Lets the new instances of a batch come to work.
     *
     * @return how many of them have not */
    private int pause(Steps steps, Input input, Rolling policy, String step, int added, int all, int failed)
            throws InterruptedException {
        if (added == 0) {
            return 0;
        }
        if (!policy.waitsForSignals()) {
            if (!policy.pause().isZero()) {
                steps.sleep(step + " pause", policy.pause());
            }
            return 0;
        }
        signals.tell(
                steps,
                input,
                step + " waits",
                "New instance(s) added to autoscaling group - Waiting on " + added
                        + " resource signal(s) with a timeout of " + policy.pause() + ".");
        int tolerated = Signals.tolerated(all, policy.minSuccessfulPercent()) - failed;
        Signals.Heard heard = signals.await(steps, input, step + " signal", added, tolerated, policy.pause());
        int lacking = added - heard.succeeded();
        if (lacking > tolerated) {
            throw failure(
                    heard.failed() > 0
                            ? "Received " + heard.failed() + " FAILURE signal(s) out of " + all
                                    + ". Unable to satisfy " + policy.minSuccessfulPercent()
                                    + "% MinSuccessfulInstancesPercent requirement"
                            : "Failed to receive " + lacking
                                    + " resource signal(s) for the current batch. Each resource signal timeout is"
                                    + " counted as a FAILURE.");
        }
        return lacking;
    }

    /** Waits until instances are gone and the group has as many in service as it wants. */
    private void stable(Steps steps, Input input, String name, String step, Set<String> gone)
            throws InterruptedException {
        for (int i = 0; i < MOST_LOOKS; i++) {
            if (steps.step(step + " look " + i, Boolean.class, () -> isStable(input, name, gone))) {
                return;
            }
            steps.sleep(step + " rest " + i, PAUSE);
        }
        throw failure("Group did not stabilize.");
    }

    private boolean isStable(Input input, String name, Set<String> gone) {
        AutoScalingGroup group = group(input, name);
        long working = group.instances().stream()
                .filter(instance -> instance.lifecycleState() == LifecycleState.IN_SERVICE)
                .count();
        boolean left = group.instances().stream().anyMatch(instance -> gone.contains(instance.instanceId()));
        if (!left && working >= group.desiredCapacity()) {
            return true;
        }
        List<Activity> latest = client(input)
                .describeScalingActivities(r -> r.autoScalingGroupName(name).maxRecords(FAILURES))
                .activities();
        if (latest.size() == FAILURES
                && latest.stream().allMatch(a -> a.statusCode() == ScalingActivityStatusCode.FAILED)) {
            throw Refusals.invalid(
                    "Group did not stabilize: " + latest.getFirst().statusMessage());
        }
        return false;
    }

    private void terminate(Input input, String name, List<String> instances, int replaced) {
        Set<String> there = Set.copyOf(look(input, name).instances());
        for (int i = 0; i < instances.size(); i++) {
            String instance = instances.get(i);
            boolean shrink = i >= replaced;
            if (there.contains(instance)) {
                client(input)
                        .terminateInstanceInAutoScalingGroup(
                                r -> r.instanceId(instance).shouldDecrementDesiredCapacity(shrink));
            }
        }
    }

    private void suspend(Input input, String name, Rolling policy) {
        if (!policy.suspended().isEmpty()) {
            client(input).suspendProcesses(r -> r.autoScalingGroupName(name).scalingProcesses(policy.suspended()));
        }
    }

    private void resume(Input input, String name, Rolling policy) {
        if (!policy.suspended().isEmpty()) {
            client(input).resumeProcesses(r -> r.autoScalingGroupName(name).scalingProcesses(policy.suspended()));
        }
    }

    private AutoScalingGroup group(Input input, String name) {
        Optional<AutoScalingGroup> found =
                client(input).describeAutoScalingGroups(r -> r.autoScalingGroupNames(name)).autoScalingGroups().stream()
                        .findFirst();
        return found.orElseThrow(() -> Refusals.invalid("AutoScalingGroup " + name + " is not there"));
    }

    private AutoScalingClient client(Input input) {
        Scope scope = Call.current().scope();
        return clients.once(AutoScalingClient.class, ledger.stack(input).actor(scope), scope.region(), input.token());
    }

    private static Steps.StepFailed failure(String message) {
        return new Steps.StepFailed(Reasons.AS_IT_IS, message);
    }
}
