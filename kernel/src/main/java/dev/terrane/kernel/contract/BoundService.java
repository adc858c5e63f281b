package dev.terrane.kernel.contract;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A service's operations bound to the SDK's client interface, each at its first use. Thread-safe.
 */
public final class BoundService {

    private static final Map<String, BoundService> BOUND = new ConcurrentHashMap<>();

    private final ServiceContract contract;
    private final Map<String, BoundOperation> operations = new ConcurrentHashMap<>();

    private BoundService(ServiceContract contract) {
        this.contract = contract;
    }

    /** The bound service of a name (the SDK's package name). */
    public static BoundService of(String name) {
        return BOUND.computeIfAbsent(name, key -> new BoundService(ServiceContract.of(key)));
    }

    /** The service's contract. */
    public ServiceContract contract() {
        return contract;
    }

    /**
     * The bound operation of a wire name; empty if the service has none such.
     *
     * @throws IllegalStateException if the SDK on the class path lacks the operation
     */
    public Optional<BoundOperation> operation(String wireName) {
        BoundOperation bound = operations.get(wireName);
        if (bound != null) {
            return Optional.of(bound);
        }
        return contract.operation(wireName)
                .map(operation ->
                        operations.computeIfAbsent(wireName, key -> BoundOperation.bind(contract, operation)));
    }
}
