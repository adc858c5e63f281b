package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.Action;
import dev.terrane.kernel.balancer.BalancerConfig;
import dev.terrane.kernel.balancer.BalancerSettings;
import dev.terrane.kernel.balancer.BalancerStats;
import dev.terrane.kernel.balancer.Listener;
import dev.terrane.kernel.balancer.TargetGroup;
import dev.terrane.kernel.balancer.TargetHealth;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** One balancer through all its configurations. */
final class Balancer {
    private static final Duration MOST_BETWEEN_SWEEPS = Duration.ofSeconds(1);
    private static final Duration LEAST_BETWEEN_SWEEPS = Duration.ofMillis(20);

    private final String id;
    private final Clock clock;
    private final Threads threads;
    private final StickyCookies cookies;
    private final Consumer<TargetHealth> changes;
    private final Map<Integer, ListeningPort> ports = new HashMap<>();
    private final Map<String, ServedGroup> groups = new LinkedHashMap<>();
    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private final LongAdder requests = new LongAdder();
    private final LongAdder redirects = new LongAdder();
    private final LongAdder fixedResponses = new LongAdder();
    private final LongAdder newConnections = new LongAdder();
    private final LongAdder processedBytes = new LongAdder();
    private final LongAdder tlsErrors = new LongAdder();
    private final StatusCounts answers = new StatusCounts();
    private volatile Routing routing = new Routing(BalancerSettings.DEFAULT, Map.of());
    private volatile boolean closed;
    private String bindAddress = "";

    Balancer(String id, Clock clock, Threads threads, StickyCookies cookies, Consumer<TargetHealth> changes) {
        this.id = id;
        this.clock = clock;
        this.threads = threads;
        this.cookies = cookies;
        this.changes = changes;
    }

    /** Starts what goes on as long as the balancer lives. */
    void start() {
        // Idle connections are a matter of real sockets, and so of real time: an hour that a moved clock skips idles
        // nobody.
        threads.start("balancer-sweep", () -> {
            while (!closed || !connections.isEmpty()) {
                Duration idle = routing.settings().idleTimeout();
                Duration pause = idle.dividedBy(8);
                pause = pause.compareTo(MOST_BETWEEN_SWEEPS) > 0 ? MOST_BETWEEN_SWEEPS : pause;
                Clock.system().sleep(pause.compareTo(LEAST_BETWEEN_SWEEPS) < 0 ? LEAST_BETWEEN_SWEEPS : pause);
                sweep(idle);
            }
        });
    }

    private void sweep(Duration idle) {
        long now = Clock.nanos();
        long keepAlive = routing.settings().clientKeepAlive().toNanos();
        connections.forEach(connection -> connection.expire(now, idle.toNanos(), keepAlive));
        synchronized (this) {
            groups.values().forEach(ServedGroup::sweep);
        }
    }

    // Configuration

    synchronized void apply(BalancerConfig config) {
        // What can fail comes first, and changes nothing.
        Map<Integer, Optional<ServerTls>> tls = new HashMap<>();
        for (Listener listener : config.listeners()) {
            tls.put(
                    listener.port(),
                    listener.certificates().isEmpty()
                            ? Optional.empty()
                            : Optional.of(new ServerTls(listener.certificates())));
        }
        Map<Integer, RuleSet> rules = new HashMap<>();
        config.listeners().forEach(listener -> rules.put(listener.port(), RuleSet.of(listener)));
        List<ListeningPort> added = bindNew(config, tls);

        Map<String, TargetPool> pools = new HashMap<>();
        for (TargetGroup group : config.targetGroups()) {
            pools.put(
                    group.id(),
                    groups.computeIfAbsent(group.id(), absent -> new ServedGroup(group, clock, threads, changes))
                            .prepare(group));
        }
        Map<Integer, Routing.ListenerRoutes> routes = new HashMap<>();
        rules.forEach((port, set) -> routes.put(port, set.routes(pools)));
        routing = new Routing(config.settings(), Map.copyOf(routes));

        settle(config);
        closePortsExcept(config, added);
        for (Listener listener : config.listeners()) {
            Objects.requireNonNull(ports.get(listener.port())).tls(tls.getOrDefault(listener.port(), Optional.empty()));
        }
        added.forEach(port -> threads.start("balancer-accept", () -> port.accept(this)));
    }

    private List<ListeningPort> bindNew(BalancerConfig config, Map<Integer, Optional<ServerTls>> tls) {
        boolean moved = !config.bindAddress().equals(bindAddress);
        List<ListeningPort> added = new ArrayList<>();
        try {
            for (Listener listener : config.listeners()) {
                if (moved || !ports.containsKey(listener.port())) {
                    added.add(ListeningPort.bind(
                            config.bindAddress(),
                            listener.port(),
                            tls.getOrDefault(listener.port(), Optional.empty())));
                }
            }
        } catch (RuntimeException e) {
            added.forEach(ListeningPort::close);
            throw e;
        }
        bindAddress = config.bindAddress();
        return added;
    }

