package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.*;

/** Deployment groups of applications. */
final class DeploymentGroups {
    private static final DeploymentStyle IN_PLACE = DeploymentStyle.builder()
            .deploymentType(DeploymentType.IN_PLACE)
            .deploymentOption(DeploymentOption.WITHOUT_TRAFFIC_CONTROL)
            .build();

    private final CodeDeployTables tables;
    private final Applications applications;
    private final DeploymentConfigs configs;
    private final LaunchHooks hooks;
    private final Paging paging;

    DeploymentGroups(
            CodeDeployTables tables,
            Applications applications,
            DeploymentConfigs configs,
            LaunchHooks hooks,
            Paging paging) {
        this.tables = tables;
        this.applications = applications;
        this.configs = configs;
        this.hooks = hooks;
        this.paging = paging;
    }

    GroupRecord require(ApplicationRecord application, @Nullable String name) {
        if (name == null || name.isEmpty()) {
            throw DeploymentGroupNameRequiredException.builder()
                    .message("Deployment Group name is missing")
                    .build();
        }
        return tables.group(Call.current().scope(), application.id(), name)
                .orElseThrow(() -> DeploymentGroupDoesNotExistException.builder()
                        .message("No Deployment Group found for name: " + name)
                        .build());
    }

    CreateDeploymentGroupResponse create(CreateDeploymentGroupRequest request) {
        Scope scope = Call.current().scope();
        ApplicationRecord application = applications.require(request.applicationName());
        GroupRules.refuseUnsupported(
                request.blueGreenDeploymentConfiguration(), request.ecsServices(), request.terminationHookEnabled());
        refuseExisting(scope, application, request.deploymentGroupName());
        DeploymentGroupInfo.Builder info = DeploymentGroupInfo.builder()
                .applicationName(application.name())
                .deploymentGroupId(Ids.uuid())
                .deploymentGroupName(request.deploymentGroupName())
                .deploymentConfigName(configs.require(request.deploymentConfigName()))
                .ec2TagFilters(request.ec2TagFilters())
                .ec2TagSet(request.ec2TagSet())
                .onPremisesInstanceTagFilters(request.onPremisesInstanceTagFilters())
                .onPremisesTagSet(request.onPremisesTagSet())
                .serviceRoleArn(request.serviceRoleArn())
                .triggerConfigurations(request.triggerConfigurations())
                .alarmConfiguration(request.alarmConfiguration())
                .autoRollbackConfiguration(request.autoRollbackConfiguration())
                .deploymentStyle(style(request.deploymentStyle(), IN_PLACE))
                .outdatedInstancesStrategy(
                        request.outdatedInstancesStrategyAsString() == null
                                ? OutdatedInstancesStrategy.UPDATE.toString()
                                : request.outdatedInstancesStrategyAsString())
                .loadBalancerInfo(request.loadBalancerInfo())
                .computePlatform(ComputePlatform.SERVER)
                .terminationHookEnabled(false);
        GroupRules.check(info.build());
        hooks.requireRole(info.build());
        Map<String, String> tags = Tags.of(request.tags());
        info.autoScalingGroups(hooks.install(info.build(), request.autoScalingGroups(), List.of()));
        GroupRecord group = new GroupRecord(application.id(), info.build(), tags);
        tables.put(scope, group);
        return CreateDeploymentGroupResponse.builder()
                .deploymentGroupId(group.id())
                .build();
    }

    private void refuseExisting(Scope scope, ApplicationRecord application, String name) {
        if (tables.group(scope, application.id(), name).isPresent()) {
            throw DeploymentGroupAlreadyExistsException.builder()
                    .message("Deployment Group already exists for Application: " + application.name() + ", name: "
                            + name)
                    .build();
        }
    }

    private static DeploymentStyle style(@Nullable DeploymentStyle given, DeploymentStyle otherwise) {
        return given == null
                ? otherwise
                : DeploymentStyle.builder()
                        .deploymentType(
                                given.deploymentType() == null ? otherwise.deploymentType() : given.deploymentType())
                        .deploymentOption(
                                given.deploymentOption() == null
                                        ? otherwise.deploymentOption()
                                        : given.deploymentOption())
                        .build();
    }

    UpdateDeploymentGroupResponse update(UpdateDeploymentGroupRequest request) {
        Scope scope = Call.current().scope();
        ApplicationRecord application = applications.require(request.applicationName());
        GroupRecord group = require(application, request.currentDeploymentGroupName());
        GroupRules.refuseUnsupported(
                request.blueGreenDeploymentConfiguration(), request.ecsServices(), request.terminationHookEnabled());
        DeploymentGroupInfo.Builder info = group.info().toBuilder();
        if (request.newDeploymentGroupName() != null
                && !request.newDeploymentGroupName().equals(group.name())) {
            refuseExisting(scope, application, request.newDeploymentGroupName());
            info.deploymentGroupName(request.newDeploymentGroupName());
        }
        change(info, group.info(), request);
        GroupRules.check(info.build());
        hooks.requireRole(info.build());
        List<AutoScalingGroup> left = List.of();
        if (request.hasAutoScalingGroups()) {
            DeploymentGroupInfo changed = info.build();
            List<AutoScalingGroup> dropped = new ArrayList<>(group.info().autoScalingGroups());
            dropped.removeIf(each -> request.autoScalingGroups().contains(each.name()));
            info.autoScalingGroups(hooks.install(
                    changed, request.autoScalingGroups(), group.info().autoScalingGroups()));
            left = hooks.remove(changed, dropped);
        }
        tables.delete(scope, group);
        tables.put(scope, group.with(info.build()));
        return UpdateDeploymentGroupResponse.builder().hooksNotCleanedUp(left).build();
    }

