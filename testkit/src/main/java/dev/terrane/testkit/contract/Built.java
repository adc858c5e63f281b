package dev.terrane.testkit.contract;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.BoundService;
import dev.terrane.kernel.service.Service;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkClient;

/** Which operations of a service are built: those of the SDK's interfaces that its implementations override. */
public final class Built {
    private Built() {}

    /** The built operations, by name. */
    public static List<BoundOperation> operations(Service service) {
        return overridden(service, Stream.of(service.implementation()));
    }

    /** The same with those that answer with events, which only the SDK's asynchronous interface has. */
    public static List<BoundOperation> all(Service service) {
        return overridden(service, Stream.concat(Stream.of(service.implementation()), service.streaming().stream()));
    }

    private static List<BoundOperation> overridden(Service service, Stream<SdkClient> implementations) {
        BoundService bound = BoundService.of(service.name());
        Set<String> overridden = implementations
                .flatMap(implementation -> Stream.of(implementation.getClass().getDeclaredMethods()))
                .map(Method::getName)
                .collect(Collectors.toSet());
        return bound.contract().operations().keySet().stream()
                .sorted()
                .filter(name -> overridden.contains(Character.toLowerCase(name.charAt(0)) + name.substring(1)))
                .map(name -> bound.operation(name).orElseThrow())
                .toList();
    }
}
