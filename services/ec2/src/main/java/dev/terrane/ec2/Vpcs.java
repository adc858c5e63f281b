package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.id.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.*;

/** VPCs and their subnets: made, changed, deleted. Which addresses instances have is the driver's matter; a VPC says which may talk to each other by its range. */
final class Vpcs {
    private static final int WIDEST = 16;
    private static final int NARROWEST = 28;
    private static final int MOST = 100;
    private static final int RESERVED_ADDRESSES = 5;

    private final Ec2Tables tables;
    private final NetworkTables networks;
    private final SecurityGroups groups;
    private final RouteTables routeTables;

    Vpcs(Ec2Tables tables, NetworkTables networks, SecurityGroups groups, RouteTables routeTables) {
        this.tables = tables;
        this.networks = networks;
        this.groups = groups;
        this.routeTables = routeTables;
    }

    private static DefaultNetwork network() {
        return new DefaultNetwork(Call.current().scope());
    }

    /** All VPCs, the default one first, with their tags. */
    List<Vpc> all() {
        List<Vpc> all = new ArrayList<>();
        all.add(network().vpc(tags(network().vpcId())));
        networks.vpcs()
                .forEach(record ->
                        all.add(record.vpc().toBuilder().tags(tags(record.id())).build()));
        return all;
    }

    private List<Tag> tags(String id) {
        return TagsRecord.list(tables.tags(id));
    }

    Vpc require(String id) {
        return all().stream()
                .filter(vpc -> vpc.vpcId().equals(id))
                .findFirst()
                .orElseThrow(() -> Refusals.of("InvalidVpcID.NotFound", "The vpc ID '" + id + "' does not exist"));
    }

    CreateVpcResponse create(CreateVpcRequest request) {
        Supported.only("", request, Set.of("CidrBlock", "InstanceTenancy", "TagSpecifications"));
        if (request.instanceTenancy() != null && request.instanceTenancy() != Tenancy.DEFAULT) {
            throw Refusals.unsupported("Instances have the default tenancy.");
        }
        if (request.cidrBlock() == null) {
            throw Refusals.missing("cidrBlock");
        }
        Cidr range = range(request.cidrBlock(), "InvalidVpc.Range");
        if (networks.vpcs().size() >= MOST) {
            throw Refusals.of("VpcLimitExceeded", "The maximum number of VPCs has been reached.");
        }
        Tagging.onlyFor(request.tagSpecifications(), Set.of(ResourceType.VPC));
        Map<String, String> tags = Tagging.specified(request.tagSpecifications(), ResourceType.VPC);
        Supported.wet(request.dryRun());
        String id = "vpc-0" + Ids.hex(16);
        Vpc vpc = Vpc.builder()
                .vpcId(id)
                .cidrBlock(range.toString())
                .cidrBlockAssociationSet(VpcCidrBlockAssociation.builder()
                        .associationId("vpc-cidr-assoc-0" + Ids.hex(16))
                        .cidrBlock(range.toString())
                        .cidrBlockState(s -> s.state(VpcCidrBlockStateCode.ASSOCIATED))
                        .build())
                .dhcpOptionsId(network().vpc(List.of()).dhcpOptionsId())
                .instanceTenancy(Tenancy.DEFAULT)
                .isDefault(false)
                .ownerId(Call.current().account())
                .state(VpcState.AVAILABLE)
                .build();
        networks.put(new VpcRecord(vpc, true, false));
        groups.addDefault(id);
        routeTables.addMain(id, range.toString());
        tables.tag(id, tags);
        return CreateVpcResponse.builder()
                .vpc(vpc.toBuilder().tags(tags(id)).build())
                .build();
    }

    private static Cidr range(String text, String code) {
        Cidr range = Cidr.find(text)
                .orElseThrow(() -> Refusals.value(
                        "Value (" + text + ") for parameter cidrBlock is invalid. This is not a valid CIDR block."));
        if (range.bits() < WIDEST || range.bits() > NARROWEST) {
            throw Refusals.of(code, "The CIDR '" + text + "' is invalid.");
        }
        return range;
    }

