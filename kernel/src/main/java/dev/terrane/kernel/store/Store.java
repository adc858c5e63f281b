package dev.terrane.kernel.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.store.StoreBackend.Batch;
import dev.terrane.kernel.store.StoreBackend.Conflict;
import dev.terrane.kernel.store.StoreBackend.RowKey;
import dev.terrane.kernel.store.StoreBackend.StoredRow;
import dev.terrane.kernel.store.StoreBackend.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Typed records in durable tables. Work that must be done whole or not at all runs in {@link #transact}: its writes become durable together,
 * and it is run again when what it read was changed meanwhile, so it must have no other effects. Bodies are sealed under
 * the master key; keys and index values are not, so no secret belongs in them.
 */
public final class Store implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Store.class.getName());
    private static final int ATTEMPTS = 60;
    private static final int UNCOORDINATED = 4;
    private static final long TURN_MILLIS = 250;
    private static final ScopedValue<Transaction> CURRENT = ScopedValue.newInstance();

    /** A cached row; an empty value remembers that there is none. */
    private record Cached(long version, Optional<? extends Record> value) {}

    private final StoreBackend backend;
    private final RecordCodec codec;
    private final ReentrantLock[] turns =
            Stream.generate(() -> new ReentrantLock(true)).limit(64).toArray(ReentrantLock[]::new);
    private final Cache<RowKey, Cached> cache =
            // Its upkeep is done by whoever writes: handing it to another thread costs more than doing it.
            Caffeine.newBuilder().maximumSize(50_000).executor(Runnable::run).build();

    public Store(StoreBackend backend, MasterKey key) {
        this.backend = backend;
        this.codec = new RecordCodec(key.sealer("store"));
    }

    /** The records of a table, which is made on first use. */
    public <R extends Record> Rows<R> rows(Table<R> table) {
        if (backend.declare(table.name(), table.indexes().keySet())) {
            reindex(table);
        }
        return new TableRows<>(table);
    }

    /** Writes rows again as they are, for the values of a new index. One that was changed meanwhile has them already. */
    private <R extends Record> void reindex(Table<R> table) {
        backend.everywhere(table.name(), stored -> {
            RowKey row = new RowKey(table.name(), stored.scope(), stored.key());
            R value = codec.decode(table.name(), table.type(), stored.body());
            try {
                backend.commit(new Batch(
                        Map.of(row, stored.version()),
                        List.of(new Write(row, Optional.of(stored.body()), indexValues(table, value)))));
            } catch (Conflict e) {
                cache.invalidate(e.row());
            }
        });
        backend.indexed(table.name());
    }

    /** Runs work in the transaction of this thread, or in a new one where there is none.
     *
     * @throws Conflict when others were first, again and again
     */
    public <T> T transact(Supplier<T> work) {
        return CURRENT.isBound() ? work.get() : transactNow(work);
    }

    /** As {@link #transact(Supplier)}, for work without a result. */
    public void transact(Runnable work) {
        transact(() -> {
            work.run();
            return Boolean.TRUE;
        });
    }

    /** Runs work in a transaction of its own, which is durable when this returns, whatever the surrounding one does. */
    public <T> T transactNow(Supplier<T> work) {
        Optional<ReentrantLock> turn = Optional.empty();
        try {
            for (int attempt = 1; ; attempt++) {
                Transaction transaction = new Transaction(attempt == 1);
                T result = ScopedValue.where(CURRENT, transaction).call(work::get);
                Optional<Conflict> conflict = tryCommit(transaction);
                if (conflict.isEmpty()) {
                    transaction.afterCommit().forEach(Store::follow);
                    return result;
                }
                cache.invalidate(conflict.get().row());
                if (attempt == ATTEMPTS) {
                    throw conflict.get();
                }
                if (attempt >= UNCOORDINATED && turn.isEmpty()) {
                    // Those that lost several times go on one after another, so that none loses for ever.
                    turn = turn(conflict.get().row());
                } else {
                    // Waiting a little, and not all equally long, lets one of the rivals through.
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(50_000L * Math.min(attempt, 40)));
                }
            }
        } finally {
            turn.ifPresent(ReentrantLock::unlock);
        }
    }

    /** What is done after a commit can't undo it, so its failure is not the caller's: the work that was committed has succeeded. */
    private static void follow(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "What was to be done after a commit failed", e);
        }
    }

    private Optional<Conflict> tryCommit(Transaction transaction) {
        try {
            commit(transaction);
            return Optional.empty();
        } catch (Conflict e) {
            return Optional.of(e);
        }
    }

    /** Waiting for one's turn is bounded: work within work may wait for the turn of another row, and both for each other. */
    private Optional<ReentrantLock> turn(RowKey row) {
        ReentrantLock lock = turns[Math.floorMod(row.hashCode(), turns.length)];
        try {
            return lock.tryLock(TURN_MILLIS, TimeUnit.MILLISECONDS) ? Optional.of(lock) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Names this opening of the store, where no other server can have it open: see {@link StoreBackend#soleOpening}. */
    public Optional<String> soleOpening() {
        return backend.soleOpening();
    }

    /** Whether this thread is in a transaction. */
    public boolean inTransaction() {
        return CURRENT.isBound();
    }

    /** Has something done once the current transaction is durable; at once where there is none. */
    public void afterCommit(Runnable work) {
        if (CURRENT.isBound()) {
            CURRENT.get().afterCommit(work);
        } else {
            work.run();
        }
    }

    private void commit(Transaction transaction) {
        if (transaction.writes().isEmpty()) {
            return;
        }
        List<Write> writes = new ArrayList<>(transaction.writes().size());
        transaction
                .writes()
                .forEach((row, pending) ->
                        writes.add(encode(row, pending, pending.value().isPresent() && transaction.leaveToWrite(row))));
        long version = backend.commit(new Batch(transaction.reads(), writes));
        transaction.writes().forEach((row, pending) -> {
            if (pending.table().cached()) {
                remember(row, new Cached(version, pending.value()));
            }
        });
    }

    private <R extends Record> Write encode(RowKey row, Transaction.Pending pending, boolean fresh) {
        if (pending.value().isEmpty()) {
            return new Write(row, Optional.empty(), Map.of());
        }
        @SuppressWarnings("unchecked") // a pending row holds a record of its own table
        Table<R> table = (Table<R>) pending.table();
        R value = table.type().cast(pending.value().orElseThrow());
        return new Write(row, Optional.of(codec.encode(table.name(), value)), indexValues(table, value), fresh);
    }

    private static <R extends Record> Map<String, String> indexValues(Table<R> table, R value) {
        Map<String, String> values = HashMap.newHashMap(table.indexes().size());
        table.indexes().forEach((index, of) -> {
            String indexed = of.apply(value);
            if (!indexed.isEmpty()) {
                values.put(index, indexed);
            }
        });
        return values;
    }

    /** Keeps the newest: a reader that was slower than a writer must not bring the old row back. */
    private void remember(RowKey row, Cached fresh) {
        cache.asMap().merge(row, fresh, (old, now) -> now.version() >= old.version() ? now : old);
    }

    @Override
    public void close() {
        backend.close();
    }

    private final class TableRows<R extends Record> implements Rows<R> {
        private final Table<R> table;

        TableRows(Table<R> table) {
            this.table = table;
        }

        @Override
        public Optional<R> get(Scope scope, String key) {
            return read(row(scope, key), true);
        }

        @Override
        public Optional<R> peek(Scope scope, String key) {
            return read(row(scope, key), false);
        }

        private Optional<R> read(RowKey row, boolean checked) {
            Transaction transaction = CURRENT.isBound() ? CURRENT.get() : null;
            if (transaction != null) {
                Optional<Transaction.Pending> pending = transaction.pending(row);
                if (pending.isPresent()) {
                    return pending.get().value().map(table.type()::cast);
                }
            }
            Cached cached = cache.getIfPresent(row);
            if (cached == null) {
                cached = load(row);
                if (table.cached()) {
                    remember(row, cached);
                }
            }
            if (transaction != null && checked) {
                transaction.read(row, cached.value().isPresent() ? cached.version() : 0);
            }
            return cached.value().map(table.type()::cast);
        }

        private Cached load(RowKey row) {
            return backend.get(row)
                    .map(stored -> new Cached(stored.version(), Optional.of(decode(stored))))
                    .orElseGet(() -> new Cached(0, Optional.empty()));
        }

        private R decode(StoredRow stored) {
            return codec.decode(table.name(), table.type(), stored.body());
        }

        @Override
        public void put(Scope scope, R record) {
            write(row(scope, table.key().apply(record)), Optional.of(record));
        }

        @Override
        public boolean putIfAbsent(Scope scope, R record) {
            RowKey row = row(scope, table.key().apply(record));
            return transact(() -> {
                Transaction transaction = CURRENT.get();
                boolean supposed =
                        transaction.supposes() && transaction.pending(row).isEmpty() && cache.getIfPresent(row) == null;
                if (supposed) {
                    transaction.read(row, 0);
                } else if (read(row, true).isPresent()) {
                    return false;
                }
                transaction.write(row, new Transaction.Pending(table, Optional.of(record)));
                return true;
            });
        }

        @Override
        public void delete(Scope scope, String key) {
            write(row(scope, key), Optional.empty());
        }

        private void write(RowKey row, Optional<R> value) {
            transact(() -> CURRENT.get().write(row, new Transaction.Pending(table, value)));
        }

        @Override
        public Page<R> list(Scope scope, Query query) {
            List<Listing.Entry<R>> entries = new ArrayList<>();
            // One more tells whether there is a next page; each own write may take one of the committed rows out.
            int own = CURRENT.isBound() ? CURRENT.get().writes().size() : 0;
            int limit = (int) Math.min(Integer.MAX_VALUE, query.limit() + 1L + own);
            for (StoredRow stored : backend.list(table.name(), scope, query.limit(limit))) {
                entries.add(new Listing.Entry<>(stored.cursor(), stored.key(), known(stored)));
            }
            if (CURRENT.isBound()) {
                Listing.overlay(entries, table, scope, query, CURRENT.get());
            }
            return Listing.page(entries, query.limit());
        }

        /**
         * The cached record where it is this very version, which spares decoding. A commit is on disk a moment before its writer has renewed the cache: what a
         * listing has shown, a get must find.
         */
        private R known(StoredRow stored) {
            RowKey row = row(stored.scope(), stored.key());
            Cached cached = cache.getIfPresent(row);
            if (cached != null
                    && cached.version() == stored.version()
                    && cached.value().isPresent()) {
                return table.type().cast(cached.value().get());
            }
            R value = decode(stored);
            if (cached != null && cached.version() < stored.version()) {
                remember(row, new Cached(stored.version(), Optional.of(value)));
            }
            return value;
        }

        @Override
        public void everywhere(BiConsumer<Scope, R> visitor) {
            backend.everywhere(table.name(), stored -> visitor.accept(stored.scope(), decode(stored)));
        }

        @Override
        public List<Scope> scopes() {
            return backend.scopes(table.name());
        }

        private RowKey row(Scope scope, String key) {
            return new RowKey(table.name(), scope, key);
        }
    }
}
