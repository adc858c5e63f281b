package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Attributes;
import dev.terrane.cloudformation.ResourceRecord.Physical;
import dev.terrane.cloudformation.ResourceWorkflow.Ended;
import dev.terrane.cloudformation.ResourceWorkflow.Input;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.ResourceSteps.Made;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.workflow.Workflow;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudformation.model.ResourceStatus;

/** Writes down what becomes of a resource while it is worked on, and tells the operation when that is over. All within a transaction. */
final class ResourceLedger {
    private final Platform platform;
    private final CloudFormationTables tables;
    private final Progress progress;
    private final Plans plans;
    private final Workflow<?> parent;

    ResourceLedger(Platform platform, CloudFormationTables tables, Progress progress, Plans plans, Workflow<?> parent) {
        this.platform = platform;
        this.tables = tables;
        this.progress = progress;
        this.plans = plans;
        this.parent = parent;
    }

    Plan begin(Input input) {
        Plan plan = plans.of(input);
        if (plan.action() == Plan.Action.NOTHING) {
            unchanged(input, plan);
        } else {
            begin(input, plan);
        }
        return plan;
    }

    void begin(Input input, Plan plan) {
        StackRecord stack = stack(input);
        ResourceRecord resource = tables.resource(scope(), input.stack(), input.logicalId())
                .filter(r -> !r.type().isEmpty())
                .map(r -> r.changing(input.operation(), plan.wanted()))
                .orElseGet(() -> new ResourceRecord(
                        input.stack(),
                        input.logicalId(),
                        plan.type(),
                        ResourceStatus.CREATE_IN_PROGRESS,
                        "",
                        progress.now(),
                        plan.wanted(),
                        Optional.empty(),
                        List.of(),
                        input.operation(),
                        true));
        ResourceStatus status = switch (plan.action()) {
            case CREATE -> ResourceStatus.CREATE_IN_PROGRESS;
            case IMPORT -> ResourceStatus.IMPORT_IN_PROGRESS;
            case NOTHING, UPDATE, REPLACE -> ResourceStatus.UPDATE_IN_PROGRESS;
        };
        String reason = switch (plan.action()) {
            case IMPORT -> "Resource import started.";
            case REPLACE -> Reasons.REPLACES;
            case NOTHING, CREATE, UPDATE -> "";
        };
        progress.resource(scope(), stack, resource, status, reason);
    }

    void noteMade(Input input, String id) {
        tables.transact(() -> {
            ResourceRecord resource = current(input);
            ResourceRecord made = resource.being(resource.physical().made(id));
            if (!resource.exists()) {
                progress.resource(scope(), stack(input), made, resource.status(), Reasons.INITIATED);
            } else if (!resource.physical().id().equals(id)) {
                tables.put(scope(), made);
            }
        });
    }

    void end(Input input, Made made) {
        ResourceRecord resource = current(input);
        progress.resource(
                scope(),
                stack(input),
                resource.being(resource.physical().read(made.id(), made.reference(), made.state())),
                resource.status() == ResourceStatus.CREATE_IN_PROGRESS
                        ? ResourceStatus.CREATE_COMPLETE
                        : ResourceStatus.UPDATE_COMPLETE,
                "");
        signal(input, "");
    }

    /** A resource that was there already belongs to the stack from now on; what it is to be tagged with is still to come. */
    void imported(Input input, Made made) {
        ResourceRecord resource = current(input);
        if (tables.isInAnotherStack(scope(), input.stack(), resource.type(), made.reference())) {
            throw Refusals.invalid("Resource " + made.reference() + " already exists in another stack");
        }
        progress.resource(
                scope(),
                stack(input),
                resource.being(resource.physical().read(made.id(), made.reference(), made.state())),
                ResourceStatus.IMPORT_COMPLETE,
                "Resource import completed.");
    }

    /** Policies and metadata are no change of the resource, and what it depends on may have changed. */
    void unchanged(Input input, Plan plan) {
        ResourceRecord resource = current(input);
        Physical is = resource.physical();
        Attributes attributes = plan.wanted().attributes();
        if (!is.attributes().equals(attributes)) {
            tables.put(scope(), resource.being(is.with(attributes)));
        }
        signal(input, "");
    }

    /** Puts what it was in the place of what replaced it, which is cleaned away later. */
    void swap(Input input) {
        ResourceRecord resource = current(input);
        ResourceRecord back = resource.restored(resource.before().orElseThrow());
        progress.resource(scope(), stack(input), back, ResourceStatus.UPDATE_COMPLETE, "");
        signal(input, "");
    }

    void refuse(Input input, String reason) {
        StackRecord stack = stack(input);
        Optional<ResourceRecord> known = record(input);
        boolean isNew = known.filter(ResourceRecord::exists).isEmpty();
        ResourceRecord resource = known.orElseGet(() -> new ResourceRecord(
                input.stack(),
                input.logicalId(),
                plans.type(stack, input.logicalId()),
                ResourceStatus.CREATE_FAILED,
                reason,
                progress.now(),
                Physical.NONE,
                Optional.empty(),
                List.of(),
                input.operation(),
                true));
        progress.resource(
                scope(), stack, resource, isNew ? ResourceStatus.CREATE_FAILED : ResourceStatus.UPDATE_FAILED, reason);
        signal(input, reason);
    }

    void fail(Input input, String reason) {
        Optional<ResourceRecord> found = record(input);
        if (found.isEmpty()) {
            signal(input, Reasons.CREATION_CANCELLED);
            return;
        }
        boolean creating = found.get().status() == ResourceStatus.CREATE_IN_PROGRESS;
        boolean deleting = found.get().status() == ResourceStatus.DELETE_IN_PROGRESS;
        String why = !reason.isEmpty() ? reason : creating ? Reasons.CREATION_CANCELLED : Reasons.UPDATE_CANCELLED;
        ResourceStatus status = found.get().status() == ResourceStatus.IMPORT_IN_PROGRESS
                ? ResourceStatus.IMPORT_FAILED
                : creating
                        ? ResourceStatus.CREATE_FAILED
                        : deleting ? ResourceStatus.DELETE_FAILED : ResourceStatus.UPDATE_FAILED;
        progress.resource(scope(), stack(input), found.get(), status, why);
        signal(input, why);
    }

    /** Tells of something in the stack's events. */
    void tell(Input input, ResourceStatus status, String reason) {
        progress.resource(scope(), stack(input), current(input), status, reason);
    }

    /** Tells of something that happens to what a resource was. */
    void tell(Input input, StackRecord stack, Physical what, ResourceStatus status, String reason) {
        progress.tell(scope(), stack, current(input), what, status, reason);
        if (status != ResourceStatus.DELETE_IN_PROGRESS) {
            platform.clients().forget(input.token());
        }
    }

    /** Tells the operation that this is over, also when it failed: what calls answered is not needed any more. */
    void signal(Input input, String reason) {
        platform.clients().forget(input.token());
        tables.deleteCustomRequest(scope(), input.token());
        platform.workflows()
                .signal(
                        parent,
                        input.operation(),
                        StackWorkflow.ENDED,
                        new Ended(input.logicalId(), input.phase(), !reason.isEmpty(), reason));
    }

    StackRecord stack(Input input) {
        return tables.peek(scope(), input.stack()).orElseThrow();
    }

    Optional<ResourceRecord> record(Input input) {
        return tables.resource(scope(), input.stack(), input.logicalId());
    }

    ResourceRecord current(Input input) {
        return record(input).orElseThrow();
    }

    private static Scope scope() {
        return Call.current().scope();
    }
}
