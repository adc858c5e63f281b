package dev.terrane.kernel.compute;

import java.util.List;

/**
 * What a driver can do on this machine, as shown by a throwaway workload.
 *
 * @param driver such as {@code sandbox}
 * @param available whether workloads can run at all
 * @param isolatedNetwork whether workloads can have addresses of their own
 * @param outbound whether isolated workloads reach what the machine reaches
 * @param firewall whether a {@link Firewall} is enforced
 * @param memoryLimit whether memory is limited; likewise the next two
 * @param notes for the operator: what is missing and how to get it, one line each
 */
public record ComputeFeatures(
        String driver,
        boolean available,
        boolean isolatedNetwork,
        boolean outbound,
        boolean firewall,
        boolean memoryLimit,
        boolean cpuLimit,
        boolean processLimit,
        List<String> notes) {
    public ComputeFeatures {
        notes = List.copyOf(notes);
    }
}
