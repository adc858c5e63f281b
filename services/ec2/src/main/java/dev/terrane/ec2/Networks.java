package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.page.PageTokens;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.*;

/** VPCs, subnets, zones and regions, as they are asked for. */
final class Networks {
    private final Vpcs vpcs;
    private final PageTokens pages;
    private final Filters<Vpc> vpcFilters = new Filters<Vpc>()
            .by("vpc-id", Vpc::vpcId)
            .by("cidr", Vpc::cidrBlock)
            .by("cidr-block-association.cidr-block", Vpc::cidrBlock)
            .by("is-default", Vpc::isDefault)
            .by("isDefault", Vpc::isDefault)
            .by("owner-id", Vpc::ownerId)
            .by("dhcp-options-id", Vpc::dhcpOptionsId)
            .by("state", Vpc::stateAsString)
            .tagged(vpc -> tags(vpc.tags()));
    private final Filters<Subnet> subnetFilters = new Filters<Subnet>()
            .by("subnet-id", Subnet::subnetId)
            .by("subnet-arn", Subnet::subnetArn)
            .by("vpc-id", Subnet::vpcId)
            .by("availability-zone", Subnet::availabilityZone)
            .by("availabilityZone", Subnet::availabilityZone)
            .by("availability-zone-id", Subnet::availabilityZoneId)
            .by("cidr-block", Subnet::cidrBlock)
            .by("default-for-az", Subnet::defaultForAz)
            .by("defaultForAz", Subnet::defaultForAz)
            .by("map-public-ip-on-launch", Subnet::mapPublicIpOnLaunch)
            .by("owner-id", Subnet::ownerId)
            .by("state", Subnet::stateAsString)
            .tagged(subnet -> tags(subnet.tags()));
    private final Filters<AvailabilityZone> zoneFilters = new Filters<AvailabilityZone>()
            .by("zone-name", AvailabilityZone::zoneName)
            .by("zone-id", AvailabilityZone::zoneId)
            .by("region-name", AvailabilityZone::regionName)
            .by("state", AvailabilityZone::stateAsString)
            .by("zone-type", AvailabilityZone::zoneType)
            .by("opt-in-status", AvailabilityZone::optInStatusAsString)
            .by("group-name", AvailabilityZone::groupName);

    Networks(Vpcs vpcs, PageTokens pages) {
        this.vpcs = vpcs;
        this.pages = pages;
    }

    static Map<String, String> tags(List<Tag> tags) {
        return tags.stream().collect(Collectors.toMap(Tag::key, Tag::value));
    }

    private static DefaultNetwork network() {
        return new DefaultNetwork(Call.current().scope());
    }

    DescribeVpcsResponse vpcs(DescribeVpcsRequest request) {
        Supported.wet(request.dryRun());
        request.vpcIds().forEach(vpcs::require);
        Predicate<Vpc> wanted = vpcFilters.of(request.filters());
        Paged<Vpc> page = Paged.of(
                pages,
                PageLimits.NETWORK,
                "DescribeVpcs" + request.filters(),
                vpcs.all().stream()
                        .filter(vpc ->
                                request.vpcIds().isEmpty() || request.vpcIds().contains(vpc.vpcId()))
                        .filter(wanted)
                        .toList(),
                Vpc::vpcId,
                request.maxResults(),
                request.nextToken());
        return DescribeVpcsResponse.builder()
                .vpcs(page.items())
                .nextToken(page.next())
                .build();
    }

    DescribeSubnetsResponse subnets(DescribeSubnetsRequest request) {
        Supported.wet(request.dryRun());
        request.subnetIds().forEach(vpcs::requireSubnet);
        Predicate<Subnet> wanted = subnetFilters.of(request.filters());
        List<Subnet> subnets = vpcs.subnets().stream()
                .filter(subnet ->
                        request.subnetIds().isEmpty() || request.subnetIds().contains(subnet.subnetId()))
                .filter(wanted)
                .toList();
        Paged<Subnet> page = Paged.of(
                pages,
                PageLimits.NETWORK,
                "DescribeSubnets" + request.filters(),
                subnets,
                Subnet::subnetId,
                request.maxResults(),
                request.nextToken());
        return DescribeSubnetsResponse.builder()
                .subnets(page.items())
                .nextToken(page.next())
                .build();
    }

    DescribeAvailabilityZonesResponse zones(DescribeAvailabilityZonesRequest request) {
        Supported.wet(request.dryRun());
        DefaultNetwork network = network();
        request.zoneNames().stream()
                .filter(zone -> !network.zones().contains(zone))
                .findFirst()
                .ifPresent(zone -> {
                    throw Refusals.value("Invalid availability zone: [" + zone + "]");
                });
        String region = Call.current().region();
        Predicate<AvailabilityZone> wanted = zoneFilters.of(request.filters());
        return DescribeAvailabilityZonesResponse.builder()
                .availabilityZones(network.zones().stream()
                        .map(zone -> AvailabilityZone.builder()
                                .zoneName(zone)
                                .zoneId(network.zoneId(zone))
                                .regionName(region)
                                .groupName(region + "-zg-1")
                                .networkBorderGroup(region)
                                .zoneType("availability-zone")
                                .optInStatus(AvailabilityZoneOptInStatus.OPT_IN_NOT_REQUIRED)
                                .state(AvailabilityZoneState.AVAILABLE)
                                .build())
                        .filter(zone -> request.zoneNames().isEmpty()
                                || request.zoneNames().contains(zone.zoneName()))
                        .filter(zone ->
                                request.zoneIds().isEmpty() || request.zoneIds().contains(zone.zoneId()))
                        .filter(wanted)
                        .toList())
                .build();
    }

    /** Any region that the SDK knows can be signed for, and each exists as soon as it is used. */
    DescribeRegionsResponse regions(DescribeRegionsRequest request) {
        Supported.wet(request.dryRun());
        Filters<Region> filters = new Filters<Region>()
                .by("region-name", Region::regionName)
                .by("endpoint", Region::endpoint)
                .by("opt-in-status", Region::optInStatus);
        List<String> known = software.amazon.awssdk.regions.Region.regions().stream()
                .filter(region -> !region.isGlobalRegion())
                .filter(region -> Objects.equals(region.metadata().partition().id(), "aws"))
                .map(software.amazon.awssdk.regions.Region::id)
                .sorted()
                .toList();
        request.regionNames().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw Refusals.value("Invalid region provided: " + name);
                });
        return DescribeRegionsResponse.builder()
                .regions(known.stream()
                        .filter(name -> request.regionNames().isEmpty()
                                || request.regionNames().contains(name))
                        .map(name -> Region.builder()
                                .regionName(name)
                                .endpoint("ec2." + name + ".amazonaws.com")
                                .optInStatus("opt-in-not-required")
                                .build())
                        .filter(filters.of(request.filters()))
                        .toList())
                .build();
    }

    DescribeAccountAttributesResponse accountAttributes(DescribeAccountAttributesRequest request) {
        Supported.wet(request.dryRun());
        Map<String, String> values =
                Map.of("supported-platforms", "VPC", "default-vpc", network().vpcId());
        return DescribeAccountAttributesResponse.builder()
                .accountAttributes(values.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .filter(e -> request.attributeNames().isEmpty()
                                || request.attributeNamesAsStrings().contains(e.getKey()))
                        .map(e -> AccountAttribute.builder()
                                .attributeName(e.getKey())
                                .attributeValues(AccountAttributeValue.builder()
                                        .attributeValue(e.getValue())
                                        .build())
                                .build())
                        .toList())
                .build();
    }
}
