package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceWorkflow.Ended;
import dev.terrane.cloudformation.ResourceWorkflow.Task;
import dev.terrane.cloudformation.StackRecord.Kind;
import dev.terrane.cloudformation.StackRecord.OnFailure;
import dev.terrane.cloudformation.StackRecord.Then;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.ResourceStatus;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;

/**
 * An operation on a stack, from its beginning to the end of its rollback. Resources are made, changed and deleted by processes of their own, side by side as far as
 * they do not depend on each other.
 */
final class StackWorkflow implements Workflow<StackWorkflow.Input> {
    /** The signal by which a resource's process tells that it has ended. */
    static final String ENDED = "ended";

    private final CloudFormationTables tables;
    private final Progress progress;
    private final Blueprints blueprints;
    private final Outputs outputs;
    private final ResourceWorkflow resources;
    private final Crew crew;
    private final Graphs graphs;
    private final RollbackTriggers triggers;
    private final ChangeSetTree tree;
    private final SkippedResources skipped;

    StackWorkflow(
            Platform platform,
            CloudFormationTables tables,
            Progress progress,
            Blueprints blueprints,
            Plans plans,
            Resolver resolver,
            ChangeSetTree tree) {
        this.tables = tables;
        this.tree = tree;
        this.skipped = new SkippedResources(tables, progress);
        this.progress = progress;
        this.blueprints = blueprints;
        this.outputs = new Outputs(tables);
        this.resources = new ResourceWorkflow(platform, tables, progress, plans, resolver, this);
        this.crew = new Crew(platform.workflows(), resources);
        this.graphs = new Graphs(tables, blueprints);
        this.triggers = new RollbackTriggers(platform.clients());
    }

    ResourceWorkflow resources() {
        return resources;
    }

    /** Which stack; the operation stands in its record. */
    record Input(String stack, String operation) {}

    /** Resources, and what they wait for. */
    record Graph(Map<String, List<String>> dependencies) {}

    /**
     * What is known of the operation at its beginning.
     *
     * @param watched whether alarms may roll it back
     * @param monitored for how long, when all resources are there
     */
    record Begun(Kind kind, OnFailure onFailure, Optional<Instant> latest, boolean watched, Duration monitored) {}

    @Override
    public String name() {
        return "cloudformation.stack";
    }

    @Override
    public Class<Input> input() {
        return Input.class;
    }

    @Override
    public String principal() {
        return CloudFormationService.PRINCIPAL;
    }

    @Override
    public void run(Steps steps, Input input) throws InterruptedException {
        Begun begun = steps.commit("begun", Begun.class, () -> begun(input));
        switch (begun.kind()) {
            case CREATE -> create(steps, input, begun);
            case UPDATE -> update(steps, input, begun);
            case DELETE -> delete(steps, input, "delete");
            case IMPORT -> take(steps, input, begun);
            case ROLL_BACK -> rollBack(steps, input, "User Initiated");
            case CONTINUE_ROLLBACK -> restore(steps, input, "continue");
        }
    }

    private Begun begun(Input input) {
        StackRecord stack = stack(input);
        int minutes = stack.operation().timeoutMinutes();
        return new Begun(
                stack.operation().kind(),
                stack.operation().onFailure(),
                minutes == 0 ? Optional.empty() : Optional.of(progress.now().plusSeconds(60L * minutes)),
                RollbackTriggers.watched(stack),
                RollbackTriggers.after(stack));
    }

    private void create(Steps steps, Input input, Begun begun) throws InterruptedException {
        Crew.Result result = apply(steps, input, begun);
        if (result.fine() && end(steps, input, StackStatus.CREATE_COMPLETE, result)) {
            return;
        }
        if (then(steps, input) == Then.DELETE) {
            delete(steps, input, "delete");
            return;
        }
        String reason = result.why("create");
        switch (begun.onFailure()) {
            case DO_NOTHING ->
                steps.commit("failed", () -> progress.stack(scope(), stack(input), StackStatus.CREATE_FAILED, reason));
            case DELETE -> {
                steps.commit(
                        "delete instead",
                        () -> progress.stack(scope(), stack(input), StackStatus.DELETE_IN_PROGRESS, reason));
                delete(steps, input, "undo");
            }
            case ROLLBACK -> rollBack(steps, input, reason + "Rollback requested by user.");
        }
    }

    /** Deletes what was made of a stack that could not be created. */
    private void rollBack(Steps steps, Input input, String reason) throws InterruptedException {
        steps.commit(
                "roll back", () -> progress.stack(scope(), stack(input), StackStatus.ROLLBACK_IN_PROGRESS, reason));
        Crew.Result undone =
                remove(steps, input, "undo", steps.commit("made", Graph.class, () -> graphs.made(input, false)));
        steps.commit("rolled back", () -> {
            StackRecord stack = stack(input);
            tree.abandon(scope(), stack);
            if (undone.fine()) {
                progress.stack(scope(), stack, StackStatus.ROLLBACK_COMPLETE, "");
            } else {
                progress.stack(
                        scope(), stack, StackStatus.ROLLBACK_FAILED, Reasons.failedTo("delete", undone.failed()));
            }
        });
    }

