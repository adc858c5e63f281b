package dev.terrane.ec2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/**
 * {@code AWS::EC2::Instance}. Another type or other user data stop the instance, change it and start it again; other security groups, protection, shutdown
 * behavior and metadata options are changed while it runs. All else of what could be changed in place is refused then, since EC2 here cannot.
 */
final class InstanceResource implements dev.terrane.kernel.resource.ResourceType {
    private static final List<String> FIXED = List.of(
            "BlockDeviceMappings",
            "CreditSpecification",
            "EbsOptimized",
            "IamInstanceProfile",
            "Monitoring",
            "Tenancy");

    @Override
    public String name() {
        return "AWS::EC2::Instance";
    }

    @Override
    public Set<String> supported() {
        return Set.of(
                "AvailabilityZone",
                "BlockDeviceMappings",
                "CreditSpecification",
                "DisableApiTermination",
                "EbsOptimized",
                "IamInstanceProfile",
                "ImageId",
                "InstanceInitiatedShutdownBehavior",
                "InstanceType",
                "KeyName",
                "LaunchTemplate",
                "MetadataOptions",
                "Monitoring",
                "NetworkInterfaces",
                "SecurityGroupIds",
                "SecurityGroups",
                "SubnetId",
                "Tags",
                "Tenancy",
                "UserData");
    }

    @Override
    public Set<String> lacking() {
        return Set.of(
                "NetworkInterfaces/AssociateCarrierIpAddress",
                "NetworkInterfaces/EnaSrdSpecification",
                "NetworkInterfaces/Ipv6AddressCount",
                "NetworkInterfaces/Ipv6Addresses",
                "NetworkInterfaces/NetworkInterfaceId",
                "NetworkInterfaces/PrivateIpAddress",
                "NetworkInterfaces/PrivateIpAddresses",
                "NetworkInterfaces/SecondaryPrivateIpAddressCount");
    }

    @Override
    public String create(ResourceWork work) {
        Properties desired = work.desired();
        RunInstancesRequest.Builder request = desired
                .without("IamInstanceProfile", "Monitoring", "NetworkInterfaces", "Tags")
                .as(RunInstancesRequest.builder())
                .toBuilder()
                .minCount(1)
                .maxCount(1)
                .clientToken(work.token())
                .networkInterfaces(desired.objects("NetworkInterfaces").stream()
                        .map(InstanceResource::networkInterface)
                        .toList())
                .tagSpecifications(Ec2Resources.specifications(work, "instance"));
        desired.text("IamInstanceProfile").ifPresent(name -> request.iamInstanceProfile(p -> p.name(name)));
        desired.flag("Monitoring").ifPresent(on -> request.monitoring(m -> m.enabled(on)));
        if (desired.has("AvailabilityZone") || desired.has("Tenancy")) {
            request.placement(
                    p -> p.availabilityZone(desired.text("AvailabilityZone").orElse(null))
                            .tenancy(desired.text("Tenancy").orElse(null)));
        }
        String id = work.client(Ec2Client.class)
                .runInstances(request.build())
                .instances()
                .getFirst()
                .instanceId();
        work.made(id);
        return id;
    }

    private static InstanceNetworkInterfaceSpecification networkInterface(Properties properties) {
        return properties.as(InstanceNetworkInterfaceSpecification.builder()).toBuilder()
                .groups(properties.texts("GroupSet"))
                .build();
    }

