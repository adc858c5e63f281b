package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.codedeploy.model.ComputePlatform;
import software.amazon.awssdk.services.codedeploy.model.DeploymentCreator;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;
import software.amazon.awssdk.services.codedeploy.model.FileExistsBehavior;

/**
 * An instance that Auto Scaling has launched: the last revision that succeeded is deployed to it before it comes into service. One
 * that this fails on is abandoned.
 */
final class LaunchWorkflow implements Workflow<LaunchWorkflow.Launch> {
    static final String ENDED = "ended";

    private static final System.Logger LOG = System.getLogger(LaunchWorkflow.class.getName());
    private static final Duration HEARTBEAT = Duration.ofMinutes(5);
    private static final int MOST_HEARTBEATS = 24;

    private final Parts parts;
    private final CodeDeployTables tables;
    private final Clock clock;
    private final BiConsumer<Scope, DeploymentRecord> beginning;

    LaunchWorkflow(Parts parts, Clock clock, BiConsumer<Scope, DeploymentRecord> beginning) {
        this.parts = parts;
        this.tables = parts.tables();
        this.clock = clock;
        this.beginning = beginning;
    }

    /** A lifecycle action that waits for CodeDeploy. */
    record Launch(String groupId, String autoScalingGroup, String hook, String token, String instanceId) {
        String id() {
            return groupId + "/" + instanceId + "/" + token;
        }
    }

    @Override
    public String name() {
        return "codedeploy.launch";
    }

    @Override
    public Class<Launch> input() {
        return Launch.class;
    }

    @Override
    public String principal() {
        return ServiceRole.PRINCIPAL;
    }

    @Override
    public void run(Steps steps, Launch launch) throws InterruptedException {
        boolean deploys = steps.commit("begin", Boolean.class, () -> begin(launch));
        Optional<Boolean> succeeded = deploys ? Optional.empty() : Optional.of(true);
        for (int beat = 1; succeeded.isEmpty() && beat <= MOST_HEARTBEATS; beat++) {
            succeeded = steps.await("wait " + beat, ENDED, Boolean.class, HEARTBEAT);
            if (succeeded.isEmpty()) {
                steps.step("heartbeat " + beat, () -> tell(launch, Optional.empty()));
            }
        }
        String result = succeeded.orElse(false) ? "CONTINUE" : "ABANDON";
        steps.step("complete", () -> tell(launch, Optional.of(result)));
    }

    /** @return whether there is a revision that is deployed now */
    private boolean begin(Launch launch) {
        Scope scope = Call.current().scope();
        Optional<GroupRecord> found = tables.groupById(scope, launch.groupId());
        if (found.isEmpty() || found.get().info().targetRevision() == null) {
            return false;
        }
        DeploymentGroupInfo group = found.get().info();
        DeploymentInfo info = DeploymentInfo.builder()
                .applicationName(group.applicationName())
                .deploymentGroupName(group.deploymentGroupName())
                .deploymentConfigName("CodeDeployDefault.OneAtATime")
                .deploymentId(Deployments.newId())
                .revision(group.targetRevision())
                .status(DeploymentStatus.CREATED)
                .createTime(clock.instant())
                .creator(DeploymentCreator.AUTOSCALING)
                .ignoreApplicationStopFailures(false)
                .updateOutdatedInstancesOnly(false)
                .deploymentStyle(group.deploymentStyle())
                .instanceTerminationWaitTimeStarted(false)
                .loadBalancerInfo(group.loadBalancerInfo())
                .fileExistsBehavior(FileExistsBehavior.DISALLOW)
                .computePlatform(ComputePlatform.SERVER)
                .build();
        beginning.accept(
                scope,
                new DeploymentRecord(
                        found.get().applicationId(),
                        launch.groupId(),
                        info,
                        DeploymentRecord.GOES_ON,
                        false,
                        List.of(launch.instanceId()),
                        launch.id()));
        return true;
    }

    /** Tells Auto Scaling the result, or that there is none yet. */
    private void tell(Launch launch, Optional<String> result) {
        try {
            Optional<GroupRecord> group = tables.groupById(Call.current().scope(), launch.groupId());
            if (group.isEmpty()) {
                return;
            }
            AutoScalingClient scaling = parts.role(group.get()).client(AutoScalingClient.class);
            if (result.isPresent()) {
                scaling.completeLifecycleAction(request -> request.autoScalingGroupName(launch.autoScalingGroup())
                        .lifecycleHookName(launch.hook())
                        .lifecycleActionToken(launch.token())
                        .instanceId(launch.instanceId())
                        .lifecycleActionResult(result.get()));
            } else {
                scaling.recordLifecycleActionHeartbeat(
                        request -> request.autoScalingGroupName(launch.autoScalingGroup())
                                .lifecycleHookName(launch.hook())
                                .lifecycleActionToken(launch.token())
                                .instanceId(launch.instanceId()));
            }
        } catch (AwsServiceException e) {
            // The action has ended, or the role may not: Auto Scaling's own default then decides.
            LOG.log(System.Logger.Level.WARNING, "Launch of " + launch.instanceId() + ": " + AwsErrors.message(e));
        }
    }
}
