package dev.terrane.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.iam.IamService;
import dev.terrane.kernel.compute.Workload;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;
import software.amazon.awssdk.services.iam.IamClient;

/** The life of instances. */
class InstancesTest {
    private static final String CHANGED = "EC2 Instance State-change Notification";
    private static final String ANYONE_EC2 = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

    private final MemoryCompute compute = new MemoryCompute();
    private final TestServer server =
            TestServer.withCompute((data, threads) -> compute, IamService::new, StsService::new, Ec2Service::new);
    private Ec2Client ec2 = server.client(Ec2Client.class);

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private static RunInstancesRequest.Builder one() {
        return RunInstancesRequest.builder()
                .imageId(Images.DEFAULT)
                .instanceType(InstanceType.T3_MICRO)
                .minCount(1)
                .maxCount(1);
    }

    private static TagSpecification tagged(String key, String value) {
        return TagSpecification.builder()
                .resourceType(ResourceType.INSTANCE)
                .tags(Tag.builder().key(key).value(value).build())
                .build();
    }

    private String running(RunInstancesRequest.Builder request) {
        String id = ec2.runInstances(request.build()).instances().getFirst().instanceId();
        awaitState(id, InstanceStateName.RUNNING);
        return id;
    }

    private Instance describe(String id) {
        return ec2.describeInstances(r -> r.instanceIds(id))
                .reservations()
                .getFirst()
                .instances()
                .getFirst();
    }

