package dev.terrane.codedeploy;

import dev.terrane.kernel.arn.Arn;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.*;

/** What a deployment group may be. */
final class GroupRules {
    private static final int MOST_ALARMS = 10;
    private static final int MOST_TRIGGERS = 10;
    private static final int MOST_SETS = 3;

    private GroupRules() {}

    /** Refuses what the request holds beside deployments in place to servers. */
    static void refuseUnsupported(
            @Nullable BlueGreenDeploymentConfiguration blueGreen,
            List<ECSService> ecsServices,
            @Nullable Boolean terminationHook) {
        if (blueGreen != null) {
            throw InvalidBlueGreenDeploymentConfigurationException.builder()
                    .message("Blue/green deployments are not supported by this platform yet")
                    .build();
        }
        if (!ecsServices.isEmpty()) {
            throw InvalidEcsServiceException.builder()
                    .message("Deployments to Amazon ECS services are not supported by this platform yet")
                    .build();
        }
        if (Boolean.TRUE.equals(terminationHook)) {
            throw InvalidInputException.builder()
                    .message("Termination hooks are not supported by this platform yet")
                    .build();
        }
    }

    /** Checks a group as it will be. */
    static void check(DeploymentGroupInfo group) {
        role(group.serviceRoleArn());
        tags(group);
        style(group);
        balancer(group.loadBalancerInfo());
        alarms(group.alarmConfiguration());
        rollback(group.autoRollbackConfiguration());
        triggers(group.triggerConfigurations());
    }

    private static void role(String arn) {
        if (Arn.find(arn)
                .filter(role -> role.service().equals("iam") && role.type().equals("role"))
                .isEmpty()) {
            throw InvalidRoleException.builder()
                    .message("AWS CodeDeploy does not have the permissions required to assume the role " + arn)
                    .build();
        }
    }

    private static void tags(DeploymentGroupInfo group) {
        EC2TagSet set = group.ec2TagSet();
        if (!group.ec2TagFilters().isEmpty()
                && set != null
                && !set.ec2TagSetList().isEmpty()) {
            throw InvalidEc2TagCombinationException.builder()
                    .message(
                            "A call was submitted that specified both Ec2TagFilters and Ec2TagSet, but only one of these "
                                    + "data types can be used in a single call")
                    .build();
        }
        OnPremisesTagSet onPremises = group.onPremisesTagSet();
        if (!group.onPremisesInstanceTagFilters().isEmpty()
                && onPremises != null
                && !onPremises.onPremisesTagSetList().isEmpty()) {
            throw InvalidOnPremisesTagCombinationException.builder()
                    .message(
                            "A call was submitted that specified both OnPremisesTagFilters and OnPremisesTagSet, but only "
                                    + "one of these data types can be used in a single call")
                    .build();
        }
        if ((set != null && set.ec2TagSetList().size() > MOST_SETS)
                || (onPremises != null && onPremises.onPremisesTagSetList().size() > MOST_SETS)) {
            throw TagSetListLimitExceededException.builder()
                    .message("The number of tag groups included in the tag set list exceeded the maximum allowed limit "
                            + "of 3")
                    .build();
        }
        group.ec2TagFilters().forEach(GroupRules::filter);
        if (set != null) {
            set.ec2TagSetList().forEach(filters -> filters.forEach(GroupRules::filter));
        }
    }

    private static void filter(EC2TagFilter filter) {
        boolean keyMissing = filter.key() == null || filter.key().isEmpty();
        boolean valid = switch (filter.type() == null ? EC2TagFilterType.KEY_AND_VALUE : filter.type()) {
            case KEY_ONLY, KEY_AND_VALUE -> !keyMissing;
            case VALUE_ONLY -> filter.value() != null;
            case UNKNOWN_TO_SDK_VERSION -> false;
        };
        if (!valid) {
            throw InvalidEc2TagException.builder()
                    .message("The tag filter was specified in an invalid format: " + filter)
                    .build();
        }
    }

