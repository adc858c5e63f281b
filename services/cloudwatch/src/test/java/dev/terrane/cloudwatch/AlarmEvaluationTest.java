package dev.terrane.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.cloudwatch.AlarmEvaluation.Point;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/**
 * The tables of "Configuring how CloudWatch alarms treat missing data": an evaluation range of five, the newest last, where X
 * breaches, 0 does not, and a dash is missing.
 */
final class AlarmEvaluationTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
                    3, 0-X-X, OK,                OK,   OK,    OK
                    3, 0----, OK,                OK,   OK,    OK
                    3, -----, INSUFFICIENT_DATA, SAME, ALARM, OK
                    3, 0XX-X, ALARM,             ALARM, ALARM, ALARM
                    3, --X--, ALARM,             SAME, ALARM, OK
                    3, ----X, SAME,              SAME, ALARM, OK
                    3, ---X-, SAME,              SAME, ALARM, OK
                    2, 0-X-X, ALARM,             ALARM, ALARM, ALARM
                    2, 00X0X, ALARM,             ALARM, ALARM, ALARM
                    2, 0-X--, OK,                OK,   ALARM, OK
                    2, ----0, OK,                OK,   ALARM, OK
                    2, ---X-, ALARM,             SAME, ALARM, OK
                    """)
    void missingDataIsTreatedAsDocumented(
            int toAlarm, String data, String missing, String ignore, String breaching, String notBreaching) {
        assertThat(state(toAlarm, data, "missing")).as("missing").isEqualTo(missing);
        assertThat(state(toAlarm, data, "ignore")).as("ignore").isEqualTo(ignore);
        assertThat(state(toAlarm, data, "breaching")).as("breaching").isEqualTo(breaching);
        assertThat(state(toAlarm, data, "notBreaching")).as("notBreaching").isEqualTo(notBreaching);
    }

    private static String state(int toAlarm, String data, String treatment) {
        MetricAlarm alarm = MetricAlarm.builder()
                .evaluationPeriods(3)
                .datapointsToAlarm(toAlarm)
                .threshold(5.0)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
                .treatMissingData(treatment)
                .build();
        List<Point> points = new ArrayList<>();
        for (int i = data.length() - 1; i >= 0; i--) {
            points.add(
                    switch (data.charAt(i)) {
                        case 'X' -> new Point(60L * i, 10.0, 1);
                        case '0' -> new Point(60L * i, 1.0, 1);
                        default -> Point.missing(60L * i);
                    });
        }
        return AlarmEvaluation.of(alarm, points)
                .state()
                .map(StateValue::toString)
                .orElse("SAME");
    }
}
