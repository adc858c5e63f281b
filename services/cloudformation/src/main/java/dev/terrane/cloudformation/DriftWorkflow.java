package dev.terrane.cloudformation;

import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudformation.model.StackResourceDrift;

/** Detects drift of a stack: reads every resource and compares it with what the template says. */
final class DriftWorkflow implements Workflow<DriftWorkflow.Input> {
    private final Drifts drifts;

    DriftWorkflow(Drifts drifts) {
        this.drifts = drifts;
    }

    /** Which detection of which stack; no logical ids mean all. */
    record Input(String id, String stack, List<String> logicalIds, Principal caller) {
        Input {
            logicalIds = List.copyOf(logicalIds);
        }
    }

    @Override
    public String name() {
        return "cloudformation.drift";
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
        List<StackResourceDrift> found = new ArrayList<>();
        Names names = steps.commit("resources", Names.class, () -> new Names(drifts.names(input)));
        List<String> failed = new ArrayList<>();
        for (String id : names.ids()) {
            try {
                found.add(steps.step(
                        "read " + id,
                        StackResourceDrift.class,
                        () -> drifts.detect(input.stack(), id, input.caller())));
            } catch (Steps.StepFailed e) {
                failed.add(id);
            }
        }
        Optional<String> reason = failed.isEmpty()
                ? Optional.empty()
                : Optional.of("Failed to detect drift on resource [" + String.join(", ", failed) + "]");
        steps.commit("end", () -> drifts.end(input, found, reason));
    }

    /** Logical ids: what a step gives. */
    record Names(List<String> ids) {
        Names {
            ids = List.copyOf(ids);
        }
    }
}
