package dev.terrane.kernel.compute;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A workload as it is now.
 *
 * @param address its own IPv4 address, kept over a stop and a start; empty unless its network is isolated
 */
public record Workload(WorkloadSpec spec, State state, Optional<InetAddress> address) {
    /** Whether it has processes. */
    public enum State {
        RUNNING,
        STOPPED
    }

    public String id() {
        return spec.id();
    }

    public boolean running() {
        return state == State.RUNNING;
    }
}
