package dev.terrane.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.contract.ServiceContract;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Built;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * docs/coverage.md says which operations are built, counted by reflection. After a change write it anew:
 * {@code mvn -pl app -am test -Dtest=CoverageTest -Dsurefire.failIfNoSpecifiedTests=false -Dcoverage.write=true}.
 */
class CoverageTest {
    @Test
    void pageSaysWhatIsBuilt() throws IOException {
        Path page = Path.of("..", "docs", "coverage.md");
        String generated = generate();
        if (Boolean.getBoolean("coverage.write")) {
            Files.writeString(page, generated);
        }
        assertThat(Files.readString(page)).isEqualTo(generated);
    }

    @SuppressWarnings("unchecked") // an array of constructors
    private static String generate() {
        List<Service> services = new ArrayList<>();
        Function<Platform, Service>[] remembering = Wiring.SERVICES.stream()
                .map(factory -> (Function<Platform, Service>) platform -> {
                    Service service = factory.apply(platform);
                    services.add(service);
                    return service;
                })
                .toArray(Function[]::new);
        try (TestServer server = TestServer.with(remembering)) {
            assertThat(server.faults()).isEmpty();
        }
        services.sort((a, b) -> a.name().compareTo(b.name()));
        StringBuilder table = new StringBuilder();
        StringBuilder sections = new StringBuilder();
        int all = 0;
        for (Service service : services) {
            ServiceContract contract = ServiceContract.of(service.name());
            List<String> built = Built.all(service).stream()
                    .map(operation -> operation.operation().name())
                    .toList();
            all += built.size();
            table.append("| [%s](services/%s.md) | %d | %d |%n"
                    .formatted(
                            contract.serviceId(),
                            service.name(),
                            built.size(),
                            contract.operations().size()));
            sections.append("%n## %s%n%n%s%n".formatted(contract.serviceId(), String.join(", ", built)));
        }
        return """
                # Operations

                Generated from the code by `CoverageTest`, which fails when this page is not true. An operation that is not listed answers
                `NotImplemented`. %d operations of %d services are built.

                | service | built | in the model |
                | --- | --- | --- |
                """.formatted(all, services.size()) + table + sections;
    }
}
