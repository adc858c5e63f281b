package dev.terrane.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** CloudFormation's stacks: what a resource costs, how long a stack takes that nothing holds up, and whether many or large ones cost more each. */
final class StackRows {
    private static final String NAME = "stack of 50 queues";
    /** 3 ms a resource. */
    private static final double LIMIT_MICROS = 150_000;

    private static final int FEW = 9;
    private static final int MANY = 100;

    private final SignedClient client;
    private final Load load;
    private final Table table;

    StackRows(SignedClient client, Load load, Table table) {
        this.client = client;
        this.load = load;
        this.table = table;
    }

    void run() throws IOException, InterruptedException {
        if (!table.wants(NAME)) {
            return;
        }
        Load.Result eight = load.measure(new Stacks(client, 50, Duration.ofMillis(50))::create);
        table.row(NAME, eight, LIMIT_MICROS, "150000 us");
        // A hundred people who wait look seldom.
        Load.Result many = load.measure(new Stacks(client, 50, Duration.ofMillis(500))::create, MANY, MANY);
        table.row("  100 of them at once", many, LIMIT_MICROS, "150000 us");
        Load.Result alone = load.measure(new Stacks(client, 50, Duration.ofMillis(20))::create, FEW, 1);
        table.row("  one after the other", alone, LIMIT_MICROS, "150000 us");
        Load.Result large = load.measure(new Stacks(client, 500, Duration.ofMillis(100))::create, FEW, 1);
        table.row("  stack of 500 queues", large, alone.cpuMicros() * 10, "10 x of 50");
        Load.Result one = load.measure(new Stacks(client, 1, Duration.ofMillis(5))::create, FEW, 1);
        table.line(String.format(
                Locale.ROOT,
                "  a stack of 1 queue takes %.0f ms, of 50 that do not depend on each other %.0f ms; two cores need %.0f ms for their work",
                one.p50Millis(),
                alone.p50Millis(),
                alone.cpuMicros() / 2_000));
    }
}