    private VpcRecord own(String id, String what) {
        if (id.equals(network().vpcId())) {
            throw Refusals.unsupported("The default VPC cannot be " + what + " here.");
        }
        return networks.vpc(id)
                .orElseThrow(() -> Refusals.of("InvalidVpcID.NotFound", "The vpc ID '" + id + "' does not exist"));
    }

    DeleteVpcResponse delete(DeleteVpcRequest request) {
        VpcRecord vpc = own(request.vpcId(), "deleted");
        String id = vpc.id();
        boolean used = networks.subnets().stream()
                        .anyMatch(subnet -> id.equals(subnet.subnet().vpcId()))
                || networks.gateways().stream()
                        .anyMatch(gateway -> gateway.vpcId().equals(id))
                || networks.routeTables().stream()
                        .anyMatch(table -> table.vpcId().equals(id) && !table.main())
                || tables.groups().stream()
                        .anyMatch(group ->
                                group.vpcId().equals(id) && !group.name().equals("default"));
        if (used) {
            throw Refusals.of("DependencyViolation", "The vpc '" + id + "' has dependencies and cannot be deleted.");
        }
        Supported.wet(request.dryRun());
        tables.groups().stream().filter(group -> group.vpcId().equals(id)).forEach(tables::delete);
        networks.routeTables().stream()
                .filter(table -> table.vpcId().equals(id))
                .forEach(networks::delete);
        networks.delete(vpc);
        tables.tag(id, Map.of());
        return DeleteVpcResponse.builder().build();
    }

    ModifyVpcAttributeResponse modify(ModifyVpcAttributeRequest request) {
        Supported.only("", request, Set.of("VpcId", "EnableDnsHostnames", "EnableDnsSupport"));
        VpcRecord vpc = own(request.vpcId(), "changed");
        networks.put(new VpcRecord(
                vpc.vpc(),
                value(request.enableDnsSupport(), vpc.dnsSupport()),
                value(request.enableDnsHostnames(), vpc.dnsHostnames())));
        return ModifyVpcAttributeResponse.builder().build();
    }

    private static boolean value(@Nullable AttributeBooleanValue asked, boolean otherwise) {
        Boolean value = asked == null ? null : asked.value();
        return value == null ? otherwise : value;
    }

    DescribeVpcAttributeResponse attribute(DescribeVpcAttributeRequest request) {
        Supported.wet(request.dryRun());
        Vpc vpc = require(request.vpcId());
        VpcRecord record = networks.vpc(vpc.vpcId()).orElse(new VpcRecord(vpc, true, true));
        DescribeVpcAttributeResponse.Builder answer =
                DescribeVpcAttributeResponse.builder().vpcId(request.vpcId());
        return switch (request.attribute()) {
            case ENABLE_DNS_SUPPORT ->
                answer.enableDnsSupport(a -> a.value(record.dnsSupport())).build();
            case ENABLE_DNS_HOSTNAMES ->
                answer.enableDnsHostnames(a -> a.value(record.dnsHostnames())).build();
            case ENABLE_NETWORK_ADDRESS_USAGE_METRICS ->
                answer.enableNetworkAddressUsageMetrics(a -> a.value(false)).build();
            case null, default -> throw Refusals.value("The attribute " + request.attributeAsString() + " is invalid");
        };
    }

    /** All subnets, the default ones first, with their tags. */
    List<Subnet> subnets() {
        List<Subnet> all = new ArrayList<>();
        network()
                .zones()
                .forEach(zone -> all.add(network().subnet(zone, tags(network().subnetId(zone)))));
        networks.subnets()
                .forEach(record -> all.add(
                        record.subnet().toBuilder().tags(tags(record.id())).build()));
        return all;
    }

    Optional<Subnet> subnet(String id) {
        return subnets().stream().filter(subnet -> subnet.subnetId().equals(id)).findFirst();
    }

    Subnet requireSubnet(String id) {
        return subnet(id).orElseThrow(() -> noSubnet(id));
    }

    private static RuntimeException noSubnet(String id) {
        return Refusals.of("InvalidSubnetID.NotFound", "The subnet ID '" + id + "' does not exist");
    }

