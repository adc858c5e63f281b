package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.Workload;
import dev.terrane.kernel.page.PageTokens;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ec2.model.*;

/** Instances as they are asked for, and their attributes. */
final class Instances {
    private final Ec2Tables tables;
    private final PageTokens pages;
    private final Compute compute;
    private final Firewalls firewalls;
    private final Filters<InstanceRecord> filters;

    Instances(Ec2Tables tables, PageTokens pages, Compute compute, Firewalls firewalls) {
        this.tables = tables;
        this.pages = pages;
        this.compute = compute;
        this.firewalls = firewalls;
        filters = new Filters<InstanceRecord>()
                .by("instance-id", InstanceRecord::id)
                .by("instance-state-name", InstanceRecord::state)
                .by("instance-state-code", r -> r.instance().state().code())
                .by("instance-type", r -> r.instance().instanceTypeAsString())
                .by("image-id", r -> r.instance().imageId())
                .by("key-name", r -> r.instance().keyName())
                .by("availability-zone", r -> r.instance().placement().availabilityZone())
                .by("architecture", r -> r.instance().architectureAsString())
                .by("client-token", r -> r.instance().clientToken())
                .by("launch-index", r -> r.instance().amiLaunchIndex())
                .by("launch-time", r -> r.instance().launchTime())
                .by("subnet-id", r -> r.instance().subnetId())
                .by("vpc-id", r -> r.instance().vpcId())
                .by("private-ip-address", r -> r.instance().privateIpAddress())
                .by(
                        "network-interface.addresses.private-ip-address",
                        r -> r.instance().privateIpAddress())
                .by("private-dns-name", r -> r.instance().privateDnsName())
                .by("dns-name", r -> r.instance().publicDnsName())
                .by("ip-address", r -> r.instance().publicIpAddress())
                .by("reservation-id", InstanceRecord::reservationId)
                .by("owner-id", InstanceRecord::owner)
                .by("root-device-name", r -> r.instance().rootDeviceName())
                .by("root-device-type", r -> r.instance().rootDeviceTypeAsString())
                .by("tenancy", r -> "default")
                .by("monitoring-state", r -> r.instance().monitoring().stateAsString())
                .by("reason", r -> r.instance().stateTransitionReason())
                .by(
                        "state-reason-code",
                        r -> r.instance().stateReason() == null
                                ? null
                                : r.instance().stateReason().code())
                .by(
                        "iam-instance-profile.arn",
                        r -> r.instance().iamInstanceProfile() == null
                                ? null
                                : r.instance().iamInstanceProfile().arn())
                .by(
                        "iam-instance-profile.id",
                        r -> r.instance().iamInstanceProfile() == null
                                ? null
                                : r.instance().iamInstanceProfile().id())
                .by(
                        "metadata-options.http-tokens",
                        r -> r.instance().metadataOptions().httpTokensAsString())
                .any("instance.group-id", Instances::groupIds)
                .any("group-id", Instances::groupIds)
                .any("instance.group-name", Instances::groupNames)
                .any("group-name", Instances::groupNames)
                .tagged(r -> tables.tags(r.id()));
    }

    private static List<String> groupIds(InstanceRecord record) {
        return record.instance().securityGroups().stream()
                .map(GroupIdentifier::groupId)
                .toList();
    }

    private static List<String> groupNames(InstanceRecord record) {
        return record.instance().securityGroups().stream()
                .map(GroupIdentifier::groupName)
                .toList();
    }

    InstanceRecord require(String id) {
        if (!id.matches("i-[0-9a-f]{8}([0-9a-f]{9})?")) {
            throw Refusals.of("InvalidInstanceID.Malformed", "Invalid id: \"" + id + "\"");
        }
        return tables.instance(id).orElseThrow(() -> Refusals.noInstance(id));
    }

    private List<InstanceRecord> named(List<String> ids) {
        return ids.isEmpty()
                ? tables.instances()
                : ids.stream().distinct().map(this::require).toList();
    }