    private void settle(BalancerConfig config) {
        Set<String> used = config.usedTargetGroups();
        Map<String, TargetGroup> wanted = new HashMap<>();
        config.targetGroups().forEach(group -> wanted.put(group.id(), group));
        groups.forEach((groupId, group) -> {
            TargetGroup next = wanted.get(groupId);
            if (next != null) {
                group.settle(next, used.contains(groupId));
            } else {
                group.leave();
            }
        });
        groups.entrySet()
                .removeIf(entry ->
                        !wanted.containsKey(entry.getKey()) && entry.getValue().isEmpty());
    }

    private void closePortsExcept(BalancerConfig config, List<ListeningPort> added) {
        Set<Integer> kept = new HashSet<>();
        config.listeners().forEach(listener -> kept.add(listener.port()));
        added.forEach(port -> kept.remove(port.port()));
        ports.values().removeIf(port -> {
            if (kept.contains(port.port())) {
                return false;
            }
            close(port);
            return true;
        });
        added.forEach(port -> ports.put(port.port(), port));
    }

    private void close(ListeningPort port) {
        port.close();
        for (ClientConnection connection : connections) {
            if (connection.belongsTo(port)) {
                connection.closeIfResting();
            }
        }
    }

    /** Rules whose conditions are ready, and whose groups are still to be found. */
    private record RuleSet(Listener listener, List<RuleMatcher> matchers) {
        static RuleSet of(Listener listener) {
            return new RuleSet(
                    listener,
                    listener.rules().stream()
                            .map(rule -> RuleMatcher.all(rule.conditions()))
                            .toList());
        }

        Routing.ListenerRoutes routes(Map<String, TargetPool> pools) {
            List<Routing.RouteRule> rules = new ArrayList<>();
            for (int i = 0; i < matchers.size(); i++) {
                rules.add(new Routing.RouteRule(
                        matchers.get(i), route(listener.rules().get(i).action(), pools)));
            }
            return new Routing.ListenerRoutes(List.copyOf(rules), route(listener.defaultAction(), pools));
        }

        private static Routing.Route route(Action action, Map<String, TargetPool> pools) {
            return switch (action) {
                case Action.Redirect redirect -> new Routing.RedirectRoute(redirect);
                case Action.FixedResponse fixed -> new Routing.FixedRoute(fixed);
                case Action.Forward forward ->
                    new Routing.ForwardRoute(
                            forward.targetGroups().stream()
                                    .map(group -> new Routing.Share(
                                            Objects.requireNonNull(pools.get(group.targetGroupId())), group.weight()))
                                    .toList(),
                            forward.stickiness());
            };
        }
    }

    /** Accepts no more, and lets requests in flight finish. */
    synchronized void remove() {
        closed = true;
        ports.values().forEach(this::close);
        ports.clear();
        groups.values().forEach(ServedGroup::leave);
    }

    /** Ends everything at once. */
    synchronized void close() {
        remove();
        connections.forEach(ClientConnection::abort);
        groups.values().forEach(ServedGroup::close);
    }

    // What connections tell and ask

    void accepted(ClientConnection connection) {
        newConnections.increment();
        connections.add(connection);
        threads.start("balancer-client", connection::run);
    }

    void left(ClientConnection connection) {
        connections.remove(connection);
    }

    Routing routing() {
        return routing;
    }

    /** The routing after any change that is under way: a change holds the lock from its beginning to its end. */
    synchronized Routing settledRouting() {
        return routing;
    }

    void received() {
        requests.increment();
    }

    void answered(int status) {
        answers.count(status);
    }

    void redirected() {
        redirects.increment();
    }

    void answeredFixed() {
        fixedResponses.increment();
    }

    void tlsFailed() {
        tlsErrors.increment();
    }

    LongAdder processedBytes() {
        return processedBytes;
    }

    Clock clock() {
        return clock;
    }

    Threads threads() {
        return threads;
    }

    StickyCookies cookies() {
        return cookies;
    }

    // What the service asks

    synchronized List<TargetHealth> health(String groupId) {
        ServedGroup group = groups.get(groupId);
        return group == null ? List.of() : group.health();
    }

    synchronized BalancerStats stats() {
        long targetConnections =
                groups.values().stream().mapToInt(ServedGroup::connections).sum();
        return new BalancerStats(
                id,
                requests.sum(),
                answers.read(),
                redirects.sum(),
                fixedResponses.sum(),
                newConnections.sum(),
                connections.size() + targetConnections,
                processedBytes.sum(),
                tlsErrors.sum(),
                groups.values().stream().map(ServedGroup::stats).toList());
    }
}
