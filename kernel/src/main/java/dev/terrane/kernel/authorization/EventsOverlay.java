package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** EventBridge: a rule's ARN holds its bus unless that is the default one. */
final class EventsOverlay implements Overlay {
    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        return switch (type.name()) {
            case "rule-on-default-event-bus" -> Optional.of(bus(asked).equals("default") ? rule("", asked) : List.of());
            case "rule-on-custom-event-bus" ->
                Optional.of(bus(asked).equals("default") ? List.of() : rule(bus(asked) + "/", asked));
            case "event-bus" -> buses(action, asked);
            default -> Optional.empty();
        };
    }

    private static String bus(Asked asked) {
        String bus = asked.text("eventbusname").orElse("default");
        return Arn.isArn(bus) ? Arn.parse(bus).name() : bus;
    }

    private static List<String> rule(String bus, Asked asked) {
        List<String> names = new ArrayList<>(asked.members().texts("rule"));
        if (asked.operation().endsWith("Rule")) {
            names.addAll(asked.members().texts("name"));
        }
        List<String> arns = new ArrayList<>(
                names.stream().map(name -> arn("rule/" + bus + name, asked)).toList());
        asked.text("resourcearn")
                .filter(arn -> arn.contains(":rule/") && arn.split("/").length == (bus.isEmpty() ? 2 : 3))
                .ifPresent(arns::add);
        return arns;
    }

    private static Optional<List<String>> buses(String action, Asked asked) {
        if (action.equals("PutEvents")) {
            List<String> buses = new ArrayList<>(asked.members().at("Entries.EventBusName"));
            Object entries = asked.members().member("entries").orElse(List.of());
            if (!(entries instanceof List<?> list) || buses.size() < list.size() || buses.isEmpty()) {
                buses.add("default");
            }
            return Optional.of(buses.stream()
                    .distinct()
                    .map(bus -> Arn.isArn(bus) ? bus : arn("event-bus/" + bus, asked))
                    .toList());
        }
        List<String> buses = new ArrayList<>(asked.members().texts("eventbusname"));
        if (asked.operation().endsWith("EventBus")) {
            buses.addAll(asked.members().texts("name"));
        }
        if (buses.isEmpty()
                && (asked.operation().endsWith("Permission")
                        || asked.operation().endsWith("EventBus"))) {
            buses.add("default");
        }
        for (String arn : List.of(
                asked.text("resourcearn").orElse(""),
                asked.operation().equals("CreateArchive")
                        ? asked.text("eventsourcearn").orElse("")
                        : "",
                asked.members().at("Destination.Arn").stream().findFirst().orElse(""))) {
            if (arn.contains(":event-bus/")) {
                buses.add(arn);
            }
        }
        return Optional.of(buses.stream()
                .map(bus -> Arn.isArn(bus) ? bus : arn("event-bus/" + bus, asked))
                .toList());
    }

    private static String arn(String resource, Asked asked) {
        return new Arn(
                        asked.scope().partition(),
                        "events",
                        asked.scope().region(),
                        asked.scope().account(),
                        resource)
                .toString();
    }

    @Override
    public Map<String, List<String>> conditions(Asked asked) {
        Map<String, List<String>> conditions = new LinkedHashMap<>();
        put(conditions, "events:source", asked.members().at("Entries.Source"));
        put(conditions, "events:detail-type", asked.members().at("Entries.DetailType"));
        put(conditions, "events:TargetArn", asked.members().at("Targets.Arn"));
        return conditions;
    }

    private static void put(Map<String, List<String>> conditions, String key, List<String> values) {
        if (!values.isEmpty()) {
            conditions.put(key, values.stream().distinct().toList());
        }
    }
}
