package dev.terrane.testkit;

import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.UnsupportedWorkloadException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;

/** A driver that can run nothing, for tests of services that run nothing. */
final class NoCompute {
    private NoCompute() {}

    static Compute compute() {
        return (Compute) Proxy.newProxyInstance(
                Compute.class.getClassLoader(),
                new Class<?>[] {Compute.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "close", "firewall", "serverGroups" -> null;
                    case "list" -> List.of();
                    case "find", "network", "address" -> Optional.empty();
                    case "toString" -> "no compute";
                    case "hashCode" -> 1;
                    case "equals" -> false;
                    default -> throw new UnsupportedWorkloadException("This test has no compute");
                });
    }
}