    @Override
    public void update(ResourceWork work, String id) {
        Ec2Client ec2 = work.client(Ec2Client.class);
        Properties desired = work.desired();
        for (String fixed : FIXED) {
            if (changed(work, fixed)) {
                throw Refusals.unsupported("The property " + fixed + " of an instance cannot be changed in place.");
            }
        }
        if (changed(work, "DisableApiTermination")) {
            boolean on = desired.flag("DisableApiTermination").orElse(false);
            ec2.modifyInstanceAttribute(r -> r.instanceId(id).disableApiTermination(v -> v.value(on)));
        }
        if (changed(work, "InstanceInitiatedShutdownBehavior")) {
            String behavior = desired.text("InstanceInitiatedShutdownBehavior").orElse("stop");
            ec2.modifyInstanceAttribute(
                    r -> r.instanceId(id).instanceInitiatedShutdownBehavior(v -> v.value(behavior)));
        }
        if (changed(work, "MetadataOptions")) {
            ec2.modifyInstanceMetadataOptions(
                    desired.object("MetadataOptions").as(ModifyInstanceMetadataOptionsRequest.builder()).toBuilder()
                            .instanceId(id)
                            .build());
        }
        if (changed(work, "SecurityGroupIds")) {
            List<String> groups = desired.texts("SecurityGroupIds");
            List<String> kept = groups.isEmpty() ? List.of(new DefaultNetwork(work.scope()).groupId()) : groups;
            ec2.modifyInstanceAttribute(r -> r.instanceId(id).groups(kept));
        }
        Ec2Resources.changeTags(work, id);
        if (needsStop(work)) {
            ec2.stopInstances(r -> r.instanceIds(id));
        }
    }

    /** {@inheritDoc} Volumes may be changed in place only in whether they end with the instance; tenancy only between dedicated and host. */
    @Override
    public boolean replaces(String property, Properties previous, Properties desired) {
        return switch (property) {
            case "BlockDeviceMappings" -> !volumes(previous).equals(volumes(desired));
            case "Tenancy" ->
                !tenancy(previous).equals(tenancy(desired))
                        && !Set.of("dedicated", "host").containsAll(List.of(tenancy(previous), tenancy(desired)));
            default -> false;
        };
    }

    private static List<String> volumes(Properties properties) {
        return properties.objects("BlockDeviceMappings").stream()
                .map(device ->
                        device.without("Ebs").toString() + device.object("Ebs").without("DeleteOnTermination"))
                .toList();
    }

    private static String tenancy(Properties properties) {
        return properties.text("Tenancy").orElse("default");
    }

    private static boolean changed(ResourceWork work, String property) {
        return !java.util.Objects.equals(
                work.desired().node().get(property), work.previous().node().get(property));
    }

    private static boolean needsStop(ResourceWork work) {
        return changed(work, "InstanceType") || changed(work, "UserData");
    }

    @Override
    public void delete(ResourceWork work, String id) {
        Ec2Resources.unlessGone(() -> work.client(Ec2Client.class).terminateInstances(r -> r.instanceIds(id)));
    }

    @Override
    public boolean settled(ResourceWork work, String id, Change change) {
        Optional<Instance> found = find(work, id);
        InstanceStateName state = found.map(instance -> instance.state().name()).orElse(InstanceStateName.TERMINATED);
        if (change == Change.DELETE) {
            return state == InstanceStateName.TERMINATED;
        }
        if (state == InstanceStateName.TERMINATED || state == InstanceStateName.SHUTTING_DOWN) {
            throw Refusals.of(
                    "InstanceTerminated",
                    "Instance " + id + " failed to stabilize. Current state: " + state + ". Reason: "
                            + found.map(Instance::stateReason)
                                    .map(StateReason::message)
                                    .orElse("it does not exist"));
        }
        boolean stopsFirst = change == Change.UPDATE && needsStop(work);
        if (stopsFirst && state == InstanceStateName.STOPPED) {
            changeWhileStopped(work, id);
            return false;
        }
        if (change == Change.CREATE || stopsFirst) {
            return state == InstanceStateName.RUNNING && (!stopsFirst || isAsDesired(work, id, found.orElseThrow()));
        }
        return true;
    }

    private static void changeWhileStopped(ResourceWork work, String id) {
        Ec2Client ec2 = work.client(Ec2Client.class);
        if (changed(work, "InstanceType")) {
            ec2.modifyInstanceAttribute(r -> r.instanceId(id).instanceType(v -> v.value(type(work))));
        }
        if (changed(work, "UserData")) {
            byte[] plain = UserData.decode(work.desired().text("UserData").orElse(""));
            ec2.modifyInstanceAttribute(r -> r.instanceId(id).userData(v -> v.value(SdkBytes.fromByteArray(plain))));
        }
        ec2.startInstances(r -> r.instanceIds(id));
    }

