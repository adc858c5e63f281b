package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.compute.Workload;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codedeploy.model.LifecycleEvent;
import software.amazon.awssdk.services.codedeploy.model.LifecycleEventStatus;
import software.amazon.awssdk.services.codedeploy.model.TargetStatus;
import software.amazon.awssdk.services.codedeploy.model.TriggerEventType;

/**
 * A deployment on one instance: its lifecycle events, one after another. The workloads of instances end with the server, so what
 * was deployed before the server ended is deployed again, from DownloadBundle on, once the instance runs again.
 */
final class InstanceWorkflow implements Workflow<InstanceWorkflow.Input> {
    private static final Duration START = Duration.ofMinutes(10);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int MOST_RESTARTS = 50;

    private final Platform platform;
    private final CodeDeployTables tables;
    private final CodeDeployEvents events;
    private final Triggers triggers;
    private final Agent agent;
    private final Traffic traffic;
    private final Workflow<?> parent;
    /** Which life of the server this is: workloads that an earlier one started are gone. */
    private final String life = Ids.uuid();

    InstanceWorkflow(Platform platform, Parts parts, Workflow<?> parent) {
        this.platform = platform;
        this.tables = parts.tables();
        this.events = parts.events();
        this.triggers = parts.triggers();
        this.agent = parts.agent();
        this.traffic = parts.traffic();
        this.parent = parent;
    }

    /** Which instance of which deployment. */
    record Input(String deploymentId, String instanceId) {
        String id() {
            return deploymentId + "/" + instanceId;
        }
    }

    /** How the deployment on the instance began. */
    record Begun(String life, List<String> events) {
        Begun {
            events = List.copyOf(events);
        }
    }

    /** How a lifecycle event ended. */
    enum End {
        SUCCEEDED,
        FAILED,
        STOPPED,
        RESTARTED
    }

    /** The end of a lifecycle event.
     *
     * @param life the server's life in which that was */
    record Done(End end, String life) {}

    @Override
    public String name() {
        return "codedeploy.instance";
    }

    @Override
    public Class<Input> input() {
        return Input.class;
    }

    @Override
    public String principal() {
        return ServiceRole.PRINCIPAL;
    }

    @Override
    public void run(Steps steps, Input input) throws InterruptedException {
        TargetStatus status;
        try {
            Begun begun = steps.commit("begin", Begun.class, () -> begin(input));
            steps.step("tell begin", () -> tell(input, TriggerEventType.INSTANCE_START));
            status = deploy(steps, input, begun);
        } catch (Steps.StepFailed e) {
            status = TargetStatus.FAILED;
        }
        TargetStatus last = status;
        steps.commit("end", () -> end(input, last));
        if (last != TargetStatus.SKIPPED) {
            steps.step(
                    "tell end",
                    () -> tell(
                            input,
                            last == TargetStatus.SUCCEEDED
                                    ? TriggerEventType.INSTANCE_SUCCESS
                                    : TriggerEventType.INSTANCE_FAILURE));
        }
    }

    private TargetStatus deploy(Steps steps, Input input, Begun begun) throws InterruptedException {
        String expected = begun.life();
        int again = begun.events().indexOf(Lifecycle.DOWNLOAD_BUNDLE);
        int at = 0;
        int restarts = 0;
        while (at < begun.events().size()) {
            String event = begun.events().get(at);
            String since = expected;
            String step = restarts == 0 ? event : event + " after restart " + restarts;
            Done done = steps.step(step, Done.class, () -> perform(input, event, since));
            switch (done.end()) {
                case SUCCEEDED -> at++;
                case FAILED -> {
                    return TargetStatus.FAILED;
                }
                case STOPPED -> {
                    return at == 0 ? TargetStatus.SKIPPED : TargetStatus.FAILED;
                }
                case RESTARTED -> {
                    if (++restarts > MOST_RESTARTS) {
                        return TargetStatus.FAILED;
                    }
                    expected = done.life();
                    at = Math.min(at, again);
                }
            }
        }
        return TargetStatus.SUCCEEDED;
    }

    private Begun begin(Input input) {
        Scope scope = Call.current().scope();
        TargetRecord target = target(scope, input)
                .in(TargetStatus.IN_PROGRESS, platform.clock().instant());
        tables.put(scope, target);
        changed(scope, input, target);
        return new Begun(
                life,
                target.events().stream().map(LifecycleEvent::lifecycleEventName).toList());
    }

    private Done perform(Input input, String event, String since) throws InterruptedException {
        if (!since.equals(life)) {
            return new Done(End.RESTARTED, life);
        }
        Scope scope = Call.current().scope();
        if (isStopping(scope, input)) {
            return new Done(End.STOPPED, life);
        }
        DeploymentRecord deployment = deployment(scope, input);
        mark(scope, input, event, LifecycleEventStatus.IN_PROGRESS, Optional.empty());
        Outcome outcome = outcome(scope, input, deployment, event);
        if (!outcome.succeeded() && platform.threads().isEnding()) {
            // It was the end of the server that ended it.
            throw new InterruptedException("The server ends");
        }
        mark(
                scope,
                input,
                event,
                outcome.succeeded() ? LifecycleEventStatus.SUCCEEDED : LifecycleEventStatus.FAILED,
                Optional.of(outcome));
        boolean forgiven = Lifecycle.isOfLastRevision(event)
                && Boolean.TRUE.equals(deployment.info().ignoreApplicationStopFailures());
        return new Done(outcome.succeeded() || forgiven ? End.SUCCEEDED : End.FAILED, life);
    }

