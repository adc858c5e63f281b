package dev.terrane.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.iam.IamService;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sts.StsClient;

/** The metadata service as an instance sees it. */
class MetadataServiceTest {
    private static final String TTL = "X-aws-ec2-metadata-token-ttl-seconds: ";
    private static final String TOKEN = "X-aws-ec2-metadata-token: ";

    private final MemoryCompute compute = new MemoryCompute();
    private final TestServer server =
            TestServer.withCompute((data, threads) -> compute, IamService::new, StsService::new, Ec2Service::new);
    private final Ec2Client ec2 = server.client(Ec2Client.class);

    private record Answer(int status, String body) {}

    @BeforeEach
    void makeRoles() {
        IamClient iam = server.client(IamClient.class);
        for (String service : new String[] {"ec2.amazonaws.com", "lambda.amazonaws.com"}) {
            String name = service.substring(0, service.indexOf('.'));
            iam.createRole(r -> r.roleName(name).assumeRolePolicyDocument("""
                            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"%s"},"Action":"sts:AssumeRole"}]}""".formatted(service)));
            iam.createInstanceProfile(r -> r.instanceProfileName(name));
            iam.addRoleToInstanceProfile(r -> r.instanceProfileName(name).roleName(name));
        }
    }

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private Instance running(Consumer<RunInstancesRequest.Builder> more) {
        String id = ec2.runInstances(
                        r -> more.accept(r.imageId(Images.DEFAULT).minCount(1).maxCount(1)))
                .instances()
                .getFirst()
                .instanceId();
        TestServer.await(() -> describe(id).state().name() == InstanceStateName.RUNNING);
        return describe(id);
    }

    private Instance describe(String id) {
        return ec2.describeInstances(r -> r.instanceIds(id))
                .reservations()
                .getFirst()
                .instances()
                .getFirst();
    }

    private Answer ask(String instanceId, String method, String path, String... headers) throws IOException {
        try (Socket socket = compute.connect(instanceId, "169.254.169.254", 80)) {
            OutputStream out = socket.getOutputStream();
            String head = method + " " + path + " HTTP/1.1\r\nHost: 169.254.169.254\r\nConnection: close\r\n"
                    + String.join(
                            "",
                            java.util.Arrays.stream(headers)
                                    .map(h -> h + "\r\n")
                                    .toList())
                    + "\r\n";
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(
                    Integer.parseInt(answer.substring(9, 12)), answer.substring(answer.indexOf("\r\n\r\n") + 4));
        }
    }

    private String get(String instanceId, String path) throws IOException {
        String token = ask(instanceId, "PUT", "/latest/api/token", TTL + 60).body();
        Answer answer = ask(instanceId, "GET", path, TOKEN + token);
        assertThat(answer.status()).as(path).isEqualTo(200);
        return answer.body();
    }

    @Test
    void asksForATokenOfThisInstance() throws IOException {
        Instance one = running(r -> {});
        Instance other = running(r -> r.metadataOptions(m -> m.httpTokens(HttpTokensState.OPTIONAL)));
        String id = one.instanceId();
        assertThat(ask(id, "GET", "/latest/meta-data/").status()).isEqualTo(401);
        assertThat(ask(other.instanceId(), "GET", "/latest/meta-data/instance-id")
                        .body())
                .isEqualTo(other.instanceId());
        assertThat(ask(id, "PUT", "/latest/api/token").status()).isEqualTo(400);
        assertThat(ask(id, "PUT", "/latest/api/token", TTL + 21601).status()).isEqualTo(400);
        assertThat(ask(id, "PUT", "/latest/api/token", TTL + 60, "X-Forwarded-For: 10.0.0.1")
                        .status())
                .isEqualTo(403);
        assertThat(ask(id, "POST", "/latest/meta-data/").status()).isEqualTo(405);

        String token = ask(id, "PUT", "/latest/api/token", TTL + 60).body();
        assertThat(ask(id, "GET", "/latest/meta-data/instance-id", TOKEN + token)
                        .body())
                .isEqualTo(id);
        assertThat(ask(other.instanceId(), "GET", "/latest/meta-data/", TOKEN + token)
                        .status())
                .isEqualTo(401);
        server.advance(Duration.ofSeconds(61));
        assertThat(ask(id, "GET", "/latest/meta-data/instance-id", TOKEN + token)
                        .status())
                .isEqualTo(401);
        assertThat(ask("b-1", "PUT", "/latest/api/token", TTL + 60).status()).isEqualTo(404);
    }

