package dev.terrane.kernel.authorization;

import dev.terrane.kernel.authorization.ServiceFacts.Action;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The authorization of every operation. */
public final class Authorizations {
    /** Services whose IAM prefix isn't the name of the SDK's package. */
    private static final Map<String, String> PREFIXES = Map.of(
            "cloudcontrol", "cloudformation",
            "cloudwatchlogs", "logs",
            "eventbridge", "events",
            "elasticloadbalancingv2", "elasticloadbalancing",
            "s3control", "s3");

    private static final Map<String, OperationAuthorization> DECLARED = new ConcurrentHashMap<>();

    private Authorizations() {}

    /**
     * The authorization of an operation.
     *
     * @param service the SDK's package name, such as {@code cloudwatchlogs}
     * @param operation the name on the wire, such as {@code PutLogEvents}
     * @throws IllegalArgumentException when none is declared: such an operation must not be served
     */
    public static OperationAuthorization of(String service, String operation) {
        return DECLARED.computeIfAbsent(service + ":" + operation, key -> declare(service, operation));
    }

    /** The prefix of a service's IAM actions, such as {@code logs} for {@code cloudwatchlogs}. */
    public static String prefix(String service) {
        return PREFIXES.getOrDefault(service, service);
    }

    private static OperationAuthorization declare(String service, String operation) {
        Overlay overlay = Overlays.of(service);
        String prefix = prefix(service);
        Map<String, Action> actions = new LinkedHashMap<>();
        if (!overlay.unrestricted(operation)) {
            ServiceFacts facts = ServiceFacts.of(prefix);
            for (String name : overlay.actions(operation)) {
                Action action = facts.action(name).orElseGet(() -> {
                    if (overlay.declares(name)) {
                        return new Action(prefix + ":" + name, "Write", List.of(), List.of());
                    }
                    throw new IllegalArgumentException(
                            "No authorization is declared for " + service + ":" + operation + " (" + name + ")");
                });
                actions.put(name, action);
            }
        }
        return new OperationAuthorization(prefix, operation, actions, overlay);
    }
}