    private void awaitState(String id, InstanceStateName state) {
        TestServer.await(() -> describe(id).state().name() == state);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void runsAnInstance() {
        RunInstancesResponse launched =
                ec2.runInstances(one().tagSpecifications(tagged("Name", "web")).build());
        Instance first = launched.instances().getFirst();
        assertThat(first.instanceId()).matches("i-[0-9a-f]{17}");
        assertThat(first.state().name()).isEqualTo(InstanceStateName.PENDING);
        awaitState(first.instanceId(), InstanceStateName.RUNNING);

        Instance instance = describe(first.instanceId());
        assertThat(instance.privateIpAddress()).startsWith("10.87.");
        assertThat(instance.privateDnsName())
                .isEqualTo("ip-" + instance.privateIpAddress().replace('.', '-') + ".ec2.internal");
        assertThat(instance.tags())
                .containsExactly(Tag.builder().key("Name").value("web").build());
        assertThat(instance.placement().availabilityZone()).isEqualTo("us-east-1a");
        assertThat(instance.vpcId())
                .isEqualTo(ec2.describeVpcs(r -> {}).vpcs().getFirst().vpcId());
        Workload workload = compute.find(instance.instanceId()).orElseThrow();
        assertThat(workload.spec().limits().memoryBytes()).hasValue(1L << 30);
        assertThat(workload.spec().environment()).containsKey("AWS_ENDPOINT_URL");
        assertThat(server.awaitEvents(CHANGED, 2).stream()
                        .map(e -> e.detail().replaceAll(".*\"state\":\"(\\w+)\".*", "$1")))
                .containsExactly("pending", "running");
        assertThat(ec2.describeInstanceStatus(r -> {})
                        .instanceStatuses()
                        .getFirst()
                        .instanceStatus()
                        .status())
                .isEqualTo(SummaryStatus.OK);
    }

    @Test
    void findsInstancesByFilters() {
        String web = running(one().tagSpecifications(tagged("Role", "web-1")));
        String worker =
                running(one().tagSpecifications(tagged("Role", "worker")).instanceType("t3.small"));
        assertThat(ids("tag:Role", "web-*")).containsExactly(web);
        assertThat(ids("tag:Role", "web-?", "worker")).containsExactlyInAnyOrder(web, worker);
        assertThat(ids("tag-key", "Role")).hasSize(2);
        assertThat(ids("instance-type", "t3.small")).containsExactly(worker);
        assertThat(ids("private-ip-address", describe(web).privateIpAddress())).containsExactly(web);
        assertThat(ids("instance-state-name", "stopped")).isEmpty();
        assertThatThrownBy(() -> ids("nonsense", "x")).hasMessageContaining("The filter 'nonsense' is invalid");
    }

    private List<String> ids(String filter, String... values) {
        return ec2
                .describeInstances(r ->
                        r.filters(Filter.builder().name(filter).values(values).build()))
                .reservations()
                .stream()
                .flatMap(r -> r.instances().stream())
                .map(Instance::instanceId)
                .toList();
    }

    @Test
    void listsInstancesInPages() {
        ec2.runInstances(one().minCount(7).maxCount(7).build());
        List<Instance> all = ec2.describeInstancesPaginator(r -> r.maxResults(5)).reservations().stream()
                .flatMap(r -> r.instances().stream())
                .toList();
        assertThat(all).hasSize(7);
        DescribeInstancesResponse first = ec2.describeInstances(r -> r.maxResults(5));
        assertThat(first.nextToken()).isNotNull();
        assertThatThrownBy(() -> ec2.describeInstances(r -> r.maxResults(5).nextToken("forged")))
                .hasMessageContaining("invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.3.999/8", "1.2.3/8", "10.0.0.0/33", "10.0.0.0", "::/0", "zz"})
    void malformedBlocksAreRefused(String cidr) {
        String group = ec2.createSecurityGroup(r -> r.groupName("blocks").description("d"))
                .groupId();
        IpPermission permission = IpPermission.builder()
                .ipProtocol("-1")
                .ipRanges(IpRange.builder().cidrIp(cidr).build())
                .build();
        assertThatThrownBy(() ->
                        ec2.authorizeSecurityGroupIngress(r -> r.groupId(group).ipPermissions(permission)))
                .satisfies(code("InvalidParameterValue"))
                .hasMessageContaining("CIDR block " + cidr + " is malformed");
    }

    @Test
    void pagesHaveTheSizesThatAwsAllows() {
        assertThatThrownBy(() -> ec2.describeInstances(r -> r.maxResults(4)))
                .satisfies(code("InvalidParameterValue"))
                .hasMessageContaining(
                        "Value ( 4 ) for parameter maxResults is invalid. Expecting a value greater than 5.");
        assertThatThrownBy(() -> ec2.describeVpcs(r -> r.maxResults(1001)))
                .satisfies(code("InvalidParameterValue"))
                .hasMessageContaining("Expecting a value smaller than or equal to 1000.");
        assertThatThrownBy(() -> ec2.describeSubnets(r -> r.maxResults(1)))
                .hasMessageContaining("Expecting a value greater than or equal to 5.");
        assertThatThrownBy(() -> ec2.describeInstanceTypes(r -> r.maxResults(101)))
                .satisfies(code("InvalidMaxResults"))
                .hasMessageContaining("Expecting a value from ( 5 ) to  ( 100 ).");
        assertThatThrownBy(() -> ec2.describeLaunchTemplates(r -> r.maxResults(201)))
                .hasMessageContaining("Maximum results allowed are between 1 and 200");
        assertThat(ec2.describeInstances(r -> r.maxResults(5000)).reservations())
                .isEmpty();
    }

    @Test
    void repeatsALaunchByItsClientToken() {
        RunInstancesRequest request = one().clientToken("once").build();
        String id = ec2.runInstances(request).instances().getFirst().instanceId();
        assertThat(ec2.runInstances(request).instances().getFirst().instanceId())
                .isEqualTo(id);
        assertThat(compute.list().size()).isLessThanOrEqualTo(1);
        assertThatThrownBy(() -> ec2.runInstances(
                        request.toBuilder().instanceType("t3.small").build()))
                .satisfies(code("IdempotentParameterMismatch"));
    }

    @Test
    void stopsStartsAndTerminates() {
        String id = running(one());
        String address = describe(id).privateIpAddress();
        InstanceStateChange stopping =
                ec2.stopInstances(r -> r.instanceIds(id)).stoppingInstances().getFirst();
        assertThat(stopping.previousState().code()).isEqualTo(16);
        assertThat(stopping.currentState().code()).isEqualTo(64);
        awaitState(id, InstanceStateName.STOPPED);
        assertThat(describe(id).stateReason().code()).isEqualTo("Client.UserInitiatedShutdown");
        assertThat(compute.find(id).orElseThrow().running()).isFalse();

        ec2.startInstances(r -> r.instanceIds(id));
        awaitState(id, InstanceStateName.RUNNING);
        assertThat(describe(id).privateIpAddress()).isEqualTo(address);

        ec2.rebootInstances(r -> r.instanceIds(id));
        ec2.terminateInstances(r -> r.instanceIds(id));
        awaitState(id, InstanceStateName.TERMINATED);
        assertThat(compute.find(id)).isEmpty();
        assertThat(describe(id).privateIpAddress()).isNull();
        assertThatThrownBy(() -> ec2.startInstances(r -> r.instanceIds(id))).satisfies(code("IncorrectInstanceState"));
        assertThat(ec2.terminateInstances(r -> r.instanceIds(id))
                        .terminatingInstances()
                        .getFirst()
                        .currentState()
                        .name())
                .isEqualTo(InstanceStateName.TERMINATED);

        server.awaitEvents(CHANGED, 8);
        TestServer.await(() -> {
            server.advance(Duration.ofMinutes(61));
            return ec2.describeInstances(r -> {}).reservations().isEmpty();
        });
        assertThatThrownBy(() -> describe(id)).satisfies(code("InvalidInstanceID.NotFound"));
    }

    @Test
    void protectsFromTermination() {
        String id = running(one().disableApiTermination(true));
        assertThatThrownBy(() -> ec2.terminateInstances(r -> r.instanceIds(id)))
                .satisfies(code("OperationNotPermitted"));
        ec2.modifyInstanceAttribute(r -> r.instanceId(id).disableApiTermination(a -> a.value(false)));
        ec2.terminateInstances(r -> r.instanceIds(id));
        awaitState(id, InstanceStateName.TERMINATED);
    }

    @Test
    void runsUserDataOnce() throws Exception {
        String id = running(one().userData(base64("#!/bin/bash\necho hello\n")));
        TestServer.await(() -> compute.commands(id).size() == 1);
        assertThat(compute.commands(id).getFirst().arguments().getLast()).contains("/var/log/cloud-init-output.log");
        assertThat(new String(
                        compute.read(id, "/var/lib/cloud/instance/scripts/part-001", 1000), StandardCharsets.UTF_8))
                .isEqualTo("#!/bin/bash\necho hello\n");
        ec2.stopInstances(r -> r.instanceIds(id));
        awaitState(id, InstanceStateName.STOPPED);
        ec2.startInstances(r -> r.instanceIds(id));
        awaitState(id, InstanceStateName.RUNNING);
        server.restart();
        ec2 = server.client(Ec2Client.class);
        TestServer.await(() -> compute.find(id).orElseThrow().running());
        assertThat(compute.commands(id)).hasSize(1);
    }

    @Test
    void startsInstancesAgainAfterTheServer() {
        String running = running(one());
        String stopped = running(one());
        ec2.stopInstances(r -> r.instanceIds(stopped));
        awaitState(stopped, InstanceStateName.STOPPED);
        server.restart();
        ec2 = server.client(Ec2Client.class);
        TestServer.await(() -> compute.find(running).orElseThrow().running());
        assertThat(describe(running).state().name()).isEqualTo(InstanceStateName.RUNNING);
        assertThat(compute.find(stopped).orElseThrow().running()).isFalse();
        ec2.terminateInstances(r -> r.instanceIds(running, stopped));
        awaitState(running, InstanceStateName.TERMINATED);
        awaitState(stopped, InstanceStateName.TERMINATED);
    }

    @Test
    void stopsWhatEndsByItself() {
        String stops = running(one());
        compute.end(stops);
        awaitState(stops, InstanceStateName.STOPPED);
        assertThat(describe(stops).stateReason().code()).isEqualTo("Server.InternalError");
        String terminates = running(one().instanceInitiatedShutdownBehavior(ShutdownBehavior.TERMINATE));
        compute.end(terminates);
        awaitState(terminates, InstanceStateName.TERMINATED);
    }

    @Test
    void terminatesWhatCannotStart() {
        compute.refuse("no memory left");
        String id = ec2.runInstances(one().build()).instances().getFirst().instanceId();
        awaitState(id, InstanceStateName.TERMINATED);
        assertThat(describe(id).stateReason().message()).contains("no memory left");
    }

    @Test
    void refusesWhatItCannotHonour() {
        assertThatThrownBy(() ->
                        ec2.runInstances(one().imageId("ami-0123456789abcdef0").build()))
                .satisfies(code("InvalidAMIID.NotFound"));
        assertThatThrownBy(() ->
                        ec2.runInstances(one().instanceType("u-24tb1.metal").build()))
                .satisfies(code("InvalidParameterValue"));
        assertThatThrownBy(() -> ec2.runInstances(one().keyName("none").build()))
                .satisfies(code("InvalidKeyPair.NotFound"));
        assertThatThrownBy(() ->
                        ec2.runInstances(one().privateIpAddress("10.0.0.9").build()))
                .satisfies(code("UnsupportedOperation"));
        assertThatThrownBy(() -> ec2.runInstances(
                        one().userData(base64("#cloud-config\n")).build()))
                .satisfies(code("UnsupportedOperation"));
        assertThatThrownBy(() -> ec2.runInstances(
                        one().subnetId("subnet-0123456789abcdef0").build()))
                .satisfies(code("InvalidSubnetID.NotFound"));
        assertThatThrownBy(() -> ec2.runInstances(
                        one().tagSpecifications(tagged("aws:mine", "x")).build()))
                .satisfies(code("InvalidParameterValue"));
        assertThatThrownBy(() -> ec2.runInstances(one().dryRun(true).build())).satisfies(code("DryRunOperation"));
        assertThat(ec2.describeInstances(r -> {}).reservations()).isEmpty();
    }

    @Test
    void refusesInstancesWithoutADriver() {
        try (TestServer bare = TestServer.with(Ec2Service::new)) {
            Ec2Client client = bare.client(Ec2Client.class);
            assertThat(client.describeImages(r -> r.owners("amazon")).images()).hasSize(1);
            assertThatThrownBy(() -> client.runInstances(one().build())).satisfies(code("Unsupported"));
        }
    }

    @Test
    void deniesWithoutPermission() {
        Ec2Client reader = server.clientWith(Ec2Client.class, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:Describe*","Resource":"*"}]}""");
        assertThat(reader.describeInstances(r -> {}).reservations()).isEmpty();
        assertThatThrownBy(() -> reader.runInstances(one().build())).satisfies(code("UnauthorizedOperation"));
        assertThat(ec2.describeInstances(r -> {}).reservations()).isEmpty();
    }

    @Test
    void needsPassRoleAlsoForATemplatesProfile() {
        IamClient iam = server.client(IamClient.class);
        iam.createRole(r -> r.roleName("powerful").assumeRolePolicyDocument(ANYONE_EC2));
        iam.createInstanceProfile(r -> r.instanceProfileName("machine"));
        iam.addRoleToInstanceProfile(r -> r.instanceProfileName("machine").roleName("powerful"));
        ec2.createLaunchTemplate(r -> r.launchTemplateName("with-profile")
                .launchTemplateData(d -> d.imageId(Images.DEFAULT).iamInstanceProfile(p -> p.name("machine"))));
        Ec2Client launcher = server.clientWith(Ec2Client.class, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"}]}""");
        RunInstancesRequest request = RunInstancesRequest.builder()
                .launchTemplate(t -> t.launchTemplateName("with-profile"))
                .minCount(1)
                .maxCount(1)
                .build();
        assertThatThrownBy(() -> launcher.runInstances(request)).hasMessageContaining("iam:PassRole");
        // It is the role in the profile that is passed, not one that has the profile's name.
        Ec2Client passer = server.clientWith(Ec2Client.class, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"},
                 {"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/powerful"}]}""");
        passer.runInstances(one().iamInstanceProfile(p -> p.name("machine")).build());
        Ec2Client namesake = server.clientWith(Ec2Client.class, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"},
                 {"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/machine"}]}""");
        assertThatThrownBy(() -> namesake.runInstances(
                        one().iamInstanceProfile(p -> p.name("machine")).build()))
                .hasMessageContaining("iam:PassRole on resource: arn:aws:iam::123456789012:role/powerful");
        Instance launched = ec2.runInstances(request).instances().getFirst();
        assertThat(launched.iamInstanceProfile().arn()).endsWith(":instance-profile/machine");
        assertThatThrownBy(() -> ec2.runInstances(
                        one().iamInstanceProfile(p -> p.name("none")).build()))
                .hasMessageContaining("Invalid IAM Instance Profile name");
    }

    private static java.util.function.Consumer<Throwable> code(String code) {
        return thrown -> assertThat(
                        ((AwsServiceException) thrown).awsErrorDetails().errorCode())
                .isEqualTo(code);
    }
}
