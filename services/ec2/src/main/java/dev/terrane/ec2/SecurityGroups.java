package dev.terrane.ec2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.*;

/** Security groups with their rules, which {@link Firewalls} hands to the driver. */
final class SecurityGroups {
    private final Ec2Tables tables;
    private final NetworkTables networks;
    private final PageTokens pages;
    private final Firewalls firewalls;
    private final Filters<SecurityGroup> filters = new Filters<SecurityGroup>()
            .by("group-id", SecurityGroup::groupId)
            .by("group-name", SecurityGroup::groupName)
            .by("description", SecurityGroup::description)
            .by("vpc-id", SecurityGroup::vpcId)
            .by("owner-id", SecurityGroup::ownerId)
            .any(
                    "ip-permission.cidr",
                    group -> group.ipPermissions().stream()
                            .flatMap(p -> p.ipRanges().stream())
                            .map(IpRange::cidrIp)
                            .toList())
            .any(
                    "ip-permission.from-port",
                    group -> group.ipPermissions().stream()
                            .map(p -> String.valueOf(p.fromPort()))
                            .toList())
            .any(
                    "ip-permission.protocol",
                    group -> group.ipPermissions().stream()
                            .map(IpPermission::ipProtocol)
                            .toList())
            .tagged(group -> Networks.tags(group.tags()));

    SecurityGroups(Ec2Tables tables, NetworkTables networks, PageTokens pages, Firewalls firewalls) {
        this.tables = tables;
        this.networks = networks;
        this.pages = pages;
        this.firewalls = firewalls;
    }

    /** All groups of the account and region, with the default one, which is stored once it is changed. */
    List<SecurityGroupRecord> all() {
        List<SecurityGroupRecord> all = new ArrayList<>(tables.groups());
        String id = new DefaultNetwork(Call.current().scope()).groupId();
        if (all.stream().noneMatch(group -> group.id().equals(id))) {
            all.add(initial(id));
        }
        return all;
    }

    /** The default group of a new VPC. */
    void addDefault(String vpcId) {
        SecurityGroupRecord initial = initial("sg-0" + Ids.hex(16));
        tables.put(
                new SecurityGroupRecord(initial.id(), initial.name(), initial.description(), initial.rules(), vpcId));
    }

    private static SecurityGroupRecord initial(String id) {
        UserIdGroupPair self = UserIdGroupPair.builder()
                .groupId(id)
                .userId(Call.current().account())
                .build();
        IpPermission fromItself =
                IpPermission.builder().ipProtocol("-1").userIdGroupPairs(self).build();
        List<SecurityGroupRule> rules =
                new ArrayList<>(SecurityRules.of(id, false, List.of(fromItself), group -> group));
        rules.addAll(SecurityRules.of(id, true, List.of(SecurityRules.EVERYTHING), group -> group));
        return new SecurityGroupRecord(id, "default", "default VPC security group", identified(id, rules), null);
    }

    /** The default group has no record until it is changed: its rules' ids come from its own, so that they stay the same. */
    private static List<SecurityGroupRule> identified(String groupId, List<SecurityGroupRule> rules) {
        List<SecurityGroupRule> identified = new ArrayList<>();
        for (SecurityGroupRule rule : rules) {
            long mixed = (groupId.hashCode() * 31L + identified.size()) * 0x9E3779B97F4A7C15L;
            identified.add(SecurityRules.withId(rule, "sgr-0%016x".formatted(mixed)));
        }
        return identified;
    }

    /** A group by its id. What is looked up by its key, not in a list, must be unchanged when it is written. */
    Optional<SecurityGroupRecord> find(String id) {
        return tables.group(id).or(() -> listed(id));
    }

    private Optional<SecurityGroupRecord> listed(String id) {
        return all().stream().filter(group -> group.id().equals(id)).findFirst();
    }

    SecurityGroupRecord require(String id) {
        return find(id).orElseThrow(
                        () -> Refusals.of("InvalidGroup.NotFound", "The security group '" + id + "' does not exist"));
    }

