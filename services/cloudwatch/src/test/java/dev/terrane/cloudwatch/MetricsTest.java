package dev.terrane.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.DimensionFilter;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterCombinationException;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterValueException;
import software.amazon.awssdk.services.cloudwatch.model.Metric;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

final class MetricsTest {
    private static final Instant NOON = TestServer.START;

    private TestServer server;
    private CloudWatchClient cloudWatch;

    @BeforeEach
    void start() {
        server = TestServer.with(CloudWatchService::new);
        cloudWatch = server.client(CloudWatchClient.class);
    }

    private static MetricDatum datum(Consumer<MetricDatum.Builder> of) {
        return MetricDatum.builder().applyMutation(of).build();
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private void put(String name, double value, int minute) {
        cloudWatch.putMetricData(r -> r.namespace("App")
                .metricData(datum(d -> d.metricName(name).value(value).timestamp(NOON.plusSeconds(60L * minute)))));
    }

    @Test
    void allFormsOfSamplesAddUp() {
        Dimension host = Dimension.builder().name("Host").value("a").build();
        MetricDatum base = MetricDatum.builder()
                .metricName("Latency")
                .dimensions(host)
                .unit(StandardUnit.MILLISECONDS)
                .timestamp(NOON)
                .build();
        cloudWatch.putMetricData(r -> r.namespace("App")
                .metricData(
                        base.toBuilder().value(10.0).build(),
                        base.toBuilder().values(20.0, 30.0).counts(2.0, 1.0).build()));
        cloudWatch.putMetricData(
                r -> r.namespace("App").metricData(base.toBuilder().value(0.5).build()));
        server.restart();
        cloudWatch = server.client(CloudWatchClient.class);
        List<Datapoint> points = cloudWatch
                .getMetricStatistics(r -> r.namespace("App")
                        .metricName("Latency")
                        .dimensions(host)
                        .startTime(NOON)
                        .endTime(NOON.plusSeconds(120))
                        .period(60)
                        .statistics(
                                Statistic.SUM,
                                Statistic.MINIMUM,
                                Statistic.MAXIMUM,
                                Statistic.SAMPLE_COUNT,
                                Statistic.AVERAGE))
                .datapoints();
        assertThat(points)
                .containsExactly(Datapoint.builder()
                        .timestamp(NOON)
                        .unit(StandardUnit.MILLISECONDS)
                        .sum(80.5)
                        .minimum(0.5)
                        .maximum(30.0)
                        .sampleCount(5.0)
                        .average(16.1)
                        .build());
    }

    @Test
    void percentilesAreExactForFewValuesAndCloseForMany() {
        List<Double> values =
                DoubleStream.iterate(1, v -> v + 1).limit(100).boxed().toList();
        cloudWatch.putMetricData(r ->
                r.namespace("App").metricData(datum(d -> d.metricName("Few").values(values))));
        for (int i = 0; i < 10; i++) {
            int part = i;
            cloudWatch.putMetricData(r -> r.namespace("App")
                    .metricData(datum(d -> d.metricName("Many")
                            .values(IntStream.rangeClosed(1, 100)
                                    .mapToObj(v -> (double) (part * 100 + v))
                                    .toList()))));
        }
        assertThat(extended("Few", "p99")).isEqualTo(99);
        assertThat(extended("Few", "p50")).isEqualTo(50);
        assertThat(extended("Few", "tm90")).isEqualTo(45.5);
        assertThat(extended("Few", "TC(10%:90%)")).isCloseTo(80, within());
        assertThat(extended("Few", "PR(:30)")).isCloseTo(30, within());
        assertThat(extended("Many", "p90")).isBetween(890.0, 910.0);
        assertThat(extended("Many", "p100")).isEqualTo(1000);
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1e-9);
    }

    private double extended(String metric, String statistic) {
        return cloudWatch
                .getMetricStatistics(r -> r.namespace("App")
                        .metricName(metric)
                        .startTime(NOON)
                        .endTime(NOON.plusSeconds(60))
                        .period(60)
                        .extendedStatistics(statistic))
                .datapoints()
                .getFirst()
                .extendedStatistics()
                .getOrDefault(statistic, Double.NaN);
    }

    @Test
    void whatIsNoDataIsRefused() {
        assertThatThrownBy(() -> cloudWatch.putMetricData(r -> r.namespace("AWS/EC2")
                        .metricData(datum(d -> d.metricName("x").value(1.0)))))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining("The value AWS/ for parameter Namespace is invalid.");
        assertThatThrownBy(() -> put("x", Double.NaN, 0)).isInstanceOf(InvalidParameterValueException.class);
        assertThatThrownBy(() -> put("x", 1, -60 * 24 * 15)).isInstanceOf(InvalidParameterValueException.class);
        assertThatThrownBy(() -> put("x", 1, 121)).isInstanceOf(InvalidParameterValueException.class);
        assertThatThrownBy(() -> cloudWatch.putMetricData(r -> r.namespace("App")
                        .metricData(datum(d -> d.metricName("x").value(1.0).values(2.0)))))
                .isInstanceOf(InvalidParameterCombinationException.class);
        assertThatThrownBy(() -> cloudWatch.getMetricStatistics(r -> r.namespace("App")
                        .metricName("x")
                        .startTime(NOON)
                        .endTime(NOON.plus(Duration.ofDays(2)))
                        .period(60)
                        .statistics(Statistic.SUM)))
                .isInstanceOf(InvalidParameterCombinationException.class)
                .hasMessageContaining("You have requested up to 2,880 datapoints, which exceeds the limit of 1,440.");
    }

