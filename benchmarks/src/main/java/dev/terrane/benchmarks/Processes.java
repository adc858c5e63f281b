package dev.terrane.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A process and all below it: how much CPU and memory they use, as Linux counts it. */
final class Processes {
    private static final double TICKS_PER_SECOND = 100;

    private final ProcessHandle root;

    Processes(ProcessHandle root) {
        this.root = root;
    }

    /** The CPU seconds that they have used so far, user and system, with those of ended children. */
    double cpuSeconds() {
        return Stream.concat(Stream.of(root), root.descendants())
                        .mapToLong(Processes::ticks)
                        .sum()
                / TICKS_PER_SECOND;
    }

    /** The memory that they hold, in MiB. */
    long residentMebibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + root.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    private static long ticks(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = 0;
            for (int field = 11; field <= 14; field++) {
                ticks += Long.parseLong(fields[field]);
            }
            return ticks;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