    private void update(Steps steps, Input input, Begun begun) throws InterruptedException {
        Crew.Result result = new Crew.Result();
        String refusal = steps.commit("policy", String.class, () -> refusal(input));
        if (refusal.isEmpty()) {
            result = apply(steps, input, begun);
        } else {
            result.refuse(refusal + " ");
        }
        if (result.fine() && end(steps, input, StackStatus.UPDATE_COMPLETE_CLEANUP_IN_PROGRESS, result)) {
            cleanUp(steps, input, "clean", StackStatus.UPDATE_COMPLETE);
            return;
        }
        String reason = result.why("update");
        if (begun.onFailure() == OnFailure.DO_NOTHING && !result.cancelled()) {
            steps.commit("failed", () -> progress.stack(scope(), stack(input), StackStatus.UPDATE_FAILED, reason));
            return;
        }
        steps.commit(
                "roll back",
                () -> progress.stack(scope(), stack(input), StackStatus.UPDATE_ROLLBACK_IN_PROGRESS, reason));
        restore(steps, input, "restore");
    }

    /** Takes resources that are there already; when one cannot be taken, all are let go. */
    private void take(Steps steps, Input input, Begun begun) throws InterruptedException {
        Crew.Result result = apply(steps, input, begun);
        if (result.fine() && end(steps, input, StackStatus.IMPORT_COMPLETE, result)) {
            return;
        }
        String reason = result.why("import");
        steps.commit(
                "roll back",
                () -> progress.stack(scope(), stack(input), StackStatus.IMPORT_ROLLBACK_IN_PROGRESS, reason));
        steps.commit("let go", () -> {
            StackRecord stack = stack(input);
            for (ResourceRecord resource : tables.resources(scope(), input.stack())) {
                if (stack.operation().imports().containsKey(resource.logicalId())
                        && resource.operation().equals(input.operation())) {
                    progress.resource(scope(), stack, resource, ResourceStatus.IMPORT_ROLLBACK_COMPLETE, "");
                    tables.delete(scope(), resource);
                }
            }
            progress.stack(scope(), stack.restored(), StackStatus.IMPORT_ROLLBACK_COMPLETE, "");
        });
    }

    /** Why the stack policy does not let a resource go that the template does not have any more; empty where it does. */
    private String refusal(Input input) {
        StackRecord stack = stack(input);
        Set<String> wanted = graphs.wanted(input).dependencies().keySet();
        return tables.resources(scope(), input.stack()).stream()
                .filter(resource -> !wanted.contains(resource.logicalId()) && resource.exists())
                .flatMap(resource ->
                        StackPolicy.refusal(stack, "Delete", resource.logicalId(), resource.type()).stream())
                .findFirst()
                .orElse("");
    }

    /** Puts everything back to what it was before an update, and deletes what that made. */
    private void restore(Steps steps, Input input, String phase) throws InterruptedException {
        Graph graph = steps.commit(phase + " graph", Graph.class, () -> {
            skipped.skip(scope(), stack(input));
            return graphs.touched(input);
        });
        Crew.Result result = crew.work(
                steps,
                new Crew.Phase(input.stack(), input.operation(), phase, Task.RESTORE),
                graph,
                Crew.GO_ON,
                Optional.empty(),
                Optional.empty());
        if (!result.fine()) {
            steps.commit(
                    phase + " failed",
                    () -> progress.stack(
                            scope(),
                            stack(input),
                            StackStatus.UPDATE_ROLLBACK_FAILED,
                            Reasons.failedTo("update", result.failed())));
            return;
        }
        steps.commit(phase + " ended", () -> {
            StackRecord back = stack(input).restored();
            outputs.imports(scope(), back, blueprints);
            progress.stack(scope(), back, StackStatus.UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS, "");
        });
        cleanUp(steps, input, phase + " clean", StackStatus.UPDATE_ROLLBACK_COMPLETE);
    }

    /** Deletes resources that the stack does not have any more, and things that were replaced. */
    private void cleanUp(Steps steps, Input input, String phase, StackStatus status) throws InterruptedException {
        Graph replaced = steps.commit(phase + " replaced", Graph.class, () -> graphs.replaced(input));
        crew.work(
                steps,
                new Crew.Phase(input.stack(), input.operation(), phase, Task.CLEAN),
                replaced,
                Crew.GO_ON,
                Optional.empty(),
                Optional.empty());
        Graph gone = steps.commit(phase + " gone", Graph.class, () -> graphs.made(input, true));
        remove(steps, input, phase + " remove", gone);
        steps.commit(phase + " ended", () -> {
            for (ResourceRecord resource : tables.resources(scope(), input.stack())) {
                if (gone.dependencies().containsKey(resource.logicalId())) {
                    tables.delete(scope(), resource);
                } else if (!resource.operation().isEmpty() || resource.before().isPresent()) {
                    tables.put(scope(), resource.settled());
                }
            }
            tree.abandon(scope(), stack(input));
            progress.stack(scope(), stack(input), status, "");
        });
    }

