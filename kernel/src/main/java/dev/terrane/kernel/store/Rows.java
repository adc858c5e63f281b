package dev.terrane.kernel.store;

import dev.terrane.kernel.call.Scope;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The records of one table. Within a transaction, reads see its own writes, what {@link #get} read must still hold when it commits, and
 * writes wait for the commit; outside, each write is a transaction of its own. Listings see committed records and the
 * transaction's own writes; they are not checked at commit.
 */
public interface Rows<R extends Record> {
    /** A record by its key. In a transaction that writes, it must be unchanged (or still absent) at commit. */
    Optional<R> get(Scope scope, String key);

    /** A record by its key, without the check at commit: for what may change meanwhile without harm. */
    Optional<R> peek(Scope scope, String key);

    /** Writes a record, new or in place of the one with its key. */
    void put(Scope scope, R record);

    /**
     * Writes a record where there is none with its key. In a transaction it is not looked up but at commit: cheaper than {@link #get} and {@link #put}.
     *
     * @return whether there was none
     */
    boolean putIfAbsent(Scope scope, R record);

    /** Deletes a record; an absent one is no error. */
    void delete(Scope scope, String key);

    /** A page of records in order. */
    Page<R> list(Scope scope, Query query);

    /** All records of a scope: for listings that are small by nature. */
    default List<R> all(Scope scope) {
        return list(scope, Query.all()).values();
    }

    /** Every record of every scope, for start-up and upkeep. */
    void everywhere(BiConsumer<Scope, R> visitor);

    /** The scopes that have records, as committed. */
    List<Scope> scopes();
}
