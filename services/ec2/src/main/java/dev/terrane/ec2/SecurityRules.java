package dev.terrane.ec2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.policy.AddressRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.*;

/** Rules of a security group in their two forms: one by one, and grouped by protocol and ports ("Security group rules"). */
final class SecurityRules {
    /** All traffic to everywhere, as a new group lets out. */
    static final IpPermission EVERYTHING = IpPermission.builder()
            .ipProtocol("-1")
            .ipRanges(IpRange.builder().cidrIp("0.0.0.0/0").build())
            .build();

    private static final Pattern IPV4 = Pattern.compile("[0-9.]+/[0-9]{1,2}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*/[0-9]{1,3}");
    private static final int GREATEST_PORT = 65_535;

    private SecurityRules() {}

    /** The permissions of a request, which may also spell out a single one. */
    static List<IpPermission> permissions(
            List<IpPermission> given,
            @Nullable String protocol,
            @Nullable Integer from,
            @Nullable Integer to,
            @Nullable String cidr,
            @Nullable String sourceGroup) {
        if (protocol == null && cidr == null && sourceGroup == null) {
            return given;
        }
        IpPermission.Builder single = IpPermission.builder()
                .ipProtocol(protocol == null ? "-1" : protocol)
                .fromPort(from)
                .toPort(to);
        if (cidr != null) {
            single.ipRanges(IpRange.builder().cidrIp(cidr).build());
        }
        if (sourceGroup != null) {
            single.userIdGroupPairs(
                    UserIdGroupPair.builder().groupName(sourceGroup).build());
        }
        List<IpPermission> all = new ArrayList<>(given);
        all.add(single.build());
        return all;
    }

    private static void requireBlock(@Nullable String cidr, Pattern family) {
        try {
            if (cidr != null && family.matcher(cidr).matches()) {
                AddressRange.parse(cidr);
                return;
            }
        } catch (IllegalArgumentException e) {
            throw malformed(cidr);
        }
        throw malformed(cidr);
    }

    private static RuntimeException malformed(@Nullable String cidr) {
        return Refusals.value("CIDR block " + cidr + " is malformed");
    }

    /**
     * Permissions one by one.
     *
     * @param groups gives the id of a group by its id or name, or refuses
     */
    static List<SecurityGroupRule> of(
            String groupId, boolean egress, List<IpPermission> permissions, UnaryOperator<String> groups) {
        List<SecurityGroupRule> rules = new ArrayList<>();
        for (IpPermission permission : permissions) {
            String protocol = protocol(permission.ipProtocol());
            checkPorts(protocol, permission);
            for (IpRange range : permission.ipRanges()) {
                requireBlock(range.cidrIp(), IPV4);
                rules.add(rule(groupId, egress, protocol, permission)
                        .cidrIpv4(range.cidrIp())
                        .description(range.description())
                        .build());
            }
            for (Ipv6Range range : permission.ipv6Ranges()) {
                requireBlock(range.cidrIpv6(), IPV6);
                rules.add(rule(groupId, egress, protocol, permission)
                        .cidrIpv6(range.cidrIpv6())
                        .description(range.description())
                        .build());
            }
            for (PrefixListId list : permission.prefixListIds()) {
                throw Refusals.of(
                        "InvalidPrefixListID.NotFound",
                        "The prefix list ID '" + list.prefixListId() + "' does not exist");
            }
            for (UserIdGroupPair pair : permission.userIdGroupPairs()) {
                String named = pair.groupId() == null ? pair.groupName() : pair.groupId();
                if (named == null) {
                    throw Refusals.missing("GroupId");
                }
                rules.add(rule(groupId, egress, protocol, permission)
                        .referencedGroupInfo(g -> g.groupId(groups.apply(named))
                                .userId(Call.current().account()))
                        .description(pair.description())
                        .build());
            }
        }
        return rules;
    }

    static SecurityGroupRule withId(SecurityGroupRule rule, String id) {
        Call call = Call.current();
        return rule.toBuilder()
                .securityGroupRuleId(id)
                .securityGroupRuleArn(Arn.of("ec2", call.region(), call.account(), "security-group-rule/" + id)
                        .toString())
                .build();
    }

    private static SecurityGroupRule.Builder rule(
            String groupId, boolean egress, String protocol, IpPermission permission) {
        Call call = Call.current();
        boolean all = protocol.equals("-1");
        return withId(SecurityGroupRule.builder().build(), "sgr-0" + Ids.hex(16)).toBuilder()
                .groupId(groupId)
                .groupOwnerId(call.account())
                .isEgress(egress)
                .ipProtocol(protocol)
                .fromPort(all || permission.fromPort() == null ? Integer.valueOf(-1) : permission.fromPort())
                .toPort(all || permission.toPort() == null ? Integer.valueOf(-1) : permission.toPort());
    }

