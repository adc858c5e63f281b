package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.*;

/** Deployments: made, described, listed, stopped. */
final class Deployments {
    private static final int BATCH = 25;

    private final CodeDeployTables tables;
    private final Platform platform;
    private final Applications applications;
    private final DeploymentGroups groups;
    private final DeploymentConfigs configs;
    private final Revisions revisions;
    private final DeploymentWorkflow workflow;
    private final Paging paging;

    Deployments(
            CodeDeployTables tables,
            Platform platform,
            Applications applications,
            DeploymentGroups groups,
            DeploymentConfigs configs,
            Revisions revisions,
            DeploymentWorkflow workflow,
            Paging paging) {
        this.tables = tables;
        this.platform = platform;
        this.applications = applications;
        this.groups = groups;
        this.configs = configs;
        this.revisions = revisions;
        this.workflow = workflow;
        this.paging = paging;
    }

    static String newId() {
        return "d-" + Ids.alphanumeric(9).toUpperCase(Locale.ROOT);
    }

    DeploymentRecord require(@Nullable String id) {
        if (id == null || id.isEmpty()) {
            throw DeploymentIdRequiredException.builder()
                    .message("Deployment ID is missing")
                    .build();
        }
        return tables.deployment(Call.current().scope(), id)
                .orElseThrow(() -> DeploymentDoesNotExistException.builder()
                        .message("The deployment " + id + " could not be found")
                        .build());
    }

    CreateDeploymentResponse create(CreateDeploymentRequest request) {
        Scope scope = Call.current().scope();
        ApplicationRecord application = applications.require(request.applicationName());
        GroupRecord group = groups.require(application, request.deploymentGroupName());
        TargetInstances targets = request.targetInstances();
        if (targets != null) {
            throw InvalidTargetInstancesException.builder()
                    .message("Target instances can be given for blue/green deployments only")
                    .build();
        }
        GroupRules.alarms(request.overrideAlarmConfiguration());
        GroupRules.rollback(request.autoRollbackConfiguration());
        boolean outdatedOnly = Boolean.TRUE.equals(request.updateOutdatedInstancesOnly());
        RevisionLocation revision = Revisions.require(
                request.revision() == null && outdatedOnly ? group.info().targetRevision() : request.revision());
        Optional<DeploymentRecord> active = tables.blocking(scope, group.id());
        if (active.isPresent()) {
            throw DeploymentLimitExceededException.builder()
                    .message("The Deployment Group '" + group.name() + "' already has an active Deployment '"
                            + active.get().id() + "'")
                    .build();
        }
        DeploymentInfo info = info(request, group, revision, outdatedOnly);
        // The group is written with each deployment, so that of two at once only one is the first.
        tables.put(
                scope,
                group.with(group.info().toBuilder()
                        .lastAttemptedDeployment(LastDeploymentInfo.builder()
                                .deploymentId(info.deploymentId())
                                .status(info.status())
                                .createTime(info.createTime())
                                .build())
                        .build()));
        revisions.used(scope, application.id(), revision, group.name());
        workflow.begin(
                scope,
                new DeploymentRecord(
                        application.id(), group.id(), info, DeploymentRecord.GOES_ON, false, List.of(), ""));
        return CreateDeploymentResponse.builder()
                .deploymentId(info.deploymentId())
                .build();
    }

    private DeploymentInfo info(
            CreateDeploymentRequest request, GroupRecord group, RevisionLocation revision, boolean outdatedOnly) {
        DeploymentGroupInfo of = group.info();
        return DeploymentInfo.builder()
                .applicationName(request.applicationName())
                .deploymentGroupName(group.name())
                .deploymentConfigName(configs.require(
                        request.deploymentConfigName() == null
                                ? of.deploymentConfigName()
                                : request.deploymentConfigName()))
                .deploymentId(newId())
                .previousRevision(of.targetRevision())
                .revision(revision)
                .status(DeploymentStatus.CREATED)
                .createTime(platform.clock().instant())
                .description(request.description())
                .creator(DeploymentCreator.USER)
                .ignoreApplicationStopFailures(Boolean.TRUE.equals(request.ignoreApplicationStopFailures()))
                .autoRollbackConfiguration(
                        request.autoRollbackConfiguration() == null
                                ? of.autoRollbackConfiguration()
                                : request.autoRollbackConfiguration())
                .overrideAlarmConfiguration(request.overrideAlarmConfiguration())
                .updateOutdatedInstancesOnly(outdatedOnly)
                .deploymentStyle(of.deploymentStyle())
                .instanceTerminationWaitTimeStarted(false)
                .loadBalancerInfo(of.loadBalancerInfo())
                .fileExistsBehavior(
                        request.fileExistsBehaviorAsString() == null
                                ? FileExistsBehavior.DISALLOW.toString()
                                : request.fileExistsBehaviorAsString())
                .computePlatform(ComputePlatform.SERVER)
                .build();
    }