    CreateSubnetResponse create(CreateSubnetRequest request) {
        Supported.only(
                "",
                request,
                Set.of("VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId", "TagSpecifications"));
        Vpc vpc = require(request.vpcId());
        if (request.cidrBlock() == null) {
            throw Refusals.missing("cidrBlock");
        }
        Cidr range = range(request.cidrBlock(), "InvalidSubnet.Range");
        if (Cidr.find(vpc.cidrBlock()).filter(of -> of.contains(range)).isEmpty()) {
            throw Refusals.of("InvalidSubnet.Range", "The CIDR '" + request.cidrBlock() + "' is invalid.");
        }
        subnets().stream()
                .filter(other -> other.vpcId().equals(vpc.vpcId()))
                .filter(other ->
                        Cidr.find(other.cidrBlock()).filter(range::overlaps).isPresent())
                .findFirst()
                .ifPresent(other -> {
                    throw Refusals.of(
                            "InvalidSubnet.Conflict",
                            "The CIDR '" + request.cidrBlock() + "' conflicts with another subnet");
                });
        String zone = zone(request);
        Tagging.onlyFor(request.tagSpecifications(), Set.of(ResourceType.SUBNET));
        Map<String, String> tags = Tagging.specified(request.tagSpecifications(), ResourceType.SUBNET);
        Supported.wet(request.dryRun());
        String id = "subnet-0" + Ids.hex(16);
        Subnet subnet = network().subnet(zone, List.of()).toBuilder()
                .subnetId(id)
                .subnetArn(network().subnetArn(id))
                .vpcId(vpc.vpcId())
                .cidrBlock(range.toString())
                .availableIpAddressCount((int) range.size() - RESERVED_ADDRESSES)
                .defaultForAz(false)
                .build();
        networks.put(new SubnetRecord(subnet));
        tables.tag(id, tags);
        return CreateSubnetResponse.builder()
                .subnet(subnet.toBuilder().tags(tags(id)).build())
                .build();
    }

    private static String zone(CreateSubnetRequest request) {
        List<String> zones = network().zones();
        if (request.availabilityZone() == null && request.availabilityZoneId() == null) {
            return zones.getFirst();
        }
        return zones.stream()
                .filter(zone -> zone.equals(request.availabilityZone())
                        || (request.availabilityZone() == null
                                && network().zoneId(zone).equals(request.availabilityZoneId())))
                .findFirst()
                .orElseThrow(() -> Refusals.value("Value ("
                        + (request.availabilityZone() == null
                                ? request.availabilityZoneId()
                                : request.availabilityZone())
                        + ") for parameter availabilityZone is invalid. Subnets can currently only be created in the"
                        + " following availability zones: " + String.join(", ", zones) + "."));
    }

    private SubnetRecord ownSubnet(String id, String what) {
        if (network().zoneOf(id).isPresent()) {
            throw Refusals.unsupported("A default subnet cannot be " + what + " here.");
        }
        return networks.subnet(id).orElseThrow(() -> noSubnet(id));
    }

    DeleteSubnetResponse delete(DeleteSubnetRequest request) {
        SubnetRecord subnet = ownSubnet(request.subnetId(), "deleted");
        boolean used = tables.instances().stream()
                .anyMatch(instance -> instance.lives()
                        && subnet.id().equals(instance.instance().subnetId()));
        if (used) {
            throw Refusals.of(
                    "DependencyViolation", "The subnet '" + subnet.id() + "' has dependencies and cannot be deleted.");
        }
        Supported.wet(request.dryRun());
        routeTables.leave(subnet.id());
        networks.delete(subnet);
        tables.tag(subnet.id(), Map.of());
        return DeleteSubnetResponse.builder().build();
    }

    ModifySubnetAttributeResponse modify(ModifySubnetAttributeRequest request) {
        Supported.only("", request, Set.of("SubnetId", "MapPublicIpOnLaunch"));
        SubnetRecord subnet = ownSubnet(request.subnetId(), "changed");
        networks.put(new SubnetRecord(subnet.subnet().toBuilder()
                .mapPublicIpOnLaunch(value(
                        request.mapPublicIpOnLaunch(),
                        Boolean.TRUE.equals(subnet.subnet().mapPublicIpOnLaunch())))
                .build()));
        return ModifySubnetAttributeResponse.builder().build();
    }
}
