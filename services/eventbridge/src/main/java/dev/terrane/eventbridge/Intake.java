package dev.terrane.eventbridge;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.event.Event;
import dev.terrane.kernel.event.Events;
import java.time.Instant;
import java.util.List;

/**
 * Where events come in: those of customers, of all services, of schedules and of other buses. An event that matches a rule is stored before
 * anyone is told that it was accepted; one that matches none is done with.
 */
final class Intake implements Events.Listener {
    private static final String CLOUDTRAIL = "AWS API Call via CloudTrail";

    private final EventBridgeTables tables;
    private final RuleIndex index;
    private final Clock clock;
    private final Deliveries deliveries;

    Intake(EventBridgeTables tables, RuleIndex index, Clock clock, Deliveries deliveries) {
        this.tables = tables;
        this.index = index;
        this.clock = clock;
        this.deliveries = deliveries;
    }

    @Override
    public void receive(Event event) {
        accept(new Scope(event.account(), event.region()), BusRecord.DEFAULT, event);
    }

    /** Many at once share a commit. */
    @Override
    public List<Event> receiveAll(List<Event> events) {
        tables.transact(() -> events.forEach(this::receive));
        return List.of();
    }

    /** Takes an event onto a bus, in the current transaction. */
    void accept(Scope scope, String bus, Event event) {
        accept(scope, bus, event.id(), EventJson.of(event), false);
    }

    /** Takes an event in its JSON form, which may come from another bus. */
    void accept(Scope scope, String bus, String id, String json, boolean forwarded) {
        List<String> rules = index.matching(scope, bus, json);
        if (!rules.isEmpty() && readsManagementEvent(json)) {
            rules = rules.stream()
                    .filter(rule -> tables.peekRule(scope, bus, rule)
                            .filter(RuleRecord::cloudTrailReads)
                            .isPresent())
                    .toList();
        }
        if (!rules.isEmpty()) {
            store(scope, bus, id, json, rules, forwarded);
        }
    }

    /** A call that only reads goes to rules alone that ask for all management events. */
    private static boolean readsManagementEvent(String json) {
        return json.contains(CLOUDTRAIL)
                && EventJson.read(json).path("detail-type").asString("").equals(CLOUDTRAIL)
                && EventJson.read(json).path("detail").path("readOnly").asBoolean(false);
    }

    /** The event of a rule's schedule, which goes to that rule's targets only. */
    void scheduled(Scope scope, RuleRecord rule, Instant time, String id) {
        Event event = new Event(
                id,
                "aws.events",
                "Scheduled Event",
                scope.account(),
                scope.region(),
                time,
                List.of(Names.ruleArn(scope, rule.bus(), rule.name())),
                "{}");
        store(scope, rule.bus(), id, EventJson.of(event), List.of(rule.name()), false);
    }

    private void store(Scope scope, String bus, String id, String json, List<String> rules, boolean forwarded) {
        Instant now = clock.instant();
        // The key is made of the event's id, so that an event that is given again while this is under way is not
        // doubled.
        AcceptedRecord accepted = new AcceptedRecord(
                scope.account() + "/" + scope.region() + "/" + bus + "/" + id,
                scope.account(),
                scope.region(),
                bus,
                id,
                json,
                rules,
                now,
                forwarded);
        tables.put(accepted);
        tables.afterCommit(() -> deliveries.accepted(accepted.key()));
    }
}
