package dev.terrane.kernel.balancer;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A reverse proxy that serves any number of load balancers and is reconfigured while it serves them.
 *
 * <p>The proxy keeps no state of its own across a restart: whoever owns the balancers applies their configurations again. All methods may be
 * called by any thread.
 */
public interface TrafficProxy extends AutoCloseable {
    /**
     * Makes {@code config} the whole configuration of its balancer, creating the balancer when it is new.
     *
     * <p>Each request sees either the old configuration or the new one, never a mixture. Connections stay open unless their listener is gone, and
     * then they end after the request that they carry. A target that is no longer named is drained: it gets no new request, and those in flight
     * finish, for at most its group's deregistration delay. A target that stays keeps its health and its counts.
     *
     * @throws ListenerBindException when a new listener's address can't be listened on; the former configuration stays in force
     */
    void apply(BalancerConfig config);

    /** Stops listening for the balancer; requests in flight finish, for at most the idle timeout. An unknown id is no error. */
    void remove(String balancerId);

    /** What the balancer has counted since it was first applied; empty for an unknown balancer. */
    Optional<BalancerStats> stats(String balancerId);

    /**
     * The health of a group's targets, those being drained included. Empty when no applied configuration holds the group: its targets are then
     * {@link TargetState#UNUSED} for the reason {@link TargetHealth.Reason#NOT_IN_USE}.
     */
    List<TargetHealth> targetHealth(String targetGroupId);

    /**
     * Calls {@code listener} after each change of a target's state or reason, in order for one target, on a thread of the proxy's. The end of a drain is told as
     * {@link TargetState#UNUSED} with {@link TargetHealth.Reason#NOT_REGISTERED}. Close the result to stop.
     */
    Subscription onHealthChange(Consumer<TargetHealth> listener);

    /** Stops all listeners and connections at once. */
    @Override
    void close();

    /** Ends a subscription. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
