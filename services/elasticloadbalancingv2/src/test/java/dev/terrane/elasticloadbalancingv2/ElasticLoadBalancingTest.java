package dev.terrane.elasticloadbalancingv2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DuplicateLoadBalancerNameException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidConfigurationRequestException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidSecurityGroupException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ListenerAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.OperationNotPermittedException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.PriorityInUseException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ResourceInUseException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RulePriorityPair;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealth;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

@SuppressWarnings("unchecked") // the SDK takes builders by generic varargs
class ElasticLoadBalancingTest {
    private static final String INSTANCE = "i-0123456789abcdef0";

    private final MemoryCompute compute = new MemoryCompute();
    private final TestServer server =
            TestServer.withCompute((folder, threads) -> compute, ElasticLoadBalancingService::new, SubnetsOnly::new);
    private final ElasticLoadBalancingV2Client client = server.client(ElasticLoadBalancingV2Client.class);
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer application = application("first");

    private static HttpServer application(String text) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            server.createContext("/", exchange -> {
                byte[] body = text.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private LoadBalancer balancer = LoadBalancer.builder().build();
    private String group = "";
    private Listener listener = Listener.builder().build();

    @BeforeEach
    void create() throws IOException {
        balancer = client.createLoadBalancer(r -> r.name("web").subnets("subnet-a", "subnet-b"))
                .loadBalancers()
                .getFirst();
        group = group("web");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        listener = client.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn())
                        .protocol(ProtocolEnum.HTTP)
                        .port(port)
                        .defaultActions(a -> a.type(ActionTypeEnum.FORWARD).targetGroupArn(group)))
                .listeners()
                .getFirst();
    }

    @AfterEach
    void close() {
        application.stop(0);
        server.close();
        http.close();
    }

    private String group(String name) {
        return client.createTargetGroup(r -> r.name(name)
                        .protocol(ProtocolEnum.HTTP)
                        .port(80)
                        .vpcId("vpc-1")
                        .targetType(TargetTypeEnum.INSTANCE)
                        .healthCheckIntervalSeconds(5)
                        .healthCheckTimeoutSeconds(2))
                .targetGroups()
                .getFirst()
                .targetGroupArn();
    }

    private TargetDescription target() {
        int port = application.getAddress().getPort();
        compute.forward(INSTANCE, port, application.getAddress());
        return TargetDescription.builder().id(INSTANCE).port(port).build();
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI url = URI.create("http://" + balancer.dnsName() + ":" + listener.port() + path);
        return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
    }

    private List<String> states() {
        return client.describeTargetHealth(r -> r.targetGroupArn(group)).targetHealthDescriptions().stream()
                .map(d -> d.targetHealth().stateAsString())
                .toList();
    }

    private void registered() {
        client.registerTargets(r -> r.targetGroupArn(group).targets(target()));
        TestServer.await(() -> states().equals(List.of("healthy")));
    }

    @Test
    void anEmptyProtocolVersionIsTheFirst() {
        assertThat(client.createTargetGroup(r -> r.name("empty")
                                .protocol(ProtocolEnum.HTTP)
                                .protocolVersion("")
                                .port(80)
                                .vpcId("vpc-1"))
                        .targetGroups()
                        .getFirst()
                        .protocolVersion())
                .isEqualTo("HTTP1");
        assertThatThrownBy(() -> client.createTargetGroup(r -> r.name("grpc")
                        .protocol(ProtocolEnum.HTTP)
                        .protocolVersion("GRPC")
                        .port(80)
                        .vpcId("vpc-1")))
                .isInstanceOf(InvalidConfigurationRequestException.class);
    }

    @Test
    void attributesOfAListenerStayAtTheirDefaults() {
        ListenerAttribute server = ListenerAttribute.builder()
                .key("routing.http.response.server.enabled")
                .value("true")
                .build();
        assertThat(client.describeListenerAttributes(r -> r.listenerArn(listener.listenerArn()))
                        .attributes())
                .contains(server);
        assertThat(client.modifyListenerAttributes(
                                r -> r.listenerArn(listener.listenerArn()).attributes(server))
                        .attributes())
                .contains(server);
        assertThatThrownBy(() -> client.modifyListenerAttributes(r -> r.listenerArn(listener.listenerArn())
                        .attributes(server.toBuilder().value("false").build())))
                .hasMessageContaining("can only be 'true'");
    }

