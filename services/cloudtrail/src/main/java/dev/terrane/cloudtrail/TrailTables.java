package dev.terrane.cloudtrail;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What the store holds of trails. They are all under their account, since each region sees those of the others. */
final class TrailTables {
    private static final Table<TrailRecord> TRAILS =
            Table.of("cloudtrail.trail", TrailRecord.class, r -> key(r.region(), r.name()));
    private static final Table<StatusRecord> STATUS =
            Table.of("cloudtrail.status", StatusRecord.class, StatusRecord::id);
    private static final Table<LoggingRecord> LOGGING =
            Table.of("cloudtrail.logging", LoggingRecord.class, _ -> LoggingRecord.KEY);

    /** The trails of an account that take events now: looked up at every call, so all in one row. */
    record LoggingRecord(List<TrailRecord> trails) {
        private static final String KEY = "trails";

        LoggingRecord {
            trails = List.copyOf(trails);
        }
    }

    private final Rows<TrailRecord> trails;
    private final Rows<StatusRecord> status;
    private final Rows<LoggingRecord> logging;

    TrailTables(Store store) {
        trails = store.rows(TRAILS);
        status = store.rows(STATUS);
        logging = store.rows(LOGGING);
    }

    private static String key(String region, String name) {
        return region + "/" + name;
    }

    Optional<TrailRecord> trail(Scope home, String name) {
        return trails.get(Scope.global(home.account()), key(home.region(), name));
    }

    /** The trail that a region knows by a name: its own, or one of all regions. */
    Optional<TrailRecord> visible(Scope here, String name) {
        return trail(here, name)
                .or(() -> trails(here.account()).stream()
                        .filter(trail -> trail.name().equals(name) && trail.covers(here.region()))
                        .findFirst());
    }

    /** All trails of an account, by region and name. */
    List<TrailRecord> trails(String account) {
        return trails.all(Scope.global(account));
    }

    /** The trails whose home a region is. */
    List<TrailRecord> trails(Scope home) {
        return trails.list(Scope.global(home.account()), Query.prefix(home.region() + "/"))
                .values();
    }

    /** The trails of an account that take events. */
    List<TrailRecord> logging(String account) {
        return logging.peek(Scope.global(account), LoggingRecord.KEY)
                .map(LoggingRecord::trails)
                .orElse(List.of());
    }

    void put(TrailRecord trail) {
        trails.put(Scope.global(trail.account()), trail);
        follow(trail.account(), trail.id(), trail.logging() ? List.of(trail) : List.of());
    }

    void delete(TrailRecord trail) {
        Scope account = Scope.global(trail.account());
        trails.delete(account, key(trail.region(), trail.name()));
        status.delete(account, trail.id());
        follow(trail.account(), trail.id(), List.of());
    }

    private void follow(String account, String id, List<TrailRecord> now) {
        Scope scope = Scope.global(account);
        List<TrailRecord> before =
                logging.get(scope, LoggingRecord.KEY).map(LoggingRecord::trails).orElse(List.of());
        List<TrailRecord> after = new ArrayList<>(before);
        after.removeIf(trail -> trail.id().equals(id));
        after.addAll(now);
        if (!after.equals(before)) {
            logging.put(scope, new LoggingRecord(after));
        }
    }

    StatusRecord status(TrailRecord trail) {
        return status.get(Scope.global(trail.account()), trail.id()).orElseGet(() -> StatusRecord.of(trail.id()));
    }

    void change(TrailRecord trail, UnaryOperator<StatusRecord> change) {
        status.put(Scope.global(trail.account()), change.apply(status(trail)));
    }
}