    GetDeploymentResponse get(GetDeploymentRequest request) {
        return GetDeploymentResponse.builder()
                .deploymentInfo(described(require(request.deploymentId())))
                .build();
    }

    BatchGetDeploymentsResponse batchGet(BatchGetDeploymentsRequest request) {
        if (request.deploymentIds().size() > BATCH) {
            throw BatchLimitExceededException.builder()
                    .message("The maximum number of names or IDs allowed for this request (25) was exceeded")
                    .build();
        }
        return BatchGetDeploymentsResponse.builder()
                .deploymentsInfo(request.deploymentIds().stream()
                        .map(id -> described(require(id)))
                        .toList())
                .build();
    }

    private DeploymentInfo described(DeploymentRecord deployment) {
        List<TargetRecord> targets = tables.targets(Call.current().scope(), deployment.id());
        return targets.isEmpty()
                ? deployment.info()
                : deployment.info().toBuilder()
                        .deploymentOverview(Counts.of(targets).overview())
                        .build();
    }

    /** The newest first. */
    ListDeploymentsResponse list(ListDeploymentsRequest request) {
        Scope scope = Call.current().scope();
        Query query;
        if (request.deploymentGroupName() != null) {
            GroupRecord group =
                    groups.require(applications.require(request.applicationName()), request.deploymentGroupName());
            query = Query.indexPrefix("group", group.id() + "/");
        } else if (request.applicationName() != null) {
            query = Query.indexPrefix(
                    "application",
                    applications.require(request.applicationName()).id() + "/");
        } else {
            query = Query.index("time");
        }
        if (request.includeOnlyStatuses().contains(DeploymentStatus.UNKNOWN_TO_SDK_VERSION)) {
            throw InvalidDeploymentStatusException.builder()
                    .message("The specified deployment status doesn't exist or cannot be determined")
                    .build();
        }
        TimeRange range = request.createTimeRange();
        if (range != null
                && range.start() != null
                && range.end() != null
                && range.end().isBefore(range.start())) {
            throw InvalidTimeRangeException.builder()
                    .message("The specified time range was specified in an invalid format: it ends before it starts")
                    .build();
        }
        String listing = "deployments/" + request.applicationName() + "/" + request.deploymentGroupName() + "/"
                + request.includeOnlyStatusesAsStrings() + "/" + range + "/" + request.externalId();
        Page<DeploymentRecord> page = tables.deployments(
                scope, query.reversed().limit(Paging.SIZE).after(paging.cursor(listing, request.nextToken())));
        return ListDeploymentsResponse.builder()
                .deployments(page.values().stream()
                        .filter(deployment -> isWanted(deployment.info(), request))
                        .map(DeploymentRecord::id)
                        .toList())
                .nextToken(paging.token(listing, page.next()))
                .build();
    }

    private static boolean isWanted(DeploymentInfo deployment, ListDeploymentsRequest request) {
        TimeRange range = request.createTimeRange();
        Instant created = deployment.createTime();
        return (request.includeOnlyStatuses().isEmpty()
                        || request.includeOnlyStatuses().contains(deployment.status()))
                && (range == null || range.start() == null || !created.isBefore(range.start()))
                && (range == null || range.end() == null || !created.isAfter(range.end()))
                // Only CloudFormation gives deployments an external id.
                && request.externalId() == null;
    }

    StopDeploymentResponse stop(StopDeploymentRequest request) {
        Scope scope = Call.current().scope();
        DeploymentRecord deployment = require(request.deploymentId());
        if (deployment.ended()) {
            throw DeploymentAlreadyCompletedException.builder()
                    .message("The deployment " + deployment.id() + " is already completed")
                    .build();
        }
        if (!deployment.stopping()) {
            tables.put(
                    scope,
                    deployment.stoppedBy(Errors.STOPPED_BY_USER, Boolean.TRUE.equals(request.autoRollbackEnabled())));
            platform.workflows().signal(workflow, deployment.id(), DeploymentWorkflow.PROGRESS, "stop");
        }
        return StopDeploymentResponse.builder()
                .status(StopStatus.PENDING)
                .statusMessage("No more commands will be scheduled for execution in the deployment instances")
                .build();
    }

    ContinueDeploymentResponse goOn(ContinueDeploymentRequest request) {
        DeploymentRecord deployment = require(request.deploymentId());
        throw UnsupportedActionForDeploymentTypeException.builder()
                .message("The deployment " + deployment.id()
                        + " is in place: only a blue/green deployment can be continued")
                .build();
    }
}
