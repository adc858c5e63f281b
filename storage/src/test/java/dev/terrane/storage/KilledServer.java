package dev.terrane.storage;

import dev.terrane.kernel.blob.Blobs.Blob;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import dev.terrane.kernel.workflow.DurableWorkflows;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import dev.terrane.storage.files.FileBlobs;
import dev.terrane.storage.sqlite.SqliteBackend;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/** A server that is killed: it writes rows, blobs and steps as fast as it can, and says on its standard output what was acknowledged. */
final class KilledServer {
    static final Scope HERE = new Scope("111122223333", "eu-west-1");
    static final Table<Line> LINES =
            Table.of("kill.line", Line.class, Line::key).index("thread", Line::thread);
    static final Table<Pair> PAIRS = Table.of("kill.pair", Pair.class, Pair::key);
    static final int STEPS = 60;

    record Line(String key, String thread, int number) {}

    record Pair(String key, int count) {}

    record Nothing(String name) {}

    /** Counts a pair of rows up, in one commit a step; both are equal whenever one looks. */
    record Counting(Rows<Pair> pairs) implements Workflow<Nothing> {
        @Override
        public String name() {
            return "kill.counting";
        }

        @Override
        public Class<Nothing> input() {
            return Nothing.class;
        }

        @Override
        public String principal() {
            return "test.amazonaws.com";
        }

        @Override
        public void run(Steps steps, Nothing input) throws InterruptedException {
            for (int i = 0; i < STEPS; i++) {
                steps.commit("count " + i, () -> {
                    add(steps.id() + "-a");
                    add(steps.id() + "-b");
                });
                steps.sleep("pause " + i, Duration.ofMillis(1));
            }
        }

        private void add(String key) {
            pairs.put(HERE, new Pair(key, pairs.get(HERE, key).map(Pair::count).orElse(0) + 1));
        }
    }

    private KilledServer() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        String round = arguments[1];
        MasterKey key = MasterKey.load(folder.resolve("key"));
        SqliteBackend backend = SqliteBackend.open(folder);
        Threads threads = new Threads(Clock.system(), Throwable::printStackTrace);
        Store store = new Store(backend, key);
        FileBlobs blobs = new FileBlobs(folder.resolve("blobs"), key, backend);
        DurableWorkflows workflows = new DurableWorkflows(store, Clock.system(), threads);
        Counting counting = new Counting(store.rows(PAIRS));
        workflows.register(counting);
        workflows.resume();
        for (int i = 0; i < 3; i++) {
            String id = round + "-" + i;
            workflows.start(counting, HERE, id, new Nothing("x"));
            say("process " + id);
        }
        Rows<Line> lines = store.rows(LINES);
        for (int i = 0; i < 4; i++) {
            String thread = round + "-" + i;
            threads.start("writer", () -> {
                for (int number = 0; ; number++) {
                    lines.put(HERE, new Line(thread + "-" + number, thread, number));
                    say("row " + thread + "-" + number);
                }
            });
        }
        for (int size : new int[] {1_000, 150_000}) {
            threads.start("blob-writer", () -> {
                try {
                    while (true) {
                        byte[] bytes = new byte[size];
                        Arrays.fill(bytes, (byte) (size % 127));
                        Blob blob = blobs.put(new ByteArrayInputStream(bytes));
                        say("blob " + blob.key() + " " + size);
                    }
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        }
        new CountDownLatch(1).await();
    }

    /** One write a line, so that a line is there whole or not at all. */
    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
