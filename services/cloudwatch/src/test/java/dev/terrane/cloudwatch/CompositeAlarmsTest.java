package dev.terrane.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.event.Event;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.ActionsSuppressedBy;
import software.amazon.awssdk.services.cloudwatch.model.AlarmHistoryItem;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.PutCompositeAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.cloudwatch.model.Tag;
import tools.jackson.databind.JsonNode;

/** Composite alarms follow other alarms by their rule. */
final class CompositeAlarmsTest {
    private static final String TOPIC = "arn:aws:sns:us-east-1:123456789012:team";

    private final TestServer server = TestServer.with(CloudWatchService::new);
    private CloudWatchClient cloudWatch = server.client(CloudWatchClient.class);

    @BeforeEach
    void makeAlarms() {
        for (String name : List.of("a", "b", "quiet time")) {
            cloudWatch.putMetricAlarm(r -> r.alarmName(name)
                    .namespace("App")
                    .metricName(name)
                    .statistic(Statistic.SUM)
                    .period(86_400)
                    .evaluationPeriods(1)
                    .threshold(1.0)
                    .treatMissingData("ignore")
                    .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD));
            set(name, StateValue.OK);
        }
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private void set(String alarm, StateValue state) {
        cloudWatch.setAlarmState(r -> r.alarmName(alarm).stateValue(state).stateReason("told so"));
    }

    private void put(String name, String rule) {
        put(name, rule, r -> {});
    }

    private void put(String name, String rule, Consumer<PutCompositeAlarmRequest.Builder> more) {
        cloudWatch.putCompositeAlarm(r -> more.accept(r.alarmName(name).alarmRule(rule)));
    }