    DescribeInstancesResponse describe(DescribeInstancesRequest request) {
        Supported.wet(request.dryRun());
        if (request.maxResults() != null && !request.instanceIds().isEmpty()) {
            throw Refusals.combination("The parameter instancesSet cannot be used with the parameter maxResults");
        }
        Predicate<InstanceRecord> wanted = filters.of(request.filters());
        Paged<InstanceRecord> page = Paged.of(
                pages,
                PageLimits.INSTANCES,
                "DescribeInstances" + request.filters(),
                named(request.instanceIds()).stream().filter(wanted).toList(),
                record -> record.reservationId() + record.id(),
                request.maxResults(),
                request.nextToken());
        Map<String, List<InstanceRecord>> reservations = new LinkedHashMap<>();
        page.items()
                .forEach(record -> reservations
                        .computeIfAbsent(record.reservationId(), id -> new ArrayList<>())
                        .add(record));
        return DescribeInstancesResponse.builder()
                .reservations(reservations.entrySet().stream()
                        .map(reservation -> Reservation.builder()
                                .reservationId(reservation.getKey())
                                .ownerId(Call.current().account())
                                .instances(reservation.getValue().stream()
                                        .map(this::view)
                                        .toList())
                                .build())
                        .toList())
                .nextToken(page.next())
                .build();
    }

    private Instance view(InstanceRecord record) {
        return record.instance().toBuilder()
                .tags(TagsRecord.list(tables.tags(record.id())))
                .build();
    }

    DescribeInstanceStatusResponse status(DescribeInstanceStatusRequest request) {
        Supported.only("", request, Set.of("Filters", "InstanceIds", "MaxResults", "NextToken", "IncludeAllInstances"));
        Supported.wet(request.dryRun());
        Filters<InstanceStatus> byStatus = new Filters<InstanceStatus>()
                .by("availability-zone", InstanceStatus::availabilityZone)
                .by("instance-state-name", s -> s.instanceState().nameAsString())
                .by("instance-state-code", s -> s.instanceState().code())
                .by("instance-status.status", s -> s.instanceStatus().statusAsString())
                .by("system-status.status", s -> s.systemStatus().statusAsString());
        boolean all = Boolean.TRUE.equals(request.includeAllInstances());
        Paged<InstanceStatus> page = Paged.of(
                pages,
                PageLimits.INSTANCES,
                "DescribeInstanceStatus" + request.filters() + all,
                named(request.instanceIds()).stream()
                        .filter(record -> all || record.is(InstanceStateName.RUNNING))
                        .map(this::status)
                        .filter(byStatus.of(request.filters()))
                        .toList(),
                InstanceStatus::instanceId,
                request.maxResults(),
                request.nextToken());
        return DescribeInstanceStatusResponse.builder()
                .instanceStatuses(page.items())
                .nextToken(page.next())
                .build();
    }

    /** A running instance is well while its processes run. */
    private InstanceStatus status(InstanceRecord record) {
        boolean running = record.is(InstanceStateName.RUNNING);
        boolean alive =
                running && compute.find(record.id()).filter(Workload::running).isPresent();
        InstanceStatusSummary summary = InstanceStatusSummary.builder()
                .status(!running ? SummaryStatus.NOT_APPLICABLE : alive ? SummaryStatus.OK : SummaryStatus.IMPAIRED)
                .details(
                        running
                                ? List.of(InstanceStatusDetails.builder()
                                        .name(StatusName.REACHABILITY)
                                        .status(alive ? StatusType.PASSED : StatusType.FAILED)
                                        .build())
                                : List.of())
                .build();
        return InstanceStatus.builder()
                .instanceId(record.id())
                .availabilityZone(record.instance().placement().availabilityZone())
                .availabilityZoneId(record.instance().placement().availabilityZoneId())
                .instanceState(record.instance().state())
                .instanceStatus(summary)
                .systemStatus(summary)
                .build();
    }

