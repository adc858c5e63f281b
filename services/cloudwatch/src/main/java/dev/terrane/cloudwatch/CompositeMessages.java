package dev.terrane.cloudwatch;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.RecordCodec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import tools.jackson.databind.JsonNode;

/** What is said about composite alarms: reasons, events, notifications by SNS. See "Alarm events and EventBridge" in the CloudWatch user guide. */
final class CompositeMessages {
    private static final DateTimeFormatter LONG = DateTimeFormatter.ofPattern(
                    "EEEE dd MMMM, yyyy HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private CompositeMessages() {}

    /** Why a composite alarm changed its state: because another alarm did. */
    static String transitioned(String arn, String state, Instant when) {
        return arn + " transitioned to " + state + " at " + LONG.format(when);
    }

    /** The reason's data: the alarms that brought the state about. */
    static String data(List<Child> triggering) {
        return RecordCodec.json()
                .writeValueAsString(Map.of(
                        "triggeringAlarms",
                        triggering.stream()
                                .map(child -> {
                                    Map<String, Object> state = new LinkedHashMap<>();
                                    state.put("value", child.state());
                                    state.put("timestamp", AlarmReason.time(child.since()));
                                    Map<String, Object> alarm = new LinkedHashMap<>();
                                    alarm.put("arn", child.arn());
                                    alarm.put("state", state);
                                    return alarm;
                                })
                                .toList()));
    }

    /** An alarm of a rule, as it is now. */
    record Child(String arn, String state, Instant since) {}

    static Map<String, Object> stateChange(CompositeAlarm before, CompositeAlarm after) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("alarmName", after.alarmName());
        detail.put("state", state(after));
        detail.put("previousState", state(before));
        detail.put("configuration", configuration(after));
        return detail;
    }

    /** @param operation {@code create}, {@code update} or {@code delete} */
    static Map<String, Object> configurationChange(
            String operation, CompositeAlarm after, @Nullable CompositeAlarm before) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("alarmName", after.alarmName());
        detail.put("operation", operation);
        detail.put("state", state(after));
        detail.put("configuration", fullConfiguration(after));
        if (before != null) {
            detail.put("previousConfiguration", fullConfiguration(before));
        }
        return detail;
    }

    private static Map<String, Object> state(CompositeAlarm alarm) {
        Map<String, Object> state = new LinkedHashMap<>();
        if (alarm.actionsSuppressedBy() != null) {
            state.put("actionsSuppressedBy", alarm.actionsSuppressedByAsString());
            state.put("actionsSuppressedReason", alarm.actionsSuppressedReason());
        }
        state.put("value", alarm.stateValueAsString());
        state.put("reason", alarm.stateReason());
        if (alarm.stateReasonData() != null) {
            state.put("reasonData", alarm.stateReasonData());
        }
        state.put("timestamp", AlarmReason.time(alarm.stateUpdatedTimestamp()));
        return state;
    }

    private static Map<String, Object> configuration(CompositeAlarm alarm) {
        Map<String, Object> configuration = new LinkedHashMap<>();
        if (alarm.alarmDescription() != null) {
            configuration.put("description", alarm.alarmDescription());
        }
        configuration.put("alarmRule", alarm.alarmRule());
        if (alarm.actionsSuppressor() != null) {
            configuration.put("actionsSuppressor", alarm.actionsSuppressor());
            configuration.put("actionsSuppressorWaitPeriod", alarm.actionsSuppressorWaitPeriod());
            configuration.put("actionsSuppressorExtensionPeriod", alarm.actionsSuppressorExtensionPeriod());
        }
        return configuration;
    }

    private static Map<String, Object> fullConfiguration(CompositeAlarm alarm) {
        Map<String, Object> configuration = new LinkedHashMap<>(configuration(alarm));
        configuration.put("alarmName", alarm.alarmName());
        configuration.put("actionsEnabled", alarm.actionsEnabled());
        configuration.put("timestamp", AlarmReason.time(alarm.alarmConfigurationUpdatedTimestamp()));
        configuration.put("okActions", alarm.okActions());
        configuration.put("alarmActions", alarm.alarmActions());
        configuration.put("insufficientDataActions", alarm.insufficientDataActions());
        return configuration;
    }

    /** A notification's message. */
    static String notification(Scope scope, CompositeAlarm before, CompositeAlarm after) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("AlarmName", after.alarmName());
        message.put("AlarmDescription", after.alarmDescription());
        message.put("AWSAccountId", scope.account());
        message.put("NewStateValue", after.stateValueAsString());
        message.put("NewStateReason", after.stateReason());
        message.put("StateChangeTime", AlarmReason.time(after.stateUpdatedTimestamp()));
        message.put("Region", AlarmMessages.regionName(scope));
        message.put("AlarmArn", after.alarmArn());
        message.put("OKActions", after.okActions());
        message.put("AlarmActions", after.alarmActions());
        message.put("InsufficientDataActions", after.insufficientDataActions());
        message.put("OldStateValue", before.stateValueAsString());
        message.put("AlarmRule", after.alarmRule());
        message.put("TriggeringChildren", triggering(after));
        return RecordCodec.json().writeValueAsString(message);
    }

    private static List<Map<String, Object>> triggering(CompositeAlarm alarm) {
        if (alarm.stateReasonData() == null) {
            return List.of();
        }
        JsonNode alarms = RecordCodec.json().readTree(alarm.stateReasonData()).path("triggeringAlarms");
        return alarms.valueStream()
                .map(child -> Map.<String, Object>of(
                        "Arn",
                        child.path("arn").asString(""),
                        "State",
                        Map.of(
                                "Value",
                                child.path("state").path("value").asString(""),
                                "Timestamp",
                                child.path("state").path("timestamp").asString(""))))
                .toList();
    }
}
