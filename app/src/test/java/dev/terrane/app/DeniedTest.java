package dev.terrane.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.authorization.Authorizations;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Built;
import dev.terrane.testkit.contract.Denial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.SdkClient;

/**
 * For every operation that is built: a caller without the permission gets AWS's denial, which names the action, and nothing has
 * changed but the trail.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeniedTest {
    private final List<Service> services = new ArrayList<>();
    private final TestServer server = start();
    private Map<String, Long> before = Map.of();

    @SuppressWarnings("unchecked") // an array of constructors
    private TestServer start() {
        Function<Platform, Service>[] remembering = Wiring.SERVICES.stream()
                .map(factory -> (Function<Platform, Service>) platform -> {
                    Service service = factory.apply(platform);
                    services.add(service);
                    return service;
                })
                .toArray(Function[]::new);
        return TestServer.with(remembering);
    }

    @BeforeAll
    void remember() {
        before = server.rowCounts();
    }

    @AfterAll
    void nothingHasChanged() {
        try {
            assertThat(server.rowCounts()).isEqualTo(before);
        } finally {
            server.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyBuiltOperationIsDeniedToOneWithoutPermission() {
        Principal nobody = new Principal.User(TestServer.ACCOUNT, "AIDANOBODY", "/", "nobody");
        return services.stream().flatMap(service -> {
            SdkClient client = server.client(service.api(), nobody);
            return Built.operations(service).stream()
                    .filter(operation -> !Authorizations.of(
                                    service.name(), operation.operation().name())
                            .unrestricted())
                    .map(operation -> DynamicTest.dynamicTest(
                            service.name() + " " + operation.operation().name(),
                            () -> assertThat(Denial.missed(operation, client)).isEmpty()));
        });
    }
}
