package dev.terrane.ec2;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRuleDescription;

/** {@code AWS::EC2::SecurityGroupIngress} and {@code AWS::EC2::SecurityGroupEgress}: one rule each, which goes by its {@code sgr-} id. */
final class SecurityGroupRuleResource implements ResourceType {
    private final boolean egress;

    SecurityGroupRuleResource(boolean egress) {
        this.egress = egress;
    }

    @Override
    public String name() {
        return egress ? "AWS::EC2::SecurityGroupEgress" : "AWS::EC2::SecurityGroupIngress";
    }

    @Override
    public Set<String> supported() {
        Set<String> all = new HashSet<>(
                Set.of("CidrIp", "CidrIpv6", "Description", "FromPort", "GroupId", "IpProtocol", "ToPort"));
        all.addAll(
                egress
                        ? Set.of("DestinationSecurityGroupId")
                        : Set.of("SourceSecurityGroupId", "SourceSecurityGroupOwnerId"));
        return all;
    }

    @Override
    public String create(ResourceWork work) {
        Ec2Client ec2 = work.client(Ec2Client.class);
        String group = work.desired().required("GroupId");
        IpPermission permission = SecurityGroupRules.permission(work.desired());
        List<SecurityGroupRule> made = egress
                ? ec2.authorizeSecurityGroupEgress(r -> r.groupId(group).ipPermissions(permission))
                        .securityGroupRules()
                : ec2.authorizeSecurityGroupIngress(r -> r.groupId(group).ipPermissions(permission))
                        .securityGroupRules();
        if (made.isEmpty()) {
            throw Refusals.missing("CidrIp, CidrIpv6 or a security group");
        }
        String id = made.getFirst().securityGroupRuleId();
        work.made(id);
        return id;
    }

    @Override
    public void update(ResourceWork work, String id) {
        Ec2Client ec2 = work.client(Ec2Client.class);
        String group = work.desired().required("GroupId");
        SecurityGroupRuleDescription description = SecurityGroupRuleDescription.builder()
                .securityGroupRuleId(id)
                .description(work.desired().text("Description").orElse(""))
                .build();
        if (egress) {
            ec2.updateSecurityGroupRuleDescriptionsEgress(
                    r -> r.groupId(group).securityGroupRuleDescriptions(description));
        } else {
            ec2.updateSecurityGroupRuleDescriptionsIngress(
                    r -> r.groupId(group).securityGroupRuleDescriptions(description));
        }
    }

    @Override
    public void delete(ResourceWork work, String id) {
        Ec2Client ec2 = work.client(Ec2Client.class);
        find(work, id)
                .ifPresent(rule -> Ec2Resources.unlessGone(() -> {
                    if (egress) {
                        ec2.revokeSecurityGroupEgress(
                                r -> r.groupId(rule.groupId()).securityGroupRuleIds(id));
                    } else {
                        ec2.revokeSecurityGroupIngress(
                                r -> r.groupId(rule.groupId()).securityGroupRuleIds(id));
                    }
                }));
    }

    private static Optional<SecurityGroupRule> find(ResourceWork work, String id) {
        return Ec2Resources.found(() -> work
                .client(Ec2Client.class)
                .describeSecurityGroupRules(r -> r.securityGroupRuleIds(id))
                .securityGroupRules()
                .stream()
                .findFirst());
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        List<Properties> forms = work.desired().has("IpProtocol") ? List.of(work.desired()) : List.of();
        return find(work, id)
                .map(rule -> Properties.builder()
                        .put("Id", id)
                        .put("GroupId", rule.groupId())
                        .build()
                        .or(SecurityGroupRules.properties(rule, forms)));
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(Ec2Client.class).describeSecurityGroupRulesPaginator(r -> {}).securityGroupRules().stream()
                .filter(rule -> rule.isEgress() == egress)
                .map(SecurityGroupRule::securityGroupRuleId)
                .toList();
    }
}