    /** The default group of a VPC. */
    SecurityGroupRecord defaultOf(String vpcId) {
        return all().stream()
                .filter(group -> group.name().equals("default") && vpcOf(group).equals(vpcId))
                .findFirst()
                .orElseThrow();
    }

    SecurityGroupRecord requireNamed(String name) {
        return all().stream()
                .filter(group -> group.name().equals(name) && group.vpcId().isEmpty())
                .findFirst()
                .orElseThrow(() -> Refusals.of(
                        "InvalidGroup.NotFound", "The security group '" + name + "' does not exist in default VPC"));
    }

    CreateSecurityGroupResponse create(CreateSecurityGroupRequest request) {
        String defaultVpc = new DefaultNetwork(Call.current().scope()).vpcId();
        String asked = request.vpcId();
        if (asked != null && !asked.equals(defaultVpc) && networks.vpc(asked).isEmpty()) {
            throw Refusals.of("InvalidVpcID.NotFound", "The vpc ID '" + asked + "' does not exist");
        }
        String vpc = asked == null || asked.equals(defaultVpc) ? "" : asked;
        String name = request.groupName();
        if (name.isBlank() || name.length() > 255 || name.startsWith("sg-")) {
            throw Refusals.value("Value (" + name + ") for parameter GroupName is invalid.");
        }
        if (all().stream()
                .anyMatch(group -> group.name().equals(name) && group.vpcId().equals(vpc))) {
            throw Refusals.of(
                    "InvalidGroup.Duplicate",
                    "The security group '" + name + "' already exists for VPC '" + (vpc.isEmpty() ? defaultVpc : vpc)
                            + "'");
        }
        Tagging.onlyFor(request.tagSpecifications(), Set.of(ResourceType.SECURITY_GROUP));
        Map<String, String> tags = Tagging.specified(request.tagSpecifications(), ResourceType.SECURITY_GROUP);
        Supported.wet(request.dryRun());
        String id = "sg-0" + Ids.hex(16);
        tables.put(new SecurityGroupRecord(
                id,
                name,
                request.description(),
                SecurityRules.of(id, true, List.of(SecurityRules.EVERYTHING), this::groupId),
                vpc.isEmpty() ? null : vpc));
        tables.tag(id, tags);
        return CreateSecurityGroupResponse.builder()
                .groupId(id)
                .securityGroupArn(arn(id))
                .tags(TagsRecord.list(tags))
                .build();
    }

    private static String arn(String id) {
        Call call = Call.current();
        return Arn.of("ec2", call.region(), call.account(), "security-group/" + id)
                .toString();
    }

    DeleteSecurityGroupResponse delete(DeleteSecurityGroupRequest request) {
        SecurityGroupRecord group = chosen(request.groupId(), request.groupName());
        if (group.name().equals("default")) {
            throw Refusals.of(
                    "CannotDelete",
                    "the specified group: \"" + group.id() + "\" name: \"default\" cannot be deleted by a user");
        }
        boolean used = tables.instances().stream()
                .filter(instance -> instance.lives())
                .anyMatch(instance -> instance.instance().securityGroups().stream()
                        .anyMatch(g -> g.groupId().equals(group.id())));
        boolean referenced = all().stream()
                .filter(other -> !other.id().equals(group.id()))
                .flatMap(other -> other.rules().stream())
                .anyMatch(rule -> rule.referencedGroupInfo() != null
                        && group.id().equals(rule.referencedGroupInfo().groupId()));
        if (used || referenced) {
            throw Refusals.of("DependencyViolation", "resource " + group.id() + " has a dependent object");
        }
        Supported.wet(request.dryRun());
        tables.delete(group);
        return DeleteSecurityGroupResponse.builder()
                .returnValue(true)
                .groupId(group.id())
                .build();
    }

    private SecurityGroupRecord chosen(@Nullable String id, @Nullable String name) {
        if (id == null && name == null) {
            throw Refusals.missing("GroupName or GroupId");
        }
        return id != null ? require(id) : requireNamed(String.valueOf(name));
    }

    /** A group that a rule refers to, by id or name. */
    String groupId(String idOrName) {
        return idOrName.startsWith("sg-")
                ? require(idOrName).id()
                : requireNamed(idOrName).id();
    }

