package dev.terrane.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/** What instances are launched from: templates, images, keys, groups, networks. */
class ResourcesTest {
    private final MemoryCompute compute = new MemoryCompute();
    private final TestServer server = TestServer.withCompute((data, threads) -> compute, Ec2Service::new);
    private final Ec2Client ec2 = server.client(Ec2Client.class);

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    @Test
    void launchesFromVersionsOfATemplate() {
        LaunchTemplate template = ec2.createLaunchTemplate(r -> r.launchTemplateName("web")
                        .versionDescription("first")
                        .launchTemplateData(d -> d.imageId(Images.DEFAULT)
                                .instanceType("t3.small")
                                .tagSpecifications(LaunchTemplateTagSpecificationRequest.builder()
                                        .resourceType(ResourceType.INSTANCE)
                                        .tags(
                                                Tag.builder()
                                                        .key("a")
                                                        .value("1")
                                                        .build(),
                                                Tag.builder()
                                                        .key("b")
                                                        .value("1")
                                                        .build())
                                        .build())))
                .launchTemplate();
        assertThat(template.launchTemplateId()).startsWith("lt-");
        ec2.createLaunchTemplateVersion(r -> r.launchTemplateId(template.launchTemplateId())
                .sourceVersion("1")
                .launchTemplateData(d -> d.instanceType("t3.large")));

        assertThat(launch("$Default").instanceType()).isEqualTo(InstanceType.T3_SMALL);
        Instance latest = launch("$Latest");
        assertThat(latest.instanceType()).isEqualTo(InstanceType.T3_LARGE);
        assertThat(latest.imageId()).isEqualTo(Images.DEFAULT);
        assertThat(latest.tags())
                .containsExactly(
                        Tag.builder().key("a").value("2").build(),
                        Tag.builder().key("b").value("1").build());

        ec2.modifyLaunchTemplate(r -> r.launchTemplateName("web").defaultVersion("2"));
        assertThat(
                        ec2
                                .describeLaunchTemplateVersions(r -> r.launchTemplateName("web"))
                                .launchTemplateVersions()
                                .stream()
                                .map(v -> v.versionNumber() + ":" + v.defaultVersion()))
                .containsExactly("2:true", "1:false");
        assertThatThrownBy(() -> launch("7")).hasMessageContaining("Could not find the specified version 7");
        assertThatThrownBy(() -> ec2.createLaunchTemplate(
                        r -> r.launchTemplateName("web").launchTemplateData(d -> d.imageId(Images.DEFAULT))))
                .hasMessageContaining("already in use");
        ec2.deleteLaunchTemplate(r -> r.launchTemplateName("web"));
        assertThatThrownBy(() -> launch("1")).hasMessageContaining("does not exist");
    }

    private Instance launch(String version) {
        return ec2.runInstances(
                        r -> r.launchTemplate(t -> t.launchTemplateName("web").version(version))
                                .tagSpecifications(TagSpecification.builder()
                                        .resourceType(ResourceType.INSTANCE)
                                        .tags(Tag.builder().key("a").value("2").build())
                                        .build())
                                .minCount(1)
                                .maxCount(1))
                .instances()
                .getFirst();
    }

    @Test
    void namesTheDefaultImageAsAmazonDoes() throws Exception {
        Image image = ec2.describeImages(r -> r.owners("amazon")
                        .filters(Filter.builder()
                                .name("name")
                                .values("al2023-ami-*")
                                .build()))
                .images()
                .getFirst();
        assertThat(image.imageId()).isEqualTo(Images.DEFAULT);
        assertThat(image.ownerId()).isEqualTo("137112412989");
        assertThat(ec2.describeImages(r -> r.owners("self")).images()).isEmpty();
        compute.images().load("debian-12", new ByteArrayInputStream(new byte[0]));
        Image own = ec2.describeImages(r -> r.owners("self")).images().getFirst();
        assertThat(own.name()).isEqualTo("debian-12");
        String id = ec2.runInstances(r -> r.imageId(own.imageId()).minCount(1).maxCount(1))
                .instances()
                .getFirst()
                .instanceId();
        TestServer.await(() -> compute.find(id).isPresent());
        assertThat(compute.find(id).orElseThrow().spec().image()).isEqualTo("debian-12");
    }

