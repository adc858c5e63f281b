package dev.terrane.cloudwatchlogs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Scope;
import dev.terrane.testkit.TestServer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.*;

/** Groups, streams, tags and resource policies. */
final class LogGroupsTest {
    private final TestServer server = TestServer.with(CloudWatchLogsService::new);
    private final CloudWatchLogsClient logs = server.client(CloudWatchLogsClient.class);

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    @Test
    void listsGroupsByPagesAndPrefix() {
        for (String name : new String[] {"/a/1", "/a/2", "/b/1"}) {
            logs.createLogGroup(r -> r.logGroupName(name).tags(Map.of("k", "v")));
        }
        assertThatThrownBy(() -> logs.createLogGroup(r -> r.logGroupName("/a/1")))
                .isInstanceOf(ResourceAlreadyExistsException.class);
        DescribeLogGroupsResponse first = logs.describeLogGroups(r -> r.limit(2));
        assertThat(first.logGroups()).extracting(LogGroup::logGroupName).containsExactly("/a/1", "/a/2");
        assertThat(logs.describeLogGroups(r -> r.nextToken(first.nextToken())).logGroups())
                .extracting(LogGroup::arn)
                .containsExactly("arn:aws:logs:us-east-1:123456789012:log-group:/b/1:*");
        assertThat(logs.describeLogGroups(r -> r.logGroupNamePrefix("/a")).logGroups())
                .hasSize(2);
        assertThatThrownBy(() -> logs.describeLogGroups(r -> r.nextToken("x")))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void forgetsADeletedGroupWithItsStreams() {
        logs.createLogGroup(r -> r.logGroupName("g"));
        logs.createLogStream(r -> r.logGroupName("g").logStreamName("s"));
        logs.putLogEvents(r -> r.logGroupName("g")
                .logStreamName("s")
                .logEvents(InputLogEvent.builder()
                        .timestamp(server.clock().millis())
                        .message("x")
                        .build()));
        logs.deleteLogGroup(r -> r.logGroupName("g"));
        logs.createLogGroup(r -> r.logGroupName("g"));
        assertThat(logs.describeLogStreams(r -> r.logGroupName("g")).logStreams())
                .isEmpty();
        assertThatThrownBy(() -> logs.deleteLogStream(r -> r.logGroupName("g").logStreamName("s")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void tagsGroups() {
        logs.createLogGroup(r -> r.logGroupName("g"));
        String arn = "arn:aws:logs:us-east-1:123456789012:log-group:g";
        logs.tagResource(r -> r.resourceArn(arn).tags(Map.of("a", "1", "b", "2")));
        logs.untagResource(r -> r.resourceArn(arn).tagKeys("a"));
        assertThat(logs.listTagsForResource(r -> r.resourceArn(arn)).tags()).containsExactly(Map.entry("b", "2"));
        assertThatThrownBy(() -> logs.tagResource(r -> r.resourceArn(arn).tags(Map.of("aws:x", "1"))))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void letsAServiceWriteWhomAResourcePolicyAllows() {
        logs.createLogGroup(r -> r.logGroupName("/aws/events/x"));
        Scope scope = new Scope(TestServer.ACCOUNT, TestServer.REGION);
        CloudWatchLogsClient events = server.platform()
                .clients()
                .client(CloudWatchLogsClient.class, new Actor.Service("events.amazonaws.com", scope, ""));
        assertThatThrownBy(() -> events.createLogStream(
                        r -> r.logGroupName("/aws/events/x").logStreamName("s")))
                .isInstanceOf(AwsServiceException.class)
                .hasMessageContaining("not authorized");
        logs.putResourcePolicy(r -> r.policyName("events").policyDocument("""
                        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},
                        "Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/*:*"}]}"""));
        events.createLogStream(r -> r.logGroupName("/aws/events/x").logStreamName("s"));
        assertThat(logs.describeResourcePolicies(r -> {}).resourcePolicies()).hasSize(1);
        logs.deleteResourcePolicy(r -> r.policyName("events"));
        assertThatThrownBy(() -> logs.deleteResourcePolicy(r -> r.policyName("events")))
                .isInstanceOf(ResourceNotFoundException.class);
    }
}
