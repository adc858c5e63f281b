package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Physical;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceSteps;
import dev.terrane.kernel.resource.ResourceSteps.Made;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudformation.model.ResourceStatus;

/** What an operation on a stack does to one resource. It tells the operation's process when it has ended. */
final class ResourceWorkflow implements Workflow<ResourceWorkflow.Input> {
    /** The name of signals to a resource. */
    static final String SIGNAL = "signal";

    private final CloudFormationTables tables;
    private final Progress progress;
    private final ResourceLedger ledger;
    private final Handlers handlers;
    private final Signals signals;
    private final RollingUpdate rollingUpdate;

    ResourceWorkflow(
            Platform platform,
            CloudFormationTables tables,
            Progress progress,
            Plans plans,
            Resolver resolver,
            Workflow<?> parent) {
        this.tables = tables;
        this.progress = progress;
        this.ledger = new ResourceLedger(platform, tables, progress, plans, parent);
        this.handlers = new Handlers(platform, tables, resolver, ledger);
        this.signals = new Signals(ledger);
        this.rollingUpdate = new RollingUpdate(platform.clients(), ledger, signals);
    }

    /** What to do. */
    enum Task {
        /** Makes or changes the resource as the template says. */
        APPLY,
        /** Puts it back to what it was before the operation. */
        RESTORE,
        /** Deletes it. */
        DELETE,
        /** Deletes what it was before the operation, or is not to be after its rollback. */
        CLEAN
    }

    /** Which resource of which operation. */
    record Input(String stack, String operation, String phase, String logicalId, Task task) {
        String id() {
            return operation + "/" + phase + "/" + logicalId;
        }

        /** Names the change to services. */
        String token() {
            return UUID.nameUUIDFromBytes(id().getBytes(StandardCharsets.UTF_8)).toString();
        }
    }

    /** How it ended; the reason is empty where it did not fail. */
    record Ended(String logicalId, String phase, boolean failed, String reason) {}

    @Override
    public String name() {
        return "cloudformation.resource";
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
        try {
            switch (input.task()) {
                case APPLY -> apply(steps, input);
                case RESTORE -> restore(steps, input);
                case DELETE -> delete(steps, input);
                case CLEAN -> clean(steps, input);
            }
        } catch (Steps.StepFailed e) {
            steps.commit("failed", () -> ledger.fail(input, Reasons.handler(e, input.token())));
        } catch (Cancelled e) {
            steps.commit("cancelled", () -> ledger.fail(input, ""));
        }
    }

    private void apply(Steps steps, Input input) throws InterruptedException {
        Plan plan;
        try {
            plan = steps.commit("begin", Plan.class, () -> ledger.begin(input));
        } catch (Steps.StepFailed e) {
            // What a template asks for and cannot be is the template's fault, not a handler's.
            steps.commit("refused", () -> ledger.refuse(input, String.valueOf(e.getMessage())));
            return;
        }
        if (plan.action() == Plan.Action.NOTHING) {
            return;
        }
        if (plan.action() == Plan.Action.IMPORT) {
            take(steps, input, plan);
            return;
        }
        List<String> old = instances(steps, input, plan.rolling(), plan.given());
        Made settled = plan.action() == Plan.Action.UPDATE
                ? ResourceSteps.update(
                        steps, plan.given().id(), () -> handlers.changing(input, plan.wanted(), plan.given()))
                : ResourceSteps.create(steps, () -> handlers.handling(input, plan.wanted(), Physical.NONE));
        if (plan.rolling().isPresent()) {
            rollingUpdate.run(steps, input, settled.id(), plan.rolling().get(), old);
        }
        if (plan.signals().count() > 0 && !signaled(steps, input, plan.signals())) {
            return;
        }
        steps.commit("end", () -> ledger.end(input, settled));
    }

    /** Takes a resource that is there already, and tags it as the stack's. */
    private void take(Steps steps, Input input, Plan plan) throws InterruptedException {
        Physical wanted = plan.wanted();
        Made found = steps.step("find", Made.class, () -> handlers.find(input, wanted));
        steps.commit("imported", () -> ledger.imported(input, found));
        if (wanted.tags().isEmpty()
                || ResourceSchema.of(plan.type()).orElseThrow().tagProperty().isEmpty()) {
            steps.commit("end", () -> ledger.signal(input, ""));
            return;
        }
        steps.commit(
                "tags begin",
                () -> ledger.tell(
                        input,
                        ResourceStatus.UPDATE_IN_PROGRESS,
                        "Apply stack-level tags to imported resource if applicable."));
        Physical untagged = wanted.changed(wanted.properties(), Map.of(), wanted.attributes());
        Made settled = ResourceSteps.update(steps, untagged.id(), () -> handlers.changing(input, wanted, untagged));
        steps.commit("end", () -> ledger.end(input, settled));
    }

