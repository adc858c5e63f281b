package dev.terrane.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.store.StoreBackend.Batch;
import dev.terrane.kernel.store.StoreBackend.RowKey;
import dev.terrane.kernel.store.StoreBackend.Write;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How fast the store is on the machine at hand; it prints what it measured. */
@Tag("slow")
class SqliteSpeedTest {
    private static final Scope HERE = new Scope("111122223333", "eu-west-1");

    @TempDir
    Path folder;

    @Test
    void writesAndReadsAtSpeed() {
        try (SqliteBackend backend = SqliteBackend.open(folder)) {
            backend.declare("speed.row", Set.of("value"));
            writes(backend, 4_000);
            double perSecond = writes(backend, 24_000);
            for (int i = 0; i < 20_000; i++) {
                backend.get(row("0-" + i % 700));
            }
            long begin = Clock.nanos();
            int reads = 50_000;
            for (int i = 0; i < reads; i++) {
                assertThat(backend.get(row(i % 32 + "-" + i % 700))).isPresent();
            }
            double microseconds = (Clock.nanos() - begin) / 1e3 / reads;
            System.out.printf("%.0f durable writes/s, %.1f µs a point read%n", perSecond, microseconds);
            assertThat(perSecond).isGreaterThan(1_000);
            assertThat(microseconds).isLessThan(100);
        }
    }

    private static double writes(SqliteBackend backend, int count) {
        int each = count / 32;
        long begin = Clock.nanos();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int t = 0; t < 32; t++) {
                int thread = t;
                executor.execute(() -> {
                    for (int i = 0; i < each; i++) {
                        RowKey row = row(thread + "-" + i);
                        backend.commit(new Batch(
                                Map.of(),
                                List.of(new Write(row, Optional.of(new byte[300]), Map.of("value", "v" + i % 10)))));
                    }
                });
            }
        }
        return count / ((Clock.nanos() - begin) / 1e9);
    }

    private static RowKey row(String key) {
        return new RowKey("speed.row", HERE, key);
    }
}
