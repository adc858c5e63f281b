package dev.terrane.codebuild;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.codebuild.model.BuildPhaseType;
import software.amazon.awssdk.services.codebuild.model.StatusType;

/**
 * The life of a build: it waits for its turn, does its work in one step, and is ended. If the server dies within the work, the step is
 * done again at the next start, with a new workload.
 */
final class BuildWorkflow implements Workflow<BuildWorkflow.Input> {
    private static final System.Logger LOG = System.getLogger(BuildWorkflow.class.getName());
    private static final String TURN = "turn";
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    private final Platform platform;
    private final CodeBuildTables tables;
    private final BuildQueue queue;
    private final BuildEvents events;
    private final ContainerCredentials credentials;

    BuildWorkflow(
            Platform platform,
            CodeBuildTables tables,
            BuildQueue queue,
            BuildEvents events,
            ContainerCredentials credentials) {
        this.platform = platform;
        this.tables = tables;
        this.queue = queue;
        this.events = events;
        this.credentials = credentials;
    }

    /** Which build. */
    record Input(String account, String region, String build) {
        Scope scope() {
            return new Scope(account, region);
        }
    }

    /** How the work of a build ended. */
    record Outcome(String status) {}

    static String processId(Scope scope, String build) {
        return scope.account() + "/" + scope.region() + "/" + build;
    }

    @Override
    public String name() {
        return "codebuild.build";
    }

    @Override
    public Class<Input> input() {
        return Input.class;
    }

    @Override
    public String principal() {
        return ContainerCredentials.SERVICE;
    }

    @Override
    public void run(Steps steps, Input input) throws InterruptedException {
        Progress progress = new Progress(platform, tables, events, input.scope(), input.build());
        StatusType status;
        try {
            status = waitForTurn(steps, progress)
                    ? StatusType.fromValue(steps.step("work", Outcome.class, () -> work(steps, progress))
                            .status())
                    : StatusType.TIMED_OUT;
        } catch (Cancelled e) {
            status = StatusType.STOPPED;
        } catch (Steps.StepFailed e) {
            LOG.log(System.Logger.Level.ERROR, "Build " + input.build() + " broke off", e);
            status = StatusType.FAULT;
        }
        StatusType ended = status;
        steps.step("remove", () -> platform.compute().remove(BuildRun.workloadId(input.build())));
        steps.commit("end", () -> {
            progress.complete(ended);
            queue.leave(steps.id()).forEach(next -> platform.workflows().signal(this, next, TURN, "go"));
        });
    }

    private boolean waitForTurn(Steps steps, Progress progress) throws InterruptedException {
        long end = steps.commit(
                "queued",
                Long.class,
                () -> progress.build()
                        .startTime()
                        .plus(Duration.ofMinutes(progress.build().queuedTimeoutInMinutes()))
                        .toEpochMilli());
        for (int i = 0; ; i++) {
            if (steps.commit("enter" + i, Boolean.class, () -> queue.enter(steps.id()))) {
                return true;
            }
            Duration left = Duration.between(steps.now(), Instant.ofEpochMilli(end));
            if (left.isNegative() || left.isZero()) {
                steps.commit(
                        "late",
                        () -> progress.end(
                                BuildPhaseType.QUEUED,
                                StatusType.TIMED_OUT,
                                "BUILD_TIMED_OUT",
                                "Build has timed out. "));
                return false;
            }
            Optional<String> signal =
                    steps.await("wait" + i, TURN, String.class, left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN);
            LOG.log(System.Logger.Level.TRACE, "Build looks for its turn: {0}", signal);
        }
    }

    private Outcome work(Steps steps, Progress progress) throws InterruptedException, IOException {
        BuildRun run = new BuildRun(platform, tables, progress, credentials, steps::cancelled);
        return new Outcome(run.run().toString());
    }
}
