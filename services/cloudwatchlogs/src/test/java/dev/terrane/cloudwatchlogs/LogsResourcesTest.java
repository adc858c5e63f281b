package dev.terrane.cloudwatchlogs;

import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

class LogsResourcesTest extends ResourceTypeSuite {
    @Override
    protected TestServer start() {
        return SubscriptionFixture.start();
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::Logs::");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        on.client(CloudWatchLogsClient.class).createLogGroup(r -> r.logGroupName("there"));
        String role = SubscriptionFixture.prepare(on);
        String subscription = "{'LogGroupName':'there','FilterName':'errors','RoleArn':'" + role
                + "','DestinationArn':'" + SubscriptionFixture.STREAM + "','FilterPattern':";
        String policy = "{'Version':'2012-10-17','Statement':[{'Sid':'%s','Effect':'Allow','Principal':{'Service':"
                + "'events.amazonaws.com'},'Action':'logs:PutLogEvents','Resource':'*'}]}";
        String filter = "{'LogGroupName':'there','FilterName':'errors','FilterPattern':";
        return List.of(
                ResourceExample.of("AWS::Logs::LogGroup", "{}")
                        .then("{'RetentionInDays':7}")
                        .then("{'Tags':[{'Key':'b','Value':'1'},{'Key':'a','Value':'1'}]}"),
                ResourceExample.of(
                                "AWS::Logs::LogGroup",
                                "{'LogGroupName':'/app/web','LogGroupClass':'STANDARD','RetentionInDays':30,"
                                        + "'DeletionProtectionEnabled':true,'Tags':[{'Key':'a','Value':'1'}]}")
                        .alone()
                        .then("{'LogGroupName':'/app/web','RetentionInDays':1,'Tags':[{'Key':'b','Value':'2'}]}"),
                ResourceExample.of("AWS::Logs::LogStream", "{'LogGroupName':'there','LogStreamName':'one'}")
                        .alone(),
                ResourceExample.of("AWS::Logs::LogStream", "{'LogGroupName':'there'}"),
                ResourceExample.of(
                                "AWS::Logs::MetricFilter",
                                filter
                                        + "'{ $.level = \\\"ERROR\\\" }','MetricTransformations':[{'MetricName':'Errors',"
                                        + "'MetricNamespace':'App','MetricValue':'1','Unit':'Count','Dimensions':["
                                        + "{'Key':'host','Value':'$.host'}]}]}")
                        .alone()
                        .then(filter + "'','MetricTransformations':[{'MetricName':'All','MetricNamespace':'App',"
                                + "'MetricValue':'2','DefaultValue':0}]}"),
                ResourceExample.of(
                        "AWS::Logs::MetricFilter",
                        "{'LogGroupName':'there','FilterPattern':'ERROR','MetricTransformations':[{'MetricName':'E',"
                                + "'MetricNamespace':'App','MetricValue':'1'}]}"),
                ResourceExample.of("AWS::Logs::SubscriptionFilter", subscription + "'ERROR'}")
                        .alone()
                        .then(subscription + "'','Distribution':'Random'}"),
                ResourceExample.of(
                                "AWS::Logs::ResourcePolicy",
                                "{'PolicyName':'events','PolicyDocument':" + policy.formatted("one") + "}")
                        .alone()
                        .then("{'PolicyName':'events','PolicyDocument':" + policy.formatted("two") + "}"));
    }
}
