package dev.terrane.ec2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.ec2.model.*;

/**
 * The default VPC of an account in a region: one, with a subnet in each of three zones ("Default VPCs"). Its ids follow from account and
 * region, so that it is there without ever having been made.
 */
record DefaultNetwork(Scope scope) {
    static final String CIDR = "172.31.0.0/16";
    private static final int ZONES = 3;

    String vpcId() {
        return "vpc-" + digest("vpc");
    }

    String groupId() {
        return "sg-" + digest("security-group");
    }

    String routeTableId() {
        return "rtb-" + digest("route-table");
    }

    String mainAssociationId() {
        return "rtbassoc-" + digest("main-association");
    }

    String gatewayId() {
        return "igw-" + digest("internet-gateway");
    }

    String subnetArn(String id) {
        return Arn.of("ec2", scope.region(), scope.account(), "subnet/" + id).toString();
    }

    List<String> zones() {
        return IntStream.range(0, ZONES)
                .mapToObj(i -> scope.region() + (char) ('a' + i))
                .toList();
    }

    /** Such as {@code use1-az1}, as "Availability Zone IDs" builds them. */
    String zoneId(String zone) {
        String[] parts = scope.region().split("-", -1);
        StringBuilder id = new StringBuilder(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            for (String direction : List.of("north", "south", "east", "west", "central")) {
                if (parts[i].contains(direction)) {
                    id.append(direction.charAt(0));
                }
            }
        }
        return id + parts[parts.length - 1] + "-az" + (zone.charAt(zone.length() - 1) - 'a' + 1);
    }

    String subnetId(String zone) {
        return "subnet-" + digest("subnet" + zone);
    }

    Optional<String> zoneOf(String subnetId) {
        return zones().stream().filter(zone -> subnetId(zone).equals(subnetId)).findFirst();
    }

    private String digest(String what) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((what + "/" + scope.account() + "/" + scope.region()).getBytes(StandardCharsets.UTF_8));
            return "0" + HexFormat.of().formatHex(hash).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    Vpc vpc(List<Tag> tags) {
        return Vpc.builder()
                .vpcId(vpcId())
                .cidrBlock(CIDR)
                .cidrBlockAssociationSet(VpcCidrBlockAssociation.builder()
                        .associationId("vpc-cidr-assoc-" + digest("association"))
                        .cidrBlock(CIDR)
                        .cidrBlockState(s -> s.state(VpcCidrBlockStateCode.ASSOCIATED))
                        .build())
                .dhcpOptionsId("dopt-" + digest("dhcp"))
                .instanceTenancy(Tenancy.DEFAULT)
                .isDefault(true)
                .ownerId(scope.account())
                .state(VpcState.AVAILABLE)
                .tags(tags)
                .build();
    }

    Subnet subnet(String zone, List<Tag> tags) {
        return Subnet.builder()
                .subnetId(subnetId(zone))
                .subnetArn(subnetArn(subnetId(zone)))
                .vpcId(vpcId())
                .availabilityZone(zone)
                .availabilityZoneId(zoneId(zone))
                .cidrBlock("172.31." + 16 * (zone.charAt(zone.length() - 1) - 'a') + ".0/20")
                .availableIpAddressCount(4091)
                .defaultForAz(true)
                .mapPublicIpOnLaunch(false)
                .assignIpv6AddressOnCreation(false)
                .ipv6Native(false)
                .enableDns64(false)
                .mapCustomerOwnedIpOnLaunch(false)
                .ownerId(scope.account())
                .state(SubnetState.AVAILABLE)
                .tags(tags)
                .build();
    }
}
