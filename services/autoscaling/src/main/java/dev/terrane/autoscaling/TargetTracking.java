package dev.terrane.autoscaling;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.autoscaling.model.Alarm;
import software.amazon.awssdk.services.autoscaling.model.CustomizedMetricSpecification;
import software.amazon.awssdk.services.autoscaling.model.MetricDimension;
import software.amazon.awssdk.services.autoscaling.model.PredefinedMetricSpecification;
import software.amazon.awssdk.services.autoscaling.model.ScalingPolicy;
import software.amazon.awssdk.services.autoscaling.model.TargetTrackingConfiguration;
import software.amazon.awssdk.services.autoscaling.model.TargetTrackingMetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/**
 * The alarms of policies: those that users made, and the two of each target tracking policy, which are made and deleted by the group's service-linked role. Their names
 * follow from the policy, so that whatever is done again finds the same ones.
 */
final class TargetTracking {
    private static final String SERVICE = "autoscaling.amazonaws.com";
    private static final Pattern LABEL = Pattern.compile("(app/[^/]+/[^/]+)/(targetgroup/[^/]+/[^/]+)");
    private static final String HIGH = "AlarmHigh";
    private static final String LOW = "AlarmLow";
    private static final int PERIOD = 60;
    private static final int PERIODS_TO_GROW = 3;
    private static final int SECONDS_TO_SHRINK = 15 * 60;
    private static final double SHRINK_AT = 0.9;

    private final Clients clients;

    TargetTracking(Clients clients) {
        this.clients = clients;
    }

    private CloudWatchClient eyes(Scope scope) {
        return clients.client(CloudWatchClient.class, new Actor.Platform(scope), scope.region());
    }

    private CloudWatchClient hands(Scope scope, GroupRecord group) {
        return clients.client(
                CloudWatchClient.class,
                new Actor.Role(group.group().serviceLinkedRoleARN(), SERVICE, "AutoScaling"),
                scope.region());
    }

    /** All alarms that have an action of this ARN, or of ARNs that begin so. */
    List<MetricAlarm> alarms(Scope scope, String policyArns) {
        return eyes(scope).describeAlarmsPaginator(r -> r.actionPrefix(policyArns)).metricAlarms().stream()
                .toList();
    }

    /** The state of an alarm, as activities tell it. */
    String state(Scope scope, String alarm) {
        return eyes(scope).describeAlarms(r -> r.alarmNames(alarm)).metricAlarms().stream()
                .map(MetricAlarm::stateValueAsString)
                .findFirst()
                .orElse("ALARM");
    }

    static List<Alarm> of(String policyArn, List<MetricAlarm> alarms) {
        return alarms.stream()
                .filter(alarm -> alarm.alarmActions().contains(policyArn)
                        || alarm.okActions().contains(policyArn)
                        || alarm.insufficientDataActions().contains(policyArn))
                .map(alarm -> Alarm.builder()
                        .alarmName(alarm.alarmName())
                        .alarmARN(alarm.alarmArn())
                        .build())
                .toList();
    }

    /** Has the alarms of a target tracking policy be as it says.
     *
     * @throws AwsServiceException ValidationError where CloudWatch does not take them */
    void put(Scope scope, GroupRecord group, ScalingPolicy policy) {
        TargetTrackingConfiguration tracking = policy.targetTrackingConfiguration();
        boolean enabled = !Boolean.FALSE.equals(policy.enabled());
        boolean shrinks = enabled && !Boolean.TRUE.equals(tracking.disableScaleIn());
        double target = tracking.targetValue();
        try {
            if (enabled) {
                hands(scope, group)
                        .putMetricAlarm(alarm(policy, HIGH)
                                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
                                .threshold(target)
                                .evaluationPeriods(PERIODS_TO_GROW)
                                .build());
            }
            if (shrinks) {
                hands(scope, group)
                        .putMetricAlarm(alarm(policy, LOW)
                                .comparisonOperator(ComparisonOperator.LESS_THAN_THRESHOLD)
                                .threshold(target * SHRINK_AT)
                                .evaluationPeriods(SECONDS_TO_SHRINK / period(tracking))
                                .build());
            }
        } catch (AwsServiceException e) {
            throw Refusals.of(AwsErrors.message(e));
        }
        if (!enabled) {
            delete(scope, group, policy);
        } else if (!shrinks) {
            delete(scope, group, name(policy, LOW));
        }
    }

    /** Deletes the alarms that a policy made, if it is one that makes some. */
    void delete(Scope scope, GroupRecord group, ScalingPolicy policy) {
        if (policy.policyType().equals(PolicyRecord.TARGET_TRACKING)) {
            delete(scope, group, name(policy, HIGH), name(policy, LOW));
        }
    }

    private void delete(Scope scope, GroupRecord group, String... names) {
        List<String> there = eyes(scope).describeAlarms(r -> r.alarmNames(names)).metricAlarms().stream()
                .map(MetricAlarm::alarmName)
                .toList();
        if (!there.isEmpty()) {
            hands(scope, group).deleteAlarms(r -> r.alarmNames(there));
        }
    }

