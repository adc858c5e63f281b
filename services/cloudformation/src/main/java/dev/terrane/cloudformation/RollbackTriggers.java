package dev.terrane.cloudformation;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.model.RollbackConfiguration;
import software.amazon.awssdk.services.cloudformation.model.RollbackTrigger;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
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

    private static final String ALARM = "AWS::CloudWatch::Alarm";
    private static final String COMPOSITE = "AWS::CloudWatch::CompositeAlarm";

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
            if (trigger.type().equals(COMPOSITE)) {
                throw AwsErrors.of("NotImplemented", 501, "Composite alarms are not there yet: " + trigger.arn());
            }
            if (!alarm || !trigger.type().equals(ALARM)) {
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
            Optional<StateValue> state = state(stack, trigger.arn());
            if (state.isEmpty()) {
                return "Rollback trigger " + trigger.arn() + " does not exist. ";
            }
            if (state.get() == StateValue.ALARM) {
                return "Rollback trigger " + trigger.arn() + " is in ALARM state. ";
            }
        }
        return "";
    }

    private Optional<StateValue> state(StackRecord stack, String alarm) {
        Scope scope = Call.current().scope();
        Arn arn = Arn.parse(alarm);
        List<MetricAlarm> found = clients.client(CloudWatchClient.class, stack.actor(scope), arn.region())
                .describeAlarms(r -> r.alarmNames(arn.resource().substring("alarm:".length())))
                .metricAlarms();
        return found.stream()
                .filter(one -> one.alarmArn().equals(alarm))
                .map(MetricAlarm::stateValue)
                .findFirst();
    }
}
