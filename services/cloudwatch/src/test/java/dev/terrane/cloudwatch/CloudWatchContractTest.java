package dev.terrane.cloudwatch;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import java.util.List;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.cloudwatch.model.Tag;

final class CloudWatchContractTest extends ServiceContractSuite<CloudWatchClient> {
    CloudWatchContractTest() {
        super(CloudWatchClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(CloudWatchService::new);
    }

    @Override
    protected Names example(CloudWatchClient client, String name) {

        client.putMetricAlarm(r -> r.alarmName(name)
                .namespace("App")
                .metricName("Errors")
                .statistic(Statistic.SUM)
                .period(60)
                .evaluationPeriods(1)
                .threshold(1.0)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
                .tags(Tag.builder().key("made").value("here").build()));
        client.putCompositeAlarm(r -> r.alarmName(name + "-all")
                .alarmRule("ALARM(" + name + ")")
                .tags(Tag.builder().key("made").value("here").build()));
        client.putMetricAlarm(r -> r.alarmName(name + "-free")
                .namespace("App")
                .metricName("Errors")
                .statistic(Statistic.SUM)
                .period(60)
                .evaluationPeriods(1)
                .threshold(1.0)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD));
        client.putDashboard(r -> r.dashboardName(name).dashboardBody("{\"widgets\":[]}"));
        client.putMetricData(r -> r.namespace("App")
                .metricData(MetricDatum.builder().metricName(name).value(1.0).build()));
        return Names.of("AlarmName", name)
                .and("AlarmNames", name)
                .and("DeleteAlarms.AlarmNames", name + "-free")
                .and("PutCompositeAlarm.AlarmName", name + "-all")
                .and("AlarmRule", "ALARM(" + name + ")")
                .and("Namespace", "App")
                .and("MetricName", "Errors")
                .and("DashboardName", name)
                .and("DashboardNames", name)
                .and("DashboardBody", "{\"widgets\":[]}")
                .and("StartTime", TestServer.START.minusSeconds(600))
                .and("EndTime", TestServer.START)
                .and("Period", 60)
                .and("StateValue", "ALARM")
                .and("GetMetricStatistics.Statistics", "Sum")
                .and("ListMetrics.Namespace", "App")
                .and("PutMetricAlarm.Namespace", "App")
                .and("PutMetricAlarm.MetricName", "Errors")
                .and("PutMetricAlarm.Statistic", "Sum")
                .and("PutMetricAlarm.Period", 60)
                .and("PutMetricAlarm.Threshold", 1)
                .and(
                        "ResourceARN",
                        Arn.of("cloudwatch", TestServer.REGION, TestServer.ACCOUNT, "alarm:" + name)
                                .toString());
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("SetAlarmState.AlarmName", "none", "ResourceNotFound")
                .and("GetDashboard.DashboardName", "none", "DashboardNotFoundError")
                .and("DeleteAlarms.AlarmNames", List.of("none"), "ResourceNotFound")
                .and("DeleteDashboards.DashboardNames", List.of("none"), "DashboardNotFoundError")
                .and(
                        "ResourceARN",
                        Arn.of("cloudwatch", TestServer.REGION, TestServer.ACCOUNT, "alarm:none")
                                .toString(),
                        "ResourceNotFoundException");
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("code", "DeleteDashboards DashboardNotFoundError", "documented, though not in this model")
                .to("resource", "DescribeAlarms", "about all alarms")
                .to("resource", "DescribeAlarmHistory", "about all alarms")
                .to("region", "GetDashboard", "dashboards belong to no region")
                .to("region", "ListDashboards", "dashboards belong to no region");
    }
}