    /** What a request leaves out stays; an empty list clears. */
    private void change(
            DeploymentGroupInfo.Builder info, DeploymentGroupInfo old, UpdateDeploymentGroupRequest request) {
        if (request.deploymentConfigName() != null) {
            info.deploymentConfigName(configs.require(request.deploymentConfigName()));
        }
        if (request.hasEc2TagFilters()) {
            info.ec2TagFilters(request.ec2TagFilters());
            info.ec2TagSet((EC2TagSet) null);
        }
        if (request.ec2TagSet() != null) {
            info.ec2TagSet(request.ec2TagSet());
            info.ec2TagFilters(request.ec2TagFilters());
        }
        if (request.hasOnPremisesInstanceTagFilters()) {
            info.onPremisesInstanceTagFilters(request.onPremisesInstanceTagFilters());
            info.onPremisesTagSet((OnPremisesTagSet) null);
        }
        if (request.onPremisesTagSet() != null) {
            info.onPremisesTagSet(request.onPremisesTagSet());
            info.onPremisesInstanceTagFilters(request.onPremisesInstanceTagFilters());
        }
        if (request.serviceRoleArn() != null) {
            info.serviceRoleArn(request.serviceRoleArn());
        }
        if (request.hasTriggerConfigurations()) {
            info.triggerConfigurations(request.triggerConfigurations());
        }
        if (request.alarmConfiguration() != null) {
            info.alarmConfiguration(request.alarmConfiguration());
        }
        if (request.autoRollbackConfiguration() != null) {
            info.autoRollbackConfiguration(request.autoRollbackConfiguration());
        }
        if (request.outdatedInstancesStrategyAsString() != null) {
            info.outdatedInstancesStrategy(request.outdatedInstancesStrategyAsString());
        }
        if (request.loadBalancerInfo() != null) {
            info.loadBalancerInfo(request.loadBalancerInfo());
        }
        info.deploymentStyle(style(request.deploymentStyle(), old.deploymentStyle()));
    }

    GetDeploymentGroupResponse get(GetDeploymentGroupRequest request) {
        GroupRecord group = require(applications.require(request.applicationName()), request.deploymentGroupName());
        return GetDeploymentGroupResponse.builder()
                .deploymentGroupInfo(group.info())
                .build();
    }

    BatchGetDeploymentGroupsResponse batchGet(BatchGetDeploymentGroupsRequest request) {
        if (request.deploymentGroupNames().size() > 100) {
            throw BatchLimitExceededException.builder()
                    .message("The maximum number of names or IDs allowed for this request (100) was exceeded")
                    .build();
        }
        ApplicationRecord application = applications.require(request.applicationName());
        return BatchGetDeploymentGroupsResponse.builder()
                .deploymentGroupsInfo(request.deploymentGroupNames().stream()
                        .map(name -> require(application, name).info())
                        .toList())
                .build();
    }

    ListDeploymentGroupsResponse list(ListDeploymentGroupsRequest request) {
        ApplicationRecord application = applications.require(request.applicationName());
        String listing = "groups/" + application.id();
        Page<GroupRecord> page = tables.groups(
                Call.current().scope(), application.id(), paging.cursor(listing, request.nextToken()), Paging.SIZE);
        return ListDeploymentGroupsResponse.builder()
                .applicationName(application.name())
                .deploymentGroups(page.values().stream().map(GroupRecord::name).toList())
                .nextToken(paging.token(listing, page.next()))
                .build();
    }

    /** Deletes a group that may be there no more. */
    DeleteDeploymentGroupResponse delete(DeleteDeploymentGroupRequest request) {
        Scope scope = Call.current().scope();
        List<AutoScalingGroup> left = tables.application(scope, request.applicationName())
                .flatMap(application -> tables.group(scope, application.id(), request.deploymentGroupName()))
                .map(this::remove)
                .orElse(List.of());
        return DeleteDeploymentGroupResponse.builder().hooksNotCleanedUp(left).build();
    }

    /** Deletes a group. What is being deployed to it stops.
     *
     * @return the Auto Scaling groups whose hooks could not be deleted
     */
    List<AutoScalingGroup> remove(GroupRecord group) {
        Scope scope = Call.current().scope();
        tables.active(scope, group.id())
                .forEach(deployment -> tables.put(scope, deployment.stoppedBy(Errors.GROUP_MISSING, false)));
        tables.instancesOfGroup(scope, group.id()).forEach(instance -> tables.delete(scope, instance));
        tables.delete(scope, group);
        return hooks.remove(group.info(), group.info().autoScalingGroups());
    }
}
