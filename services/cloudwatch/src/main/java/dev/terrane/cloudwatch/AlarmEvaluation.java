package dev.terrane.cloudwatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/**
 * What state an alarm's data speaks for. More periods are looked at than the alarm counts, so that late data and gaps do not
 * change its state by themselves; see "How alarm state is evaluated when data is missing" in the CloudWatch user guide.
 */
final class AlarmEvaluation {
    /** So many periods more than evaluation periods are looked at. */
    static final int MORE = 2;

    private AlarmEvaluation() {}

    /** A period's value; missing where there is none. */
    record Point(long time, @Nullable Double value, double sampleCount) {
        static Point missing(long time) {
            return new Point(time, null, 0);
        }
    }

    /**
     * What was found.
     *
     * @param state the state, or empty for as it is
     * @param counted the values that were counted, newest first
     * @param filled how many missing ones were counted too
     */
    record Outcome(Optional<StateValue> state, List<Point> counted, int filled) {
        public Outcome {
            counted = List.copyOf(counted);
        }
    }

    /** Evaluates.
     *
     * @param points the evaluation range, newest first, as long as the evaluation periods and {@link #MORE}
     */
    static Outcome of(MetricAlarm alarm, List<Point> points) {
        int periods = alarm.evaluationPeriods();
        int toAlarm = toAlarm(alarm);
        List<Point> present = points.stream().filter(p -> p.value() != null).toList();
        if (present.size() >= periods) {
            return counted(alarm, toAlarm, present.subList(0, periods), 0, false);
        }
        int missing = periods - present.size();
        return switch (alarm.treatMissingData() == null ? "missing" : alarm.treatMissingData()) {
            case "breaching" -> counted(alarm, toAlarm, present, missing, true);
            case "notBreaching" -> counted(alarm, toAlarm, present, missing, false);
            case "ignore" ->
                undecided(alarm, toAlarm, present)
                        ? new Outcome(Optional.empty(), present, 0)
                        : counted(alarm, toAlarm, present, 0, false);
            default -> withoutMissing(alarm, toAlarm, points, present);
        };
    }

    static int toAlarm(MetricAlarm alarm) {
        return alarm.datapointsToAlarm() == null ? alarm.evaluationPeriods() : alarm.datapointsToAlarm();
    }

    private static Outcome counted(
            MetricAlarm alarm, int toAlarm, List<Point> present, int filled, boolean fillBreaches) {
        long breaching = present.stream().filter(p -> breaches(alarm, p)).count() + (fillBreaches ? filled : 0);
        return new Outcome(Optional.of(breaching >= toAlarm ? StateValue.ALARM : StateValue.OK), present, filled);
    }

    private static Outcome withoutMissing(MetricAlarm alarm, int toAlarm, List<Point> points, List<Point> present) {
        if (present.isEmpty()) {
            return new Outcome(Optional.of(StateValue.INSUFFICIENT_DATA), present, 0);
        }
        if (!undecided(alarm, toAlarm, present)) {
            return counted(alarm, toAlarm, present, 0, false);
        }
        // All that is known breaches. Once the oldest is as old as the data points that it takes, it is not waited for
        // more.
        int age = points.indexOf(present.getLast()) + 1;
        return new Outcome(age >= toAlarm ? Optional.of(StateValue.ALARM) : Optional.empty(), present, 0);
    }

    /** Whether all that is known breaches, and is too little for an alarm. */
    private static boolean undecided(MetricAlarm alarm, int toAlarm, List<Point> present) {
        return present.size() < toAlarm && present.stream().allMatch(p -> breaches(alarm, p));
    }

    private static boolean breaches(MetricAlarm alarm, Point point) {
        Double value = point.value();
        if (value == null) {
            return false;
        }
        double threshold = alarm.threshold();
        return switch (alarm.comparisonOperator()) {
            case GREATER_THAN_THRESHOLD -> value > threshold;
            case GREATER_THAN_OR_EQUAL_TO_THRESHOLD -> value >= threshold;
            case LESS_THAN_THRESHOLD -> value < threshold;
            case LESS_THAN_OR_EQUAL_TO_THRESHOLD -> value <= threshold;
            case LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD,
                    LESS_THAN_LOWER_THRESHOLD,
                    GREATER_THAN_UPPER_THRESHOLD,
                    UNKNOWN_TO_SDK_VERSION ->
                throw new IllegalStateException("An alarm with " + alarm.comparisonOperatorAsString());
        };
    }

    /** Those of the counted values that speak for a state, newest first. */
    static List<Point> speaking(MetricAlarm alarm, Outcome outcome, StateValue state) {
        List<Point> speaking = new ArrayList<>();
        for (Point point : outcome.counted()) {
            if (breaches(alarm, point) == (state == StateValue.ALARM)) {
                speaking.add(point);
            }
        }
        return speaking;
    }
}
