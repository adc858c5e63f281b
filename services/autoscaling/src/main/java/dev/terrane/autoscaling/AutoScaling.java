package dev.terrane.autoscaling;

import dev.terrane.kernel.call.Call;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.*;

/** Auto Scaling's operations: a table of contents. */
final class AutoScaling implements AutoScalingClient {
    private final Groups groups;
    private final ScalingProcesses processes;
    private final Members members;
    private final Hooks hooks;
    private final Activities activities;
    private final TargetGroups targetGroups;
    private final ScalingTags tags;
    private final Policies policies;
    private final Schedules schedules;
    private final Reconciler reconciler;

    AutoScaling(
            Groups groups,
            ScalingProcesses processes,
            Members members,
            Hooks hooks,
            Activities activities,
            TargetGroups targetGroups,
            ScalingTags tags,
            Policies policies,
            Schedules schedules,
            Reconciler reconciler) {
        this.groups = groups;
        this.processes = processes;
        this.members = members;
        this.hooks = hooks;
        this.activities = activities;
        this.targetGroups = targetGroups;
        this.tags = tags;
        this.policies = policies;
        this.schedules = schedules;
        this.reconciler = reconciler;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing of its own to release: threads end with the server.
    }

    @Override
    public CreateAutoScalingGroupResponse createAutoScalingGroup(CreateAutoScalingGroupRequest request) {
        return groups.create(request);
    }

    @Override
    public UpdateAutoScalingGroupResponse updateAutoScalingGroup(UpdateAutoScalingGroupRequest request) {
        return groups.update(request);
    }

    @Override
    public DeleteAutoScalingGroupResponse deleteAutoScalingGroup(DeleteAutoScalingGroupRequest request) {
        return groups.delete(request);
    }

    @Override
    public DescribeAutoScalingGroupsResponse describeAutoScalingGroups(DescribeAutoScalingGroupsRequest request) {
        return groups.describe(request);
    }

    @Override
    public SetDesiredCapacityResponse setDesiredCapacity(SetDesiredCapacityRequest request) {
        return groups.setDesired(request);
    }

    @Override
    public SuspendProcessesResponse suspendProcesses(SuspendProcessesRequest request) {
        return processes.suspend(request);
    }

    @Override
    public ResumeProcessesResponse resumeProcesses(ResumeProcessesRequest request) {
        return processes.resume(request);
    }

    @Override
    public DescribeScalingProcessTypesResponse describeScalingProcessTypes(DescribeScalingProcessTypesRequest request) {
        return processes.types();
    }

    @Override
    public DescribeAccountLimitsResponse describeAccountLimits(DescribeAccountLimitsRequest request) {
        return groups.limits();
    }

    @Override
    public DescribeAutoScalingInstancesResponse describeAutoScalingInstances(
            DescribeAutoScalingInstancesRequest request) {
        return members.describe(request);
    }

    @Override
    public TerminateInstanceInAutoScalingGroupResponse terminateInstanceInAutoScalingGroup(
            TerminateInstanceInAutoScalingGroupRequest request) {
        return members.terminate(request);
    }

    @Override
    public AttachInstancesResponse attachInstances(AttachInstancesRequest request) {
        return members.attach(request);
    }

    @Override
    public DetachInstancesResponse detachInstances(DetachInstancesRequest request) {
        return members.detach(request);
    }

    @Override
    public EnterStandbyResponse enterStandby(EnterStandbyRequest request) {
        return members.enterStandby(request);
    }

    @Override
    public ExitStandbyResponse exitStandby(ExitStandbyRequest request) {
        return members.exitStandby(request);
    }

    @Override
    public SetInstanceHealthResponse setInstanceHealth(SetInstanceHealthRequest request) {
        return members.setHealth(request);
    }

    @Override
    public SetInstanceProtectionResponse setInstanceProtection(SetInstanceProtectionRequest request) {
        return members.protect(request);
    }

    @Override
    public AttachLoadBalancerTargetGroupsResponse attachLoadBalancerTargetGroups(
            AttachLoadBalancerTargetGroupsRequest request) {
        return targetGroups.attach(request);
    }

    @Override
    public DetachLoadBalancerTargetGroupsResponse detachLoadBalancerTargetGroups(
            DetachLoadBalancerTargetGroupsRequest request) {
        return targetGroups.detach(request);
    }

