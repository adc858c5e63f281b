package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.clock.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentOption;
import software.amazon.awssdk.services.codedeploy.model.TargetGroupInfo;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealth;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/** Takes an instance out of the group's target groups, and puts it back. */
final class Traffic {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Clients clients;
    private final Clock clock;

    Traffic(Clients clients, Clock clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /** Whether deployments of a group block and allow traffic. */
    static boolean isControlled(DeploymentGroupInfo group) {
        return group.deploymentStyle() != null
                && group.deploymentStyle().deploymentOption() == DeploymentOption.WITH_TRAFFIC_CONTROL
                && group.loadBalancerInfo() != null
                && !group.loadBalancerInfo().targetGroupInfoList().isEmpty();
    }

    /** Takes an instance out, and waits until the balancer sends it nothing any more, on no connection.
     *
     * @param stopped whether the deployment is to stop, which ends the wait
     */
    void block(GroupRecord group, String instanceId, BooleanSupplier stopped) throws InterruptedException {
        ElasticLoadBalancingV2Client balancer = balancer(group);
        for (String targetGroup : targetGroups(balancer, group)) {
            List<TargetDescription> registered = health(balancer, targetGroup, instanceId).stream()
                    .map(TargetHealthDescription::target)
                    .toList();
            if (!registered.isEmpty()) {
                balancer.deregisterTargets(
                        request -> request.targetGroupArn(targetGroup).targets(registered));
            }
        }
        for (String targetGroup : targetGroups(balancer, group)) {
            await(
                    () -> health(balancer, targetGroup, instanceId).stream()
                            .allMatch(target -> target.targetHealth().state() == TargetHealthStateEnum.UNUSED),
                    stopped,
                    "The instance was not taken out of " + targetGroup + " within an hour");
        }
    }

    /** Puts an instance back, and waits until the balancer finds it healthy. */
    void allow(GroupRecord group, String instanceId, BooleanSupplier stopped) throws InterruptedException {
        ElasticLoadBalancingV2Client balancer = balancer(group);
        List<String> targetGroups = targetGroups(balancer, group);
        for (String targetGroup : targetGroups) {
            balancer.registerTargets(request -> request.targetGroupArn(targetGroup)
                    .targets(TargetDescription.builder().id(instanceId).build()));
        }
        for (String targetGroup : targetGroups) {
            await(
                    () -> isServed(health(balancer, targetGroup, instanceId)),
                    stopped,
                    "The instance did not become healthy in " + targetGroup + " within an hour");
        }
    }

    /** A target of a group that no balancer uses is never checked: there is nothing to wait for. */
    private static boolean isServed(List<TargetHealthDescription> targets) {
        return targets.stream()
                .map(TargetHealthDescription::targetHealth)
                .map(TargetHealth::state)
                .anyMatch(state -> state == TargetHealthStateEnum.HEALTHY || state == TargetHealthStateEnum.UNUSED);
    }

    private ElasticLoadBalancingV2Client balancer(GroupRecord group) {
        return new ServiceRole(clients, group).client(ElasticLoadBalancingV2Client.class);
    }

    private static List<String> targetGroups(ElasticLoadBalancingV2Client balancer, GroupRecord group) {
        List<String> names = group.info().loadBalancerInfo().targetGroupInfoList().stream()
                .map(TargetGroupInfo::name)
                .toList();
        return balancer.describeTargetGroups(request -> request.names(names)).targetGroups().stream()
                .map(TargetGroup::targetGroupArn)
                .toList();
    }

    private static List<TargetHealthDescription> health(
            ElasticLoadBalancingV2Client balancer, String targetGroup, String instanceId) {
        return balancer
                .describeTargetHealth(request -> request.targetGroupArn(targetGroup))
                .targetHealthDescriptions()
                .stream()
                .filter(description -> description.target().id().equals(instanceId))
                .toList();
    }

    private void await(BooleanSupplier condition, BooleanSupplier stopped, String otherwise)
            throws InterruptedException {
        Instant end = clock.instant().plus(LONGEST);
        while (!condition.getAsBoolean()) {
            if (stopped.getAsBoolean()) {
                throw LifecycleFailure.of("The deployment was stopped");
            }
            if (clock.instant().isAfter(end)) {
                throw LifecycleFailure.of(otherwise);
            }
            clock.sleep(PERIOD);
        }
    }
}
