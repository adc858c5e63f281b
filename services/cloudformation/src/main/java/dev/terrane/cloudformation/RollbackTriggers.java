package dev.terrane.cloudformation;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.model.RollbackConfiguration;
import software.amazon.awssdk.services.cloudformation.model.RollbackTrigger;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/**
 * Alarms by which an operation on a stack is rolled back. They are looked at while resources are worked on, and for a time after.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-rollback-triggers.html">Rollback triggers</a>
 */
final class RollbackTriggers {
    /** How often alarms are looked at: as often as the quickest of them is evaluated. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Map<String, AlarmType> TYPES = Map.of(
            "AWS::CloudWatch::Alarm", AlarmType.METRIC_ALARM,
            "AWS::CloudWatch::CompositeAlarm", AlarmType.COMPOSITE_ALARM);

    private final Clients clients;

    RollbackTriggers(Clients clients) {
        this.clients = clients;
    }

    /** What a request says of them, which leaves as it was what it does not name.
     *
     * @throws AwsServiceException when they cannot be watched */
    static RollbackConfiguration given(@Nullable RollbackConfiguration asked, RollbackConfiguration was) {
        if (asked == null) {
            return was;
        }
        for (RollbackTrigger trigger : asked.rollbackTriggers()) {
            boolean alarm = Arn.find(trigger.arn())
                    .filter(arn ->
                            arn.service().equals("cloudwatch") && arn.resource().startsWith("alarm:"))
                    .isPresent();
            if (!alarm || !TYPES.containsKey(trigger.type())) {
                throw Refusals.invalid("Invalid rollback trigger: " + trigger.arn() + " of type " + trigger.type());
            }
        }
        return RollbackConfiguration.builder()
                .rollbackTriggers(asked.hasRollbackTriggers() ? asked.rollbackTriggers() : was.rollbackTriggers())
                .monitoringTimeInMinutes(
                        asked.monitoringTimeInMinutes() != null
                                ? asked.monitoringTimeInMinutes()
                                : was.monitoringTimeInMinutes())
                .build();
    }

    static boolean watched(StackRecord stack) {
        return !stack.settings().rollback().rollbackTriggers().isEmpty();
    }

    /** For how long they are looked at when all resources are there. */
    static Duration after(StackRecord stack) {
        Integer minutes = stack.settings().rollback().monitoringTimeInMinutes();
        return Duration.ofMinutes(minutes == null ? 0 : minutes);
    }

    /** Why the operation on a stack is to be rolled back; empty as long as it is not. */
    String breach(StackRecord stack) {
        for (RollbackTrigger trigger : stack.settings().rollback().rollbackTriggers()) {
            Optional<StateValue> state = state(stack, trigger);
            if (state.isEmpty()) {
                return "Rollback trigger " + trigger.arn() + " does not exist. ";
            }
            if (state.get() == StateValue.ALARM) {
                return "Rollback trigger " + trigger.arn() + " is in ALARM state. ";
            }
        }
        return "";
    }

    private Optional<StateValue> state(StackRecord stack, RollbackTrigger trigger) {
        Scope scope = Call.current().scope();
        Arn arn = Arn.parse(trigger.arn());
        DescribeAlarmsResponse found = clients.client(CloudWatchClient.class, stack.actor(scope), arn.region())
                .describeAlarms(r -> r.alarmNames(arn.resource().substring("alarm:".length()))
                        .alarmTypes(TYPES.get(trigger.type())));
        Stream<StateValue> metric = found.metricAlarms().stream()
                .filter(one -> one.alarmArn().equals(trigger.arn()))
                .map(MetricAlarm::stateValue);
        Stream<StateValue> composite = found.compositeAlarms().stream()
                .filter(one -> one.alarmArn().equals(trigger.arn()))
                .map(CompositeAlarm::stateValue);
        return Stream.concat(metric, composite).findFirst();
    }
}
