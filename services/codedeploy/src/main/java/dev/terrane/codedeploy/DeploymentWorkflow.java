package dev.terrane.codedeploy;

import dev.terrane.codedeploy.Fleet.Member;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;
import software.amazon.awssdk.services.codedeploy.model.ErrorCode;
import software.amazon.awssdk.services.codedeploy.model.ErrorInformation;
import software.amazon.awssdk.services.codedeploy.model.LifecycleEvent;
import software.amazon.awssdk.services.codedeploy.model.LifecycleEventStatus;
import software.amazon.awssdk.services.codedeploy.model.OutdatedInstancesStrategy;
import software.amazon.awssdk.services.codedeploy.model.TargetStatus;
import software.amazon.awssdk.services.codedeploy.model.TriggerEventType;

/**
 * A deployment: finds its instances, deploys to as many at once as its configuration permits, watches its alarms, and ends with a
 * rollback where one is wanted.
 */
final class DeploymentWorkflow implements Workflow<DeploymentWorkflow.Input> {
    /** Tells a deployment to look around: an instance is done, an alarm changed, someone wants it to stop. */
    static final String PROGRESS = "progress";

    /** How often alarms are read when nothing tells of them. */
    private static final Duration PERIOD = Duration.ofSeconds(15);

    private static final int ROUNDS = 200;

    private final Platform platform;
    private final CodeDeployTables tables;
    private final Parts parts;
    private final InstanceWorkflow instances;
    private final LaunchWorkflow launches;
    private final Conclusion conclusion;

    DeploymentWorkflow(Platform platform, Parts parts) {
        this.platform = platform;
        this.tables = parts.tables();
        this.parts = parts;
        this.instances = new InstanceWorkflow(platform, parts, this);
        this.launches = new LaunchWorkflow(parts, platform.clock(), this::begin);
        this.conclusion = new Conclusion(
                parts,
                platform.clock(),
                this::begin,
                (launchId, succeeded) ->
                        platform.workflows().signal(launches, launchId, LaunchWorkflow.ENDED, succeeded));
    }

    /** Tells a launch that its deployment has ended. */
    interface LaunchSignal {
        void ended(String launchId, boolean succeeded);
    }

    /**
     * The work.
     *
     * @param order the instances in their order, or none before they are found
     */
    record Input(String deploymentId, List<String> order) {
        Input {
            order = List.copyOf(order);
        }
    }

    /** The instances, or why there is nothing to be done with them. */
    record Prepared(List<Member> members, ErrorInformation error) {
        Prepared {
            members = List.copyOf(members);
        }

        static Prepared failed(ErrorInformation error) {
            return new Prepared(List.of(), error);
        }
    }

    /** What to do next: begin these instances, or end. */
    record Decision(List<String> begin, boolean over) {
        Decision {
            begin = List.copyOf(begin);
        }
    }

    InstanceWorkflow instances() {
        return instances;
    }

    LaunchWorkflow launches() {
        return launches;
    }

    @Override
    public String name() {
        return "codedeploy.deployment";
    }

    @Override
    public Class<Input> input() {
        return Input.class;
    }

    @Override
    public String principal() {
        return ServiceRole.PRINCIPAL;
    }

    /** Stores a new deployment and has it begin when that is durable. */
    void begin(Scope scope, DeploymentRecord deployment) {
        tables.put(scope, deployment);
        platform.workflows().start(this, scope, deployment.id(), new Input(deployment.id(), List.of()));
    }

    @Override
    public void run(Steps steps, Input input) throws InterruptedException {
        Optional<ErrorInformation> fault = Optional.empty();
        try {
            List<String> order = input.order();
            if (order.isEmpty()) {
                Prepared prepared = steps.step("prepare", Prepared.class, () -> prepare(input));
                steps.commit("begin", () -> started(input, prepared.members()));
                steps.step("tell begin", () -> tell(input, TriggerEventType.DEPLOYMENT_START));
                fault = Optional.of(prepared.error()).filter(error -> error.codeAsString() != null);
                order = prepared.members().stream().map(Member::id).toList();
            }
            if (fault.isEmpty()) {
                supervise(steps, input, order);
            }
        } catch (Steps.StepFailed e) {
            fault = Optional.of(Errors.of(ErrorCode.INTERNAL_ERROR, String.valueOf(e.getMessage())));
        }
        ErrorInformation error = fault.orElse(DeploymentRecord.GOES_ON);
        steps.commit("end", () -> conclusion.end(input.deploymentId(), error));
        steps.step("tell end", () -> tellEnd(input));
        steps.step("update late instances", () -> updateLate(input));
    }