    @Test
    void noCapacityIsReserved() {
        var reservation = client.describeCapacityReservation(r -> r.loadBalancerArn(balancer.loadBalancerArn()));
        assertThat(reservation.minimumLoadBalancerCapacity()).isNull();
        assertThat(reservation.capacityReservationState()).isEmpty();
    }

    @Test
    void registeredTargetServesUnderTheDnsName() throws Exception {
        registered();

        HttpResponse<String> answer = get("/");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("first");
    }

    @Test
    void withoutTargetsTheAnswerIs503() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(503);
    }

    @Test
    void deregisteredTargetDrainsAndIsGone() {
        client.modifyTargetGroupAttributes(r -> r.targetGroupArn(group)
                .attributes(a -> a.key("deregistration_delay.timeout_seconds").value("1")));
        registered();

        client.deregisterTargets(r -> r.targetGroupArn(group).targets(target()));

        TestServer.await(() -> states().isEmpty());
    }

    @Test
    void ruleOfLowerPriorityDecidesFirst() throws Exception {
        client.createRule(r -> r.listenerArn(listener.listenerArn())
                .priority(20)
                .conditions(c -> c.field("path-pattern").values("/fixed*"))
                .actions(a -> a.type(ActionTypeEnum.FIXED_RESPONSE)
                        .fixedResponseConfig(f -> f.statusCode("404").messageBody("twenty"))));
        String other = client.createRule(r -> r.listenerArn(listener.listenerArn())
                        .priority(10)
                        .conditions(c -> c.field("path-pattern").values("/fixed/*"))
                        .actions(a -> a.type(ActionTypeEnum.FIXED_RESPONSE)
                                .fixedResponseConfig(f -> f.statusCode("200").messageBody("ten"))))
                .rules()
                .getFirst()
                .ruleArn();
        assertThat(get("/fixed/x").body()).isEqualTo("ten");
        assertThat(get("/fixed").body()).isEqualTo("twenty");

        client.setRulePriorities(r -> r.rulePriorities(
                RulePriorityPair.builder().ruleArn(other).priority(30).build()));

        assertThat(get("/fixed/x").body()).isEqualTo("twenty");
        assertThat(client.describeRules(r -> r.listenerArn(listener.listenerArn()))
                        .rules())
                .extracting(rule -> rule.priority())
                .containsExactly("20", "30", "default");
    }

    @Test
    void takenPriorityIsRefused() {
        client.createRule(r -> r.listenerArn(listener.listenerArn())
                .priority(1)
                .conditions(c -> c.field("path-pattern").values("/a"))
                .actions(a -> a.type(ActionTypeEnum.FORWARD).targetGroupArn(group)));

        assertThatThrownBy(() -> client.createRule(r -> r.listenerArn(listener.listenerArn())
                        .priority(1)
                        .conditions(c -> c.field("path-pattern").values("/b"))
                        .actions(a -> a.type(ActionTypeEnum.FORWARD).targetGroupArn(group))))
                .isInstanceOf(PriorityInUseException.class);
    }

    @Test
    void configurationOutlivesARestart() throws Exception {
        registered();

        server.restart();

        ElasticLoadBalancingV2Client again = server.client(ElasticLoadBalancingV2Client.class);
        TestServer.await(
                () -> again.describeTargetHealth(r -> r.targetGroupArn(group)).targetHealthDescriptions().stream()
                        .allMatch(d -> d.targetHealth().stateAsString().equals("healthy")));
        assertThat(get("/").body()).isEqualTo("first");
    }

    @Test
    void groupInUseIsNotDeleted() {
        assertThatThrownBy(() -> client.deleteTargetGroup(r -> r.targetGroupArn(group)))
                .isInstanceOf(ResourceInUseException.class);
        client.deleteListener(r -> r.listenerArn(listener.listenerArn()));

        client.deleteTargetGroup(r -> r.targetGroupArn(group));

        assertThatThrownBy(() -> client.describeTargetGroups(r -> r.targetGroupArns(group)))
                .isInstanceOf(TargetGroupNotFoundException.class);
    }

    @Test
    void unusedGroupSaysSo() {
        String idle = group("idle");
        client.registerTargets(r -> r.targetGroupArn(idle).targets(target()));

        TargetHealth health = client.describeTargetHealth(r -> r.targetGroupArn(idle))
                .targetHealthDescriptions()
                .getFirst()
                .targetHealth();

        assertThat(health.stateAsString()).isEqualTo("unused");
        assertThat(health.reasonAsString()).isEqualTo("Target.NotInUse");
    }

    private void registersAddress(String address, String zone) {
        String ips = client.createTargetGroup(r -> r.name("ips")
                        .protocol(ProtocolEnum.HTTP)
                        .port(80)
                        .vpcId("vpc-1")
                        .targetType(TargetTypeEnum.IP))
                .targetGroups()
                .getFirst()
                .targetGroupArn();
        try {
            client.registerTargets(r ->
                    r.targetGroupArn(ips).targets(t -> t.id(address).availabilityZone(zone.isEmpty() ? null : zone)));
        } finally {
            client.deleteTargetGroup(r -> r.targetGroupArn(ips));
        }
    }

    @ParameterizedTest
    @CsvSource({"172.31.17.4,''", "10.87.0.9,''", "10.1.2.3,all", "192.168.4.4,all", "172.16.0.1,all", "100.64.1.1,all"
    })
    void addressOfTheVpcOrAPrivateOneCanBeATarget(String address, String zone) {
        assertThatCode(() -> registersAddress(address, zone)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.64.1.1",
                "0.0.0.0",
                "169.254.169.254",
                "224.0.0.1",
                "255.255.255.255",
                "8.8.8.8",
                "100.128.0.1",
                "172.32.0.1",
                "010.0.0.1",
                "10.0.0.256",
                "10.1",
                "::1",
                "localhost"
            })
    void anyOtherAddressIsRefused(String address) {
        assertThatThrownBy(() -> registersAddress(address, "all"))
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationError"))
                .hasMessageContaining("'" + address + "'");
    }

    @Test
    void addressOutsideTheVpcNeedsTheZoneAll() {
        assertThatThrownBy(() -> registersAddress("10.1.2.3", ""))
                .hasMessageContaining(
                        "The Availability Zone is required for IP address '10.1.2.3' because it is not in the VPC");
        assertThatThrownBy(() -> registersAddress("10.1.2.3", "us-east-1a"))
                .hasMessageContaining("since the IP address '10.1.2.3' is outside the VPC");
        assertThatThrownBy(() -> registersAddress("172.31.17.4", "all"))
                .hasMessageContaining(
                        "The IP address '172.31.17.4' is within the VPC, and cannot have its Availability Zone overridden to 'all' from 'us-east-1b'");
    }

    /** Behind a balancer this server would be asked by its own machine. */
    @Test
    void theServerItselfIsNoTarget() {
        int port = server.url().getPort();
        assertThatThrownBy(() ->
                        client.registerTargets(r -> r.targetGroupArn(client.createTargetGroup(g -> g.name("self")
                                                .protocol(ProtocolEnum.HTTP)
                                                .port(port)
                                                .vpcId("vpc-1")
                                                .targetType(TargetTypeEnum.IP))
                                        .targetGroups()
                                        .getFirst()
                                        .targetGroupArn())
                                .targets(t -> t.id("10.87.0.1"))))
                .hasMessageContaining("'10.87.0.1'");
    }

    @Test
    void nameIsTakenOnce() {
        assertThatThrownBy(() -> client.createLoadBalancer(r -> r.name("web").subnets("subnet-a", "subnet-b")))
                .isInstanceOf(DuplicateLoadBalancerNameException.class);
    }

    @Test
    void itsSecurityGroupsCanBeReplaced() {
        assertThat(client.setSecurityGroups(r ->
                                r.loadBalancerArn(balancer.loadBalancerArn()).securityGroups("sg-1", "sg-2", "sg-1"))
                        .securityGroupIds())
                .containsExactly("sg-1", "sg-2");

        assertThat(client.describeLoadBalancers().loadBalancers().getFirst().securityGroups())
                .containsExactly("sg-1", "sg-2");
        TestServer.await(() -> compute.serverGroups().equals(Set.of("sg-1", "sg-2")));
    }

    @Test
    void securityGroupsOfABalancerAreChecked() {
        assertThatThrownBy(() -> client.setSecurityGroups(
                        r -> r.loadBalancerArn(balancer.loadBalancerArn()).securityGroups("sg-missing")))
                .isInstanceOf(InvalidSecurityGroupException.class);
        assertThatThrownBy(() -> client.setSecurityGroups(r -> r.loadBalancerArn(balancer.loadBalancerArn())
                        .securityGroups("sg-1", "sg-2", "sg-3", "sg-4", "sg-5", "sg-6")))
                .isInstanceOf(InvalidConfigurationRequestException.class);
        assertThatThrownBy(() -> client.setSecurityGroups(
                        r -> r.loadBalancerArn(balancer.loadBalancerArn()).securityGroups(List.of())))
                .hasMessageContaining("security group");
        assertThat(client.describeLoadBalancers().loadBalancers().getFirst().securityGroups())
                .containsExactly("sg-default");
    }

    @Test
    void deletionProtectionProtects() {
        client.modifyLoadBalancerAttributes(r -> r.loadBalancerArn(balancer.loadBalancerArn())
                .attributes(a -> a.key("deletion_protection.enabled").value("true")));

        assertThatThrownBy(() -> client.deleteLoadBalancer(r -> r.loadBalancerArn(balancer.loadBalancerArn())))
                .isInstanceOf(OperationNotPermittedException.class);
    }

    @Test
    void whatIsNotCarriedOutIsRefused() {
        assertThatThrownBy(() -> client.modifyLoadBalancerAttributes(r -> r.loadBalancerArn(balancer.loadBalancerArn())
                        .attributes(a -> a.key("access_logs.s3.enabled").value("true"))))
                .isInstanceOf(AwsServiceException.class)
                .hasMessageContaining("access_logs.s3.enabled");
        assertThatThrownBy(() -> client.createLoadBalancer(
                        r -> r.name("net").type("network").subnets("subnet-a", "subnet-b")))
                .hasMessageContaining("'network'");
    }

    @Test
    void withoutPermissionNothingChanges() {
        ElasticLoadBalancingV2Client limited = server.clientWith(
                ElasticLoadBalancingV2Client.class,
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"elasticloadbalancing:Describe*\",\"Resource\":\"*\"}]}");

        assertThatThrownBy(() -> limited.deleteLoadBalancer(r -> r.loadBalancerArn(balancer.loadBalancerArn())))
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDenied"))
                .hasMessageContaining("elasticloadbalancing:DeleteLoadBalancer");
        assertThat(limited.describeLoadBalancers().loadBalancers()).hasSize(1);
    }

    @Test
    void tagsAreKept() {
        client.addTags(r -> r.resourceArns(balancer.loadBalancerArn())
                .tags(t -> t.key("team").value("core")));

        assertThat(client.describeTags(r -> r.resourceArns(balancer.loadBalancerArn()))
                        .tagDescriptions()
                        .getFirst()
                        .tags())
                .extracting(t -> t.key() + "=" + t.value())
                .containsExactly("team=core");
    }

    @Test
    void healthChecksGoOnAsTheClockMoves() {
        registered();
        application.stop(0);

        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(5));
            return states().equals(List.of("unhealthy"));
        });
        application = application("second");
    }
}
