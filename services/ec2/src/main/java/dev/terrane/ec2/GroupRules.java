package dev.terrane.ec2;

import dev.terrane.kernel.page.PageTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.*;

/** Rules of security groups one by one, each with an id and tags of its own. */
final class GroupRules {
    private final Ec2Tables tables;
    private final SecurityGroups groups;
    private final PageTokens pages;
    private final Firewalls firewalls;
    private final Filters<SecurityGroupRule> filters = new Filters<SecurityGroupRule>()
            .by("group-id", SecurityGroupRule::groupId)
            .by("security-group-rule-id", SecurityGroupRule::securityGroupRuleId)
            .tagged(rule -> Networks.tags(rule.tags()));

    GroupRules(Ec2Tables tables, SecurityGroups groups, PageTokens pages, Firewalls firewalls) {
        this.tables = tables;
        this.groups = groups;
        this.pages = pages;
        this.firewalls = firewalls;
    }

    private Stream<SecurityGroupRule> all() {
        return groups.all().stream().flatMap(group -> group.rules().stream());
    }

    Optional<SecurityGroupRule> find(String id) {
        return all().filter(rule -> rule.securityGroupRuleId().equals(id)).findFirst();
    }

    DescribeSecurityGroupRulesResponse describe(DescribeSecurityGroupRulesRequest request) {
        Supported.wet(request.dryRun());
        List<SecurityGroupRule> found = all().filter(
                        rule -> request.securityGroupRuleIds().isEmpty()
                                || request.securityGroupRuleIds().contains(rule.securityGroupRuleId()))
                .map(this::tagged)
                .filter(filters.of(request.filters()))
                .toList();
        if (found.size() < request.securityGroupRuleIds().size()
                && request.filters().isEmpty()) {
            throw missing("s '" + request.securityGroupRuleIds() + "' do not all exist");
        }
        Paged<SecurityGroupRule> page = Paged.of(
                pages,
                PageLimits.NETWORK,
                "DescribeSecurityGroupRules" + request.filters(),
                found,
                SecurityGroupRule::securityGroupRuleId,
                request.maxResults(),
                request.nextToken());
        return DescribeSecurityGroupRulesResponse.builder()
                .securityGroupRules(page.items())
                .nextToken(page.next())
                .build();
    }

    private SecurityGroupRule tagged(SecurityGroupRule rule) {
        Map<String, String> tags = tables.tags(rule.securityGroupRuleId());
        return tags.isEmpty()
                ? rule
                : rule.toBuilder().tags(TagsRecord.list(tags)).build();
    }

    private static RuntimeException missing(String which) {
        return Refusals.of("InvalidSecurityGroupRuleId.NotFound", "The security group rule ID" + which);
    }

    /** A rule keeps its id, its direction and its tags; all else is what the request says. */
    ModifySecurityGroupRulesResponse modify(ModifySecurityGroupRulesRequest request) {
        SecurityGroupRecord group = groups.require(request.groupId());
        List<SecurityGroupRule> rules = new ArrayList<>(group.rules());
        for (SecurityGroupRuleUpdate update : request.securityGroupRules()) {
            int place = place(rules, update.securityGroupRuleId());
            SecurityGroupRule changed = changed(rules.get(place), update.securityGroupRule());
            for (int other = 0; other < rules.size(); other++) {
                if (other != place && SecurityRules.same(rules.get(other), changed)) {
                    throw SecurityRules.duplicate(changed);
                }
            }
            rules.set(place, changed);
        }
        Supported.wet(request.dryRun());
        tables.put(group.with(rules));
        firewalls.changed(group.id());
        return ModifySecurityGroupRulesResponse.builder().returnValue(true).build();
    }

    private static int place(List<SecurityGroupRule> rules, String id) {
        for (int place = 0; place < rules.size(); place++) {
            if (rules.get(place).securityGroupRuleId().equals(id)) {
                return place;
            }
        }
        throw missing(" '" + id + "' does not exist");
    }

    private SecurityGroupRule changed(SecurityGroupRule rule, @Nullable SecurityGroupRuleRequest asked) {
        if (asked == null) {
            throw Refusals.missing("SecurityGroupRule");
        }
        List<SecurityGroupRule> read = SecurityRules.of(
                Objects.requireNonNull(rule.groupId()),
                Objects.requireNonNull(rule.isEgress()),
                List.of(permission(asked)),
                groups::groupId);
        if (read.size() != 1) {
            throw Refusals.value(
                    "A security group rule has exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId.");
        }
        return SecurityRules.withId(read.getFirst(), rule.securityGroupRuleId());
    }

    private static IpPermission permission(SecurityGroupRuleRequest asked) {
        IpPermission.Builder permission = IpPermission.builder()
                .ipProtocol(asked.ipProtocol())
                .fromPort(asked.fromPort())
                .toPort(asked.toPort());
        if (asked.cidrIpv4() != null) {
            permission.ipRanges(IpRange.builder()
                    .cidrIp(asked.cidrIpv4())
                    .description(asked.description())
                    .build());
        }
        if (asked.cidrIpv6() != null) {
            permission.ipv6Ranges(Ipv6Range.builder()
                    .cidrIpv6(asked.cidrIpv6())
                    .description(asked.description())
                    .build());
        }
        if (asked.prefixListId() != null) {
            permission.prefixListIds(
                    PrefixListId.builder().prefixListId(asked.prefixListId()).build());
        }
        if (asked.referencedGroupId() != null) {
            permission.userIdGroupPairs(UserIdGroupPair.builder()
                    .groupId(asked.referencedGroupId())
                    .description(asked.description())
                    .build());
        }
        return permission.build();
    }
}