    AuthorizeSecurityGroupIngressResponse authorizeIngress(AuthorizeSecurityGroupIngressRequest request) {
        List<SecurityGroupRule> added = authorize(
                chosen(request.groupId(), request.groupName()),
                false,
                SecurityRules.permissions(
                        request.ipPermissions(),
                        request.ipProtocol(),
                        request.fromPort(),
                        request.toPort(),
                        request.cidrIp(),
                        request.sourceSecurityGroupName()),
                request.tagSpecifications(),
                Boolean.TRUE.equals(request.dryRun()));
        return AuthorizeSecurityGroupIngressResponse.builder()
                .returnValue(true)
                .securityGroupRules(added)
                .build();
    }

    AuthorizeSecurityGroupEgressResponse authorizeEgress(AuthorizeSecurityGroupEgressRequest request) {
        List<SecurityGroupRule> added = authorize(
                chosen(request.groupId(), null),
                true,
                SecurityRules.permissions(
                        request.ipPermissions(),
                        request.ipProtocol(),
                        request.fromPort(),
                        request.toPort(),
                        request.cidrIp(),
                        request.sourceSecurityGroupName()),
                request.tagSpecifications(),
                Boolean.TRUE.equals(request.dryRun()));
        return AuthorizeSecurityGroupEgressResponse.builder()
                .returnValue(true)
                .securityGroupRules(added)
                .build();
    }

    private List<SecurityGroupRule> authorize(
            SecurityGroupRecord group,
            boolean egress,
            List<IpPermission> permissions,
            List<TagSpecification> specifications,
            boolean dry) {
        Tagging.onlyFor(specifications, Set.of(ResourceType.SECURITY_GROUP_RULE));
        Map<String, String> tags = Tagging.specified(specifications, ResourceType.SECURITY_GROUP_RULE);
        List<SecurityGroupRule> added = SecurityRules.of(group.id(), egress, permissions, this::groupId);
        List<SecurityGroupRule> rules = new ArrayList<>(group.rules());
        for (SecurityGroupRule rule : added) {
            if (rules.stream().anyMatch(there -> SecurityRules.same(there, rule))) {
                throw SecurityRules.duplicate(rule);
            }
            rules.add(rule);
        }
        Supported.wet(dry);
        tables.put(group.with(rules));
        added.forEach(rule -> tables.tag(rule.securityGroupRuleId(), tags));
        firewalls.changed(group.id());
        return added.stream()
                .map(rule -> rule.toBuilder().tags(TagsRecord.list(tags)).build())
                .toList();
    }

    RevokeSecurityGroupIngressResponse revokeIngress(RevokeSecurityGroupIngressRequest request) {
        revoke(
                chosen(request.groupId(), request.groupName()),
                false,
                request.securityGroupRuleIds(),
                SecurityRules.permissions(
                        request.ipPermissions(),
                        request.ipProtocol(),
                        request.fromPort(),
                        request.toPort(),
                        request.cidrIp(),
                        request.sourceSecurityGroupName()),
                Boolean.TRUE.equals(request.dryRun()));
        return RevokeSecurityGroupIngressResponse.builder().returnValue(true).build();
    }

    RevokeSecurityGroupEgressResponse revokeEgress(RevokeSecurityGroupEgressRequest request) {
        revoke(
                chosen(request.groupId(), null),
                true,
                request.securityGroupRuleIds(),
                SecurityRules.permissions(
                        request.ipPermissions(),
                        request.ipProtocol(),
                        request.fromPort(),
                        request.toPort(),
                        request.cidrIp(),
                        request.sourceSecurityGroupName()),
                Boolean.TRUE.equals(request.dryRun()));
        return RevokeSecurityGroupEgressResponse.builder().returnValue(true).build();
    }