    private CompositeAlarm described(String name) {
        return cloudWatch
                .describeAlarms(r -> r.alarmNames(name).alarmTypes(AlarmType.COMPOSITE_ALARM))
                .compositeAlarms()
                .getFirst();
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            int atRest = server.clock().sleepers();
            server.advance(Duration.ofSeconds(1));
            // All that looks at alarms has looked, and waits for the next time.
            TestServer.await(() -> server.clock().sleepers() >= atRest);
        }
    }

    private void await(String name, StateValue state) {
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            return described(name).stateValue() == state;
        });
    }

    private void awaitSuppression(ActionsSuppressedBy by) {
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            return described("main").actionsSuppressedBy() == by;
        });
    }

    private long actions(String name) {
        return cloudWatch
                .describeAlarmHistory(r ->
                        r.alarmName(name).alarmTypes(AlarmType.COMPOSITE_ALARM).historyItemType("Action"))
                .alarmHistoryItems()
                .size();
    }

    @Test
    void followsItsRuleAndTellsIt() {
        put(
                "both",
                "ALARM(a) AND ALARM(\"arn:aws:cloudwatch:us-east-1:123456789012:alarm:b\")",
                r -> r.alarmActions(TOPIC).alarmDescription("both of them"));
        assertThat(described("both").stateReason()).isEqualTo("Unchecked: Initial alarm creation");
        await("both", StateValue.OK);
        assertThat(described("both").stateReason())
                .isEqualTo(
                        "arn:aws:cloudwatch:us-east-1:123456789012:alarm:both was created and its alarm rule evaluates to OK");
        set("a", StateValue.ALARM);
        pass(10);
        assertThat(described("both").stateValue()).isEqualTo(StateValue.OK);
        set("b", StateValue.ALARM);
        await("both", StateValue.ALARM);
        assertThat(described("both").stateReason())
                .startsWith(
                        "arn:aws:cloudwatch:us-east-1:123456789012:alarm:b transitioned to ALARM at Sunday 01 March, 2026 12:00:")
                .endsWith(" UTC");
        Event event = server.awaitEvents("CloudWatch Alarm State Change", 7).getLast();
        JsonNode detail = RecordCodec.json().readTree(event.detail());
        assertThat(detail.at("/alarmName").stringValue()).isEqualTo("both");
        assertThat(detail.at("/configuration/alarmRule").stringValue()).startsWith("ALARM(a) AND");
        assertThat(RecordCodec.json()
                        .readTree(detail.at("/state/reasonData").stringValue())
                        .at("/triggeringAlarms/0/arn")
                        .stringValue())
                .isEqualTo("arn:aws:cloudwatch:us-east-1:123456789012:alarm:b");
        // There is no SNS here, so that the action is tried four times and then fails.
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(10));
            return actions("both") == 1;
        });
        AlarmHistoryItem action = cloudWatch
                .describeAlarmHistory(r -> r.alarmName("both")
                        .alarmTypes(AlarmType.COMPOSITE_ALARM)
                        .historyItemType("Action"))
                .alarmHistoryItems()
                .getFirst();
        assertThat(action.alarmTypeAsString()).isEqualTo("CompositeAlarm");
        assertThat(action.historyData()).contains("TriggeringChildren");
        server.restart();
        cloudWatch = server.client(CloudWatchClient.class);
        set("a", StateValue.OK);
        await("both", StateValue.OK);
    }

    @ParameterizedTest
    @CsvSource({
        "TRUE, ALARM",
        "FALSE, OK",
        "NOT FALSE AND NOT (TRUE AND FALSE), ALARM",
        "TRUE OR TRUE AND FALSE, ALARM",
        "(TRUE OR TRUE) AND FALSE, OK",
        "OK(a) AND ok(b), ALARM",
        "INSUFFICIENT_DATA(a) OR ALARM('quiet time'), OK",
        "NOT NOT OK(\"quiet time\"), ALARM",
    })
    void rulesAreLogic(String rule, StateValue state) {
        put("rule", rule);
        await("rule", state);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALARM",
                "ALARM()",
                "ALARM(a",
                "ALARM(a) ALARM(b)",
                "AND TRUE",
                "NOT",
                "(TRUE",
                "a",
                "ALARM(a) XOR TRUE",
                "ALARM(a b)"
            })
    void whatIsNoRuleIsRefused(String rule) {
        assertThatThrownBy(() -> put("rule", rule)).hasMessageContaining("Error in AlarmRule");
    }

    @Test
    void oneMayFollowAnother() {
        put("inner", "ALARM(a)");
        put("outer", "NOT ALARM(inner)");
        await("outer", StateValue.ALARM);
        set("a", StateValue.ALARM);
        await("outer", StateValue.OK);
        assertThat(described("inner").stateValue()).isEqualTo(StateValue.ALARM);

        DescribeAlarmsResponse children = cloudWatch.describeAlarms(r -> r.childrenOfAlarmName("outer"));
        assertThat(children.compositeAlarms())
                .extracting(CompositeAlarm::alarmName)
                .containsExactly("inner");
        assertThat(children.compositeAlarms().getFirst().alarmRule()).isNull();
        assertThat(cloudWatch
                        .describeAlarms(r -> r.childrenOfAlarmName("inner"))
                        .metricAlarms())
                .extracting(MetricAlarm::alarmName)
                .containsExactly("a");
        assertThat(cloudWatch.describeAlarms(r -> r.parentsOfAlarmName("a")).compositeAlarms())
                .extracting(CompositeAlarm::alarmName)
                .containsExactly("inner");
        assertThatThrownBy(() -> cloudWatch.describeAlarms(
                        r -> r.childrenOfAlarmName("outer").alarmNamePrefix("o")))
                .hasMessageContaining("no other parameters");
    }

    @Test
    void whatIsDependedOnCannotBeDeleted() {
        put("inner", "ALARM(a) OR ALARM(b)");
        put("outer", "ALARM(inner)");
        assertThatThrownBy(() -> cloudWatch.deleteAlarms(r -> r.alarmNames("a")))
                .hasMessageContaining("Cannot delete a as there are composite alarm(s) depending on it.");
        assertThatThrownBy(() -> cloudWatch.deleteAlarms(r -> r.alarmNames("b", "a")))
                .hasMessageContaining("Cannot delete a,b as there are composite alarm(s) depending on them.");
        assertThatThrownBy(() -> cloudWatch.deleteAlarms(r -> r.alarmNames("inner")))
                .hasMessageContaining("Cannot delete inner as");
        cloudWatch.deleteAlarms(r -> r.alarmNames("outer"));
        cloudWatch.deleteAlarms(r -> r.alarmNames("inner"));
        cloudWatch.deleteAlarms(r -> r.alarmNames("a", "b"));
        assertThatThrownBy(() -> cloudWatch.deleteAlarms(r -> r.alarmNames("inner")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void alarmsInACircleAreNotEvaluated() {
        put("one", "FALSE");
        put("two", "ALARM(one)");
        await("two", StateValue.OK);
        put("one", "NOT ALARM(two)");
        pass(15);
        assertThat(described("one").stateValue()).isEqualTo(StateValue.OK);
        assertThatThrownBy(() -> cloudWatch.deleteAlarms(r -> r.alarmNames("one")))
                .hasMessageContaining("depending on it");
        put("one", "TRUE");
        await("two", StateValue.ALARM);
    }

    @Test
    void aSuppressorHoldsActionsBack() {
        put(
                "main",
                "ALARM(a)",
                r -> r.alarmActions(TOPIC)
                        .okActions(TOPIC)
                        .actionsSuppressor("quiet time")
                        .actionsSuppressorWaitPeriod(60)
                        .actionsSuppressorExtensionPeriod(30));
        await("main", StateValue.OK);
        assertThat(described("main").actionsSuppressedBy()).isEqualTo(ActionsSuppressedBy.WAIT_PERIOD);
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(10));
            return actions("main") == 1;
        });
        assertThat(described("main").actionsSuppressedBy()).isNull();
        set("a", StateValue.ALARM);
        await("main", StateValue.ALARM);
        set("quiet time", StateValue.ALARM);
        awaitSuppression(ActionsSuppressedBy.ALARM);
        assertThat(described("main").actionsSuppressedReason()).isEqualTo("Actions suppressed by quiet time");
        pass(120);
        assertThat(actions("main")).isEqualTo(1);
        set("quiet time", StateValue.OK);
        awaitSuppression(ActionsSuppressedBy.EXTENSION_PERIOD);
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(10));
            return actions("main") == 2;
        });
        assertThat(described("main").actionsSuppressedBy()).isNull();
    }

    @Test
    void listsGoOverBothTypes() {
        for (int i = 0; i < 3; i++) {
            put("composite" + i, "FALSE");
        }
        assertThat(cloudWatch.describeAlarms(r -> {}).compositeAlarms()).isEmpty();
        List<String> names = cloudWatch
                .describeAlarmsPaginator(r -> r.alarmTypes(AlarmType.METRIC_ALARM, AlarmType.COMPOSITE_ALARM)
                        .maxRecords(2))
                .stream()
                .peek(page -> assertThat(page.metricAlarms().size()
                                + page.compositeAlarms().size())
                        .isLessThanOrEqualTo(2))
                .flatMap(page -> java.util.stream.Stream.concat(
                        page.metricAlarms().stream().map(MetricAlarm::alarmName),
                        page.compositeAlarms().stream().map(CompositeAlarm::alarmName)))
                .toList();
        assertThat(names).containsExactly("a", "b", "quiet time", "composite0", "composite1", "composite2");
    }

    @Test
    void isTaggedAndDisabledLikeOthers() {
        put(
                "tagged",
                "TRUE",
                r -> r.tags(Tag.builder().key("team").value("red").build()).alarmActions(TOPIC));
        cloudWatch.disableAlarmActions(r -> r.alarmNames("tagged"));
        assertThat(described("tagged").actionsEnabled()).isFalse();
        String arn = described("tagged").alarmArn();
        cloudWatch.tagResource(
                r -> r.resourceARN(arn).tags(Tag.builder().key("a").value("b").build()));
        cloudWatch.untagResource(r -> r.resourceARN(arn).tagKeys("team"));
        assertThat(cloudWatch.listTagsForResource(r -> r.resourceARN(arn)).tags())
                .containsExactly(Tag.builder().key("a").value("b").build());
        await("tagged", StateValue.ALARM);
        pass(60);
        assertThat(actions("tagged")).isZero();
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> put("x", "ALARM(nobody) OR OK(none)"))
                .hasMessageContaining(
                        "Could not save the composite alarm as alarms [nobody, none] in the alarm rule do not exist");
        assertThatThrownBy(() -> put("x", "ALARM(x)")).hasMessageContaining("itself");
        assertThatThrownBy(() -> put("a", "TRUE"))
                .hasMessageContaining("A metric alarm with the name a already exists");
        assertThatThrownBy(() -> put("x", "TRUE", r -> r.actionsSuppressor("a")))
                .hasMessageContaining("ActionsSuppressorWaitPeriod");
        assertThatThrownBy(() -> put("x", "TRUE", r -> r.actionsSuppressorWaitPeriod(1)))
                .hasMessageContaining("require ActionsSuppressor");
        assertThatThrownBy(() -> put("x", "ALARM(\"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a\")"))
                .hasMessageContaining("account and region");
        put("x", "TRUE");
        assertThatThrownBy(() -> cloudWatch.putMetricAlarm(r -> r.alarmName("x")
                        .namespace("App")
                        .metricName("x")
                        .statistic(Statistic.SUM)
                        .period(60)
                        .evaluationPeriods(1)
                        .threshold(1.0)
                        .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)))
                .hasMessageContaining("A composite alarm with the name x already exists");
    }
}
