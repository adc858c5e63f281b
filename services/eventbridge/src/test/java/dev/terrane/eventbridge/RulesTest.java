package dev.terrane.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBus;
import software.amazon.awssdk.services.eventbridge.model.InvalidEventPatternException;
import software.amazon.awssdk.services.eventbridge.model.ListRulesResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import software.amazon.awssdk.services.eventbridge.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eventbridge.model.Rule;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Tag;
import software.amazon.awssdk.services.eventbridge.model.Target;

final class RulesTest {
    private static final String PATTERN = "{\"source\":[\"my.app\"],\"detail\":{\"size\":[{\"numeric\":[\">\",10]}]}}";

    private TestServer server;
    private EventBridgeClient events;

    @BeforeEach
    void start() {
        server = TestServer.with(EventBridgeService::new);
        events = server.client(EventBridgeClient.class);
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    @Test
    void ruleIsKeptAsGivenAcrossARestart() {
        String arn = events.putRule(r -> r.name("big").eventPattern(PATTERN).description("big ones"))
                .ruleArn();
        assertThat(arn).isEqualTo("arn:aws:events:us-east-1:123456789012:rule/big");
        server.restart();
        events = server.client(EventBridgeClient.class);
        var rule = events.describeRule(r -> r.name("big"));
        assertThat(rule.eventPattern()).isEqualTo(PATTERN);
        assertThat(rule.state()).isEqualTo(RuleState.ENABLED);
        assertThat(rule.description()).isEqualTo("big ones");
        assertThat(rule.eventBusName()).isEqualTo("default");
    }

    @Test
    void patternThatIsNoneIsRefusedWithItsReason() {
        assertThatThrownBy(() -> events.putRule(r -> r.name("r").eventPattern("{\"source\":\"my.app\"}")))
                .isInstanceOf(InvalidEventPatternException.class)
                .hasMessageContaining("Event pattern is not valid. Reason: ")
                .hasMessageContaining("must be an object or an array");
        assertThatThrownBy(() -> events.putRule(r -> r.name("r").eventPattern("{}")))
                .isInstanceOf(InvalidEventPatternException.class);
    }

    @Test
    void ruleNeedsAPatternOrASchedule() {
        refused(
                () -> events.putRule(r -> r.name("r")),
                "ValidationException",
                "Parameter(s) EventPattern or ScheduleExpression must be specified.");
        for (String wrong :
                List.of("rate(1 minutes)", "rate(0 hours)", "rate(2 hour)", "cron(* * * * * *)", "every day")) {
            refused(
                    () -> events.putRule(r -> r.name("r").scheduleExpression(wrong)),
                    "ValidationException",
                    "Parameter ScheduleExpression is not valid.");
        }
        events.createEventBus(r -> r.name("own"));
        refused(
                () -> events.putRule(
                        r -> r.name("r").scheduleExpression("rate(1 minute)").eventBusName("own")),
                "ValidationException",
                "ScheduleExpression is supported only on the default event bus.");
    }

    @Test
    void ownBusHasRulesOfItsOwn() {
        assertThat(events.createEventBus(r -> r.name("own")).eventBusArn())
                .isEqualTo("arn:aws:events:us-east-1:123456789012:event-bus/own");
        assertThatThrownBy(() -> events.createEventBus(r -> r.name("own")))
                .isInstanceOf(ResourceAlreadyExistsException.class);
        assertThat(events.putRule(r -> r.name("r").eventBusName("own").eventPattern(PATTERN))
                        .ruleArn())
                .endsWith("rule/own/r");
        assertThat(events.listRules(r -> r.eventBusName("own")).rules())
                .extracting(Rule::name)
                .containsExactly("r");
        assertThat(events.listRules(r -> {}).rules()).isEmpty();
        assertThat(events.listEventBuses(r -> {}).eventBuses())
                .extracting(EventBus::name)
                .containsExactly("default", "own");
        refused(
                () -> events.deleteEventBus(r -> r.name("own")),
                "ValidationException",
                "Event bus own can't be deleted since it has rules.");
        refused(
                () -> events.deleteEventBus(r -> r.name("default")),
                "ValidationException",
                "Cannot delete event bus default.");
        events.deleteRule(r -> r.name("r").eventBusName("own"));
        events.deleteEventBus(r -> r.name("own"));
        assertThatThrownBy(() -> events.describeEventBus(r -> r.name("own")))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Event bus own does not exist.");
    }

    @Test
    void rulesAreListedInPages() {
        for (String name : List.of("a1", "a2", "a3", "b1")) {
            events.putRule(r -> r.name(name).eventPattern(PATTERN));
        }
        ListRulesResponse first = events.listRules(r -> r.namePrefix("a").limit(2));
        assertThat(first.rules()).extracting(Rule::name).containsExactly("a1", "a2");
        ListRulesResponse second =
                events.listRules(r -> r.namePrefix("a").limit(2).nextToken(first.nextToken()));
        assertThat(second.rules()).extracting(Rule::name).containsExactly("a3");
        assertThat(second.nextToken()).isNull();
        refused(() -> events.listRules(r -> r.nextToken("forged")), "ValidationException", "NextToken");
    }

    @Test
    void ruleWithTargetsIsNotDeleted() {
        events.putRule(r -> r.name("r").eventPattern(PATTERN));
        String queue = "arn:aws:sqs:us-east-1:123456789012:q";
        events.putTargets(
                r -> r.rule("r").targets(Target.builder().id("1").arn(queue).build()));
        assertThat(events.listRuleNamesByTarget(r -> r.targetArn(queue)).ruleNames())
                .containsExactly("r");
        refused(
                () -> events.deleteRule(r -> r.name("r")),
                "ValidationException",
                "Rule can't be deleted since it has targets.");
        assertThat(events.removeTargets(r -> r.rule("r").ids("2")).failedEntryCount())
                .isEqualTo(1);
        events.removeTargets(r -> r.rule("r").ids("1"));
        events.deleteRule(r -> r.name("r"));
        events.deleteRule(r -> r.name("r"));
        assertThatThrownBy(() -> events.describeRule(r -> r.name("r")))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Rule r does not exist on EventBus default.");
    }

    @Test
    void targetThatCannotBeReachedIsRefused() {
        events.putRule(r -> r.name("r").eventPattern(PATTERN));
        refused(
                () -> events.putTargets(r -> r.rule("r")
                        .targets(Target.builder().id("1").arn("queue").build())),
                "ValidationException",
                "Provided Arn is not in correct format.");
        refused(
                () -> events.putTargets(r -> r.rule("r")
                        .targets(Target.builder()
                                .id("1")
                                .arn("arn:aws:lambda:us-east-1:123456789012:function:f")
                                .build())),
                "ValidationException",
                "lambda is not offered as a target here");
        refused(
                () -> events.putTargets(r -> r.rule("r")
                        .targets(Target.builder()
                                .id("1")
                                .arn("arn:aws:codepipeline:us-east-1:123456789012:p")
                                .build())),
                "ValidationException",
                "RoleArn is required");
        refused(
                () -> events.putTargets(r -> r.rule("r")
                        .targets(Target.builder()
                                .id("1")
                                .arn("arn:aws:sqs:us-east-1:123456789012:q")
                                .inputTransformer(i -> i.inputTemplate("{\"a\": <x> oops}"))
                                .build())),
                "ValidationException",
                "Invalid InputTemplate for target 1");
    }

    @Test
    void entriesOfPutEventsAreJudgedOneByOne() {
        PutEventsResponse response = events.putEvents(r -> r.entries(
                entry("my.app", "{\"size\":11}"),
                entry("aws.ec2", "{}"),
                entry("my.app", "[]"),
                entry("my.app", "{\"a\":}"),
                PutEventsRequestEntry.builder().source("my.app").detail("{}").build()));
        assertThat(response.failedEntryCount()).isEqualTo(4);
        assertThat(response.entries())
                .extracting(PutEventsResultEntry::errorCode)
                .containsExactly(
                        null,
                        "NotAuthorizedForSourceException",
                        "MalformedDetail",
                        "MalformedDetail",
                        "InvalidArgument");
        assertThat(response.entries().getFirst().eventId()).hasSize(36);
        refused(
                () -> events.putEvents(r -> r.entries(entry("my.app", "{\"x\":\"" + "y".repeat(262_144) + "\"}"))),
                "ValidationException",
                "Total size of the entries in the request is over the limit.");
    }

    private static PutEventsRequestEntry entry(String source, String detail) {
        return PutEventsRequestEntry.builder()
                .source(source)
                .detailType("thing")
                .detail(detail)
                .build();
    }

    @Test
    void patternIsTestedAgainstAnEvent() {
        String event =
                "{\"id\":\"1\",\"account\":\"123456789012\",\"source\":\"my.app\",\"time\":\"2026-01-01T00:00:00Z\","
                        + "\"region\":\"us-east-1\",\"resources\":[],\"detail-type\":\"t\",\"detail\":{\"size\":11}}";
        assertThat(events.testEventPattern(r -> r.eventPattern(PATTERN).event(event))
                        .result())
                .isTrue();
        assertThat(events.testEventPattern(r -> r.eventPattern("{\"detail\":{\"size\":[{\"exists\":false}]}}")
                                .event(event))
                        .result())
                .isFalse();
        refused(
                () -> events.testEventPattern(r -> r.eventPattern(PATTERN).event("{\"id\":\"1\"}")),
                "ValidationException",
                "Parameter Event is not valid.");
    }

    @Test
    void whoMayNotIsDenied() {
        EventBridgeClient limited = server.clientWith(EventBridgeClient.class, """
                {"Version":"2012-10-17","Statement":[
                  {"Effect":"Allow","Action":"events:PutEvents","Resource":"*",
                   "Condition":{"StringEquals":{"events:source":"my.app"}}}]}""");
        assertThat(limited.putEvents(r -> r.entries(entry("my.app", "{}"))).failedEntryCount())
                .isZero();
        refused(
                () -> limited.putEvents(r -> r.entries(entry("other.app", "{}"))),
                "AccessDeniedException",
                "not authorized to perform: events:PutEvents");
        refused(
                () -> limited.putRule(r -> r.name("r").eventPattern(PATTERN)),
                "AccessDeniedException",
                "not authorized to perform: events:PutRule on resource: arn:aws:events:us-east-1:123456789012:rule/r");
    }

    @Test
    void busTellsItsPolicyStatementByStatement() {
        events.putPermission(
                r -> r.statementId("one").action("events:PutEvents").principal("210987654321"));
        events.putPermission(
                r -> r.statementId("two").action("events:PutEvents").principal("*"));
        assertThat(events.describeEventBus(r -> {}).policy())
                .contains("\"Sid\":\"one\"", "arn:aws:iam::210987654321:root", "\"Sid\":\"two\"");
        events.removePermission(r -> r.statementId("one"));
        assertThat(events.describeEventBus(r -> {}).policy()).doesNotContain("\"one\"");
        assertThatThrownBy(() -> events.removePermission(r -> r.statementId("one")))
                .isInstanceOf(ResourceNotFoundException.class);
        events.removePermission(r -> r.removeAllPermissions(true));
        assertThat(events.describeEventBus(r -> {}).policy()).isNull();
    }

    @Test
    void rulesAndBusesHaveTags() {
        String arn = events.putRule(r -> r.name("r").eventPattern(PATTERN).tags(tag("team", "a")))
                .ruleArn();
        events.tagResource(r -> r.resourceARN(arn).tags(tag("stage", "test")));
        events.untagResource(r -> r.resourceARN(arn).tagKeys("team"));
        assertThat(events.listTagsForResource(r -> r.resourceARN(arn)).tags()).containsExactly(tag("stage", "test"));
        refused(
                () -> events.tagResource(r -> r.resourceARN(arn).tags(tag("aws:x", "y"))),
                "ValidationException",
                "aws: prefixed tag key names are not allowed");
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private static void refused(Runnable call, String code, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code))
                .hasMessageContaining(message);
    }
}
