package dev.terrane.cloudwatch;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.store.RecordCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import tools.jackson.databind.JsonNode;

/**
 * Has scaling policies carried out, as CloudWatch's own service principal on behalf of an alarm: when its state changes, and once a minute for as long as it stays in a
 * state that has such actions. See "Alarm actions" in the CloudWatch user guide.
 */
final class ScalingActions {
    private static final int BETWEEN = 60;

    private final Clients clients;
    private final Map<AlarmWatch.Id, Long> last = new ConcurrentHashMap<>();

    ScalingActions(Clients clients) {
        this.clients = clients;
    }

    /** Whether an ARN is a scaling policy's. */
    static boolean isPolicy(Arn arn) {
        return arn.service().equals("autoscaling") && arn.resource().startsWith("scalingPolicy:");
    }

    /** The actions of an alarm in its state, or none where it is not to act. */
    static List<String> of(MetricAlarm alarm) {
        return Boolean.FALSE.equals(alarm.actionsEnabled()) ? List.of() : of(alarm, alarm.stateValue());
    }

    static List<String> of(MetricAlarm alarm, StateValue state) {
        return switch (state) {
            case OK -> alarm.okActions();
            case ALARM -> alarm.alarmActions();
            case INSUFFICIENT_DATA -> alarm.insufficientDataActions();
            case UNKNOWN_TO_SDK_VERSION -> List.of();
        };
    }

    /** The newest value that a state's reason tells, or null where it tells none. */
    static @Nullable Double value(MetricAlarm alarm) {
        if (alarm.stateReasonData() == null) {
            return null;
        }
        JsonNode values = RecordCodec.json().readTree(alarm.stateReasonData()).path("recentDatapoints");
        JsonNode newest = values.path(values.size() - 1);
        return newest.isNumber() ? newest.asDouble() : null;
    }

    /** Carries a policy out.
     *
     * @param value the metric's newest value, or null where it is not known
     */
    void perform(Scope scope, String alarmArn, String policy, @Nullable Double value, @Nullable Double threshold) {
        clients.client(
                        AutoScalingClient.class,
                        new Actor.Service("cloudwatch.amazonaws.com", scope, alarmArn),
                        scope.region())
                .executePolicy(
                        r -> r.policyName(policy).metricValue(value).breachThreshold(value == null ? null : threshold));
    }

    /** An alarm was found in the state that it had. */
    void stayed(AlarmWatch.Id id, MetricAlarm alarm, Optional<Double> value, long second) {
        List<String> policies = of(alarm).stream()
                .filter(target ->
                        Arn.find(target).filter(ScalingActions::isPolicy).isPresent())
                .toList();
        if (policies.isEmpty() || second - last.getOrDefault(id, 0L) < BETWEEN) {
            return;
        }
        last.put(id, second);
        for (String policy : policies) {
            try {
                perform(id.scope(), alarm.alarmArn(), policy, value.orElse(null), alarm.threshold());
            } catch (AwsServiceException e) {
                // The next minute comes; that the first one failed stands in the alarm's history.
                System.getLogger(ScalingActions.class.getName())
                        .log(System.Logger.Level.DEBUG, "{0}: {1}", policy, AwsErrors.message(e));
            }
        }
    }

    /** An alarm's state changed, and what there is to do is done for that; or the alarm is gone. */
    void changed(AlarmWatch.Id id, long second) {
        last.put(id, second);
    }

    void forget(AlarmWatch.Id id) {
        last.remove(id);
    }
}
