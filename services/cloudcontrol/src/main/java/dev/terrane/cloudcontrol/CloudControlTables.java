package dev.terrane.cloudcontrol;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Everything of Cloud Control API as it is stored. */
final class CloudControlTables {
    /** How long requests are kept. */
    static final Duration KEPT = Duration.ofDays(7);

    /** How long a client token stands for its request. */
    static final Duration TOKEN_VALID = Duration.ofHours(36);

    private static final int FORGOTTEN_AT_ONCE = 100;
    private static final String TIME = "time";

    /** A request by the token that its client gave it.
     *
     * @param request the request's own token
     * @param fingerprint of what was asked for */
    record ClientTokenRecord(String clientToken, String request, String fingerprint, Instant time) {}

    /** A resource on which a request is at work.
     *
     * @param request its token */
    record LockRecord(String resource, String request) {}

    private final Store store;
    private final Rows<RequestRecord> requests;
    private final Rows<ClientTokenRecord> clientTokens;
    private final Rows<LockRecord> locks;

    CloudControlTables(Store store) {
        this.store = store;
        requests = store.rows(Table.of("cloudcontrol.request", RequestRecord.class, RequestRecord::token)
                .index(TIME, request -> ordered(request.created())));
        clientTokens = store.rows(
                Table.of("cloudcontrol.client-token", ClientTokenRecord.class, ClientTokenRecord::clientToken)
                        .index(TIME, token -> ordered(token.time())));
        locks = store.rows(Table.of("cloudcontrol.lock", LockRecord.class, LockRecord::resource));
    }

    private static String ordered(Instant time) {
        return "%015d".formatted(time.toEpochMilli());
    }

    void transact(Runnable work) {
        store.transact(work);
    }

    Optional<RequestRecord> request(Scope scope, String token) {
        return requests.get(scope, token);
    }

    void put(Scope scope, RequestRecord request) {
        requests.put(scope, request);
    }

    /** Requests since a time, the newest first. */
    Page<RequestRecord> requests(Scope scope, Instant since, String after, int limit) {
        return requests.list(
                scope,
                Query.index(TIME)
                        .between(ordered(since), "")
                        .reversed()
                        .after(after)
                        .limit(limit));
    }

    Optional<ClientTokenRecord> clientToken(Scope scope, String token, Instant now) {
        return clientTokens
                .get(scope, token)
                .filter(found -> found.time().plus(TOKEN_VALID).isAfter(now));
    }

    void put(Scope scope, ClientTokenRecord token) {
        clientTokens.put(scope, token);
    }

    /** The request that is at work on a resource. */
    Optional<String> holder(Scope scope, String typeName, String identifier) {
        return locks.get(scope, key(typeName, identifier)).map(LockRecord::request);
    }

    void lock(Scope scope, RequestRecord request) {
        locks.put(scope, new LockRecord(key(request.typeName(), request.identifier()), request.token()));
    }

    void unlock(Scope scope, RequestRecord request) {
        if (holder(scope, request.typeName(), request.identifier())
                .filter(request.token()::equals)
                .isPresent()) {
            locks.delete(scope, key(request.typeName(), request.identifier()));
        }
    }

    private static String key(String typeName, String identifier) {
        return typeName + " " + identifier;
    }

    /** Forgets some of what is older than it is kept. */
    void forgetOld(Scope scope, Instant now) {
        requests
                .list(
                        scope,
                        Query.index(TIME)
                                .between("", ordered(now.minus(KEPT).plusMillis(1)))
                                .limit(FORGOTTEN_AT_ONCE))
                .values()
                .stream()
                .filter(RequestRecord::ended)
                .forEach(request -> requests.delete(scope, request.token()));
        clientTokens
                .list(
                        scope,
                        Query.index(TIME)
                                .between("", ordered(now.minus(TOKEN_VALID).plusMillis(1)))
                                .limit(FORGOTTEN_AT_ONCE))
                .values()
                .forEach(token -> clientTokens.delete(scope, token.clientToken()));
    }
}
