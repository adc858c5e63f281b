package dev.terrane.ec2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.store.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.model.*;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;

/** RunInstances: checks what is asked, and makes instances that are pending. Their life goes on in {@link InstanceLife}. */
final class Launches {
    private static final int MOST_AT_ONCE = 100;
    private static final int USER_DATA_BYTES = 16 * 1024;

    private final Platform platform;
    private final Ec2Tables tables;
    private final LaunchTemplates templates;
    private final SecurityGroups groups;
    private final Vpcs vpcs;
    private final Images images;
    private final PublicParameters parameters;
    private final InstanceLife life;
    private final Ec2Events events;

    Launches(
            Platform platform,
            Ec2Tables tables,
            LaunchTemplates templates,
            SecurityGroups groups,
            Vpcs vpcs,
            Images images,
            PublicParameters parameters,
            InstanceLife life,
            Ec2Events events) {
        this.platform = platform;
        this.tables = tables;
        this.templates = templates;
        this.groups = groups;
        this.vpcs = vpcs;
        this.images = images;
        this.parameters = parameters;
        this.life = life;
        this.events = events;
    }

    RunInstancesResponse run(RunInstancesRequest request) {
        String digest = digest(request);
        if (request.clientToken() != null) {
            Optional<LaunchTokenRecord> before = tables.launch(request.clientToken());
            if (before.isPresent()) {
                return again(before.get(), digest);
            }
        }
        RunInstancesRequest asked = LaunchParameters.merged(request, template(request.launchTemplate()));
        int count = count(asked);
        Instance.Builder common = common(asked);
        String userData = userData(asked.userData());
        if (platform.compute().network().isEmpty()) {
            throw Refusals.of(
                    "Unsupported",
                    "Instances cannot run on this server: its compute driver gives no network of their own to workloads. 'terrane doctor' says what is missing.");
        }
        Supported.wet(request.dryRun());
        Map<String, String> tags = Tagging.specified(asked.tagSpecifications(), ResourceType.INSTANCE);
        String reservation = "r-0" + Ids.hex(16);
        List<Instance> launched = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            String id = "i-0" + Ids.hex(16);
            InstanceRecord made = new InstanceRecord(
                    common.instanceId(id).amiLaunchIndex(index).build(),
                    reservation,
                    Call.current().account(),
                    userData,
                    asked.instanceInitiatedShutdownBehavior() == ShutdownBehavior.TERMINATE,
                    Boolean.TRUE.equals(asked.disableApiTermination()),
                    Boolean.TRUE.equals(asked.disableApiStop()),
                    false);
            tables.add(made);
            tables.tag(id, tags);
            events.stateChanged(id, InstanceStateName.PENDING);
            life.begin(platform.workflows(), id);
            launched.add(made.instance().toBuilder().tags(TagsRecord.list(tags)).build());
        }
        if (request.clientToken() != null) {
            tables.put(new LaunchTokenRecord(
                    request.clientToken(),
                    digest,
                    reservation,
                    launched.stream().map(Instance::instanceId).toList()));
        }
        return answer(reservation, launched);
    }

    private RunInstancesResponse again(LaunchTokenRecord before, String digest) {
        if (!before.digest().equals(digest)) {
            throw Refusals.of(
                    "IdempotentParameterMismatch",
                    "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).");
        }
        return answer(
                before.reservationId(),
                before.instanceIds().stream()
                        .flatMap(id -> tables.instance(id).stream())
                        .map(record -> record.instance().toBuilder()
                                .tags(TagsRecord.list(tables.tags(record.id())))
                                .build())
                        .toList());
    }

    private static RunInstancesResponse answer(String reservation, List<Instance> instances) {
        return RunInstancesResponse.builder()
                .reservationId(reservation)
                .ownerId(Call.current().account())
                .instances(instances)
                .build();
    }

    private static String digest(RunInstancesRequest request) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(RecordCodec.json().writeValueAsString(request).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Optional<ResponseLaunchTemplateData> template(@Nullable LaunchTemplateSpecification named) {
        if (named == null) {
            return Optional.empty();
        }
        LaunchTemplateRecord template = templates.require(named.launchTemplateId(), named.launchTemplateName());
        return Optional.of(templates.version(template, named.version()).data());
    }

    private static int count(RunInstancesRequest asked) {
        int least = asked.minCount() == null ? 1 : asked.minCount();
        int most = asked.maxCount() == null ? 1 : asked.maxCount();
        if (least < 1 || most < least) {
            throw Refusals.value("Invalid counts: MinCount " + least + ", MaxCount " + most);
        }
        if (least > MOST_AT_ONCE) {
            throw Refusals.of("InstanceLimitExceeded", "At most " + MOST_AT_ONCE + " instances are launched at once.");
        }
        return Math.min(most, MOST_AT_ONCE);
    }

    /** What all instances of the launch have in common. */
    private Instance.Builder common(RunInstancesRequest asked) {
        if (asked.imageId() == null) {
            throw Refusals.missing("ImageId");
        }
        String imageId = parameters.imageId(asked.imageId());
        images.workloadImage(imageId);
        String type = asked.instanceTypeAsString() == null ? "t3.micro" : asked.instanceTypeAsString();
        InstanceTypes.size(type);
        if (asked.keyName() != null && tables.keyPair(asked.keyName()).isEmpty()) {
            throw Refusals.of("InvalidKeyPair.NotFound", "The key pair '" + asked.keyName() + "' does not exist");
        }
        DefaultNetwork network = new DefaultNetwork(Call.current().scope());
        Subnet subnet = subnet(network, asked);
        Instant now = platform.clock().instant();
        return Instance.builder()
                .imageId(imageId)
                .instanceType(type)
                .keyName(asked.keyName())
                .state(InstanceRecord.state(InstanceStateName.PENDING))
                .stateReason(r -> r.code("pending").message("pending"))
                .stateTransitionReason("")
                .privateDnsName("")
                .publicDnsName("")
                .launchTime(now)
                .usageOperationUpdateTime(now)
                .usageOperation("RunInstances")
                .platformDetails("Linux/UNIX")
                .clientToken(asked.clientToken())
                .architecture(Images.architecture())
                .hypervisor(HypervisorType.XEN)
                .virtualizationType(VirtualizationType.HVM)
                .rootDeviceName("/dev/xvda")
                .rootDeviceType(DeviceType.EBS)
                .enaSupport(true)
                .sourceDestCheck(true)
                .ebsOptimized(Boolean.TRUE.equals(asked.ebsOptimized()))
                .monitoring(m -> m.state(
                        asked.monitoring() != null
                                        && Boolean.TRUE.equals(
                                                asked.monitoring().enabled())
                                ? MonitoringState.ENABLED
                                : MonitoringState.DISABLED))
                .placement(p -> p.availabilityZone(subnet.availabilityZone())
                        .availabilityZoneId(subnet.availabilityZoneId())
                        .groupName("")
                        .tenancy(Tenancy.DEFAULT))
                .subnetId(subnet.subnetId())
                .vpcId(subnet.vpcId())
                .securityGroups(securityGroups(subnet, asked))
                .iamInstanceProfile(profile(asked.iamInstanceProfile()))
                .metadataOptions(metadata(asked.metadataOptions()));
    }

    /** Where the instance goes: the subnet that is asked for, or the zone's default one. */
    private Subnet subnet(DefaultNetwork network, RunInstancesRequest asked) {
        String subnet = asked.networkInterfaces().isEmpty()
                ? asked.subnetId()
                : asked.networkInterfaces().getFirst().subnetId();
        String zone = asked.placement() == null ? null : asked.placement().availabilityZone();
        if (zone != null && !network.zones().contains(zone)) {
            throw Refusals.value("Invalid availability zone: [" + zone + "]");
        }
        if (subnet == null) {
            return vpcs.requireSubnet(
                    network.subnetId(zone == null ? network.zones().getFirst() : zone));
        }
        Subnet found = vpcs.requireSubnet(subnet);
        if (zone != null && !zone.equals(found.availabilityZone())) {
            throw Refusals.combination("The subnet " + subnet + " is not in the availability zone " + zone);
        }
        return found;
    }

    private List<GroupIdentifier> securityGroups(Subnet subnet, RunInstancesRequest asked) {
        List<SecurityGroupRecord> found = new ArrayList<>();
        List<String> ids = asked.networkInterfaces().isEmpty()
                ? asked.securityGroupIds()
                : asked.networkInterfaces().getFirst().groups();
        ids.forEach(id -> found.add(groups.require(id)));
        asked.securityGroups().forEach(name -> found.add(groups.requireNamed(name)));
        if (found.isEmpty()) {
            found.add(groups.defaultOf(subnet.vpcId()));
        }
        for (SecurityGroupRecord group : found) {
            if (!SecurityGroups.vpcOf(group).equals(subnet.vpcId())) {
                throw Refusals.of(
                        "InvalidParameter",
                        "Security group " + group.id() + " and subnet " + subnet.subnetId()
                                + " belong to different networks.");
            }
        }
        return found.stream()
                .distinct()
                .map(group -> GroupIdentifier.builder()
                        .groupId(group.id())
                        .groupName(group.name())
                        .build())
                .toList();
    }

    /**
     * Finds an instance profile, as the platform, since AWS does not ask the caller for {@code iam:GetInstanceProfile}. To pass its role is
     * the caller's to be allowed, also when a launch template names the profile.
     */
    private @Nullable IamInstanceProfile profile(@Nullable IamInstanceProfileSpecification asked) {
        if (asked == null || (asked.arn() == null && asked.name() == null)) {
            return null;
        }
        String name = asked.arn() == null
                ? asked.name()
                : Arn.find(asked.arn()).map(Arn::name).orElseThrow(() -> badProfile("ARN", asked.arn()));
        try {
            InstanceProfile found = platform.clients()
                    .client(IamClient.class, new Actor.Platform(Call.current().scope()))
                    .getInstanceProfile(r -> r.instanceProfileName(name))
                    .instanceProfile();
            if (asked.arn() != null && !asked.arn().equals(found.arn())) {
                throw badProfile("ARN", asked.arn());
            }
            found.roles().forEach(role -> requirePassing(role.arn()));
            return IamInstanceProfile.builder()
                    .arn(found.arn())
                    .id(found.instanceProfileId())
                    .build();
        } catch (NoSuchEntityException e) {
            throw asked.arn() == null ? badProfile("name", name) : badProfile("ARN", asked.arn());
        }
    }

    private void requirePassing(String roleArn) {
        try {
            platform.authorizer()
                    .authorize(
                            Call.current(),
                            "iam:PassRole",
                            roleArn,
                            Map.of("iam:PassedToService", List.of("ec2.amazonaws.com")));
        } catch (AwsServiceException e) {
            throw AwsErrors.of(
                    "UnauthorizedOperation",
                    403,
                    "You are not authorized to perform this operation. " + AwsErrors.message(e));
        }
    }

    private static RuntimeException badProfile(String what, String given) {
        return Refusals.value("Value (" + given + ") for parameter iamInstanceProfile."
                + what.toLowerCase(java.util.Locale.ROOT) + " is invalid. Invalid IAM Instance Profile " + what);
    }

    private static InstanceMetadataOptionsResponse metadata(@Nullable InstanceMetadataOptionsRequest asked) {
        InstanceMetadataOptionsResponse.Builder options = InstanceMetadataOptionsResponse.builder()
                .state(InstanceMetadataOptionsState.APPLIED)
                .httpTokens(HttpTokensState.REQUIRED)
                .httpEndpoint(InstanceMetadataEndpointState.ENABLED)
                .httpPutResponseHopLimit(2)
                .httpProtocolIpv6(InstanceMetadataProtocolState.DISABLED)
                .instanceMetadataTags(InstanceMetadataTagsState.DISABLED);
        return asked == null
                ? options.build()
                : Instances.changed(options, asked).build();
    }

    private static String userData(@Nullable String given) {
        if (given == null || given.isEmpty()) {
            return "";
        }
        byte[] plain = UserData.decode(given);
        if (plain.length > USER_DATA_BYTES) {
            throw Refusals.value("User data is limited to 16384 bytes");
        }
        UserData.requireRunnable(plain);
        return given;
    }
}