    private void supervise(Steps steps, Input input, List<String> order) throws InterruptedException {
        for (int round = 1; ; round++) {
            Decision decision = steps.step("round " + round, Decision.class, () -> decide(input, order));
            if (decision.over()) {
                return;
            }
            if (!decision.begin().isEmpty()) {
                steps.commit("start " + round, () -> start(input, decision.begin()));
            }
            var _ = steps.await("wait " + round, PROGRESS, String.class, PERIOD);
            if (round == ROUNDS) {
                steps.beginAnew(new Input(input.deploymentId(), order));
            }
        }
    }

    private Prepared prepare(Input input) {
        Scope scope = Call.current().scope();
        DeploymentRecord deployment = deployment(scope, input);
        Optional<GroupRecord> group = tables.groupById(scope, deployment.groupId());
        if (group.isEmpty()) {
            return Prepared.failed(Errors.GROUP_MISSING);
        }
        List<Member> members;
        try {
            members = deployment.instances().isEmpty()
                    ? parts.fleet().of(scope, group.get())
                    : deployment.instances().stream()
                            .map(id -> new Member(id, false))
                            .toList();
        } catch (AwsServiceException e) {
            return Prepared.failed(Errors.of(
                    ErrorCode.IAM_ROLE_PERMISSIONS,
                    "The instances of the deployment group can't be found as "
                            + group.get().info().serviceRoleArn() + ": " + AwsErrors.message(e)));
        }
        if (Boolean.TRUE.equals(deployment.info().updateOutdatedInstancesOnly())) {
            members = members.stream()
                    .filter(member -> isOutdated(scope, deployment, member))
                    .toList();
        }
        if (members.isEmpty()) {
            return Prepared.failed(Errors.NO_INSTANCES);
        }
        return new Prepared(
                members,
                health(scope, deployment, members.size()).possible() ? DeploymentRecord.GOES_ON : Errors.IMPOSSIBLE);
    }

    private boolean isOutdated(Scope scope, DeploymentRecord deployment, Member member) {
        InstanceRecord instance = tables.instance(scope, deployment.groupId(), member.id());
        return !instance.deployed()
                || instance.failed()
                || !RevisionRecord.identity(instance.revision())
                        .equals(RevisionRecord.identity(deployment.info().revision()));
    }

    private void started(Input input, List<Member> members) {
        Scope scope = Call.current().scope();
        Instant now = platform.clock().instant();
        DeploymentRecord deployment = deployment(scope, input)
                .with(info -> info.status(DeploymentStatus.IN_PROGRESS).startTime(now));
        tables.put(scope, deployment);
        tables.groupById(scope, deployment.groupId()).ifPresent(group -> {
            List<LifecycleEvent> pending = Lifecycle.events(Traffic.isControlled(group.info())).stream()
                    .map(name -> LifecycleEvent.builder()
                            .lifecycleEventName(name)
                            .status(LifecycleEventStatus.PENDING)
                            .build())
                    .toList();
            members.forEach(member -> tables.put(
                    scope,
                    new TargetRecord(
                            deployment.id(), member.id(), member.onPremises(), TargetStatus.PENDING, pending, now)));
            parts.events().deployment(scope, deployment, group);
        });
    }

