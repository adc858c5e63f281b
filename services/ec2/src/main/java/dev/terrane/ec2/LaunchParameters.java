package dev.terrane.ec2;

import dev.terrane.kernel.store.RecordCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ec2.model.*;
import tools.jackson.databind.node.ObjectNode;

/** What is asked of a launch, put together from the launch template and the request, which goes first. */
final class LaunchParameters {
    /** Members that have an effect, or are merely recorded, both in templates and in requests. */
    static final Set<String> HONOURED = Set.of(
            "BlockDeviceMappings",
            "CreditSpecification",
            "DisableApiStop",
            "DisableApiTermination",
            "EbsOptimized",
            "IamInstanceProfile",
            "ImageId",
            "InstanceInitiatedShutdownBehavior",
            "InstanceType",
            "KeyName",
            "MetadataOptions",
            "Monitoring",
            "NetworkInterfaces",
            "Placement",
            "SecurityGroupIds",
            "SecurityGroups",
            "TagSpecifications",
            "UserData");

    /** Members of a network interface that are honoured. */
    static final Set<String> INTERFACE = Set.of(
            "AssociatePublicIpAddress", "DeleteOnTermination", "Description", "DeviceIndex", "Groups", "SubnetId");

    /** Members of a placement that are honoured. */
    static final Set<String> PLACEMENT = Set.of("AvailabilityZone", "Tenancy");

    private static final Set<String> REQUEST_ONLY =
            Set.of("ClientToken", "LaunchTemplate", "MaxCount", "MinCount", "SubnetId");

    private LaunchParameters() {}

    /** The whole of what is asked, with the template's part in the request's own form. */
    static RunInstancesRequest merged(RunInstancesRequest request, Optional<ResponseLaunchTemplateData> template) {
        RunInstancesRequest all = template.map(data -> over(data, request)).orElse(request);
        check(all);
        return all;
    }

    private static RunInstancesRequest over(ResponseLaunchTemplateData template, RunInstancesRequest request) {
        ObjectNode merged = (ObjectNode) RecordCodec.json().valueToTree(template);
        merged.setAll((ObjectNode) RecordCodec.json().valueToTree(request));
        RunInstancesRequest both = RecordCodec.json().treeToValue(merged, RunInstancesRequest.class);
        List<TagSpecification> tags = new ArrayList<>();
        template.tagSpecifications()
                .forEach(t -> tags.add(TagSpecification.builder()
                        .resourceType(t.resourceTypeAsString())
                        .tags(t.tags())
                        .build()));
        tags.addAll(request.tagSpecifications());
        return both.toBuilder().tagSpecifications(byType(tags)).build();
    }

    /** One specification a type; of equal keys the last one holds. */
    private static List<TagSpecification> byType(List<TagSpecification> all) {
        Map<String, Map<String, String>> types = new LinkedHashMap<>();
        for (TagSpecification one : all) {
            Map<String, String> tags = types.computeIfAbsent(one.resourceTypeAsString(), t -> new LinkedHashMap<>());
            one.tags().forEach(tag -> tags.put(tag.key(), tag.value()));
        }
        return types.entrySet().stream()
                .map(type -> TagSpecification.builder()
                        .resourceType(type.getKey())
                        .tags(TagsRecord.list(type.getValue()))
                        .build())
                .toList();
    }

    private static void check(RunInstancesRequest request) {
        Set<String> known = new java.util.HashSet<>(HONOURED);
        known.addAll(REQUEST_ONLY);
        Supported.only("", request, known);
        Supported.only("Placement", request.placement(), PLACEMENT);
        if (request.placement() != null
                && request.placement().tenancy() != null
                && request.placement().tenancy() != Tenancy.DEFAULT) {
            throw Refusals.unsupported("Instances have the default tenancy.");
        }
        for (InstanceNetworkInterfaceSpecification face : request.networkInterfaces()) {
            Supported.only("NetworkInterface", face, INTERFACE);
        }
        if (request.networkInterfaces().size() > 1) {
            throw Refusals.unsupported("An instance has one network interface.");
        }
        if (!request.networkInterfaces().isEmpty()
                && (!request.securityGroupIds().isEmpty()
                        || !request.securityGroups().isEmpty()
                        || request.subnetId() != null)) {
            throw Refusals.combination(
                    "Network interfaces and an instance-level subnet ID or security groups may not be specified on the same request");
        }
        for (BlockDeviceMapping device : request.blockDeviceMappings()) {
            if (!"/dev/xvda".equals(device.deviceName())) {
                throw Refusals.unsupported("An instance has one disk, /dev/xvda; not " + device.deviceName() + ".");
            }
        }
        Tagging.onlyFor(
                request.tagSpecifications(),
                Set.of(ResourceType.INSTANCE, ResourceType.VOLUME, ResourceType.NETWORK_INTERFACE));
    }
}
