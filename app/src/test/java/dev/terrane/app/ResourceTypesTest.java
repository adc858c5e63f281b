package dev.terrane.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.testkit.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * docs/resource-types.md says which resource types and properties CloudFormation carries out. After a change write it anew:
 * {@code mvn -pl app -am test -Dtest=ResourceTypesTest -Dsurefire.failIfNoSpecifiedTests=false -Dcoverage.write=true}.
 */
class ResourceTypesTest {
    @Test
    void pageSaysWhatIsCarriedOut() throws IOException {
        Path page = Path.of("..", "docs", "resource-types.md");
        String generated = generate();
        if (Boolean.getBoolean("coverage.write")) {
            Files.writeString(page, generated);
        }
        assertThat(Files.readString(page)).isEqualTo(generated);
    }

    @SuppressWarnings("unchecked") // an array of constructors
    private static String generate() {
        StringBuilder table = new StringBuilder();
        int types = 0;
        try (TestServer server =
                TestServer.with(Wiring.SERVICES.toArray((Function<Platform, Service>[]) new Function<?, ?>[0]))) {
            for (ResourceType type : server.platform().resourceTypes().all()) {
                types++;
                table.append(line(type));
            }
        }
        return """
                # Resource types

                Generated from the code by `ResourceTypesTest`, which fails when this page is not true: the %d types that CloudFormation carries out here. A template that
                has another type, or sets a property that is refused, is refused by its name before anything is made.

                | type | properties | refused |
                | --- | --- | --- |
                """.formatted(types) + table;
    }

    private static String line(ResourceType type) {
        Set<String> refused = new TreeSet<>(ResourceSchema.of(type.name())
                .map(schema -> schema.properties().keySet())
                .orElse(Set.of()));
        type.supported().stream().map(path -> path.split("/", 2)[0]).forEach(refused::remove);
        refused.addAll(type.lacking());
        return "| `%s` | %s | %s |%n".formatted(type.name(), listed(type.supported()), listed(refused));
    }

    private static String listed(Set<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", List.copyOf(new TreeSet<>(names)));
    }
}
