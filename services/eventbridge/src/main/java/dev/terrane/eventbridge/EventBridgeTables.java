package dev.terrane.eventbridge;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * EventBridge's rows. Buses, rules and targets belong to their account and region; what waits for delivery or for its time stands together for
 * the whole installation.
 */
final class EventBridgeTables {
    private static final Scope ALL = Scope.INSTALLATION;
    private static final String DUE = "due";
    private static final String TARGET_ARN = "arn";

    private final Store store;
    private final Rows<BusRecord> buses;
    private final Rows<RuleRecord> rules;
    private final Rows<TargetRecord> targets;
    private final Rows<AcceptedRecord> accepted;
    private final Rows<DeliveryRecord> deliveries;
    private final Rows<TimerRecord> timers;

    EventBridgeTables(Store store) {
        this.store = store;
        buses = store.rows(Table.of("events.bus", BusRecord.class, BusRecord::name));
        rules = store.rows(Table.of("events.rule", RuleRecord.class, RuleRecord::key));
        targets = store.rows(Table.of("events.target", TargetRecord.class, TargetRecord::key)
                .index(TARGET_ARN, t -> t.target().arn()));
        accepted = store.rows(Table.of("events.accepted", AcceptedRecord.class, AcceptedRecord::key));
        deliveries = store.rows(Table.of("events.delivery", DeliveryRecord.class, DeliveryRecord::key)
                .index(DUE, DeliveryRecord::dueKey));
        timers = store.rows(Table.of("events.timer", TimerRecord.class, TimerRecord::key)
                .index(DUE, timer -> DeliveryRecord.dueKey(timer.next())));
    }

    <T> T transact(Supplier<T> work) {
        return store.transact(work);
    }

    void transact(Runnable work) {
        store.transact(work);
    }

    /** Has something done once the transaction is durable. */
    void afterCommit(Runnable work) {
        store.afterCommit(work);
    }

    Optional<BusRecord> bus(Scope scope, String name) {
        return buses.get(scope, name);
    }

    /** A bus that may change meanwhile without harm to the call. */
    Optional<BusRecord> peekBus(Scope scope, String name) {
        return buses.peek(scope, name);
    }

    Page<BusRecord> buses(Scope scope, Query query) {
        return buses.list(scope, query);
    }

    void put(Scope scope, BusRecord bus) {
        buses.put(scope, bus);
    }

    void deleteBus(Scope scope, String name) {
        buses.delete(scope, name);
    }

    Optional<RuleRecord> rule(Scope scope, String bus, String name) {
        return rules.get(scope, RuleRecord.key(bus, name));
    }

    Optional<RuleRecord> peekRule(Scope scope, String bus, String name) {
        return rules.peek(scope, RuleRecord.key(bus, name));
    }

    Page<RuleRecord> rules(Scope scope, Query query) {
        return rules.list(scope, query);
    }

    void everyRule(BiConsumer<Scope, RuleRecord> visitor) {
        rules.everywhere(visitor);
    }

    void put(Scope scope, RuleRecord rule) {
        rules.put(scope, rule);
    }

    void deleteRule(Scope scope, RuleRecord rule) {
        rules.delete(scope, rule.key());
    }

    Optional<TargetRecord> target(Scope scope, String bus, String rule, String id) {
        return targets.get(scope, TargetRecord.key(bus, rule, id));
    }

    Page<TargetRecord> targets(Scope scope, String bus, String rule, Query query) {
        String prefix = TargetRecord.key(bus, rule, "");
        return targets.list(scope, query.between(prefix, prefix + '\uD7FF'));
    }

    List<TargetRecord> targets(Scope scope, String bus, String rule) {
        return targets(scope, bus, rule, Query.all()).values();
    }

    /** The targets of all rules that have an ARN. */
    List<TargetRecord> targetsWithArn(Scope scope, String arn) {
        return targets.list(scope, Query.equal(TARGET_ARN, arn)).values();
    }

    void put(Scope scope, TargetRecord target) {
        targets.put(scope, target);
    }

    void deleteTarget(Scope scope, TargetRecord target) {
        targets.delete(scope, target.key());
    }

    Optional<AcceptedRecord> accepted(String key) {
        return accepted.peek(ALL, key);
    }

    void eachAccepted(Consumer<AcceptedRecord> visitor) {
        accepted.everywhere((scope, event) -> visitor.accept(event));
    }

    void put(AcceptedRecord event) {
        accepted.put(ALL, event);
    }

    void deleteAccepted(String key) {
        accepted.delete(ALL, key);
    }

    List<DeliveryRecord> dueDeliveries(Instant now, int most) {
        return deliveries
                .list(ALL, Query.index(DUE).between("", after(now)).limit(most))
                .values();
    }

    void put(DeliveryRecord delivery) {
        deliveries.put(ALL, delivery);
    }

    void deleteDelivery(String key) {
        deliveries.delete(ALL, key);
    }

    List<TimerRecord> dueTimers(Instant now, int most) {
        return timers.list(ALL, Query.index(DUE).between("", after(now)).limit(most))
                .values();
    }

    /** The timer that comes first, and the delivery that does. */
    List<Instant> nextDue() {
        return List.of(
                timers.list(ALL, Query.index(DUE).limit(1)).values().stream()
                        .findFirst()
                        .map(TimerRecord::next)
                        .orElse(Instant.MAX),
                deliveries.list(ALL, Query.index(DUE).limit(1)).values().stream()
                        .findFirst()
                        .map(DeliveryRecord::due)
                        .orElse(Instant.MAX));
    }

    private static String after(Instant now) {
        return DeliveryRecord.dueKey(now.plusMillis(1));
    }

    Optional<TimerRecord> timer(String key) {
        return timers.get(ALL, key);
    }

    void put(TimerRecord timer) {
        timers.put(ALL, timer);
    }

    void deleteTimer(String key) {
        timers.delete(ALL, key);
    }
}