    private Decision decide(Input input, List<String> order) {
        Scope scope = Call.current().scope();
        DeploymentRecord deployment = deployment(scope, input);
        Counts counts = Counts.of(tables.targets(scope, input.deploymentId()));
        if (counts.pending().isEmpty() && counts.inProgress() == 0) {
            return new Decision(List.of(), true);
        }
        if (!deployment.stopping() && !isStoppedByAlarm(scope, deployment)) {
            int room = health(scope, deployment, order.size()).room(counts.inProgress(), counts.failed());
            List<String> next = order.stream()
                    .filter(counts.pending()::contains)
                    .limit(room)
                    .toList();
            return new Decision(next, next.isEmpty() && counts.inProgress() == 0);
        }
        return new Decision(List.of(), counts.inProgress() == 0);
    }

    private boolean isStoppedByAlarm(Scope scope, DeploymentRecord deployment) {
        Optional<ErrorInformation> reason = tables.groupById(scope, deployment.groupId())
                .flatMap(group -> parts.alarms().reasonToStop(deployment, group));
        reason.ifPresent(error -> tables.transact(() -> {
            DeploymentRecord now = tables.deployment(scope, deployment.id()).orElseThrow();
            if (!now.stopping()) {
                tables.put(scope, now.stoppedBy(error, false));
            }
        }));
        return reason.isPresent();
    }

    private void start(Input input, List<String> begin) {
        Scope scope = Call.current().scope();
        for (String id : begin) {
            TargetRecord target = tables.target(scope, input.deploymentId(), id).orElseThrow();
            tables.put(
                    scope, target.in(TargetStatus.IN_PROGRESS, platform.clock().instant()));
            InstanceWorkflow.Input work = new InstanceWorkflow.Input(input.deploymentId(), id);
            platform.workflows().start(instances, scope, work.id(), work);
        }
    }

    private FleetHealth health(Scope scope, DeploymentRecord deployment, int total) {
        return conclusion.health(scope, deployment, total);
    }

    private void tell(Input input, TriggerEventType type) {
        Scope scope = Call.current().scope();
        DeploymentRecord deployment = deployment(scope, input);
        tables.groupById(scope, deployment.groupId())
                .ifPresent(group -> parts.triggers().deployment(group, deployment, type));
    }

    private void tellEnd(Input input) {
        DeploymentRecord deployment = deployment(Call.current().scope(), input);
        tell(
                input,
                switch (deployment.info().status()) {
                    case SUCCEEDED -> TriggerEventType.DEPLOYMENT_SUCCESS;
                    case STOPPED -> TriggerEventType.DEPLOYMENT_STOP;
                    default -> TriggerEventType.DEPLOYMENT_FAILURE;
                });
        if (deployment.info().rollbackInfo() != null
                && deployment.info().rollbackInfo().rollbackDeploymentId() != null) {
            tell(input, TriggerEventType.DEPLOYMENT_ROLLBACK);
        }
    }

    /** Instances that Auto Scaling launched meanwhile have the revision before, unless the group leaves them so. */
    private void updateLate(Input input) {
        Scope scope = Call.current().scope();
        DeploymentRecord deployment = deployment(scope, input);
        Optional<GroupRecord> group = tables.groupById(scope, deployment.groupId())
                .filter(found -> found.info().outdatedInstancesStrategy() != OutdatedInstancesStrategy.IGNORE)
                .filter(found -> !found.info().autoScalingGroups().isEmpty());
        if (group.isEmpty()
                || !deployment.inState(DeploymentStatus.SUCCEEDED)
                || !deployment.launchId().isEmpty()) {
            return;
        }
        Set<String> known = tables.targets(scope, deployment.id()).stream()
                .map(TargetRecord::instanceId)
                .collect(Collectors.toSet());
        List<String> late = parts.fleet().of(scope, group.get()).stream()
                .filter(member -> !member.onPremises() && !known.contains(member.id()))
                .filter(member -> isOutdated(scope, deployment, member))
                .map(Member::id)
                .toList();
        if (!late.isEmpty()) {
            tables.transact(() -> conclusion.update(scope, deployment, late));
        }
    }

    private DeploymentRecord deployment(Scope scope, Input input) {
        return tables.deployment(scope, input.deploymentId()).orElseThrow();
    }
}
