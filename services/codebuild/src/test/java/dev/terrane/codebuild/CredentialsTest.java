package dev.terrane.codebuild;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.NetworkMode;
import dev.terrane.kernel.compute.OutputSink;
import dev.terrane.kernel.compute.WorkloadSpec;
import dev.terrane.kernel.store.RecordCodec;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codebuild.model.*;
import tools.jackson.databind.JsonNode;

/** The service role's credentials within a build. */
final class CredentialsTest {
    /** Keeps the credentials' address where the test finds it, and waits to be told to go on. */
    private static final String WAIT = """
            version: 0.2
            phases:
              build:
                commands:
                  - echo "http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" >/tmp/url
                  - until [ -e /tmp/go ]; do sleep 0.1; done
            """;

    private static String inside(Compute compute, String workload, String script) throws InterruptedException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        compute.exec(
                workload,
                Command.shell(script).mergingOutput(),
                (stream, bytes, length) -> output.write(bytes, 0, length));
        return output.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void aBuildAndNobodyElseGetsASessionOfItsServiceRole() throws InterruptedException {
        try (Workshop workshop = new Workshop()) {
            Compute compute = workshop.server.platform().compute();
            Assumptions.assumeTrue(compute.network().isPresent(), "needs workloads with a network of their own");
            workshop.project("role", WAIT);
            Build build = workshop.start("role");
            String workload = BuildRun.workloadId(build.id());
            workshop.awaitPhase(build, BuildPhaseType.BUILD);
            String url = inside(compute, workload, "until [ -s /tmp/url ]; do sleep 0.1; done; cat /tmp/url");
            JsonNode credentials = RecordCodec.json().readTree(inside(compute, workload, "curl -fsS " + url));

            assertThat(credentials.get("RoleArn").asString()).isEqualTo(workshop.role);
            assertThat(Instant.parse(credentials.get("Expiration").asString()))
                    .isAfter(workshop.server.clock().instant().plus(Duration.ofMinutes(15)));
            assertThat(workshop.server
                            .platform()
                            .sessions()
                            .open(
                                    credentials.get("AccessKeyId").asString(),
                                    credentials.get("Token").asString()))
                    .hasValueSatisfying(session -> {
                        assertThat(session.secret())
                                .isEqualTo(credentials.get("SecretAccessKey").asString());
                        assertThat(session.principal().arn())
                                .startsWith("arn:aws:sts::123456789012:assumed-role/build/AWSCodeBuild-");
                    });

            compute.start(WorkloadSpec.of("other", "test").withNetwork(NetworkMode.ISOLATED));
            try {
                String status = " -s -o /dev/null -w '%{http_code}' ";
                assertThat(inside(compute, "other", "curl" + status + url)).isEqualTo("404");
                assertThat(inside(compute, workload, "curl" + status + url + "x"))
                        .isEqualTo("404");
                assertThat(inside(compute, "other", "curl" + status + "http://169.254.170.2/"))
                        .isEqualTo("404");
            } finally {
                compute.remove("other");
            }
            compute.exec(workload, Command.of("touch", "/tmp/go"), OutputSink.DISCARD);
            assertThat(workshop.finished(build).buildStatus()).isEqualTo(StatusType.SUCCEEDED);
        }
    }
}
