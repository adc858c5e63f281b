package dev.terrane.gateway;

import dev.terrane.kernel.authorization.Authorizations;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What calls that are done once answered, committed with what they changed. */
final class Answers {
    private static final Table<AnswerRecord> TABLE =
            Table.of("gateway.answer", AnswerRecord.class, AnswerRecord::key).uncached();

    /** An answer.
     *
     * @param key token, operation and the digest of the request
     * @param json the response
     */
    record AnswerRecord(String key, String json) {}

    private final Store store;
    private final Rows<AnswerRecord> rows;

    Answers(Store store) {
        this.store = store;
        rows = store.rows(TABLE);
    }

    Optional<Object> find(Invocation invocation) {
        if (invocation.once().isEmpty() || !changes(invocation.operation())) {
            return Optional.empty();
        }
        Class<?> type = invocation.operation().newResponse().getClass().getEnclosingClass();
        return rows.get(Scope.INSTALLATION, key(invocation))
                .map(answer -> RecordCodec.json().readValue(answer.json(), type));
    }

    void keep(Invocation invocation, @Nullable Object response) {
        if (!invocation.once().isEmpty() && response != null && changes(invocation.operation())) {
            rows.put(
                    Scope.INSTALLATION,
                    new AnswerRecord(key(invocation), RecordCodec.json().writeValueAsString(response)));
        }
    }

    void first(String token, Runnable check) {
        String key = token + "/first";
        if (store.transact(() -> rows.get(Scope.INSTALLATION, key)).isEmpty()) {
            check.run();
            store.transact(() -> rows.put(Scope.INSTALLATION, new AnswerRecord(key, "")));
        }
    }

    void forget(String token) {
        store.transact(() -> {
            for (AnswerRecord answer :
                    rows.list(Scope.INSTALLATION, Query.prefix(token + "/")).values()) {
                rows.delete(Scope.INSTALLATION, answer.key());
            }
        });
    }

    private static boolean changes(BoundOperation operation) {
        return !Authorizations.of(
                        operation.service().name(), operation.operation().name())
                .readOnly();
    }

    private static String key(Invocation invocation) {
        BoundOperation operation = invocation.operation();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(RecordCodec.json()
                            .writeValueAsString(invocation.request())
                            .getBytes(StandardCharsets.UTF_8));
            return invocation.once() + "/" + operation.service().name() + ":"
                    + operation.operation().name() + "/" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
