package dev.terrane.cloudwatch;

import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

class CloudWatchResourcesTest extends ResourceTypeSuite {
    @Override
    protected TestServer start() {
        return TestServer.with(CloudWatchService::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::CloudWatch::");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        String topic = "arn:aws:sns:us-east-1:123456789012:told";
        for (String name : List.of("left", "right")) {
            on.client(CloudWatchClient.class)
                    .putMetricAlarm(r -> r.alarmName(name)
                            .namespace("App")
                            .metricName("Errors")
                            .statistic(Statistic.SUM)
                            .period(60)
                            .evaluationPeriods(1)
                            .threshold(1.0)
                            .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD));
        }
        return List.of(
                ResourceExample.of("AWS::CloudWatch::CompositeAlarm", "{'AlarmRule':'ALARM(left) OR ALARM(right)'}")
                        .then("{'AlarmRule':'TRUE','AlarmDescription':'d'}"),
                ResourceExample.of("AWS::CloudWatch::CompositeAlarm", """
                        {'AlarmName':'both','AlarmDescription':'d','ActionsEnabled':false,'AlarmRule':'ALARM(left) AND NOT OK(right)',
                        'OKActions':['%s'],'AlarmActions':['%s'],'InsufficientDataActions':['%s'],
                        'ActionsSuppressor':'left','ActionsSuppressorWaitPeriod':60,'ActionsSuppressorExtensionPeriod':30,
                        'Tags':[{'Key':'b','Value':'1'},{'Key':'a','Value':'1'}]}""".formatted(topic, topic, topic))
                        .alone()
                        .then("{'AlarmName':'both','AlarmRule':'FALSE','Tags':[{'Key':'a','Value':'2'}]}"),
                ResourceExample.of("AWS::CloudWatch::Alarm", """
                        {'Namespace':'AWS/EC2','MetricName':'CPUUtilization','Statistic':'Average','Period':60,
                        'EvaluationPeriods':3,'Threshold':80,'ComparisonOperator':'GreaterThanThreshold'}""").then("""
                        {'Namespace':'AWS/EC2','MetricName':'CPUUtilization','ExtendedStatistic':'p99.5','Period':300,
                        'EvaluationPeriods':2,'Threshold':0.5,'ComparisonOperator':'LessThanOrEqualToThreshold',
                        'EvaluateLowSampleCountPercentile':'ignore','Unit':'Percent','AlarmDescription':'d'}"""),
                ResourceExample.of("AWS::CloudWatch::Alarm", """
                        {'AlarmName':'errors','AlarmDescription':'d','ActionsEnabled':false,'DatapointsToAlarm':2,
                        'EvaluationPeriods':3,'Threshold':5,'ComparisonOperator':'GreaterThanOrEqualToThreshold',
                        'TreatMissingData':'notBreaching','OKActions':['%s'],'AlarmActions':['%s'],
                        'InsufficientDataActions':['%s'],'Tags':[{'Key':'b','Value':'1'},{'Key':'a','Value':'1'}],
                        'Metrics':[{'Id':'e','Expression':'a / b','Label':'rate','ReturnData':true},
                        {'Id':'a','ReturnData':false,'MetricStat':{'Stat':'Sum','Period':60,'Unit':'Count',
                         'Metric':{'Namespace':'App','MetricName':'Errors','Dimensions':[{'Name':'x','Value':'y'}]}}},
                        {'Id':'b','ReturnData':false,'MetricStat':{'Stat':'Sum','Period':60,
                         'Metric':{'Namespace':'App','MetricName':'All'}}}]}""".formatted(topic, topic, topic))
                        .alone()
                        .then("""
                        {'AlarmName':'errors','EvaluationPeriods':1,'Threshold':1,'Period':60,'Statistic':'Sum',
                        'ComparisonOperator':'GreaterThanThreshold','Namespace':'App','MetricName':'Errors',
                        'Dimensions':[{'Name':'x','Value':'y'},{'Name':'a','Value':'b'}],
                        'Tags':[{'Key':'a','Value':'2'}]}"""),
                ResourceExample.of(
                                "AWS::CloudWatch::Dashboard",
                                "{'DashboardName':'main','DashboardBody':'{\\\"widgets\\\":[]}'}")
                        .alone()
                        .then(
                                "{'DashboardName':'main','DashboardBody':'{\\\"start\\\":\\\"-PT6H\\\",\\\"widgets\\\":[]}'}"),
                ResourceExample.of("AWS::CloudWatch::Dashboard", "{'DashboardBody':'{\\\"widgets\\\":[]}'}"));
    }
}