    /** The instances that a rolling update is to replace. */
    private List<String> instances(Steps steps, Input input, Optional<UpdatePolicy.Rolling> policy, Physical group)
            throws InterruptedException {
        return policy.isEmpty()
                ? List.of()
                : steps.step("rolling old", RollingUpdate.Group.class, () -> rollingUpdate.look(input, group.id()))
                        .instances();
    }

    /** Waits until a resource has been signaled as often as its creation policy wants. */
    private boolean signaled(Steps steps, Input input, Plan.Signals wanted) throws InterruptedException {
        int count = wanted.count();
        int tolerated = Signals.tolerated(count, wanted.percent());
        Signals.Heard heard = signals.await(steps, input, "signal", count, tolerated, wanted.timeout());
        int lacking = count - heard.succeeded();
        if (lacking <= tolerated) {
            return true;
        }
        String reason;
        if (wanted.percent() < 100) {
            reason = "Received " + heard.succeeded() + " SUCCESS signal(s) out of " + count + ". Unable to satisfy "
                    + wanted.percent() + "% MinSuccessfulInstancesPercent requirement";
        } else if (heard.failed() > 0) {
            reason = "Received FAILURE signal with UniqueId " + heard.latestFailure();
        } else {
            reason = "Failed to receive " + lacking + " resource signal(s) within the specified duration";
        }
        steps.commit("not signaled", () -> ledger.fail(input, reason));
        return false;
    }

    /** A signal to a resource. */
    record Signal(String uniqueId, boolean success) {}

    /** The processes one of which works on a resource, to which signals go. */
    static List<String> working(ResourceRecord resource) {
        return Stream.of("apply", "restore", "continue")
                .map(phase -> resource.operation() + "/" + phase + "/" + resource.logicalId())
                .toList();
    }

    private void restore(Steps steps, Input input) throws InterruptedException {
        Optional<ResourceRecord> found = steps.commit("look", Found.class, () -> Found.of(ledger.record(input)))
                .value();
        if (found.isEmpty() || found.get().before().isEmpty()) {
            steps.commit("nothing", () -> ledger.signal(input, ""));
            return;
        }
        ResourceRecord resource = found.get();
        Physical was = resource.before().orElseThrow();
        Physical is = resource.physical();
        if (!was.id().equals(is.id())) {
            steps.commit("back", () -> ledger.swap(input));
            return;
        }
        steps.commit(
                "begin",
                () -> progress.resource(
                        scope(),
                        ledger.stack(input),
                        ledger.current(input).by(input.operation()),
                        ResourceStatus.UPDATE_IN_PROGRESS,
                        ""));
        Optional<UpdatePolicy.Rolling> rolling = Plan.rolling(resource.type(), was, is);
        List<String> instances = instances(steps, input, rolling, is);
        Made settled = ResourceSteps.update(steps, is.id(), () -> handlers.changing(input, was, is));
        if (rolling.isPresent()) {
            rollingUpdate.run(steps, input, settled.id(), rolling.get(), instances);
        }
        steps.commit("end", () -> {
            Physical now = was.read(settled.id(), settled.reference(), settled.state());
            // Changing it back may have made it anew, too: then what it was replaced by is cleaned away.
            ResourceRecord back = ledger.current(input).restored(now);
            progress.resource(scope(), ledger.stack(input), back, ResourceStatus.UPDATE_COMPLETE, "");
            ledger.signal(input, "");
        });
    }

