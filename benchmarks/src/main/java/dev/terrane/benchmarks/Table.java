package dev.terrane.benchmarks;

import java.util.List;
import java.util.Locale;

/** The table that is printed, row by row. */
final class Table {
    private final List<String> only;

    /** @param only parts of the names of the rows that are wanted, with commas between; empty for all */
    Table(String only) {
        this.only = List.of(only.toLowerCase(Locale.ROOT).split(",", -1));
    }

    boolean wants(String name) {
        return only.stream().anyMatch(name.toLowerCase(Locale.ROOT)::contains);
    }

    void header() {
        System.out.printf(
                "%n%-32s %9s %12s %8s %8s %14s %6s%n",
                "operation", "per s", "CPU us each", "p50 ms", "p99 ms", "limit", "ratio");
    }

    /**
     * @param limitMicros the CPU microseconds that it is held against; 0 for none
     * @param limit what the limit is, in words
     */
    void row(String name, Load.Result result, double limitMicros, String limit) {
        System.out.printf(
                Locale.ROOT,
                "%-32s %9.0f %12.0f %8.2f %8.2f %14s %6s%n",
                name,
                result.perSecond(),
                result.cpuMicros(),
                result.p50Millis(),
                result.p99Millis(),
                limit,
                limitMicros == 0 ? "" : String.format(Locale.ROOT, "%.2f", result.cpuMicros() / limitMicros));
    }

    void line(String text) {
        System.out.println(text);
    }
}