    private static String type(ResourceWork work) {
        return work.desired().text("InstanceType").orElse("t3.micro");
    }

    /** Tells an instance that was started again from one that has not been stopped yet. */
    private static boolean isAsDesired(ResourceWork work, String id, Instance found) {
        return (!changed(work, "InstanceType") || found.instanceTypeAsString().equals(type(work)))
                && (!changed(work, "UserData")
                        || userData(work, id)
                                .orElse("")
                                .equals(work.desired().text("UserData").orElse("")));
    }

    private static Optional<String> userData(ResourceWork work, String id) {
        return Optional.ofNullable(
                        attribute(work, id, InstanceAttributeName.USER_DATA).userData())
                .map(AttributeValue::value);
    }

    private static DescribeInstanceAttributeResponse attribute(
            ResourceWork work, String id, InstanceAttributeName attribute) {
        return work.client(Ec2Client.class)
                .describeInstanceAttribute(r -> r.instanceId(id).attribute(attribute));
    }

    private static Optional<Instance> find(ResourceWork work, String id) {
        return Ec2Resources.found(
                () -> work.client(Ec2Client.class).describeInstances(r -> r.instanceIds(id)).reservations().stream()
                        .flatMap(reservation -> reservation.instances().stream())
                        .findFirst());
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return find(work, id)
                .filter(instance -> instance.state().name() != InstanceStateName.TERMINATED)
                .map(instance -> state(work, id, instance));
    }

    private Properties state(ResourceWork work, String id, Instance instance) {
        Properties desired = work.desired();
        Properties.Builder state = Properties.builder()
                .put("AvailabilityZone", instance.placement().availabilityZone())
                .put(
                        "DisableApiTermination",
                        attribute(work, id, InstanceAttributeName.DISABLE_API_TERMINATION)
                                .disableApiTermination()
                                .value())
                .put(
                        "InstanceInitiatedShutdownBehavior",
                        attribute(work, id, InstanceAttributeName.INSTANCE_INITIATED_SHUTDOWN_BEHAVIOR)
                                .instanceInitiatedShutdownBehavior()
                                .value())
                .put("IamInstanceProfile", profile(instance.iamInstanceProfile()))
                .put("Monitoring", instance.monitoring().state() == MonitoringState.ENABLED)
                .put("Tenancy", instance.placement().tenancyAsString())
                .put("UserData", userData(work, id))
                .put("PrivateIp", text(instance.privateIpAddress()))
                .put("PublicIp", text(instance.publicIpAddress()))
                .put("PublicDnsName", text(instance.publicDnsName()))
                .put(
                        "State",
                        Properties.builder()
                                .put("Code", String.valueOf(instance.state().code()))
                                .put("Name", instance.state().nameAsString())
                                .build())
                .put(
                        "SecurityGroupIds",
                        desired.has("SecurityGroupIds")
                                ? instance.securityGroups().stream()
                                        .map(GroupIdentifier::groupId)
                                        .toList()
                                : List.of())
                .put(
                        "SecurityGroups",
                        desired.has("SecurityGroups")
                                ? instance.securityGroups().stream()
                                        .map(GroupIdentifier::groupName)
                                        .toList()
                                : List.of())
                .tags("Tags", Ec2Resources.tags(instance.tags()));
        for (String told :
                List.of("BlockDeviceMappings", "CreditSpecification", "LaunchTemplate", "NetworkInterfaces")) {
            state.put(told, desired.node().get(told));
        }
        return state.model(
                        ResourceSchema.of(name()).orElseThrow(),
                        instance.toBuilder()
                                .networkInterfaces(List.of())
                                .blockDeviceMappings(List.of())
                                .securityGroups(List.of())
                                .build())
                .inOrderOf(desired, "Tags", "SecurityGroupIds", "SecurityGroups")
                .build();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static @Nullable String profile(@Nullable IamInstanceProfile profile) {
        return profile == null ? null : Arn.parse(profile.arn()).name();
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(Ec2Client.class).describeInstancesPaginator(r -> {}).reservations().stream()
                .flatMap(reservation -> reservation.instances().stream())
                .map(Instance::instanceId)
                .toList();
    }
}
