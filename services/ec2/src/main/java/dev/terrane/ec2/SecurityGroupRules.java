package dev.terrane.ec2;

import dev.terrane.kernel.resource.Properties;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;

/** Rules of security groups as templates have them, in a property of the group or as resources of their own. */
final class SecurityGroupRules {
    private SecurityGroupRules() {}

    /** What a rule lets through: two rules of one group can't have the same. Ports are -1 where there are none. */
    record Traffic(String protocol, int from, int to, String peer) {
        static Traffic of(Properties rule) {
            String protocol = SecurityRules.protocol(rule.required("IpProtocol"));
            boolean all = protocol.equals("-1");
            return new Traffic(
                    protocol,
                    all ? -1 : rule.integer("FromPort").orElse(-1),
                    all ? -1 : rule.integer("ToPort").orElse(-1),
                    group(rule)
                            .or(() -> rule.text("CidrIp"))
                            .or(() -> rule.text("CidrIpv6"))
                            .orElse(""));
        }

        static Traffic of(SecurityGroupRule rule) {
            return new Traffic(rule.ipProtocol(), rule.fromPort(), rule.toPort(), SecurityRules.peer(rule));
        }
    }

    private static Optional<String> group(Properties rule) {
        return rule.text("SourceSecurityGroupId").or(() -> rule.text("DestinationSecurityGroupId"));
    }

    static IpPermission permission(Properties rule) {
        String description = rule.text("Description").orElse(null);
        IpPermission.Builder permission = IpPermission.builder()
                .ipProtocol(rule.required("IpProtocol"))
                .fromPort(rule.integer("FromPort").orElse(null))
                .toPort(rule.integer("ToPort").orElse(null));
        rule.text("CidrIp")
                .ifPresent(cidr -> permission.ipRanges(
                        IpRange.builder().cidrIp(cidr).description(description).build()));
        rule.text("CidrIpv6")
                .ifPresent(cidr -> permission.ipv6Ranges(Ipv6Range.builder()
                        .cidrIpv6(cidr)
                        .description(description)
                        .build()));
        group(rule)
                .ifPresent(group -> permission.userIdGroupPairs(UserIdGroupPair.builder()
                        .groupId(group)
                        .userId(rule.text("SourceSecurityGroupOwnerId").orElse(null))
                        .description(description)
                        .build()));
        return permission.build();
    }

    static List<IpPermission> permissions(List<Properties> rules) {
        return rules.stream().map(SecurityGroupRules::permission).toList();
    }

    /** A rule as a template has it: as one of these has it that lets the same through, or else as AWS does. */
    static Properties properties(SecurityGroupRule rule, List<Properties> forms) {
        Traffic traffic = Traffic.of(rule);
        return forms.stream()
                .filter(form -> Traffic.of(form).equals(traffic))
                .findFirst()
                .map(form -> described(Properties.builder(), rule).build().or(form.without("Description")))
                .orElseGet(() -> properties(rule));
    }

    static Properties properties(SecurityGroupRule rule) {
        boolean ports = rule.fromPort() != -1 || rule.toPort() != -1;
        Properties.Builder found = Properties.builder()
                .put("IpProtocol", rule.ipProtocol())
                .put("FromPort", ports ? rule.fromPort() : null)
                .put("ToPort", ports ? rule.toPort() : null)
                .put("CidrIp", rule.cidrIpv4())
                .put("CidrIpv6", rule.cidrIpv6());
        if (rule.referencedGroupInfo() != null) {
            boolean egress = Objects.requireNonNull(rule.isEgress());
            found.put(
                    egress ? "DestinationSecurityGroupId" : "SourceSecurityGroupId",
                    rule.referencedGroupInfo().groupId());
            if (!egress) {
                found.put(
                        "SourceSecurityGroupOwnerId", rule.referencedGroupInfo().userId());
            }
        }
        return described(found, rule).build();
    }

    private static Properties.Builder described(Properties.Builder found, SecurityGroupRule rule) {
        return found.put("Description", rule.description());
    }
}
