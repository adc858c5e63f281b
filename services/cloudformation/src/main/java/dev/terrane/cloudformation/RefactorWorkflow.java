package dev.terrane.cloudformation;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.cloudformation.model.StackRefactorExecutionStatus;

/**
 * Carries out a refactor: the resources are tagged as those of their new places, and then all come to stand there at once. When something fails, they get the tags of
 * before, and nothing has moved.
 */
final class RefactorWorkflow implements Workflow<RefactorWorkflow.Input> {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final CloudFormationTables tables;
    private final Retagging retagging;
    private final RefactorMove mover;

    RefactorWorkflow(CloudFormationTables tables, Retagging retagging, RefactorMove mover) {
        this.tables = tables;
        this.retagging = retagging;
        this.mover = mover;
    }

    /** Which refactor. */
    record Input(String refactor) {}

    @Override
    public String name() {
        return "cloudformation.refactor";
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
        int moves = steps.commit(
                "moves", Integer.class, () -> refactor(input).moves().size());
        int begun = 0;
        Optional<String> failure = Optional.empty();
        try {
            for (; begun < moves; begun++) {
                tag(steps, input, begun, false);
            }
            steps.commit("move", () -> mover.move(scope(), refactor(input)));
        } catch (Steps.StepFailed e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
        }
        if (failure.isPresent()) {
            for (int i = Math.min(begun, moves - 1); i >= 0; i--) {
                restore(steps, input, i);
            }
        }
        String reason = failure.orElse("");
        steps.commit("ended", () -> {
            RefactorRecord refactor = refactor(input);
            retagging.forget(refactor);
            tables.put(
                    scope(),
                    refactor.in(
                            reason.isEmpty()
                                    ? StackRefactorExecutionStatus.EXECUTE_COMPLETE
                                    : StackRefactorExecutionStatus.ROLLBACK_COMPLETE,
                            reason));
        });
    }

    private void tag(Steps steps, Input input, int move, boolean back) throws InterruptedException {
        String name = (back ? "back " : "tag ") + move;
        int count = steps.commit(name, Integer.class, () -> retagging.count(refactor(input), move, back));
        for (int i = 0; i < count; i++) {
            int number = i;
            boolean settled = steps.step(
                    name + "." + i, Boolean.class, () -> retagging.begin(refactor(input), move, back, number));
            for (int look = 1; !settled; look++) {
                steps.sleep(name + "." + i + " pause " + look, PAUSE);
                settled = steps.step(
                        name + "." + i + " look " + look,
                        Boolean.class,
                        () -> retagging.settled(refactor(input), move, back, number));
            }
        }
    }

    /** One that cannot get its tags back is left as it is: it belongs to its stack all the same. */
    private void restore(Steps steps, Input input, int move) throws InterruptedException {
        try {
            tag(steps, input, move, true);
        } catch (Steps.StepFailed e) {
            steps.commit("not back " + move, () -> {});
        }
    }

    private RefactorRecord refactor(Input input) {
        return tables.refactor(scope(), input.refactor()).orElseThrow();
    }

    private static Scope scope() {
        return Call.current().scope();
    }
}
