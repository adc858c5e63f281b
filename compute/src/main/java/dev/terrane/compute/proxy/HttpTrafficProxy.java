package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.BalancerConfig;
import dev.terrane.kernel.balancer.BalancerStats;
import dev.terrane.kernel.balancer.TargetHealth;
import dev.terrane.kernel.balancer.TrafficProxy;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * The load balancers' reverse proxy in this process.
 *
 * <p>Health checks, deregistration delays, slow starts and cookies go by the given clock; time limits of sockets by real time.
 */
public final class HttpTrafficProxy implements TrafficProxy {
    private final Clock clock;
    private final Threads threads;
    private final StickyCookies cookies;
    private final Map<String, Balancer> balancers = new ConcurrentHashMap<>();
    private final Set<Consumer<TargetHealth>> listeners = ConcurrentHashMap.newKeySet();
    private final LinkedBlockingQueue<TargetHealth> changes = new LinkedBlockingQueue<>();

    /**
     * @param cookieSecret signs the balancers' cookies: the same after a restart, and on each node, so that clients stay where they are
     */
    public HttpTrafficProxy(Clock clock, Threads threads, byte[] cookieSecret) {
        this.clock = clock;
        this.threads = threads;
        this.cookies = new StickyCookies(cookieSecret, clock);
        threads.start("balancer-health-changes", () -> {
            while (true) {
                TargetHealth change = changes.take();
                listeners.forEach(listener -> listener.accept(change));
            }
        });
    }

    @Override
    public synchronized void apply(BalancerConfig config) {
        Balancer known = balancers.get(config.id());
        if (known != null) {
            known.apply(config);
            return;
        }
        Balancer balancer = new Balancer(config.id(), clock, threads, cookies, changes::add);
        balancer.apply(config);
        balancers.put(config.id(), balancer);
        balancer.start();
    }

    @Override
    public synchronized void remove(String balancerId) {
        Balancer balancer = balancers.remove(balancerId);
        if (balancer != null) {
            balancer.remove();
        }
    }

    @Override
    public Optional<BalancerStats> stats(String balancerId) {
        return Optional.ofNullable(balancers.get(balancerId)).map(Balancer::stats);
    }

    @Override
    public List<TargetHealth> targetHealth(String targetGroupId) {
        return balancers.values().stream()
                .map(balancer -> balancer.health(targetGroupId))
                .filter(health -> !health.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    @Override
    public Subscription onHealthChange(Consumer<TargetHealth> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public synchronized void close() {
        balancers.values().forEach(Balancer::close);
        balancers.clear();
    }
}