    @Test
    void describesTheInstance() throws IOException {
        ec2.createKeyPair(r -> r.keyName("mine").keyType(KeyType.ED25519));
        Instance instance = running(r -> r.keyName("mine")
                .userData("aGVsbG8=")
                .metadataOptions(m -> m.instanceMetadataTags(InstanceMetadataTagsState.ENABLED))
                .tagSpecifications(TagSpecification.builder()
                        .resourceType(ResourceType.INSTANCE)
                        .tags(Tag.builder().key("Name").value("web").build())
                        .build()));
        String id = instance.instanceId();
        assertThat(get(id, "/latest/").lines()).contains("dynamic/", "meta-data/", "user-data");
        assertThat(get(id, "/latest/meta-data/").lines())
                .contains("ami-id", "instance-id", "placement/", "public-keys/", "tags/");
        assertThat(get(id, "/latest/meta-data/placement/region")).isEqualTo("us-east-1");
        assertThat(get(id, "/latest/meta-data/local-ipv4")).isEqualTo(instance.privateIpAddress());
        assertThat(get(id, "/latest/meta-data/mac"))
                .isEqualTo(instance.networkInterfaces().getFirst().macAddress());
        assertThat(get(id, "/latest/meta-data/public-keys/")).isEqualTo("0=mine");
        assertThat(get(id, "/latest/meta-data/public-keys/0/openssh-key")).startsWith("ssh-ed25519 ");
        assertThat(get(id, "/latest/meta-data/tags/instance/Name")).isEqualTo("web");
        assertThat(get(id, "/latest/user-data")).isEqualTo("hello");
        assertThat(RecordCodec.json()
                        .readTree(get(id, "/latest/dynamic/instance-identity/document"))
                        .get("accountId")
                        .asString())
                .isEqualTo(TestServer.ACCOUNT);
        String token = ask(id, "PUT", "/latest/api/token", TTL + 60).body();
        assertThat(ask(id, "GET", "/latest/meta-data/iam/info", TOKEN + token).status())
                .isEqualTo(404);
    }

    @Test
    void givesTheRolesCredentials() throws IOException {
        String id = running(r -> r.iamInstanceProfile(p -> p.name("ec2"))).instanceId();
        assertThat(get(id, "/latest/meta-data/iam/security-credentials/")).isEqualTo("ec2");
        Map<?, ?> document =
                RecordCodec.json().readValue(get(id, "/latest/meta-data/iam/security-credentials/ec2"), Map.class);
        assertThat(document.get("Code")).isEqualTo("Success");
        Principal principal = server.platform()
                .sessions()
                .open(String.valueOf(document.get("AccessKeyId")), String.valueOf(document.get("Token")))
                .orElseThrow()
                .principal();
        assertThat(server.client(StsClient.class, principal).getCallerIdentity().arn())
                .endsWith(":assumed-role/ec2/" + id);
        String first = String.valueOf(document.get("AccessKeyId"));
        assertThat(get(id, "/latest/meta-data/iam/security-credentials/ec2")).contains(first);
        server.advance(Duration.ofMinutes(50));
        assertThat(get(id, "/latest/meta-data/iam/security-credentials/ec2")).doesNotContain(first);
    }

    @Test
    void saysWhenTheRoleDoesNotTrustIt() throws IOException {
        String id = running(r -> r.iamInstanceProfile(p -> p.name("lambda"))).instanceId();
        assertThat(get(id, "/latest/meta-data/iam/security-credentials/lambda"))
                .contains("AssumeRoleUnauthorizedAccess");
    }
}