    /** Deletes the alarms that a group's policies made, before the group goes. */
    void deleteAll(Scope scope, GroupRecord group, List<PolicyRecord> policies) {
        policies.forEach(policy -> delete(scope, group, policy.policy()));
    }

    /** Whether all of these policies that may shrink the group want to. */
    boolean wantFewer(Scope scope, List<ScalingPolicy> policies) {
        return policies.stream()
                .filter(policy -> policy.policyType().equals(PolicyRecord.TARGET_TRACKING)
                        && !Boolean.FALSE.equals(policy.enabled())
                        && !Boolean.TRUE.equals(
                                policy.targetTrackingConfiguration().disableScaleIn()))
                .allMatch(policy -> eyes(scope)
                                .describeAlarms(
                                        r -> r.alarmNames(name(policy, LOW)).stateValue(StateValue.ALARM))
                                .metricAlarms()
                                .size()
                        == 1);
    }

    private static String name(ScalingPolicy policy, String which) {
        return "TargetTracking-" + policy.autoScalingGroupName() + "-" + which + "-"
                + UUID.nameUUIDFromBytes((policy.policyARN() + which).getBytes(StandardCharsets.UTF_8));
    }

    private static PutMetricAlarmRequest.Builder alarm(ScalingPolicy policy, String which) {
        TargetTrackingConfiguration tracking = policy.targetTrackingConfiguration();
        PutMetricAlarmRequest.Builder alarm = PutMetricAlarmRequest.builder()
                .alarmName(name(policy, which))
                .alarmDescription("DO NOT EDIT OR DELETE. For TargetTrackingScaling policy " + policy.policyARN() + ".")
                .alarmActions(policy.policyARN());
        if (tracking.predefinedMetricSpecification() != null) {
            predefined(alarm, tracking.predefinedMetricSpecification());
        } else {
            customized(alarm, tracking.customizedMetricSpecification());
        }
        return alarm;
    }

    private static void predefined(PutMetricAlarmRequest.Builder alarm, PredefinedMetricSpecification metric) {
        Matcher label = LABEL.matcher(Objects.requireNonNullElse(metric.resourceLabel(), ""));
        if (!label.matches()) {
            throw Refusals.of(
                    "ResourceLabel must be of the form app/load-balancer-name/load-balancer-id/targetgroup/target-group-name/target-group-id");
        }
        alarm.namespace("AWS/ApplicationELB")
                .metricName("RequestCountPerTarget")
                .statistic("Sum")
                .period(PERIOD)
                .dimensions(
                        Dimension.builder()
                                .name("LoadBalancer")
                                .value(label.group(1))
                                .build(),
                        Dimension.builder()
                                .name("TargetGroup")
                                .value(label.group(2))
                                .build());
    }

    private static void customized(PutMetricAlarmRequest.Builder alarm, CustomizedMetricSpecification metric) {
        if (metric.metrics().isEmpty()) {
            if (metric.metricName() == null || metric.namespace() == null || metric.statistic() == null) {
                throw Refusals.of(
                        "CustomizedMetricSpecification must specify MetricName, Namespace and Statistic, or Metrics");
            }
            alarm.namespace(metric.namespace())
                    .metricName(metric.metricName())
                    .statistic(metric.statisticAsString())
                    .unit(metric.unit())
                    .period(metric.period() == null ? Integer.valueOf(PERIOD) : metric.period())
                    .dimensions(dimensions(metric.dimensions()));
            return;
        }
        if (metric.metricName() != null || metric.namespace() != null || metric.statistic() != null) {
            throw Refusals.of("CustomizedMetricSpecification must specify a metric or Metrics, not both");
        }
        List<MetricDataQuery> queries = new ArrayList<>();
        metric.metrics().forEach(query -> queries.add(query(query)));
        alarm.metrics(queries);
    }

    private static MetricDataQuery query(TargetTrackingMetricDataQuery query) {
        MetricDataQuery.Builder built = MetricDataQuery.builder()
                .id(query.id())
                .expression(query.expression())
                .label(query.label())
                .returnData(!Boolean.FALSE.equals(query.returnData()));
        if (query.metricStat() == null) {
            return built.period(query.period()).build();
        }
        var stat = query.metricStat();
        return built.metricStat(s -> s.stat(stat.stat())
                        .unit(stat.unit())
                        .period(stat.period() == null ? Integer.valueOf(PERIOD) : stat.period())
                        .metric(m -> m.namespace(stat.metric().namespace())
                                .metricName(stat.metric().metricName())
                                .dimensions(dimensions(stat.metric().dimensions()))))
                .build();
    }

    private static List<Dimension> dimensions(List<MetricDimension> dimensions) {
        return dimensions.stream()
                .map(dimension -> Dimension.builder()
                        .name(dimension.name())
                        .value(dimension.value())
                        .build())
                .toList();
    }

    private static int period(TargetTrackingConfiguration tracking) {
        CustomizedMetricSpecification metric = tracking.customizedMetricSpecification();
        if (metric == null) {
            return PERIOD;
        }
        return metric.metrics().stream()
                .filter(query ->
                        query.metricStat() != null && query.metricStat().period() != null)
                .map(query -> query.metricStat().period())
                .findFirst()
                .orElse(metric.period() == null ? Integer.valueOf(PERIOD) : metric.period());
    }
}