    private void delete(Steps steps, Input input, String phase) throws InterruptedException {
        Optional<String> used = Optional.of(
                        steps.commit(phase + " exports", String.class, () -> outputs.inUse(scope(), stack(input))))
                .filter(reason -> !reason.isEmpty());
        if (used.isPresent()) {
            steps.commit(
                    phase + " refused",
                    () -> progress.stack(scope(), stack(input), StackStatus.DELETE_FAILED, used.get()));
            return;
        }
        Graph graph = steps.commit(phase + " graph", Graph.class, () -> graphs.made(input, false));
        Crew.Result result = remove(steps, input, phase, graph);
        steps.commit(phase + " ended", () -> {
            StackRecord stack = stack(input);
            if (!result.fine()) {
                progress.stack(scope(), stack, StackStatus.DELETE_FAILED, Reasons.failedTo("delete", result.failed()));
                return;
            }
            outputs.release(scope(), stack);
            tree.deleteAll(scope(), stack);
            tables.release(scope(), stack.name());
            progress.stack(scope(), stack.deletedAt(progress.now()), StackStatus.DELETE_COMPLETE, "");
        });
    }

    /** Makes and changes what the template has. */
    private Crew.Result apply(Steps steps, Input input, Begun begun) throws InterruptedException {
        Graph graph = steps.commit("graph", Graph.class, () -> graphs.wanted(input));
        Crew.Result result = crew.work(
                steps,
                new Crew.Phase(input.stack(), input.operation(), "apply", Task.APPLY),
                graph,
                Crew.STOP,
                begun.latest(),
                begun.watched() ? Optional.of(() -> triggers.breach(stack(input))) : Optional.empty());
        if (result.fine() && (begun.watched() || !begun.monitored().isZero())) {
            monitor(steps, input, begun, result);
        }
        return result;
    }

    /** Looks at the alarms, at least once, until the time is over in which they may still roll back what was made. */
    private void monitor(Steps steps, Input input, Begun begun, Crew.Result result) throws InterruptedException {
        Instant end = steps.now().plus(begun.monitored());
        try {
            for (int turn = 0; ; turn++) {
                if (begun.watched()) {
                    result.refuse(Crew.seen(steps, "monitor look " + turn, () -> triggers.breach(stack(input))));
                }
                Duration left = Duration.between(steps.now(), end);
                if (!result.fine() || left.isNegative() || left.isZero()) {
                    return;
                }
                Duration pause =
                        begun.watched() && left.compareTo(RollbackTriggers.PAUSE) > 0 ? RollbackTriggers.PAUSE : left;
                steps.sleep("monitor " + turn, pause);
            }
        } catch (Cancelled e) {
            result.cancel();
        }
    }

    private Crew.Result remove(Steps steps, Input input, String phase, Graph graph) throws InterruptedException {
        return crew.work(
                steps,
                new Crew.Phase(input.stack(), input.operation(), phase, Task.DELETE),
                graph,
                Crew.GO_ON,
                Optional.empty(),
                Optional.empty());
    }

    /** Evaluates the outputs and ends what was begun; on failure the stack goes back. */
    private boolean end(Steps steps, Input input, StackStatus status, Crew.Result result) throws InterruptedException {
        try {
            boolean ended = steps.step(
                    "outputs",
                    Boolean.class,
                    () -> tables.transact(() -> {
                        StackRecord stack = stack(input);
                        if (stack.status() == status) {
                            return true;
                        }
                        if (stack.operation().then() != Then.NOTHING) {
                            return false;
                        }
                        List<Output> found = outputs.put(scope(), stack, blueprints);
                        if (status != StackStatus.UPDATE_COMPLETE_CLEANUP_IN_PROGRESS) {
                            tables.resources(scope(), stack.id()).forEach(r -> tables.put(scope(), r.settled()));
                        }
                        progress.stack(scope(), stack.settled(found), status, "");
                        return true;
                    }));
            if (!ended) {
                result.cancel();
            }
            return ended;
        } catch (Steps.StepFailed e) {
            result.refuse(String.valueOf(e.getMessage()) + " ");
            return false;
        } catch (Cancelled e) {
            if (steps.commit("ended", Boolean.class, () -> stack(input).status() == status)) {
                return true;
            }
            result.cancel();
            return false;
        }
    }

    private Then then(Steps steps, Input input) throws InterruptedException {
        return steps.commit("then", Then.class, () -> stack(input).operation().then());
    }

    private StackRecord stack(Input input) {
        return tables.stack(scope(), input.stack());
    }

    private static Scope scope() {
        return Call.current().scope();
    }

    /** For those that send signals. */
    static Class<Ended> signal() {
        return Ended.class;
    }
}
