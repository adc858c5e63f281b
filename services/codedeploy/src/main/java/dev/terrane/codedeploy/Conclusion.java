package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import software.amazon.awssdk.services.codedeploy.model.AutoRollbackConfiguration;
import software.amazon.awssdk.services.codedeploy.model.AutoRollbackEvent;
import software.amazon.awssdk.services.codedeploy.model.DeploymentCreator;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;
import software.amazon.awssdk.services.codedeploy.model.ErrorCode;
import software.amazon.awssdk.services.codedeploy.model.ErrorInformation;
import software.amazon.awssdk.services.codedeploy.model.LastDeploymentInfo;
import software.amazon.awssdk.services.codedeploy.model.LifecycleEventStatus;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocation;
import software.amazon.awssdk.services.codedeploy.model.RollbackInfo;
import software.amazon.awssdk.services.codedeploy.model.TargetStatus;

/** The end of a deployment, and the deployments that follow from it. See "Redeploy and roll back a deployment". */
final class Conclusion {
    private final Parts parts;
    private final CodeDeployTables tables;
    private final Clock clock;
    private final BiConsumer<Scope, DeploymentRecord> beginning;
    private final DeploymentWorkflow.LaunchSignal launched;

    Conclusion(
            Parts parts,
            Clock clock,
            BiConsumer<Scope, DeploymentRecord> beginning,
            DeploymentWorkflow.LaunchSignal launched) {
        this.parts = parts;
        this.tables = parts.tables();
        this.clock = clock;
        this.beginning = beginning;
        this.launched = launched;
    }

    FleetHealth health(Scope scope, DeploymentRecord deployment, int total) {
        return FleetHealth.of(
                DeploymentConfigs.find(tables, scope, deployment.info().deploymentConfigName())
                        .orElse(DeploymentConfigs.DEFAULT),
                total);
    }

    /**
     * Ends a deployment in the current transaction.
     *
     * @param fault why it could not be carried out, or one without a code
     */
    void end(String deploymentId, ErrorInformation fault) {
        Scope scope = Call.current().scope();
        Instant now = clock.instant();
        DeploymentRecord deployment = tables.deployment(scope, deploymentId).orElseThrow();
        List<TargetRecord> targets = tables.targets(scope, deploymentId);
        ErrorInformation error = error(scope, deployment, targets, fault);
        targets.forEach(target -> skip(scope, target, now));
        DeploymentStatus status = error.codeAsString() == null
                ? DeploymentStatus.SUCCEEDED
                : deployment.stopping() && error.equals(deployment.stop())
                        ? DeploymentStatus.STOPPED
                        : DeploymentStatus.FAILED;
        DeploymentRecord ended = deployment.with(info -> {
            DeploymentInfo.Builder done = info.status(status).completeTime(now);
            return error.codeAsString() == null ? done : done.errorInformation(error);
        });
        Optional<GroupRecord> group = tables.groupById(scope, deployment.groupId());
        if (group.isPresent()) {
            GroupRecord changed = remember(scope, group.get(), ended, now);
            ended = rollBack(scope, changed, ended);
            parts.events().deployment(scope, ended, changed);
        }
        tables.put(scope, ended);
        if (!ended.launchId().isEmpty()) {
            launched.ended(ended.launchId(), status == DeploymentStatus.SUCCEEDED);
        }
    }

    private ErrorInformation error(
            Scope scope, DeploymentRecord deployment, List<TargetRecord> targets, ErrorInformation fault) {
        if (fault.codeAsString() != null) {
            return fault;
        }
        if (deployment.stopping()) {
            // Also where only the last instance was left, whose failure alone would not fail the deployment.
            return deployment.stop();
        }
        Counts counts = Counts.of(targets);
        boolean all = counts.pending().isEmpty() && counts.skipped() == 0;
        boolean healthy = health(scope, deployment, targets.size()).succeeded(counts.succeeded(), counts.failed());
        return all && healthy ? DeploymentRecord.GOES_ON : Errors.TOO_FEW_HEALTHY;
    }

    private void skip(Scope scope, TargetRecord target, Instant now) {
        if (target.status() == TargetStatus.PENDING) {
            tables.put(
                    scope,
                    target.with(
                                    target.events().stream()
                                            .map(event -> event.toBuilder()
                                                    .status(LifecycleEventStatus.SKIPPED)
                                                    .build())
                                            .toList(),
                                    now)
                            .in(TargetStatus.SKIPPED, now));
        }
    }