    DescribeInstanceAttributeResponse attribute(DescribeInstanceAttributeRequest request) {
        InstanceRecord record = require(request.instanceId());
        Supported.wet(request.dryRun());
        Instance instance = record.instance();
        DescribeInstanceAttributeResponse.Builder answer =
                DescribeInstanceAttributeResponse.builder().instanceId(record.id());
        return switch (request.attribute()) {
            case INSTANCE_TYPE ->
                answer.instanceType(a -> a.value(instance.instanceTypeAsString()))
                        .build();
            case USER_DATA ->
                answer.userData(a -> a.value(record.userData().isEmpty() ? null : record.userData()))
                        .build();
            case DISABLE_API_TERMINATION ->
                answer.disableApiTermination(a -> a.value(record.terminationProtected()))
                        .build();
            case DISABLE_API_STOP ->
                answer.disableApiStop(a -> a.value(record.stopProtected())).build();
            case INSTANCE_INITIATED_SHUTDOWN_BEHAVIOR ->
                answer.instanceInitiatedShutdownBehavior(a -> a.value(record.terminates() ? "terminate" : "stop"))
                        .build();
            case ROOT_DEVICE_NAME ->
                answer.rootDeviceName(a -> a.value(instance.rootDeviceName())).build();
            case GROUP_SET -> answer.groups(instance.securityGroups()).build();
            case SOURCE_DEST_CHECK ->
                answer.sourceDestCheck(a -> a.value(instance.sourceDestCheck())).build();
            case EBS_OPTIMIZED ->
                answer.ebsOptimized(a -> a.value(instance.ebsOptimized())).build();
            case ENA_SUPPORT ->
                answer.enaSupport(a -> a.value(instance.enaSupport())).build();
            case null, default ->
                throw Refusals.unsupported("The attribute " + request.attributeAsString() + " is not kept here.");
        };
    }

    ModifyInstanceAttributeResponse modify(ModifyInstanceAttributeRequest request, SecurityGroups groups) {
        Supported.only(
                "",
                request,
                Set.of(
                        "InstanceId",
                        "InstanceType",
                        "UserData",
                        "DisableApiTermination",
                        "DisableApiStop",
                        "InstanceInitiatedShutdownBehavior",
                        "Groups"));
        InstanceRecord record = require(request.instanceId());
        if (request.instanceType() != null) {
            requireStopped(record, "instanceType");
            InstanceTypes.size(request.instanceType().value());
            record = record.with(record.instance().toBuilder()
                    .instanceType(request.instanceType().value())
                    .build());
        }
        if (request.userData() != null) {
            requireStopped(record, "userData");
            byte[] plain = request.userData().value().asByteArray();
            UserData.requireRunnable(plain);
            record = record.withUserData(java.util.Base64.getEncoder().encodeToString(plain));
        }
        if (request.instanceInitiatedShutdownBehavior() != null) {
            String behavior = request.instanceInitiatedShutdownBehavior().value();
            if (behavior == null) {
                throw Refusals.missing("InstanceInitiatedShutdownBehavior.Value");
            }
            if (!behavior.equals("stop") && !behavior.equals("terminate")) {
                throw Refusals.value("Invalid value '" + behavior + "' for instanceInitiatedShutdownBehavior");
            }
            record = record.withShutdown(behavior.equals("terminate"));
        }
        if (!request.groups().isEmpty()) {
            record = record.with(record.instance().toBuilder()
                    .securityGroups(request.groups().stream()
                            .map(groups::require)
                            .map(group -> GroupIdentifier.builder()
                                    .groupId(group.id())
                                    .groupName(group.name())
                                    .build())
                            .toList())
                    .build());
        }
        record = record.withProtection(
                request.disableApiTermination() == null
                        ? record.terminationProtected()
                        : Boolean.TRUE.equals(request.disableApiTermination().value()),
                request.disableApiStop() == null
                        ? record.stopProtected()
                        : Boolean.TRUE.equals(request.disableApiStop().value()));
        Supported.wet(request.dryRun());
        tables.put(record);
        firewalls.moved(record.id());
        return ModifyInstanceAttributeResponse.builder().build();
    }

    private static void requireStopped(InstanceRecord record, String attribute) {
        if (!record.is(InstanceStateName.STOPPED)) {
            throw Refusals.of(
                    "IncorrectInstanceState",
                    "The instance '" + record.id() + "' is not in the 'stopped' state, so its " + attribute
                            + " cannot be changed.");
        }
    }

    ModifyInstanceMetadataOptionsResponse modifyMetadata(ModifyInstanceMetadataOptionsRequest request) {
        InstanceRecord record = require(request.instanceId());
        InstanceMetadataOptionsResponse options = changed(
                        record.instance().metadataOptions().toBuilder(),
                        InstanceMetadataOptionsRequest.builder()
                                .httpTokens(request.httpTokens())
                                .httpEndpoint(request.httpEndpoint())
                                .httpProtocolIpv6(request.httpProtocolIpv6())
                                .httpPutResponseHopLimit(request.httpPutResponseHopLimit())
                                .instanceMetadataTags(request.instanceMetadataTags())
                                .build())
                .build();
        Supported.wet(request.dryRun());
        tables.put(record.with(
                record.instance().toBuilder().metadataOptions(options).build()));
        return ModifyInstanceMetadataOptionsResponse.builder()
                .instanceId(record.id())
                .instanceMetadataOptions(options)
                .build();
    }