    private static void style(DeploymentGroupInfo group) {
        DeploymentStyle style = group.deploymentStyle();
        if (style.deploymentType() == DeploymentType.BLUE_GREEN) {
            throw InvalidDeploymentStyleException.builder()
                    .message("Blue/green deployments are not supported by this platform yet")
                    .build();
        }
        LoadBalancerInfo balancer = group.loadBalancerInfo();
        if (style.deploymentOption() == DeploymentOption.WITH_TRAFFIC_CONTROL
                && (balancer == null
                        || (balancer.targetGroupInfoList().isEmpty()
                                && balancer.elbInfoList().isEmpty()))) {
            throw InvalidLoadBalancerInfoException.builder()
                    .message("The deployment option WITH_TRAFFIC_CONTROL requires the load balancer's target groups")
                    .build();
        }
    }

    private static void balancer(@Nullable LoadBalancerInfo info) {
        if (info == null) {
            return;
        }
        if (!info.elbInfoList().isEmpty()) {
            throw InvalidLoadBalancerInfoException.builder()
                    .message("Classic load balancers are not supported by this platform: give targetGroupInfoList")
                    .build();
        }
        if (!info.targetGroupPairInfoList().isEmpty()) {
            throw InvalidTargetGroupPairException.builder()
                    .message(
                            "Target group pairs are for deployments to Amazon ECS, which this platform does not support "
                                    + "yet")
                    .build();
        }
        if (info.targetGroupInfoList().stream()
                .anyMatch(each -> each.name() == null || each.name().isEmpty())) {
            throw InvalidLoadBalancerInfoException.builder()
                    .message("A target group requires a name")
                    .build();
        }
    }

    static void alarms(@Nullable AlarmConfiguration alarms) {
        if (alarms == null) {
            return;
        }
        if (alarms.alarms().size() > MOST_ALARMS) {
            throw AlarmsLimitExceededException.builder()
                    .message("The maximum number of alarms for a deployment group (10) was exceeded")
                    .build();
        }
        Set<String> names = alarms.alarms().stream().map(Alarm::name).collect(Collectors.toSet());
        boolean nameless = alarms.alarms().stream()
                .anyMatch(alarm -> alarm.name() == null || alarm.name().isBlank());
        if (nameless
                || names.size() < alarms.alarms().size()
                || (Boolean.TRUE.equals(alarms.enabled()) && names.isEmpty())) {
            throw InvalidAlarmConfigException.builder()
                    .message(
                            "The format of the alarm configuration is invalid: alarms require names, each given once, and "
                                    + "an enabled configuration requires an alarm")
                    .build();
        }
    }

    static void rollback(@Nullable AutoRollbackConfiguration rollback) {
        if (rollback != null
                && ((Boolean.TRUE.equals(rollback.enabled())
                                && rollback.events().isEmpty())
                        || rollback.events().contains(AutoRollbackEvent.UNKNOWN_TO_SDK_VERSION))) {
            throw InvalidAutoRollbackConfigException.builder()
                    .message(
                            "The automatic rollback configuration was specified in an invalid format: when it is enabled, "
                                    + "at least one of its events is required")
                    .build();
        }
    }

    private static void triggers(List<TriggerConfig> triggers) {
        if (triggers.size() > MOST_TRIGGERS) {
            throw TriggerTargetsLimitExceededException.builder()
                    .message("The maximum allowed number of triggers was exceeded")
                    .build();
        }
        for (TriggerConfig trigger : triggers) {
            boolean topic = trigger.triggerTargetArn() != null
                    && Arn.find(trigger.triggerTargetArn())
                            .filter(arn -> arn.service().equals("sns"))
                            .isPresent();
            if (!topic
                    || trigger.triggerName() == null
                    || trigger.triggerName().isEmpty()
                    || trigger.triggerEvents().isEmpty()
                    || trigger.triggerEvents().contains(TriggerEventType.UNKNOWN_TO_SDK_VERSION)) {
                throw InvalidTriggerConfigException.builder()
                        .message("The trigger was specified in an invalid format: a name, events and the ARN of an SNS "
                                + "topic are required")
                        .build();
            }
        }
    }
}