    private GroupRecord remember(Scope scope, GroupRecord group, DeploymentRecord ended, Instant now) {
        if (ended.madeBy(DeploymentCreator.AUTOSCALING)) {
            return group;
        }
        LastDeploymentInfo last = LastDeploymentInfo.builder()
                .deploymentId(ended.id())
                .status(ended.info().status())
                .createTime(ended.info().createTime())
                .endTime(now)
                .build();
        DeploymentGroupInfo.Builder info = group.info().toBuilder().lastAttemptedDeployment(last);
        if (ended.inState(DeploymentStatus.SUCCEEDED)) {
            info.lastSuccessfulDeployment(last).targetRevision(ended.info().revision());
        }
        GroupRecord changed = group.with(info.build());
        tables.put(scope, changed);
        return changed;
    }

    /** Deploys the last revision that succeeded, where the deployment's end asks for that. A rollback isn't rolled back. */
    private DeploymentRecord rollBack(Scope scope, GroupRecord group, DeploymentRecord ended) {
        if (!wantsRollback(ended)
                || ended.madeBy(DeploymentCreator.CODE_DEPLOY_ROLLBACK)
                || ended.madeBy(DeploymentCreator.AUTOSCALING)) {
            return ended;
        }
        RevisionLocation revision = group.info().targetRevision();
        if (revision == null) {
            return ended.with(info -> info.rollbackInfo(RollbackInfo.builder()
                    .rollbackMessage("There is no rollback: no revision has been deployed to the deployment group "
                            + "successfully before.")
                    .build()));
        }
        String id = Deployments.newId();
        DeploymentInfo.Builder info = following(ended, id, DeploymentCreator.CODE_DEPLOY_ROLLBACK)
                .revision(revision)
                .description("Rollback of deployment " + ended.id())
                .rollbackInfo(RollbackInfo.builder()
                        .rollbackTriggeringDeploymentId(ended.id())
                        .rollbackMessage("Deployment " + ended.id() + " is rolled back to the last revision that was "
                                + "deployed successfully.")
                        .build());
        beginning.accept(scope, record(ended, info, List.of()));
        return ended.with(old -> old.rollbackInfo(RollbackInfo.builder()
                .rollbackDeploymentId(id)
                .rollbackMessage("The deployment group is rolled back by deployment " + id + ".")
                .build()));
    }

    private static boolean wantsRollback(DeploymentRecord ended) {
        AutoRollbackConfiguration rollback = ended.info().autoRollbackConfiguration();
        List<AutoRollbackEvent> on =
                rollback == null || !Boolean.TRUE.equals(rollback.enabled()) ? List.of() : rollback.events();
        return switch (ended.info().status()) {
            case FAILED -> on.contains(AutoRollbackEvent.DEPLOYMENT_FAILURE);
            case STOPPED ->
                ended.stop().code() == ErrorCode.MANUAL_STOP
                        ? ended.rollBack() || on.contains(AutoRollbackEvent.DEPLOYMENT_STOP_ON_REQUEST)
                        : on.contains(AutoRollbackEvent.DEPLOYMENT_STOP_ON_ALARM);
            default -> false;
        };
    }

    /** Deploys the same revision to instances that it has not reached. */
    void update(Scope scope, DeploymentRecord deployment, List<String> instances) {
        if (tables.blocking(scope, deployment.groupId()).isEmpty()) {
            DeploymentInfo.Builder info = following(
                            deployment, Deployments.newId(), DeploymentCreator.CODE_DEPLOY_AUTO_UPDATE)
                    .updateOutdatedInstancesOnly(true);
            beginning.accept(scope, record(deployment, info, instances));
        }
    }

    private DeploymentInfo.Builder following(DeploymentRecord before, String id, DeploymentCreator creator) {
        DeploymentInfo old = before.info();
        return DeploymentInfo.builder()
                .applicationName(old.applicationName())
                .deploymentGroupName(old.deploymentGroupName())
                .deploymentConfigName(old.deploymentConfigName())
                .deploymentId(id)
                .previousRevision(old.revision())
                .revision(old.revision())
                .status(DeploymentStatus.CREATED)
                .createTime(clock.instant())
                .creator(creator)
                .ignoreApplicationStopFailures(old.ignoreApplicationStopFailures())
                .autoRollbackConfiguration(old.autoRollbackConfiguration())
                .updateOutdatedInstancesOnly(false)
                .deploymentStyle(old.deploymentStyle())
                .instanceTerminationWaitTimeStarted(false)
                .loadBalancerInfo(old.loadBalancerInfo())
                .fileExistsBehavior(old.fileExistsBehavior())
                .computePlatform(old.computePlatform());
    }

    private static DeploymentRecord record(
            DeploymentRecord before, DeploymentInfo.Builder info, List<String> instances) {
        return new DeploymentRecord(
                before.applicationId(), before.groupId(), info.build(), DeploymentRecord.GOES_ON, false, instances, "");
    }
}