    /** Options with those changed that are given. */
    static InstanceMetadataOptionsResponse.Builder changed(
            InstanceMetadataOptionsResponse.Builder options, InstanceMetadataOptionsRequest asked) {
        if (asked.httpProtocolIpv6() == InstanceMetadataProtocolState.ENABLED) {
            throw Refusals.unsupported("The instance metadata service has no IPv6 address here.");
        }
        if (asked.httpTokens() != null) {
            options.httpTokens(asked.httpTokens());
        }
        if (asked.httpEndpoint() != null) {
            options.httpEndpoint(asked.httpEndpoint());
        }
        if (asked.httpPutResponseHopLimit() != null) {
            int limit = asked.httpPutResponseHopLimit();
            if (limit < 1 || limit > 64) {
                throw Refusals.value("HttpPutResponseHopLimit is between 1 and 64");
            }
            options.httpPutResponseHopLimit(limit);
        }
        if (asked.instanceMetadataTags() != null) {
            options.instanceMetadataTags(asked.instanceMetadataTags());
        }
        return options;
    }

    /** The interface of each instance that has one. */
    DescribeNetworkInterfacesResponse interfaces(DescribeNetworkInterfacesRequest request) {
        Supported.wet(request.dryRun());
        Filters<NetworkInterface> byInterface = new Filters<NetworkInterface>()
                .by("network-interface-id", NetworkInterface::networkInterfaceId)
                .by("attachment.instance-id", i -> i.attachment().instanceId())
                .by("subnet-id", NetworkInterface::subnetId)
                .by("vpc-id", NetworkInterface::vpcId)
                .by("private-ip-address", NetworkInterface::privateIpAddress)
                .by("addresses.private-ip-address", NetworkInterface::privateIpAddress)
                .by("availability-zone", NetworkInterface::availabilityZone)
                .by("status", NetworkInterface::statusAsString)
                .any(
                        "group-id",
                        i -> i.groups().stream().map(GroupIdentifier::groupId).toList())
                .tagged(i -> Map.of());
        Paged<NetworkInterface> page = Paged.of(
                pages,
                PageLimits.NETWORK,
                "DescribeNetworkInterfaces" + request.filters(),
                tables.instances().stream()
                        .flatMap(record ->
                                record.instance().networkInterfaces().stream().map(face -> view(record, face)))
                        .filter(face -> request.networkInterfaceIds().isEmpty()
                                || request.networkInterfaceIds().contains(face.networkInterfaceId()))
                        .filter(byInterface.of(request.filters()))
                        .toList(),
                NetworkInterface::networkInterfaceId,
                request.maxResults(),
                request.nextToken());
        if (page.items().size() < request.networkInterfaceIds().size()
                && request.filters().isEmpty()) {
            throw Refusals.of(
                    "InvalidNetworkInterfaceID.NotFound",
                    "The network interface IDs '" + request.networkInterfaceIds() + "' do not all exist");
        }
        return DescribeNetworkInterfacesResponse.builder()
                .networkInterfaces(page.items())
                .nextToken(page.next())
                .build();
    }

    private static NetworkInterface view(InstanceRecord record, InstanceNetworkInterface face) {
        return NetworkInterface.builder()
                .networkInterfaceId(face.networkInterfaceId())
                .attachment(a -> a.instanceId(record.id())
                        .instanceOwnerId(record.owner())
                        .deviceIndex(0)
                        .deleteOnTermination(true)
                        .status(AttachmentStatus.ATTACHED))
                .availabilityZone(record.instance().placement().availabilityZone())
                .groups(face.groups())
                .interfaceType(NetworkInterfaceType.INTERFACE)
                .macAddress(face.macAddress())
                .ownerId(record.owner())
                .privateIpAddress(face.privateIpAddress())
                .privateDnsName(face.privateDnsName())
                .privateIpAddresses(NetworkInterfacePrivateIpAddress.builder()
                        .primary(true)
                        .privateIpAddress(face.privateIpAddress())
                        .privateDnsName(face.privateDnsName())
                        .build())
                .sourceDestCheck(true)
                .status(NetworkInterfaceStatus.IN_USE)
                .subnetId(face.subnetId())
                .vpcId(face.vpcId())
                .build();
    }
}
