package dev.terrane.kernel.balancer;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * One port of a balancer and what happens to the requests that come in by it.
 *
 * @param port 1 to 65535
 * @param certificates for HTTPS at least one, in PEM: the first is the default, the others are chosen by the name that the client asks for
 * @param defaultAction what is done when no rule matches
 * @param rules tried in the order of their priority, lowest first
 */
public record Listener(
        String id,
        int port,
        ListenerProtocol protocol,
        List<TlsCertificate> certificates,
        Action defaultAction,
        List<Rule> rules) {
    /** What a listener speaks to clients. */
    public enum ListenerProtocol {
        HTTP,
        HTTPS
    }

    public Listener {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("Not a port: " + port);
        }
        certificates = List.copyOf(certificates);
        if (certificates.isEmpty() == (protocol == ListenerProtocol.HTTPS)) {
            throw new IllegalArgumentException("HTTPS listeners, and they alone, have certificates");
        }
        rules = rules.stream().sorted(Comparator.comparingInt(Rule::priority)).toList();
        if (rules.stream().mapToInt(Rule::priority).distinct().count() != rules.size()) {
            throw new IllegalArgumentException("Two rules of one priority");
        }
    }

    /** A listener for plain HTTP without rules. */
    public static Listener http(String id, int port, Action defaultAction) {
        return new Listener(id, port, ListenerProtocol.HTTP, List.of(), defaultAction, List.of());
    }

    /** The same listener with these rules. */
    public Listener withRules(List<Rule> newRules) {
        return new Listener(id, port, protocol, certificates, defaultAction, newRules);
    }

    Stream<Action> actions() {
        return Stream.concat(rules.stream().map(Rule::action), Stream.of(defaultAction));
    }
}
