package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceWorkflow.Ended;
import dev.terrane.cloudformation.ResourceWorkflow.Task;
import dev.terrane.cloudformation.StackWorkflow.Graph;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow.Cancelled;
import dev.terrane.kernel.workflow.Workflows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Has resources worked on side by side, each after those that it waits for. */
final class Crew {
    /** What happens to the others when one fails. */
    static final boolean STOP = true;

    static final boolean GO_ON = false;
    /** How many resources of a stack are worked on at once. */
    private static final int WIDTH = 50;

    private static final Duration LONG = Duration.ofDays(30);

    private final Workflows workflows;
    private final ResourceWorkflow resources;

    Crew(Workflows workflows, ResourceWorkflow resources) {
        this.workflows = workflows;
        this.resources = resources;
    }

    /** What is done, and to which stack. */
    record Phase(String stack, String operation, String name, Task task) {
        ResourceWorkflow.Input of(String logicalId) {
            return new ResourceWorkflow.Input(stack, operation, name, logicalId, task);
        }
    }

    /** How it ended. */
    static final class Result {
        private final Set<String> failed = new TreeSet<>();
        private boolean cancelled;
        private String reason = "";

        boolean fine() {
            return failed.isEmpty() && !cancelled && reason.isEmpty();
        }

        boolean cancelled() {
            return cancelled;
        }

        Set<String> failed() {
            return failed;
        }

        /** Why it failed: what stopped all of it comes before what failed by that. */
        String why(String verb) {
            return reason.isEmpty() ? Reasons.failedTo(verb, failed) : reason;
        }

        void refuse(String why) {
            reason = why;
        }

        void cancel() {
            cancelled = true;
            reason = Reasons.USER_INITIATED;
        }
    }

    /**
     * Works on all resources of a graph.
     *
     * @param stopAtFailure whether those in progress are cancelled, and no other is begun, when one fails
     * @param latest when all must have ended
     * @param watch tells now and then why all of it is to be given up; empty as long as it is not
     */
    Result work(
            Steps steps,
            Phase phase,
            Graph graph,
            boolean stopAtFailure,
            Optional<Instant> latest,
            Optional<Supplier<String>> watch)
            throws InterruptedException {
        Result result = new Result();
        Set<String> waiting = new LinkedHashSet<>(graph.dependencies().keySet());
        Set<String> running = new LinkedHashSet<>();
        Set<String> ended = new TreeSet<>();
        boolean stopping = false;
        for (int turn = 0; ; turn++) {
            if (!stopping) {
                List<String> ready = ready(graph, waiting, running, ended);
                if (!ready.isEmpty()) {
                    steps.commit(phase.name() + " start " + turn, () -> start(phase, ready));
                    ready.forEach(waiting::remove);
                    running.addAll(ready);
                }
            }
            if (running.isEmpty()) {
                return result;
            }
            boolean failed = false;
            try {
                Duration left = latest.filter(l -> result.reason.isEmpty())
                        .map(l -> Duration.between(steps.now(), l))
                        .orElse(LONG);
                boolean look = watch.isPresent() && !stopping && left.compareTo(RollbackTriggers.PAUSE) > 0;
                Duration pause = look ? RollbackTriggers.PAUSE : left;
                Optional<Ended> one = steps.await(
                        phase.name() + " wait " + turn,
                        StackWorkflow.ENDED,
                        Ended.class,
                        pause.isNegative() ? Duration.ZERO : pause);
                if (one.isEmpty() && look) {
                    result.reason = seen(steps, phase.name() + " look " + turn, watch.get());
                    failed = !result.reason.isEmpty();
                } else if (one.isEmpty()) {
                    result.reason = "Stack creation time exceeded the specified timeout. ";
                    failed = true;
                } else if (one.get().phase().equals(phase.name())
                        && running.remove(one.get().logicalId())) {
                    ended.add(one.get().logicalId());
                    if (one.get().failed()) {
                        result.failed.add(one.get().logicalId());
                        failed = true;
                    }
                }
            } catch (Cancelled e) {
                // Who cleans up was told too late: that is what was asked for.
                if (stopAtFailure) {
                    result.cancel();
                    failed = true;
                }
            }
            if (failed && !stopping && stopAtFailure) {
                stopping = true;
                List<String> others = new ArrayList<>(running);
                if (!others.isEmpty()) {
                    steps.commit(
                            phase.name() + " stop " + turn,
                            () -> others.forEach(id ->
                                    workflows.cancel(resources, phase.of(id).id(), Reasons.CREATION_CANCELLED)));
                }
            }
        }
    }

    /** What a watch tells. */
    static String seen(Steps steps, String name, Supplier<String> watch) throws InterruptedException {
        try {
            return steps.step(name, String.class, watch::get);
        } catch (Steps.StepFailed e) {
            return e.getMessage() + " ";
        }
    }

    private static List<String> ready(Graph graph, Set<String> waiting, Set<String> running, Set<String> ended) {
        return waiting.stream()
                .filter(id -> ended.containsAll(graph.dependencies().get(id)))
                .limit(Math.max(0, WIDTH - running.size()))
                .toList();
    }

    private void start(Phase phase, List<String> ready) {
        for (String id : ready) {
            ResourceWorkflow.Input input = phase.of(id);
            workflows.start(resources, Call.current().scope(), input.id(), input);
        }
    }
}
