package dev.terrane.eventbridge;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Condition;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;

/** One statement of a bus's policy: as JSON, or as action, principal and condition. */
final class EventBusPolicyResource implements ResourceType {
    private static final String SID = "Sid";
    private static final String STATEMENT = "Statement";

    @Override
    public String name() {
        return "AWS::Events::EventBusPolicy";
    }

    @Override
    public Set<String> supported() {
        return Set.of("Action", "Condition", "EventBusName", "Principal", STATEMENT, "StatementId");
    }

    @Override
    public String create(ResourceWork work) {
        String id = EventsResources.bus(work.desired()) + "|" + work.desired().required("StatementId");
        work.mustBeNew(this, id);
        update(work, id);
        work.made(id);
        return id;
    }

    @Override
    public void update(ResourceWork work, String id) {
        EventBridgeClient events = work.client(EventBridgeClient.class);
        Properties desired = work.desired();
        if (!desired.has(STATEMENT)) {
            events.putPermission(r -> r.eventBusName(bus(id))
                    .statementId(statement(id))
                    .action(desired.text("Action").orElse(null))
                    .principal(desired.text("Principal").orElse(null))
                    .condition(desired.as("Condition", Condition.builder()).orElse(null)));
            return;
        }
        List<Properties> statements = new ArrayList<>(policy(work, id).objects(STATEMENT).stream()
                .filter(one -> !one.text(SID).orElse("").equals(statement(id)))
                .toList());
        statements.add(Properties.builder().put(SID, statement(id)).build().or(desired.object(STATEMENT)));
        String policy = Properties.builder()
                .put("Version", "2012-10-17")
                .put(STATEMENT, statements)
                .build()
                .toString();
        events.putPermission(r -> r.eventBusName(bus(id)).policy(policy));
    }

    private static String bus(String id) {
        return id.substring(0, id.indexOf('|'));
    }

    private static String statement(String id) {
        return id.substring(id.indexOf('|') + 1);
    }

    private static Properties policy(ResourceWork work, String id) {
        return work.ifThere(
                        ResourceNotFoundException.class,
                        () -> work.client(EventBridgeClient.class)
                                .describeEventBus(r -> r.name(bus(id)))
                                .policy())
                .map(Properties::parse)
                .orElse(Properties.NONE);
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.unlessGone(
                ResourceNotFoundException.class,
                () -> work.client(EventBridgeClient.class)
                        .removePermission(r -> r.eventBusName(bus(id)).statementId(statement(id))));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return policy(work, id).objects(STATEMENT).stream()
                .filter(one -> one.text(SID).orElse("").equals(statement(id)))
                .findFirst()
                .map(found -> told(work, id, found));
    }

    private static Properties told(ResourceWork work, String id, Properties found) {
        Properties.Builder properties = Properties.builder()
                .put("EventBusName", work.desired().text("EventBusName").orElse(bus(id)))
                .put("StatementId", statement(id));
        if (work.desired().has(STATEMENT) || !work.desired().has("Principal")) {
            return properties.put(STATEMENT, found).build();
        }
        properties
                .put("Action", found.text("Action"))
                .put(
                        "Principal",
                        found.text("Principal")
                                .or(() -> found.object("Principal")
                                        .text("AWS")
                                        .flatMap(Arn::find)
                                        .map(Arn::account)));
        found.object("Condition").node().properties().stream().findFirst().ifPresent(type -> {
            Map<String, String> values = found.object("Condition").textMap(type.getKey());
            values.forEach((key, value) -> properties.put(
                    "Condition",
                    Properties.builder()
                            .put("Type", type.getKey())
                            .put("Key", key)
                            .put("Value", value)
                            .build()));
        });
        return properties.build();
    }
}
