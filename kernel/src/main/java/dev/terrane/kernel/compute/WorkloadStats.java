package dev.terrane.kernel.compute;

import java.time.Duration;

/**
 * What a workload has used; what the machine does not tell is zero.
 *
 * @param cpu processor time since it started
 * @param memoryBytes in use now, with page cache
 * @param processes processes and threads now
 * @param receivedBytes over its own network since it started
 * @param sentBytes over its own network since it started
 */
public record WorkloadStats(Duration cpu, long memoryBytes, int processes, long receivedBytes, long sentBytes) {}
