package dev.terrane.autoscaling;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.autoscaling.model.LaunchTemplateSpecification;
import software.amazon.awssdk.services.autoscaling.model.TagDescription;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateVersion;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/**
 * EC2 and the load balancer as Auto Scaling uses them: what changes something is done by the group's service-linked role; looking, which
 * happens every two seconds, by the platform itself.
 */
final class Fleet {
    private static final String SERVICE = "autoscaling.amazonaws.com";

    private final Clients clients;

    Fleet(Clients clients) {
        this.clients = clients;
    }

    private Ec2Client ec2(Scope scope, GroupRecord group) {
        return clients.client(Ec2Client.class, role(group), scope.region());
    }

    private static Actor.Role role(GroupRecord group) {
        return new Actor.Role(group.group().serviceLinkedRoleARN(), SERVICE, "AutoScaling");
    }

    private Ec2Client eyes(Scope scope) {
        return clients.client(Ec2Client.class, new Actor.Platform(scope), scope.region());
    }

    /** The instances that are there, by id; those that are long gone are missing. */
    Map<String, Instance> look(Scope scope, Collection<String> ids) {
        Map<String, Instance> found = new HashMap<>();
        if (!ids.isEmpty()) {
            eyes(scope)
                    .describeInstances(r -> r.filters(
                            Filter.builder().name("instance-id").values(ids).build()))
                    .reservations()
                    .forEach(reservation ->
                            reservation.instances().forEach(instance -> found.put(instance.instanceId(), instance)));
        }
        return found;
    }

    /** The zones of a group's subnets, in the order given. */
    Map<String, String> subnetsByZone(Scope scope, List<String> subnetIds) {
        Map<String, String> zones = new LinkedHashMap<>();
        eyes(scope)
                .describeSubnets(r -> r.subnetIds(subnetIds))
                .subnets()
                .forEach(subnet -> zones.put(subnet.availabilityZone(), subnet.subnetId()));
        return zones;
    }

    /** The version of a template that is meant now. */
    LaunchTemplateVersion template(Scope scope, LaunchTemplateSpecification named) {
        return eyes(scope)
                .describeLaunchTemplateVersions(r -> r.launchTemplateId(named.launchTemplateId())
                        .versions(named.version() == null ? "$Default" : named.version()))
                .launchTemplateVersions()
                .getFirst();
    }

    /**
     * Launches one instance.
     *
     * @param token the same again gives the same instance
     * @param zone where, or empty for any
     */
    Instance launch(Scope scope, GroupRecord group, String token, String zone) {
        LaunchTemplateSpecification template = group.group().launchTemplate();
        List<Tag> tags = new ArrayList<>();
        tags.add(Tag.builder()
                .key("aws:autoscaling:groupName")
                .value(group.name())
                .build());
        for (TagDescription tag : group.group().tags()) {
            if (Boolean.TRUE.equals(tag.propagateAtLaunch())) {
                tags.add(Tag.builder().key(tag.key()).value(tag.value()).build());
            }
        }
        String subnet = subnet(scope, group, zone);
        return ec2(scope, group)
                .runInstances(r -> r.clientToken(token)
                        .minCount(1)
                        .maxCount(1)
                        .launchTemplate(t ->
                                t.launchTemplateId(template.launchTemplateId()).version(template.version()))
                        .subnetId(subnet.isEmpty() ? null : subnet)
                        .placement(subnet.isEmpty() && !zone.isEmpty() ? place(zone) : null)
                        .tagSpecifications(TagSpecification.builder()
                                .resourceType(ResourceType.INSTANCE)
                                .tags(tags)
                                .build()))
                .instances()
                .getFirst();
    }

    private static software.amazon.awssdk.services.ec2.model.Placement place(String zone) {
        return software.amazon.awssdk.services.ec2.model.Placement.builder()
                .availabilityZone(zone)
                .build();
    }

    private String subnet(Scope scope, GroupRecord group, String zone) {
        String identifier = group.group().vpcZoneIdentifier();
        if (identifier == null || identifier.isEmpty()) {
            return "";
        }
        return subnetsByZone(scope, List.of(identifier.split("\\s*,\\s*"))).getOrDefault(zone, "");
    }

    void terminate(Scope scope, GroupRecord group, String instanceId) {
        ec2(scope, group).terminateInstances(r -> r.instanceIds(instanceId));
    }

    private ElasticLoadBalancingV2Client balancer(Scope scope, GroupRecord group) {
        return clients.client(ElasticLoadBalancingV2Client.class, role(group), scope.region());
    }

    void register(Scope scope, GroupRecord group, String targetGroup, String instanceId) {
        balancer(scope, group)
                .registerTargets(r -> r.targetGroupArn(targetGroup).targets(target(instanceId)));
    }

    /** Begins to drain a target; one of a target group that is gone is drained. */
    void deregister(Scope scope, GroupRecord group, String targetGroup, String instanceId) {
        try {
            balancer(scope, group)
                    .deregisterTargets(r -> r.targetGroupArn(targetGroup).targets(target(instanceId)));
        } catch (AwsServiceException e) {
            if (!gone(e)) {
                throw e;
            }
        }
    }

    private static TargetDescription target(String instanceId) {
        return TargetDescription.builder().id(instanceId).build();
    }

    /** The states of a target group's targets, by instance. */
    Map<String, TargetHealthStateEnum> health(Scope scope, String targetGroup) {
        Map<String, TargetHealthStateEnum> states = new HashMap<>();
        try {
            clients.client(ElasticLoadBalancingV2Client.class, new Actor.Platform(scope), scope.region())
                    .describeTargetHealth(r -> r.targetGroupArn(targetGroup))
                    .targetHealthDescriptions()
                    .forEach(target -> states.put(
                            target.target().id(), target.targetHealth().state()));
        } catch (AwsServiceException e) {
            if (!gone(e)) {
                throw e;
            }
        }
        return states;
    }

    private static boolean gone(AwsServiceException e) {
        return e.awsErrorDetails() != null
                && List.of("TargetGroupNotFound", "InvalidTarget")
                        .contains(e.awsErrorDetails().errorCode());
    }
}