    @Test
    void makesKeysThatSshReads(@TempDir Path folder) throws Exception {
        for (KeyType type : new KeyType[] {KeyType.RSA, KeyType.ED25519}) {
            String name = "key-" + type;
            CreateKeyPairResponse made = ec2.createKeyPair(r -> r.keyName(name).keyType(type));
            Path file = folder.resolve(name);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, made.keyMaterial() + "\n");
            Process keygen = new ProcessBuilder("ssh-keygen", "-y", "-f", file.toString()).start();
            String derived =
                    new String(keygen.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(keygen.waitFor()).isZero();
            String kept = ec2.describeKeyPairs(r -> r.keyNames(name).includePublicKey(true))
                    .keyPairs()
                    .getFirst()
                    .publicKey();
            assertThat(derived.strip()).startsWith(kept.substring(0, kept.lastIndexOf(' ')));
            KeyPairInfo imported = imported(name + "-again", kept);
            assertThat(imported.keyType()).isEqualTo(type);
        }
        assertThatThrownBy(() -> imported("broken", "ssh-rsa AAAA nonsense"))
                .hasMessageContaining("not in valid OpenSSH");
        assertThatThrownBy(() -> ec2.createKeyPair(r -> r.keyName("key-rsa")))
                .hasMessageContaining("The keypair already exists");
        ec2.deleteKeyPair(r -> r.keyName("key-rsa"));
        ec2.deleteKeyPair(r -> r.keyName("key-rsa"));
    }

    private KeyPairInfo imported(String name, String publicKey) {
        ec2.importKeyPair(r -> r.keyName(name).publicKeyMaterial(SdkBytes.fromUtf8String(publicKey)));
        return ec2.describeKeyPairs(r -> r.keyNames(name)).keyPairs().getFirst();
    }

    @Test
    void recordsSecurityGroups() {
        String id = ec2.createSecurityGroup(r -> r.groupName("web").description("from anywhere"))
                .groupId();
        IpPermission http = IpPermission.builder()
                .ipProtocol("tcp")
                .fromPort(80)
                .toPort(80)
                .ipRanges(IpRange.builder().cidrIp("0.0.0.0/0").build())
                .build();
        ec2.authorizeSecurityGroupIngress(r -> r.groupId(id).ipPermissions(http));
        assertThatThrownBy(() ->
                        ec2.authorizeSecurityGroupIngress(r -> r.groupId(id).ipPermissions(http)))
                .hasMessageContaining("already exists");
        SecurityGroup group =
                ec2.describeSecurityGroups(r -> r.groupIds(id)).securityGroups().getFirst();
        IpPermission described = group.ipPermissions().getFirst();
        assertThat(described.ipRanges()).isEqualTo(http.ipRanges());
        assertThat(described.toPort()).isEqualTo(80);
        assertThat(group.ipPermissionsEgress()).hasSize(1);
        String rule = ec2
                .describeSecurityGroupRules(r ->
                        r.filters(Filter.builder().name("group-id").values(id).build()))
                .securityGroupRules()
                .stream()
                .filter(found -> !found.isEgress())
                .findFirst()
                .orElseThrow()
                .securityGroupRuleId();
        ec2.revokeSecurityGroupIngress(r -> r.groupId(id).securityGroupRuleIds(rule));
        assertThat(ec2.describeSecurityGroups(r -> r.groupIds(id))
                        .securityGroups()
                        .getFirst()
                        .ipPermissions())
                .isEmpty();
        String instance = ec2.runInstances(r -> r.imageId(Images.DEFAULT)
                        .securityGroupIds(id)
                        .minCount(1)
                        .maxCount(1))
                .instances()
                .getFirst()
                .instanceId();
        assertThatThrownBy(() -> ec2.deleteSecurityGroup(r -> r.groupId(id))).hasMessageContaining("dependent object");
        ec2.terminateInstances(r -> r.instanceIds(instance));
        ec2.deleteSecurityGroup(r -> r.groupId(id));
        assertThatThrownBy(() -> ec2.describeSecurityGroups(r -> r.groupIds(id)))
                .hasMessageContaining("does not exist");
    }

