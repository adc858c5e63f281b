package dev.terrane.cloudwatch;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** CloudWatch's rows. */
final class CloudWatchTables {
    private static final String PLACE = "place";
    private static final String ALARM = "alarm";
    private static final int MOST_IN_MEMORY = 5_000;

    private final Store store;
    private final Rows<MetricRecord> metrics;
    private final Map<Tier, Rows<SamplesRecord>> samples = new EnumMap<>(Tier.class);
    private final Rows<AlarmRecord> alarms;
    private final Rows<CompositeRecord> composites;
    private final Rows<HistoryRecord> history;
    private final Rows<ActionRecord> actions;
    private final Rows<DashboardRecord> dashboards;

    CloudWatchTables(Store store) {
        this.store = store;
        metrics = store.rows(Table.of("cloudwatch.metric", MetricRecord.class, MetricRecord::hash)
                .index(PLACE, r -> r.metric().place()));
        for (Tier tier : Tier.values()) {
            samples.put(tier, store.rows(tier.table()));
        }
        alarms = store.rows(Table.of("cloudwatch.alarm", AlarmRecord.class, AlarmRecord::name));
        composites = store.rows(Table.of("cloudwatch.composite", CompositeRecord.class, CompositeRecord::name));
        history = store.rows(Table.of("cloudwatch.history", HistoryRecord.class, HistoryRecord::key)
                .index(ALARM, HistoryRecord::ofAlarm));
        actions = store.rows(Table.of("cloudwatch.action", ActionRecord.class, ActionRecord::key));
        dashboards = store.rows(Table.of("cloudwatch.dashboard", DashboardRecord.class, DashboardRecord::name));
    }

    void transact(Runnable work) {
        store.transact(work);
    }

    void afterCommit(Runnable work) {
        store.afterCommit(work);
    }

    /** A metric, which may change meanwhile without harm. */
    Optional<MetricRecord> metric(Scope scope, String hash) {
        return metrics.peek(scope, hash);
    }

    void put(Scope scope, MetricRecord metric) {
        metrics.put(scope, metric);
    }

    void deleteMetric(Scope scope, String hash) {
        metrics.delete(scope, hash);
    }

    /** Metrics by namespace and name, those whose place begins with a prefix. */
    Page<MetricRecord> metrics(Scope scope, String prefix, Optional<String> after, int limit) {
        Query query = prefix.isEmpty() ? Query.index(PLACE) : Query.indexPrefix(PLACE, prefix);
        return metrics.list(scope, query.after(after).limit(limit));
    }

    void everyMetric(BiConsumer<Scope, MetricRecord> visitor) {
        metrics.everywhere(visitor);
    }

    void put(Scope scope, Tier tier, SamplesRecord record) {
        rows(tier).put(scope, record);
    }

    void delete(Scope scope, Tier tier, SamplesRecord record) {
        rows(tier).delete(scope, record.key());
    }

    /** A tier's samples of a metric from a second, inclusive, to another, exclusive, in order of time. */
    void samples(Scope scope, Tier tier, String metric, long from, long to, Consumer<SamplesRecord> visitor) {
        Query query = Query.all()
                .between(SamplesRecord.key(metric, from), SamplesRecord.key(metric, to))
                .limit(MOST_IN_MEMORY);
        Optional<String> after = Optional.empty();
        do {
            Page<SamplesRecord> page = rows(tier).list(scope, query.after(after));
            page.values().forEach(visitor);
            after = page.next();
        } while (after.isPresent());
    }

    /** The first samples of a tier in a span of time, and whether there are more. */
    Page<SamplesRecord> samples(Scope scope, Tier tier, String metric, long from, long to, int limit) {
        return rows(tier)
                .list(
                        scope,
                        Query.all()
                                .between(SamplesRecord.key(metric, from), SamplesRecord.key(metric, to))
                                .limit(limit));
    }

    private Rows<SamplesRecord> rows(Tier tier) {
        return java.util.Objects.requireNonNull(samples.get(tier));
    }

    Optional<AlarmRecord> alarm(Scope scope, String name) {
        return alarms.get(scope, name);
    }

    Optional<AlarmRecord> peekAlarm(Scope scope, String name) {
        return alarms.peek(scope, name);
    }

    Page<AlarmRecord> alarms(Scope scope, Query query) {
        return alarms.list(scope, query);
    }

    /** All alarms of a scope. */
    List<AlarmRecord> alarms(Scope scope) {
        List<AlarmRecord> all = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            Page<AlarmRecord> page = alarms.list(scope, Query.all().after(after));
            all.addAll(page.values());
            after = page.next();
        } while (after.isPresent());
        return all;
    }

    void everyAlarm(BiConsumer<Scope, AlarmRecord> visitor) {
        alarms.everywhere(visitor);
    }

    void put(Scope scope, AlarmRecord alarm) {
        alarms.put(scope, alarm);
    }

    void deleteAlarm(Scope scope, String name) {
        alarms.delete(scope, name);
    }

    Optional<CompositeRecord> composite(Scope scope, String name) {
        return composites.get(scope, name);
    }

    Optional<CompositeRecord> peekComposite(Scope scope, String name) {
        return composites.peek(scope, name);
    }

    Page<CompositeRecord> composites(Scope scope, Query query) {
        return composites.list(scope, query);
    }

    List<CompositeRecord> composites(Scope scope) {
        return composites.all(scope);
    }

    void everyComposite(BiConsumer<Scope, CompositeRecord> visitor) {
        composites.everywhere(visitor);
    }

    void put(Scope scope, CompositeRecord alarm) {
        composites.put(scope, alarm);
    }

    void deleteComposite(Scope scope, String name) {
        composites.delete(scope, name);
    }

    void put(Scope scope, HistoryRecord item) {
        history.put(scope, item);
    }

    void delete(Scope scope, HistoryRecord item) {
        history.delete(scope, item.key());
    }

    /** History, of one alarm or of all. */
    Page<HistoryRecord> history(
            Scope scope, Optional<String> alarm, boolean newestFirst, Optional<String> after, int limit) {
        Query query = alarm.map(name -> Query.indexPrefix(ALARM, HistoryRecord.prefix(name)))
                .orElseGet(Query::all)
                .after(after)
                .limit(limit);
        return history.list(scope, newestFirst ? query.reversed() : query);
    }

    void everyHistoryBefore(Instant time, BiConsumer<Scope, HistoryRecord> visitor) {
        history.everywhere((scope, item) -> {
            if (item.time().isBefore(time)) {
                visitor.accept(scope, item);
            }
        });
    }

    void put(ActionRecord action) {
        actions.put(Scope.INSTALLATION, action);
    }

    void delete(ActionRecord action) {
        actions.delete(Scope.INSTALLATION, action.key());
    }

    /** What is still to be done, the oldest first. */
    List<ActionRecord> actions(int limit) {
        return actions.list(Scope.INSTALLATION, Query.all().limit(limit)).values();
    }

    Optional<DashboardRecord> dashboard(Scope scope, String name) {
        return dashboards.get(scope, name);
    }

    Page<DashboardRecord> dashboards(Scope scope, Query query) {
        return dashboards.list(scope, query);
    }

    void put(Scope scope, DashboardRecord dashboard) {
        dashboards.put(scope, dashboard);
    }

    void deleteDashboard(Scope scope, String name) {
        dashboards.delete(scope, name);
    }
}
