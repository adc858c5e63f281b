package dev.terrane.kernel.compute;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Upper bounds for all processes of a workload together.
 *
 * @param memoryBytes above it, processes are killed
 * @param cpus processor time per time, such as 0.5 for half a processor
 * @param processes processes and threads at once
 */
public record Limits(OptionalLong memoryBytes, OptionalDouble cpus, OptionalInt processes) {
    public static final Limits NONE = new Limits(OptionalLong.empty(), OptionalDouble.empty(), OptionalInt.empty());

    public Limits {
        if (memoryBytes.orElse(1) <= 0 || cpus.orElse(1) <= 0 || processes.orElse(1) <= 0) {
            throw new IllegalArgumentException("Limits are positive");
        }
    }

    public static Limits of(long memoryBytes, double cpus, int processes) {
        return new Limits(OptionalLong.of(memoryBytes), OptionalDouble.of(cpus), OptionalInt.of(processes));
    }
}