    @Test
    void aRuleHasTagsAndIsModifiedByItsId() {
        String group = ec2.createSecurityGroup(r -> r.groupName("rules").description("one by one"))
                .groupId();
        Tag stage = Tag.builder().key("stage").value("test").build();
        SecurityGroupRule rule = ec2.authorizeSecurityGroupIngress(r -> r.groupId(group)
                        .ipProtocol("tcp")
                        .fromPort(80)
                        .toPort(80)
                        .cidrIp("10.0.0.0/8")
                        .tagSpecifications(TagSpecification.builder()
                                .resourceType(ResourceType.SECURITY_GROUP_RULE)
                                .tags(stage)
                                .build()))
                .securityGroupRules()
                .getFirst();
        String id = rule.securityGroupRuleId();
        assertThat(rule.tags()).containsExactly(stage);
        assertThat(rule(id).tags()).containsExactly(stage);
        SecurityGroupRuleRequest wider = SecurityGroupRuleRequest.builder()
                .ipProtocol("tcp")
                .fromPort(80)
                .toPort(81)
                .cidrIpv4("10.0.0.0/8")
                .description("two ports")
                .build();
        modify(group, id, wider);
        assertThat(rule(id))
                .isEqualTo(rule.toBuilder().toPort(81).description("two ports").build());
        String other = ec2.authorizeSecurityGroupIngress(r -> r.groupId(group)
                        .ipProtocol("tcp")
                        .fromPort(443)
                        .toPort(443)
                        .cidrIp("10.0.0.0/8"))
                .securityGroupRules()
                .getFirst()
                .securityGroupRuleId();
        assertThatThrownBy(() -> modify(group, other, wider)).hasMessageContaining("already exists");
        assertThatThrownBy(() -> modify(group, "sgr-0123456789abcdef0", wider)).hasMessageContaining("does not exist");
        ec2.revokeSecurityGroupIngress(r -> r.groupId(group).securityGroupRuleIds(id));
        assertThat(ec2.describeTags(r -> {}).tags()).isEmpty();
    }

    private SecurityGroupRule rule(String id) {
        return ec2.describeSecurityGroupRules(r -> r.securityGroupRuleIds(id))
                .securityGroupRules()
                .getFirst();
    }

    private void modify(String group, String rule, SecurityGroupRuleRequest asked) {
        ec2.modifySecurityGroupRules(r -> r.groupId(group)
                .securityGroupRules(SecurityGroupRuleUpdate.builder()
                        .securityGroupRuleId(rule)
                        .securityGroupRule(asked)
                        .build()));
    }

    @Test
    void hasADefaultNetworkInEachRegion() {
        assertThat(ec2.describeSubnets(r -> {}).subnets().stream().map(Subnet::availabilityZone))
                .containsExactlyInAnyOrder("us-east-1a", "us-east-1b", "us-east-1c");
        assertThat(ec2.describeAvailabilityZones(r -> {})
                        .availabilityZones()
                        .getFirst()
                        .zoneId())
                .isEqualTo("use1-az1");
        Subnet second = ec2.describeSubnets(r -> r.filters(Filter.builder()
                        .name("availability-zone")
                        .values("us-east-1b")
                        .build()))
                .subnets()
                .getFirst();
        Instance placed = ec2.runInstances(r -> r.imageId(Images.DEFAULT)
                        .subnetId(second.subnetId())
                        .minCount(1)
                        .maxCount(1))
                .instances()
                .getFirst();
        assertThat(placed.placement().availabilityZone()).isEqualTo("us-east-1b");
        ec2.createTags(r -> r.resources(second.subnetId(), placed.instanceId())
                .tags(Tag.builder().key("team").value("blue").build()));
        assertThat(ec2.describeTags(r -> {}).tags()).hasSize(2);
        ec2.deleteTags(r ->
                r.resources(second.subnetId()).tags(Tag.builder().key("team").build()));
        assertThat(ec2.describeTags(r -> {}).tags().getFirst().resourceType()).isEqualTo(ResourceType.INSTANCE);
        assertThat(ec2.describeRegions(r -> {}).regions())
                .extracting(Region::regionName)
                .contains("eu-west-1");
        assertThat(ec2.describeInstanceTypes(r -> r.instanceTypes(InstanceType.M5_LARGE))
                        .instanceTypes()
                        .getFirst()
                        .memoryInfo()
                        .sizeInMiB())
                .isEqualTo(8192);
    }
}
