package dev.terrane.cloudcontrol;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSteps;
import dev.terrane.kernel.resource.ResourceSteps.Handling;
import dev.terrane.kernel.resource.ResourceSteps.Made;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import java.util.function.Supplier;
import software.amazon.awssdk.services.cloudcontrol.model.Operation;

/** Carries out a request. What its handler made stays where the request fails later, or is cancelled. */
final class RequestWorkflow implements Workflow<RequestWorkflow.Input> {
    private final CloudControlTables tables;
    private final RequestLedger ledger;
    private final Handlers handlers;

    RequestWorkflow(CloudControlTables tables, RequestLedger ledger, Handlers handlers) {
        this.tables = tables;
        this.ledger = ledger;
        this.handlers = handlers;
    }

    /** Which request. */
    record Input(String token) {}

    /** What a resource was, as JSON; empty where there was none. */
    record Looked(String state) {}

    @Override
    public String name() {
        return "cloudcontrol.request";
    }

    @Override
    public Class<Input> input() {
        return Input.class;
    }

    @Override
    public String principal() {
        return CloudControlService.PRINCIPAL;
    }

    @Override
    public void run(Steps steps, Input input) throws InterruptedException {
        String token = input.token();
        try {
            RequestRecord request = steps.commit("begin", RequestRecord.class, () -> ledger.current(token));
            if (request.operation() == Operation.DELETE) {
                delete(steps, request);
            } else {
                apply(steps, request);
            }
        } catch (Steps.StepFailed e) {
            steps.commit("failed", () -> ledger.fail(token, e));
        } catch (Cancelled e) {
            steps.commit("cancelled", () -> ledger.cancelled(token));
        }
    }

    private void apply(Steps steps, RequestRecord request) throws InterruptedException {
        Supplier<Handling> handling = () -> handling(request, request.desired(), request.previous());
        Made made = request.operation() == Operation.CREATE
                ? ResourceSteps.create(steps, handling)
                : ResourceSteps.update(steps, request.identifier(), handling);
        steps.commit("end", () -> {
            if (made.settled()) {
                ledger.succeed(request.token(), made.state());
            } else {
                ledger.fail(request.token(), "NotStabilized", "Resource did not stabilize.");
            }
        });
    }

    private void delete(Steps steps, RequestRecord request) throws InterruptedException {
        String nothing = Properties.NONE.toString();
        Looked looked = steps.step("read", Looked.class, () -> {
            Handling now = handling(request, nothing, nothing);
            return new Looked(now.type()
                    .read(now.work(), request.identifier())
                    .map(Properties::toString)
                    .orElse(""));
        });
        if (looked.state().isEmpty()) {
            steps.commit(
                    "not found",
                    () -> ledger.fail(
                            request.token(), "NotFound", Refusals.notFound(request.typeName(), request.identifier())));
            return;
        }
        ResourceSteps.delete(steps, request.identifier(), () -> handling(request, looked.state(), looked.state()));
        steps.commit("end", () -> ledger.succeed(request.token(), ""));
    }

    private Handling handling(RequestRecord request, String desired, String previous) {
        return handlers.handling(
                request,
                Properties.parse(desired),
                Properties.parse(previous),
                id -> tables.transact(() -> ledger.made(request.token(), id)));
    }
}