    private Outcome outcome(Scope scope, Input input, DeploymentRecord deployment, String event)
            throws InterruptedException {
        try {
            GroupRecord group =
                    findGroup(scope, input).orElseThrow(() -> LifecycleFailure.of(Errors.GROUP_MISSING.message()));
            if (target(scope, input).onPremises()) {
                throw LifecycleFailure.of("No agent of the on-premises instance " + input.instanceId()
                        + " is connected to this platform");
            }
            awaitRunning(scope, input);
            switch (event) {
                case Lifecycle.BLOCK_TRAFFIC ->
                    traffic.block(group, input.instanceId(), () -> isStopping(scope, input));
                case Lifecycle.ALLOW_TRAFFIC ->
                    traffic.allow(group, input.instanceId(), () -> isStopping(scope, input));
                default -> {
                    String last = tables.instance(scope, group.id(), input.instanceId())
                            .deploymentId();
                    return agent.perform(
                            new Agent.Task(
                                    deployment,
                                    group,
                                    input.instanceId(),
                                    last.isEmpty() ? Optional.empty() : Optional.of(last)),
                            event);
                }
            }
            return Outcome.success();
        } catch (LifecycleFailure e) {
            return Outcome.of(e);
        } catch (AwsServiceException e) {
            return Outcome.of(LifecycleFailure.of(AwsErrors.message(e)));
        }
    }

    private void awaitRunning(Scope scope, Input input) throws InterruptedException {
        Clock clock = platform.clock();
        Instant end = clock.instant().plus(START);
        while (!platform.compute()
                .find(input.instanceId())
                .map(Workload::running)
                .orElse(false)) {
            if (isStopping(scope, input)) {
                throw LifecycleFailure.of("The deployment was stopped");
            }
            if (clock.instant().isAfter(end)) {
                throw LifecycleFailure.of("CodeDeploy agent was not able to receive the lifecycle event. Check the "
                        + "CodeDeploy agent logs on your host and make sure the agent is running and can connect to the "
                        + "CodeDeploy server.");
            }
            clock.sleep(PERIOD);
        }
    }

    private void mark(Scope scope, Input input, String event, LifecycleEventStatus status, Optional<Outcome> outcome) {
        tables.transact(() -> {
            Instant now = platform.clock().instant();
            TargetRecord target = target(scope, input);
            tables.put(
                    scope,
                    target.with(
                            target.events().stream()
                                    .map(each -> each.lifecycleEventName().equals(event)
                                            ? marked(each, status, outcome, now)
                                            : each)
                                    .toList(),
                            now));
        });
    }

    private static LifecycleEvent marked(
            LifecycleEvent event, LifecycleEventStatus status, Optional<Outcome> outcome, Instant now) {
        LifecycleEvent.Builder marked = LifecycleEvent.builder()
                .lifecycleEventName(event.lifecycleEventName())
                .status(status)
                .startTime(outcome.isPresent() ? event.startTime() : now);
        outcome.ifPresent(known -> marked.endTime(now).diagnostics(known.diagnostics()));
        return marked.build();
    }

    private void end(Input input, TargetStatus status) {
        Scope scope = Call.current().scope();
        Instant now = platform.clock().instant();
        TargetRecord target = target(scope, input);
        List<LifecycleEvent> ended = target.events().stream()
                .map(event -> event.status() == LifecycleEventStatus.PENDING
                        ? event.toBuilder().status(LifecycleEventStatus.SKIPPED).build()
                        : event)
                .toList();
        target = target.with(ended, now).in(status, now);
        tables.put(scope, target);
        DeploymentRecord deployment = deployment(scope, input);
        InstanceRecord instance = tables.instance(scope, deployment.groupId(), input.instanceId());
        if (status == TargetStatus.SUCCEEDED) {
            tables.put(scope, instance.afterSuccess(deployment, now));
        } else if (status == TargetStatus.FAILED) {
            tables.put(scope, instance.afterFailure());
        }
        changed(scope, input, target);
        platform.workflows().signal(parent, input.deploymentId(), DeploymentWorkflow.PROGRESS, input.instanceId());
    }

    private void tell(Input input, TriggerEventType type) {
        Scope scope = Call.current().scope();
        findGroup(scope, input)
                .ifPresent(group -> triggers.instance(group, deployment(scope, input), target(scope, input), type));
    }

    private boolean isStopping(Scope scope, Input input) {
        return tables.glance(scope, input.deploymentId())
                .map(DeploymentRecord::stopping)
                .orElse(true);
    }

    private DeploymentRecord deployment(Scope scope, Input input) {
        return tables.glance(scope, input.deploymentId()).orElseThrow();
    }

    /** A group may be deleted while something is deployed to it. */
    private Optional<GroupRecord> findGroup(Scope scope, Input input) {
        return tables.groupById(scope, deployment(scope, input).groupId());
    }

    private void changed(Scope scope, Input input, TargetRecord target) {
        findGroup(scope, input).ifPresent(group -> events.instance(scope, deployment(scope, input), group, target));
    }

    private TargetRecord target(Scope scope, Input input) {
        return tables.target(scope, input.deploymentId(), input.instanceId()).orElseThrow();
    }
}
