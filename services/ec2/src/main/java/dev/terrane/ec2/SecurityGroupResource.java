package dev.terrane.ec2;

import dev.terrane.ec2.SecurityGroupRules.Traffic;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;

/**
 * {@code AWS::EC2::SecurityGroup}. As in AWS, the rule that lets everything out is there as long as the template names no egress rules.
 */
final class SecurityGroupResource implements ResourceType {
    private static final String INGRESS = "SecurityGroupIngress";
    private static final String EGRESS = "SecurityGroupEgress";
    private static final List<Properties> EVERYTHING =
            List.of(Properties.parse("{\"IpProtocol\":\"-1\",\"CidrIp\":\"0.0.0.0/0\"}"));

    @Override
    public String name() {
        return "AWS::EC2::SecurityGroup";
    }

    @Override
    public Set<String> supported() {
        return Set.of("GroupDescription", "GroupName", EGRESS, INGRESS, "Tags", "VpcId");
    }

    @Override
    public Set<String> lacking() {
        return Set.of(
                EGRESS + "/DestinationPrefixListId",
                INGRESS + "/SourcePrefixListId",
                INGRESS + "/SourceSecurityGroupName");
    }

    @Override
    public String create(ResourceWork work) {
        Properties desired = work.desired();
        String id = work.client(Ec2Client.class)
                .createSecurityGroup(r -> r.groupName(desired.text("GroupName").orElseGet(() -> work.name(255)))
                        .description(desired.required("GroupDescription"))
                        .vpcId(desired.text("VpcId").orElse(null))
                        .tagSpecifications(Ec2Resources.specifications(work, "security-group")))
                .groupId();
        work.made(id);
        change(work, id, false, List.of(), ingress(desired));
        change(work, id, true, EVERYTHING, egress(desired));
        return id;
    }

    @Override
    public void update(ResourceWork work, String id) {
        change(work, id, false, ingress(work.previous()), ingress(work.desired()));
        change(work, id, true, egress(work.previous()), egress(work.desired()));
        Ec2Resources.changeTags(work, id);
    }

    private static List<Properties> ingress(Properties properties) {
        return properties.objects(INGRESS);
    }

    private static List<Properties> egress(Properties properties) {
        List<Properties> given = properties.objects(EGRESS);
        return given.isEmpty() ? EVERYTHING : given;
    }

    private static void change(
            ResourceWork work, String id, boolean egress, List<Properties> before, List<Properties> after) {
        Ec2Client ec2 = work.client(Ec2Client.class);
        List<IpPermission> gone = SecurityGroupRules.permissions(without(before, after));
        List<IpPermission> come = SecurityGroupRules.permissions(without(after, before));
        List<IpPermission> told = SecurityGroupRules.permissions(after.stream()
                .filter(rule -> before.stream()
                        .anyMatch(old -> Traffic.of(old).equals(Traffic.of(rule))
                                && !old.text("Description").equals(rule.text("Description"))))
                .toList());
        if (!come.isEmpty()) {
            if (egress) {
                ec2.authorizeSecurityGroupEgress(r -> r.groupId(id).ipPermissions(come));
            } else {
                ec2.authorizeSecurityGroupIngress(r -> r.groupId(id).ipPermissions(come));
            }
        }
        if (!gone.isEmpty()) {
            if (egress) {
                ec2.revokeSecurityGroupEgress(r -> r.groupId(id).ipPermissions(gone));
            } else {
                ec2.revokeSecurityGroupIngress(r -> r.groupId(id).ipPermissions(gone));
            }
        }
        if (!told.isEmpty()) {
            if (egress) {
                ec2.updateSecurityGroupRuleDescriptionsEgress(r -> r.groupId(id).ipPermissions(told));
            } else {
                ec2.updateSecurityGroupRuleDescriptionsIngress(
                        r -> r.groupId(id).ipPermissions(told));
            }
        }
    }

    private static List<Properties> without(List<Properties> rules, List<Properties> others) {
        Set<Traffic> there = others.stream().map(Traffic::of).collect(Collectors.toSet());
        return rules.stream().filter(rule -> !there.contains(Traffic.of(rule))).toList();
    }

    @Override
    public void delete(ResourceWork work, String id) {
        Ec2Resources.unlessGone(() -> work.client(Ec2Client.class).deleteSecurityGroup(r -> r.groupId(id)));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        Ec2Client ec2 = work.client(Ec2Client.class);
        Properties desired = work.desired();
        return Ec2Resources.found(() -> ec2.describeSecurityGroups(r -> r.groupIds(id)).securityGroups().stream()
                        .findFirst())
                .map(group -> {
                    List<SecurityGroupRule> rules = ec2
                            .describeSecurityGroupRulesPaginator(r -> r.filters(Ec2Resources.filter("group-id", id)))
                            .securityGroupRules()
                            .stream()
                            .toList();
                    return Properties.builder()
                            .put("Id", id)
                            .put("GroupId", id)
                            .put("GroupName", group.groupName())
                            .put("GroupDescription", group.description())
                            .put("VpcId", group.vpcId())
                            .put(INGRESS, properties(rules, false, ingress(desired)))
                            .put(EGRESS, properties(rules, true, egress(desired)))
                            .tags("Tags", Ec2Resources.tags(group.tags()))
                            .inOrderOf(desired, "Tags", INGRESS, EGRESS)
                            .build();
                });
    }

    private static List<Properties> properties(List<SecurityGroupRule> rules, boolean egress, List<Properties> forms) {
        return rules.stream()
                .filter(rule -> Objects.equals(rule.isEgress(), egress))
                .map(rule -> SecurityGroupRules.properties(rule, forms))
                .toList();
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(Ec2Client.class).describeSecurityGroupsPaginator(r -> {}).securityGroups().stream()
                .map(SecurityGroup::groupId)
                .toList();
    }
}
