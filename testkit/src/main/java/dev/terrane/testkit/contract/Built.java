package dev.terrane.testkit.contract;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.BoundService;
import dev.terrane.kernel.service.Service;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which operations of a service are built: those of the SDK's interface that its implementation overrides. */
public final class Built {
    private Built() {}

    /** The built operations, by name. */
    public static List<BoundOperation> operations(Service service) {
        BoundService bound = BoundService.of(service.name());
        Set<String> overridden = new TreeSet<>();
        for (Method method : service.implementation().getClass().getDeclaredMethods()) {
            overridden.add(method.getName());
        }
        return bound.contract().operations().keySet().stream()
                .sorted()
                .filter(name -> overridden.contains(Character.toLowerCase(name.charAt(0)) + name.substring(1)))
                .map(name -> bound.operation(name).orElseThrow())
                .toList();
    }
}