    @Test
    void metricsAreListedByNamespaceNameAndDimensions() {
        for (int i = 0; i < 501; i++) {
            String host = "h%03d".formatted(i);
            cloudWatch.putMetricData(r -> r.namespace("App")
                    .metricData(datum(d -> d.metricName("Load")
                            .value(1.0)
                            .dimensions(
                                    Dimension.builder().name("Host").value(host).build()))));
        }
        put("Other", 1, 0);
        var first = cloudWatch.listMetrics(r -> r.namespace("App").metricName("Load"));
        assertThat(first.metrics()).hasSize(500);
        assertThat(cloudWatch
                        .listMetrics(r -> r.namespace("App").metricName("Load").nextToken(first.nextToken()))
                        .metrics())
                .hasSize(1);
        assertThat(cloudWatch
                        .listMetrics(r -> r.dimensions(DimensionFilter.builder()
                                .name("Host")
                                .value("h007")
                                .build()))
                        .metrics())
                .extracting(Metric::metricName)
                .containsExactly("Load");
        server.advance(Duration.ofDays(15));
        assertThat(cloudWatch.listMetrics(r -> {}).metrics()).isEmpty();
    }

    private static MetricDataQuery metric(String id, String name) {
        return MetricDataQuery.builder()
                .id(id)
                .returnData(false)
                .metricStat(s -> s.metric(m -> m.namespace("App").metricName(name))
                        .period(60)
                        .stat("Sum"))
                .build();
    }

    private GetMetricDataResponse evaluated(String expression) {
        return cloudWatch.getMetricData(r -> r.startTime(NOON)
                .endTime(NOON.plusSeconds(240))
                .scanBy(ScanBy.TIMESTAMP_ASCENDING)
                .metricDataQueries(
                        MetricDataQuery.builder()
                                .id("e1")
                                .expression(expression)
                                .build(),
                        metric("m1", "A"),
                        metric("m2", "B")));
    }

    private List<Double> values(String expression) {
        return evaluated(expression).metricDataResults().getFirst().values();
    }

    @Test
    void mathIsDoneOverMetrics() {
        put("A", 10, 0);
        put("A", 30, 1);
        put("A", 20, 3);
        put("B", 2, 0);
        put("B", 0, 1);
        put("B", 4, 2);
        put("B", 5, 3);
        assertThat(values("m1 + m2 * 2")).containsExactly(14.0, 30.0, 30.0);
        assertThat(values("m1 / m2")).containsExactly(5.0, 4.0);
        assertThat(values("-m1^2 + 1")).containsExactly(-99.0, -899.0, -399.0);
        assertThat(values("SUM([m1, m2])")).containsExactly(12.0, 30.0, 4.0, 25.0);
        assertThat(values("MAX(METRICS())")).containsExactly(10.0, 30.0, 4.0, 20.0);
        assertThat(values("m1 - AVG(m1)")).containsExactly(-10.0, 10.0, 0.0);
        assertThat(values("FILL(m1, 0)")).containsExactly(10.0, 30.0, 0.0, 20.0);
        assertThat(values("FILL(m1, REPEAT)")).containsExactly(10.0, 30.0, 30.0, 20.0);
        assertThat(values("FILL(m1, LINEAR)")).containsExactly(10.0, 30.0, 25.0, 20.0);
        assertThat(values("IF(m1 > 15, m1, 0)")).containsExactly(0.0, 30.0, 20.0);
        assertThat(values("RATE(m2)*PERIOD(m2)")).containsExactly(-2.0, 4.0, 1.0);
        assertThat(values("DIFF(m2)")).containsExactly(-2.0, 4.0, 1.0);
        assertThat(values("RUNNING_SUM(m1)")).containsExactly(10.0, 40.0, 60.0);
        assertThat(values("m1 >= 20 AND m2 < 1")).containsExactly(0.0, 1.0, 0.0);
        assertThat(evaluated("METRICS('m')").metricDataResults()).hasSize(2);
    }

    @Test
    void mathThatIsNoneIsRefused() {
        for (String wrong : List.of("m1 +", "m9", "SUM(m1", "NOPE(m1)", "e1 + 1", "m1 $ 2", "AVG(m1)")) {
            assertThatThrownBy(() -> evaluated(wrong))
                    .as(wrong)
                    .isInstanceOfSatisfying(
                            AwsServiceException.class,
                            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationError"));
        }
        assertThatThrownBy(() -> evaluated("SEARCH('{App} A', 'Sum', 60)"))
                .hasMessageContaining("SEARCH is not supported by Terrane yet");
        assertThatThrownBy(() -> evaluated("SELECT AVG(A) FROM App"))
                .hasMessageContaining("Metrics Insights queries are not supported by Terrane yet");
    }

    @Test
    void dataIsGivenInPages() {
        for (int i = 0; i < 4; i++) {
            put("A", i, i);
        }
        var first = cloudWatch.getMetricData(r -> r.startTime(NOON)
                .endTime(NOON.plusSeconds(240))
                .maxDatapoints(3)
                .metricDataQueries(
                        metric("m1", "A").toBuilder().returnData(true).build()));
        assertThat(first.metricDataResults().getFirst().values()).containsExactly(3.0, 2.0, 1.0);
        var second = cloudWatch.getMetricData(r -> r.startTime(NOON)
                .endTime(NOON.plusSeconds(240))
                .maxDatapoints(3)
                .nextToken(first.nextToken())
                .metricDataQueries(
                        metric("m1", "A").toBuilder().returnData(true).build()));
        assertThat(second.metricDataResults().getFirst().values()).containsExactly(0.0);
        assertThat(second.nextToken()).isNull();
    }
}