    static String protocol(@Nullable String given) {
        return switch (given) {
            case null -> throw Refusals.missing("IpProtocol");
            case "6" -> "tcp";
            case "17" -> "udp";
            case "1" -> "icmp";
            case "58" -> "icmpv6";
            case "all" -> "-1";
            case "-1", "tcp", "udp", "icmp", "icmpv6" -> given;
            default -> {
                if (given.matches("\\d{1,3}") && Integer.parseInt(given) < 256) {
                    yield given;
                }
                throw Refusals.value("Invalid value '" + given + "' for IP protocol. Unknown protocol.");
            }
        };
    }

    private static void checkPorts(String protocol, IpPermission permission) {
        if (!protocol.equals("tcp") && !protocol.equals("udp")) {
            return;
        }
        Integer from = permission.fromPort();
        Integer to = permission.toPort();
        if (from == null || to == null || from < 0 || to > GREATEST_PORT || from > to) {
            throw Refusals.value("Invalid TCP/UDP port range (" + from + ":" + to + ")");
        }
    }

    /** Whether two rules let the same through; what is said about them does not matter. */
    static boolean same(SecurityGroupRule a, SecurityGroupRule b) {
        return a.isEgress().equals(b.isEgress())
                && a.ipProtocol().equals(b.ipProtocol())
                && a.fromPort().equals(b.fromPort())
                && a.toPort().equals(b.toPort())
                && peer(a).equals(peer(b));
    }

    static RuntimeException duplicate(SecurityGroupRule rule) {
        return Refusals.of(
                "InvalidPermission.Duplicate",
                "the specified rule \"peer: %s, %s\" already exists".formatted(peer(rule), rule.ipProtocol()));
    }

    /**
     * Rules with other descriptions.
     *
     * @param like rules that let the same through as those which are to have their descriptions
     * @param byId descriptions by the rules' ids
     */
    static List<SecurityGroupRule> described(
            List<SecurityGroupRule> rules,
            boolean egress,
            List<SecurityGroupRule> like,
            List<SecurityGroupRuleDescription> byId) {
        List<SecurityGroupRule> described = new ArrayList<>(rules);
        for (SecurityGroupRule rule : like) {
            describe(described, there -> same(there, rule), rule.description());
        }
        for (SecurityGroupRuleDescription one : byId) {
            describe(
                    described,
                    there -> there.isEgress() == egress
                            && there.securityGroupRuleId().equals(one.securityGroupRuleId()),
                    one.description());
        }
        return described;
    }

    private static void describe(
            List<SecurityGroupRule> rules, Predicate<SecurityGroupRule> which, @Nullable String description) {
        String text = description == null || description.isEmpty() ? null : description;
        for (int i = 0; i < rules.size(); i++) {
            if (which.test(rules.get(i))) {
                rules.set(i, rules.get(i).toBuilder().description(text).build());
                return;
            }
        }
        throw Refusals.of("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
    }

    /** With whom a rule allows traffic. */
    static String peer(SecurityGroupRule rule) {
        if (rule.cidrIpv4() != null) {
            return rule.cidrIpv4();
        }
        return rule.cidrIpv6() != null
                ? rule.cidrIpv6()
                : Objects.requireNonNull(rule.referencedGroupInfo()).groupId();
    }

    /** Rules grouped by protocol and ports. */
    static List<IpPermission> permissions(List<SecurityGroupRule> rules, boolean egress) {
        Map<String, List<SecurityGroupRule>> groups = new LinkedHashMap<>();
        for (SecurityGroupRule rule : rules) {
            if (rule.isEgress() == egress) {
                groups.computeIfAbsent(
                                rule.ipProtocol() + "/" + rule.fromPort() + "/" + rule.toPort(),
                                key -> new ArrayList<>())
                        .add(rule);
            }
        }
        return groups.values().stream().map(SecurityRules::permission).toList();
    }

    private static IpPermission permission(List<SecurityGroupRule> rules) {
        SecurityGroupRule first = rules.getFirst();
        boolean all = first.ipProtocol().equals("-1");
        List<IpRange> ranges = new ArrayList<>();
        List<Ipv6Range> wideRanges = new ArrayList<>();
        List<UserIdGroupPair> pairs = new ArrayList<>();
        for (SecurityGroupRule rule : rules) {
            if (rule.cidrIpv4() != null) {
                ranges.add(IpRange.builder()
                        .cidrIp(rule.cidrIpv4())
                        .description(rule.description())
                        .build());
            } else if (rule.cidrIpv6() != null) {
                wideRanges.add(Ipv6Range.builder()
                        .cidrIpv6(rule.cidrIpv6())
                        .description(rule.description())
                        .build());
            } else {
                pairs.add(UserIdGroupPair.builder()
                        .groupId(rule.referencedGroupInfo().groupId())
                        .userId(rule.referencedGroupInfo().userId())
                        .description(rule.description())
                        .build());
            }
        }
        return IpPermission.builder()
                .ipProtocol(first.ipProtocol())
                .fromPort(all ? null : first.fromPort())
                .toPort(all ? null : first.toPort())
                .ipRanges(ranges)
                .ipv6Ranges(wideRanges)
                .userIdGroupPairs(pairs)
                .build();
    }
}
