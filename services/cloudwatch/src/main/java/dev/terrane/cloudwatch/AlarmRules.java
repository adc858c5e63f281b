package dev.terrane.cloudwatch;

import dev.terrane.kernel.call.Scope;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;

/** What PutMetricAlarm takes. See "PutMetricAlarm" in the CloudWatch API reference. */
final class AlarmRules {
    private static final Set<String> MISSING_DATA = Set.of("breaching", "notBreaching", "ignore", "missing");
    private static final int DAY = 86_400;
    private static final int HOUR = 3_600;

    private AlarmRules() {}

    static void check(PutMetricAlarmRequest request, Scope scope) {
        if (request.thresholdMetricId() != null) {
            throw Errors.validation("Alarms on anomaly detection bands are not supported by Terrane yet.");
        }
        if (request.comparisonOperator() == null) {
            throw Errors.validation("The parameter ComparisonOperator is required.");
        }
        switch (request.comparisonOperator()) {
            case LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD,
                    LESS_THAN_LOWER_THRESHOLD,
                    GREATER_THAN_UPPER_THRESHOLD,
                    UNKNOWN_TO_SDK_VERSION ->
                throw Errors.validation("Alarms on anomaly detection bands are not supported by Terrane yet.");
            case GREATER_THAN_THRESHOLD,
                    GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
                    LESS_THAN_THRESHOLD,
                    LESS_THAN_OR_EQUAL_TO_THRESHOLD -> {}
        }
        if (request.threshold() == null) {
            throw Errors.validation("The parameter Threshold is required.");
        }
        if (request.evaluationPeriods() == null) {
            throw Errors.validation("The parameter EvaluationPeriods is required.");
        }
        if (request.metrics().isEmpty()) {
            checkMetric(request);
        } else {
            checkQueries(request, scope.account());
        }
        checkEvaluation(request);
        AlarmActions.check(request.okActions(), scope);
        AlarmActions.check(request.alarmActions(), scope);
        AlarmActions.check(request.insufficientDataActions(), scope);
    }

    private static void checkMetric(PutMetricAlarmRequest request) {
        if (request.metricName() == null || request.namespace() == null) {
            throw Errors.validation("The parameters MetricName and Namespace, or Metrics, are required.");
        }
        if (request.period() == null) {
            throw Errors.validation("The parameter Period is required.");
        }
        checkPeriod(request.period());
        if ((request.statistic() == null) == (request.extendedStatistic() == null)) {
            throw Errors.validation("Exactly one of Statistic and ExtendedStatistic must be specified.");
        }
        if (request.extendedStatistic() != null) {
            Stat.parse(request.extendedStatistic());
        }
    }

    private static void checkQueries(PutMetricAlarmRequest request, String account) {
        if (request.metricName() != null
                || request.namespace() != null
                || request.period() != null
                || request.statistic() != null
                || request.extendedStatistic() != null
                || request.unit() != null
                || !request.dimensions().isEmpty()) {
            throw Errors.validation("Metrics list cannot be specified together with MetricName, Namespace, Dimensions,"
                    + " Period, Unit, Statistic or ExtendedStatistic.");
        }
        MetricQueries.check(request.metrics(), account);
        AlarmData.watched(request.metrics());
        Set<Integer> periods = request.metrics().stream()
                .map(MetricDataQuery::metricStat)
                .filter(Objects::nonNull)
                .map(stat -> stat.period())
                .collect(Collectors.toSet());
        if (periods.size() > 1) {
            throw Errors.validation("Period must not be different in the metrics of an alarm.");
        }
        periods.forEach(AlarmRules::checkPeriod);
        if (periods.isEmpty()) {
            throw Errors.validation("The metrics list must have a metric.");
        }
    }

    private static void checkPeriod(int period) {
        if (!List.of(10, 20, 30).contains(period) && period % 60 != 0) {
            throw Errors.validation("Period must be 10, 20, 30 or a multiple of 60.");
        }
    }

    private static void checkEvaluation(PutMetricAlarmRequest request) {
        if (request.treatMissingData() != null && !MISSING_DATA.contains(request.treatMissingData())) {
            throw Errors.validation(
                    "Option " + request.treatMissingData() + " is not supported for parameter TreatMissingData: "
                            + MISSING_DATA.stream().sorted().toList());
        }
        String lowCount = request.evaluateLowSampleCountPercentile();
        if (lowCount != null) {
            if (!lowCount.equals("evaluate") && !lowCount.equals("ignore")) {
                throw Errors.validation("Option " + lowCount
                        + " is not supported for parameter EvaluateLowSampleCountPercentile: [evaluate, ignore]");
            }
            if (request.extendedStatistic() == null
                    || !request.extendedStatistic().startsWith("p")) {
                throw Errors.validation("EvaluateLowSampleCountPercentile is only for alarms on percentiles.");
            }
        }
        Integer toAlarm = request.datapointsToAlarm();
        if (toAlarm != null && toAlarm > request.evaluationPeriods()) {
            throw Errors.validation("DatapointsToAlarm must be less than or equal to EvaluationPeriods.");
        }
        int period = request.period() != null
                ? request.period()
                : request.metrics().stream()
                        .filter(query -> query.metricStat() != null)
                        .mapToInt(query -> query.metricStat().period())
                        .max()
                        .orElse(60);
        long all = (long) period * request.evaluationPeriods();
        long most = period >= HOUR ? 7L * DAY : DAY;
        if (all > most) {
            throw Errors.validation("Metrics cannot be checked across more than "
                    + (most == DAY ? "a day" : "seven days") + " (EvaluationPeriods * Period must be <= " + most
                    + ").");
        }
    }
}
