package dev.terrane.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.compute.sandbox.SandboxCompute;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.testkit.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;

/** An instance in a real sandbox: its user data asks the metadata service. Skipped where sandboxes are not permitted. */
class SandboxInstanceTest {
    private static final String USER_DATA = """
            #!/bin/bash
            token=$(curl -s -X PUT http://169.254.169.254/latest/api/token -H 'X-aws-ec2-metadata-token-ttl-seconds: 60')
            curl -s -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/instance-id
            echo " from $AWS_ENDPOINT_URL"
            """;

    private static TestServer open() {
        try {
            return TestServer.withCompute(SandboxCompute::open, Ec2Service::new);
        } catch (ComputeException e) {
            throw new TestAbortedException("Sandboxes are not permitted here: " + e.getMessage(), e);
        }
    }

    @Test
    void runsUserDataInAnInstance() throws Exception {
        try (TestServer server = open()) {
            if (server.platform().compute().network().isEmpty()) {
                throw new TestAbortedException("Sandboxes have no network of their own here");
            }
            RunInstancesResponse launched = server.client(Ec2Client.class)
                    .runInstances(r -> r.imageId(Images.DEFAULT)
                            .instanceType("t3.small")
                            .minCount(1)
                            .maxCount(1)
                            .userData(Base64.getEncoder().encodeToString(USER_DATA.getBytes(StandardCharsets.UTF_8))));
            String id = launched.instances().getFirst().instanceId();
            TestServer.await(() -> output(server.platform().compute(), id).startsWith(id + " from http://10."));
            assertThat(state(server, id)).isEqualTo(InstanceStateName.RUNNING);

            server.restart();
            TestServer.await(() -> output(server.platform().compute(), id).startsWith(id + " from http://10."));
            assertThat(state(server, id)).isEqualTo(InstanceStateName.RUNNING);
            server.client(Ec2Client.class).terminateInstances(r -> r.instanceIds(id));
            TestServer.await(() -> state(server, id) == InstanceStateName.TERMINATED);
            assertThat(server.platform().compute().find(id)).isEmpty();
        }
    }

    private static InstanceStateName state(TestServer server, String id) {
        return server.client(Ec2Client.class)
                .describeInstances(r -> r.instanceIds(id))
                .reservations()
                .getFirst()
                .instances()
                .getFirst()
                .state()
                .name();
    }

    private static String output(Compute compute, String id) {
        try {
            return new String(compute.read(id, "/var/log/cloud-init-output.log", 100_000), StandardCharsets.UTF_8);
        } catch (IOException | ComputeException e) {
            // Not there yet.
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
