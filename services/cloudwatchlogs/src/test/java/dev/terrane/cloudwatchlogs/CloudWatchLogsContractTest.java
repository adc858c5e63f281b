package dev.terrane.cloudwatchlogs;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import dev.terrane.testkit.contract.Tagging;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

final class CloudWatchLogsContractTest extends ServiceContractSuite<CloudWatchLogsClient> {
    private String role = "";

    CloudWatchLogsContractTest() {
        super(CloudWatchLogsClient.class);
    }

    @Override
    protected TestServer start() {
        TestServer server = SubscriptionFixture.start();
        role = SubscriptionFixture.prepare(server);
        return server;
    }

    @Override
    @SuppressWarnings("unchecked") // the SDK takes builders by generic varargs
    protected Names example(CloudWatchLogsClient client, String name) {

        client.createLogGroup(r -> r.logGroupName(name).tags(Map.of("made", "here")));
        client.createLogStream(r -> r.logGroupName(name).logStreamName("one"));
        client.createLogStream(r -> r.logGroupName(name).logStreamName("two"));
        client.createLogStream(r -> r.logGroupName(name).logStreamName("three"));
        client.putLogEvents(r -> r.logGroupName(name)
                .logStreamName("one")
                .logEvents(
                        e -> e.timestamp(server().clock().millis()).message("first"),
                        e -> e.timestamp(server().clock().millis()).message("second")));
        client.putMetricFilter(r -> r.logGroupName(name)
                .filterName("errors")
                .filterPattern("ERROR")
                .metricTransformations(
                        m -> m.metricName("Errors").metricNamespace("App").metricValue("1")));
        client.putSubscriptionFilter(r -> r.logGroupName(name)
                .filterName("errors")
                .filterPattern("ERROR")
                .destinationArn(SubscriptionFixture.STREAM)
                .roleArn(role));
        client.putResourcePolicy(r -> r.policyName("policy").policyDocument("""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},
                 "Action":"logs:PutLogEvents","Resource":"*"}]}"""));
        String arn = Arn.of("logs", TestServer.REGION, TestServer.ACCOUNT, "log-group:" + name)
                .toString();
        return Names.of("logGroupName", name)
                .and("DescribeLogStreams.logGroupName", name)
                .and("FilterLogEvents.logGroupName", name)
                .and("GetLogEvents.logGroupName", name)
                .and("DescribeMetricFilters.logGroupName", name)
                .and("logGroupIdentifier", name)
                .and("logStreamName", "one")
                .and("resourceArn", arn)
                .and("filterName", "errors")
                .and("filterPattern", "ERROR")
                .and("destinationArn", SubscriptionFixture.STREAM)
                .and("PutSubscriptionFilter.roleArn", role)
                .and("retentionInDays", 7)
                .and("metricValue", "1")
                .and("DeleteResourcePolicy.policyName", "policy")
                .and("PutResourcePolicy.policyName", "policy")
                .and("timestamp", server().clock().millis());
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("logGroupName", "none", "ResourceNotFoundException")
                .and("logGroupIdentifier", "none", "ResourceNotFoundException")
                .and("DeleteLogStream.logStreamName", "none", "ResourceNotFoundException")
                .and("PutLogEvents.logStreamName", "none", "ResourceNotFoundException")
                .and("GetLogEvents.logStreamName", "none", "ResourceNotFoundException")
                .and("DeleteMetricFilter.filterName", "none", "ResourceNotFoundException")
                .and("DeleteSubscriptionFilter.filterName", "none", "ResourceNotFoundException")
                .and("DeleteResourcePolicy.policyName", "none", "ResourceNotFoundException")
                .and(
                        "resourceArn",
                        Arn.of("logs", TestServer.REGION, TestServer.ACCOUNT, "log-group:none")
                                .toString(),
                        "ResourceNotFoundException");
    }

    @Override
    protected List<Tagging> tagging() {
        return List.of(
                new Tagging("TagResource", "UntagResource", "ListTagsForResource").many("TooManyTagsException"),
                new Tagging("TagLogGroup", "UntagLogGroup", "ListTagsLogGroup"));
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("page", "DescribeLogGroups", "storedBytes lags by a minute, and a crash loses that minute's count")
                .to(
                        "code",
                        "TagLogGroup TooManyTagsException",
                        "the retired operation's model does not have it; TagResource's has")
                .to(
                        "code",
                        "DescribeLogGroups ResourceNotFoundException",
                        "the model does not have it for its identifiers")
                .to(
                        "fault",
                        "background",
                        "a metric filter's numbers go to CloudWatch, which this server does not have")
                .to(
                        "code",
                        "ListTagsLogGroup InvalidParameterException",
                        "the model of a retired operation; the others answer so")
                .to(
                        "code",
                        "UntagLogGroup InvalidParameterException",
                        "the model of a retired operation; the others answer so");
    }
}