    private void delete(Steps steps, Input input) throws InterruptedException {
        Optional<ResourceRecord> found = steps.commit("look", Found.class, () -> Found.of(ledger.record(input)))
                .value();
        if (found.isEmpty() || !found.get().exists()) {
            steps.commit("nothing", () -> {
                found.ifPresent(r -> tables.put(scope(), r.in(ResourceStatus.DELETE_COMPLETE, "", progress.now())));
                ledger.signal(input, "");
            });
            return;
        }
        ResourceRecord resource = found.get();
        StackRecord stack = steps.commit("stack", Stack.class, () -> new Stack(ledger.stack(input)))
                .value();
        if (stack.operation().keep().contains(input.logicalId()) || kept(resource, stack)) {
            steps.commit("skip", () -> {
                progress.resource(scope(), stack, ledger.current(input), ResourceStatus.DELETE_SKIPPED, "");
                ledger.signal(input, "");
            });
            return;
        }
        steps.commit(
                "begin",
                () -> progress.resource(scope(), stack, ledger.current(input), ResourceStatus.DELETE_IN_PROGRESS, ""));
        remove(steps, input, resource.physical());
        steps.commit("end", () -> {
            ResourceRecord gone = ledger.current(input);
            Physical last = gone.physical();
            progress.resource(scope(), stack, gone.being(last.gone()), ResourceStatus.DELETE_COMPLETE, "");
            ledger.signal(input, "");
        });
    }

    /** Whether the template wants it kept. RetainExceptOnCreate, of the template or of the operation, keeps what an earlier one made; what this one has taken over is nobody's to delete. */
    private static boolean kept(ResourceRecord resource, StackRecord stack) {
        if (stack.operation().imports().containsKey(resource.logicalId())) {
            return true;
        }
        boolean deleting = stack.operation().kind() == StackRecord.Kind.DELETE;
        return switch (resource.physical().attributes().deletionPolicy()) {
            case "Retain" -> !resource.made() || !stack.operation().fleeting() || deleting;
            case "RetainExceptOnCreate" -> !resource.made() || deleting;
            default -> false;
        };
    }

    private void clean(Steps steps, Input input) throws InterruptedException {
        ResourceRecord resource = steps.commit("look", Found.class, () -> Found.of(ledger.record(input)))
                .value()
                .orElseThrow();
        StackRecord stack = steps.commit("stack", Stack.class, () -> new Stack(ledger.stack(input)))
                .value();
        String failure = "";
        List<Physical> replaced = resource.replaced();
        for (int i = 0; i < replaced.size(); i++) {
            String reason = discard(steps, input, i, stack, replaced.get(i));
            failure = failure.isEmpty() ? reason : failure;
        }
        String why = failure;
        steps.commit("end", () -> {
            tables.put(scope(), ledger.current(input).settled());
            ledger.signal(input, why);
        });
    }

    /** Deletes one of the things that a resource was.
     *
     * @return why it could not be; empty where it could, or is to be kept */
    private String discard(Steps steps, Input input, int number, StackRecord stack, Physical old)
            throws InterruptedException {
        // Each change has a token of its own.
        Input one = number == 0
                ? input
                : new Input(
                        input.stack(),
                        input.operation(),
                        input.phase() + " " + number,
                        input.logicalId(),
                        input.task());
        String prefix = number == 0 ? "" : number + " ";
        if (old.attributes().updateReplacePolicy().equals("Retain")) {
            steps.commit(prefix + "skip", () -> ledger.tell(one, stack, old, ResourceStatus.DELETE_SKIPPED, ""));
            return "";
        }
        steps.commit(prefix + "begin", () -> ledger.tell(one, stack, old, ResourceStatus.DELETE_IN_PROGRESS, ""));
        try {
            ResourceSteps.delete(steps, prefix, old.id(), () -> handlers.handling(one, old, old));
        } catch (Steps.StepFailed e) {
            String reason = Reasons.handler(e, one.token());
            steps.commit(prefix + "failed", () -> ledger.tell(one, stack, old, ResourceStatus.DELETE_FAILED, reason));
            return reason;
        }
        steps.commit(prefix + "deleted", () -> ledger.tell(one, stack, old, ResourceStatus.DELETE_COMPLETE, ""));
        return "";
    }

    private void remove(Steps steps, Input input, Physical what) throws InterruptedException {
        ResourceSteps.delete(steps, what.id(), () -> handlers.handling(input, what, what));
    }

    private static Scope scope() {
        return Call.current().scope();
    }

    /** A record, if there is one: what a step gives. */
    record Found(Optional<ResourceRecord> value) {
        static Found of(Optional<ResourceRecord> value) {
            return new Found(value);
        }
    }

    /** A stack: what a step gives. */
    record Stack(StackRecord value) {}
}
