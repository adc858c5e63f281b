package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** EC2, where an id tells by its prefix what it is the id of. */
final class Ec2Overlay implements Overlay {
    private static final Map<String, String> PREFIXES = Map.ofEntries(
            Map.entry("instance", "i-"),
            Map.entry("image", "ami-"),
            Map.entry("volume", "vol-"),
            Map.entry("snapshot", "snap-"),
            Map.entry("vpc", "vpc-"),
            Map.entry("subnet", "subnet-"),
            Map.entry("security-group", "sg-"),
            Map.entry("security-group-rule", "sgr-"),
            Map.entry("network-interface", "eni-"),
            Map.entry("internet-gateway", "igw-"),
            Map.entry("egress-only-internet-gateway", "eigw-"),
            Map.entry("route-table", "rtb-"),
            Map.entry("network-acl", "acl-"),
            Map.entry("natgateway", "nat-"),
            Map.entry("elastic-ip", "eipalloc-"),
            Map.entry("dhcp-options", "dopt-"),
            Map.entry("launch-template", "lt-"),
            Map.entry("vpc-endpoint", "vpce-"),
            Map.entry("vpc-endpoint-service", "vpce-svc-"),
            Map.entry("vpc-peering-connection", "pcx-"),
            Map.entry("vpc-flow-log", "fl-"),
            Map.entry("transit-gateway", "tgw-"),
            Map.entry("transit-gateway-attachment", "tgw-attach-"),
            Map.entry("transit-gateway-route-table", "tgw-rtb-"),
            Map.entry("customer-gateway", "cgw-"),
            Map.entry("vpn-gateway", "vgw-"),
            Map.entry("vpn-connection", "vpn-"),
            Map.entry("prefix-list", "pl-"),
            Map.entry("capacity-reservation", "cr-"),
            Map.entry("dedicated-host", "h-"),
            Map.entry("spot-instances-request", "sir-"),
            Map.entry("spot-fleet-request", "sfr-"),
            Map.entry("fleet", "fleet-"),
            Map.entry("carrier-gateway", "cagw-"));

    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        if (type.name().equals("key-pair") && asked.has("keyname")) {
            return Optional.of(asked.members().texts("keyname").stream()
                    .map(name -> type.arn().fillLast(asked.scope(), name))
                    .toList());
        }
        String prefix = PREFIXES.get(type.name());
        if (prefix == null) {
            return Optional.empty();
        }
        List<String> found = asked.members().allNested().stream()
                .filter(text -> text.matches(prefix + "[0-9a-f]+"))
                .distinct()
                .map(id -> type.arn().fillLast(asked.scope(), id))
                .toList();
        if (found.isEmpty() && type.name().equals("launch-template")) {
            List<String> names = asked.members().at("LaunchTemplate.LaunchTemplateName");
            names = names.isEmpty() ? asked.members().texts("launchtemplatename") : names;
            return Optional.of(names.stream()
                    .flatMap(name -> asked.names().find("ec2", "launch-template", name).stream())
                    .toList());
        }
        return Optional.of(found);
    }

    @Override
    public Map<String, List<String>> conditions(Asked asked) {
        Map<String, List<String>> conditions = new LinkedHashMap<>();
        asked.members().at("IamInstanceProfile.Arn").stream()
                .findFirst()
                .ifPresent(arn -> conditions.put("ec2:InstanceProfile", List.of(arn)));
        asked.members().at("IamInstanceProfile.Name").stream()
                .findFirst()
                .map(name -> new Arn(
                                asked.scope().partition(),
                                "iam",
                                "",
                                asked.scope().account(),
                                "instance-profile/" + name)
                        .toString())
                .ifPresent(arn -> conditions.put("ec2:InstanceProfile", List.of(arn)));
        put(conditions, "ec2:MetadataHttpTokens", asked.members().at("MetadataOptions.HttpTokens"));
        put(conditions, "ec2:KeyPairName", asked.members().texts("keyname"));
        put(conditions, "ec2:ImageID", asked.members().texts("imageid"));
        return conditions;
    }

    private static void put(Map<String, List<String>> conditions, String key, List<String> values) {
        if (!values.isEmpty()) {
            conditions.put(key, values);
        }
    }

    /** To tag what is created is a permission of its own ("Grant permission to tag Amazon EC2 resources during creation"). */
    @Override
    public List<Requirement> more(Asked asked) {
        List<String> types = asked.members().at("TagSpecifications.ResourceType");
        if (types.isEmpty() || asked.operation().equals("CreateTags")) {
            return List.of();
        }
        List<String> arns = types.stream()
                .distinct()
                .map(type -> new Arn(
                                asked.scope().partition(),
                                "ec2",
                                asked.scope().region(),
                                asked.scope().account(),
                                type + "/*")
                        .toString())
                .toList();
        Map<String, List<String>> conditions = new LinkedHashMap<>(RequestTags.conditions(asked.members()));
        conditions.put("ec2:CreateAction", List.of(asked.operation()));
        return List.of(new Requirement("ec2:CreateTags", arns, conditions));
    }
}