    private void revoke(
            SecurityGroupRecord group,
            boolean egress,
            List<String> ruleIds,
            List<IpPermission> permissions,
            boolean dry) {
        List<SecurityGroupRule> rules = new ArrayList<>(group.rules());
        for (String id : ruleIds) {
            if (!rules.removeIf(rule -> rule.securityGroupRuleId().equals(id) && rule.isEgress() == egress)) {
                throw Refusals.of(
                        "InvalidSecurityGroupRuleId.NotFound",
                        "The security group rule ID '" + id + "' does not exist");
            }
        }
        for (SecurityGroupRule gone : SecurityRules.of(group.id(), egress, permissions, this::groupId)) {
            if (!rules.removeIf(rule -> SecurityRules.same(rule, gone))) {
                throw Refusals.of(
                        "InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
            }
        }
        Supported.wet(dry);
        tables.put(group.with(rules));
        group.rules().stream()
                .filter(rule -> !rules.contains(rule))
                .forEach(gone -> tables.tag(gone.securityGroupRuleId(), Map.of()));
        firewalls.changed(group.id());
    }

    UpdateSecurityGroupRuleDescriptionsIngressResponse describeIngress(
            UpdateSecurityGroupRuleDescriptionsIngressRequest request) {
        SecurityGroupRecord group = chosen(request.groupId(), request.groupName());
        redescribe(group, false, request.ipPermissions(), request.securityGroupRuleDescriptions(), request.dryRun());
        return UpdateSecurityGroupRuleDescriptionsIngressResponse.builder()
                .returnValue(true)
                .build();
    }

    UpdateSecurityGroupRuleDescriptionsEgressResponse describeEgress(
            UpdateSecurityGroupRuleDescriptionsEgressRequest request) {
        SecurityGroupRecord group = chosen(request.groupId(), request.groupName());
        redescribe(group, true, request.ipPermissions(), request.securityGroupRuleDescriptions(), request.dryRun());
        return UpdateSecurityGroupRuleDescriptionsEgressResponse.builder()
                .returnValue(true)
                .build();
    }

    private void redescribe(
            SecurityGroupRecord group,
            boolean egress,
            List<IpPermission> permissions,
            List<SecurityGroupRuleDescription> descriptions,
            @Nullable Boolean dry) {
        if (permissions.isEmpty() && descriptions.isEmpty()) {
            throw Refusals.missing("IpPermissions or SecurityGroupRuleDescriptions");
        }
        List<SecurityGroupRule> rules = SecurityRules.described(
                group.rules(), egress, SecurityRules.of(group.id(), egress, permissions, this::groupId), descriptions);
        Supported.wet(dry);
        tables.put(group.with(rules));
    }

    DescribeSecurityGroupsResponse describe(DescribeSecurityGroupsRequest request) {
        Supported.wet(request.dryRun());
        request.groupIds().forEach(this::require);
        request.groupNames().forEach(this::requireNamed);
        Predicate<SecurityGroup> wanted = filters.of(request.filters());
        boolean allWanted = request.groupIds().isEmpty() && request.groupNames().isEmpty();
        Paged<SecurityGroup> page = Paged.of(
                pages,
                PageLimits.NETWORK,
                "DescribeSecurityGroups" + request.filters(),
                all().stream()
                        .filter(group -> allWanted
                                || request.groupIds().contains(group.id())
                                || request.groupNames().contains(group.name()))
                        .map(this::view)
                        .filter(wanted)
                        .toList(),
                SecurityGroup::groupId,
                request.maxResults(),
                request.nextToken());
        return DescribeSecurityGroupsResponse.builder()
                .securityGroups(page.items())
                .nextToken(page.next())
                .build();
    }

    /** The VPC of a group. */
    static String vpcOf(SecurityGroupRecord group) {
        return group.vpcId().isEmpty() ? new DefaultNetwork(Call.current().scope()).vpcId() : group.vpcId();
    }

    private SecurityGroup view(SecurityGroupRecord group) {
        return SecurityGroup.builder()
                .groupId(group.id())
                .groupName(group.name())
                .description(group.description())
                .ownerId(Call.current().account())
                .vpcId(vpcOf(group))
                .securityGroupArn(arn(group.id()))
                .ipPermissions(SecurityRules.permissions(group.rules(), false))
                .ipPermissionsEgress(SecurityRules.permissions(group.rules(), true))
                .tags(TagsRecord.list(tables.tags(group.id())))
                .build();
    }
}