    @Override
    public DescribeLoadBalancerTargetGroupsResponse describeLoadBalancerTargetGroups(
            DescribeLoadBalancerTargetGroupsRequest request) {
        return targetGroups.describe(request);
    }

    @Override
    public AttachTrafficSourcesResponse attachTrafficSources(AttachTrafficSourcesRequest request) {
        return targetGroups.attach(request);
    }

    @Override
    public DetachTrafficSourcesResponse detachTrafficSources(DetachTrafficSourcesRequest request) {
        return targetGroups.detach(request);
    }

    @Override
    public DescribeTrafficSourcesResponse describeTrafficSources(DescribeTrafficSourcesRequest request) {
        return targetGroups.describe(request);
    }

    @Override
    public PutLifecycleHookResponse putLifecycleHook(PutLifecycleHookRequest request) {
        groups.require(request.autoScalingGroupName());
        return hooks.put(request);
    }

    @Override
    public DescribeLifecycleHooksResponse describeLifecycleHooks(DescribeLifecycleHooksRequest request) {
        groups.require(request.autoScalingGroupName());
        return hooks.describe(request);
    }

    @Override
    public DeleteLifecycleHookResponse deleteLifecycleHook(DeleteLifecycleHookRequest request) {
        groups.require(request.autoScalingGroupName());
        reconciler.nudge(Call.current().scope(), request.autoScalingGroupName());
        return hooks.delete(request);
    }

    @Override
    public CompleteLifecycleActionResponse completeLifecycleAction(CompleteLifecycleActionRequest request) {
        groups.require(request.autoScalingGroupName());
        reconciler.nudge(Call.current().scope(), request.autoScalingGroupName());
        return hooks.complete(request);
    }

    @Override
    public RecordLifecycleActionHeartbeatResponse recordLifecycleActionHeartbeat(
            RecordLifecycleActionHeartbeatRequest request) {
        groups.require(request.autoScalingGroupName());
        return hooks.heartbeat(request);
    }

    @Override
    public DescribeScalingActivitiesResponse describeScalingActivities(DescribeScalingActivitiesRequest request) {
        return activities.describe(request);
    }

    @Override
    public CreateOrUpdateTagsResponse createOrUpdateTags(CreateOrUpdateTagsRequest request) {
        return tags.createOrUpdate(request);
    }

    @Override
    public DeleteTagsResponse deleteTags(DeleteTagsRequest request) {
        return tags.delete(request);
    }

    @Override
    public DescribeTagsResponse describeTags(DescribeTagsRequest request) {
        return tags.describe(request);
    }

    @Override
    public PutScalingPolicyResponse putScalingPolicy(PutScalingPolicyRequest request) {
        return policies.put(request);
    }

    @Override
    public DescribePoliciesResponse describePolicies(DescribePoliciesRequest request) {
        return policies.describe(request);
    }

    @Override
    public DeletePolicyResponse deletePolicy(DeletePolicyRequest request) {
        return policies.delete(request);
    }

    @Override
    public ExecutePolicyResponse executePolicy(ExecutePolicyRequest request) {
        return policies.execute(request);
    }

    @Override
    public PutScheduledUpdateGroupActionResponse putScheduledUpdateGroupAction(
            PutScheduledUpdateGroupActionRequest request) {
        return schedules.put(request);
    }

    @Override
    public BatchPutScheduledUpdateGroupActionResponse batchPutScheduledUpdateGroupAction(
            BatchPutScheduledUpdateGroupActionRequest request) {
        return schedules.putAll(request);
    }

    @Override
    public DescribeScheduledActionsResponse describeScheduledActions(DescribeScheduledActionsRequest request) {
        return schedules.describe(request);
    }

    @Override
    public DeleteScheduledActionResponse deleteScheduledAction(DeleteScheduledActionRequest request) {
        return schedules.delete(request);
    }

    @Override
    public BatchDeleteScheduledActionResponse batchDeleteScheduledAction(BatchDeleteScheduledActionRequest request) {
        return schedules.deleteAll(request);
    }

    @Override
    public DescribeAdjustmentTypesResponse describeAdjustmentTypes(DescribeAdjustmentTypesRequest request) {
        return Policies.adjustmentTypes();
    }
}
