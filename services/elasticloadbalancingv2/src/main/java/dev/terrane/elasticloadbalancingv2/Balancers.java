package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AvailabilityZone;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteLoadBalancerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeCapacityReservationRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeCapacityReservationResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeLoadBalancerAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeLoadBalancerAttributesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeLoadBalancersRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeLoadBalancersResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DuplicateLoadBalancerNameException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidConfigurationRequestException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidSecurityGroupException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.IpAddressType;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerSchemeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyLoadBalancerAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyLoadBalancerAttributesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.OperationNotPermittedException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetSecurityGroupsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetSecurityGroupsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetSubnetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetSubnetsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SubnetMapping;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SubnetNotFoundException;

/** Application load balancers. */
final class Balancers {
    private static final int PAGE = 400;
    private static final int MOST_SECURITY_GROUPS = 5;
    private static final String ZONE_ID = "Z35SXDOTRQ7X7K";

    private final BalancingTables tables;
    private final Live live;
    private final PageTokens pages;
    private final Clock clock;
    private final Clients clients;

    Balancers(BalancingTables tables, Live live, PageTokens pages, Clock clock, Clients clients) {
        this.tables = tables;
        this.live = live;
        this.pages = pages;
        this.clock = clock;
        this.clients = clients;
    }

    CreateLoadBalancerResponse create(CreateLoadBalancerRequest request) {
        Call call = Call.current();
        String name = request.name();
        if (!name.matches("[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?")) {
            throw Attributes.validation("The load balancer name '" + name
                    + "' can have at most 32 letters, digits and hyphens, and must not begin or end with a hyphen");
        }
        if (request.type() != null && request.type() != LoadBalancerTypeEnum.APPLICATION) {
            throw InvalidConfigurationRequestException.builder()
                    .message("Load balancers of type '" + request.typeAsString()
                            + "' are not offered here; only 'application' is")
                    .build();
        }
        Map<String, String> tags = Tags.of(request.tags());
        for (BalancerRecord other : tables.balancers.all(call.scope())) {
            if (other.balancer().loadBalancerName().equals(name)) {
                throw DuplicateLoadBalancerNameException.builder()
                        .message(
                                "A load balancer with the same name '" + name + "' exists, but with different settings")
                        .build();
            }
        }
        List<Subnet> subnets = subnets(request.subnets(), request.subnetMappings());
        String id = Ids.hex(16);
        String address = freeAddress();
        LoadBalancer balancer = LoadBalancer.builder()
                .loadBalancerArn(Arn.of(
                                "elasticloadbalancing",
                                call.region(),
                                call.account(),
                                "loadbalancer/app/" + name + "/" + id)
                        .toString())
                .loadBalancerName(name)
                .dnsName(address)
                .canonicalHostedZoneId(ZONE_ID)
                .createdTime(clock.instant())
                .scheme(request.scheme() == null ? LoadBalancerSchemeEnum.INTERNET_FACING : request.scheme())
                .vpcId(subnets.getFirst().vpcId())
                .state(s -> s.code(LoadBalancerStateEnum.ACTIVE))
                .type(LoadBalancerTypeEnum.APPLICATION)
                .availabilityZones(zones(subnets))
                .securityGroups(securityGroups(
                        request.securityGroups(), subnets.getFirst().vpcId()))
                .ipAddressType("ipv4")
                .build();
        tables.balancers.put(call.scope(), new BalancerRecord(balancer, address, Attributes.ofBalancer(), tags));
        live.changed(balancer.loadBalancerArn());
        return CreateLoadBalancerResponse.builder().loadBalancers(balancer).build();
    }

    /** Those that are asked for, or the VPC's default one. */
    private List<String> securityGroups(List<String> asked, String vpcId) {
        if (new HashSet<>(asked).size() > MOST_SECURITY_GROUPS) {
            throw InvalidConfigurationRequestException.builder()
                    .message("A load balancer can have at most " + MOST_SECURITY_GROUPS + " security groups")
                    .build();
        }
        Ec2Client ec2 = clients.client(
                Ec2Client.class, new Actor.Platform(Call.current().scope()));
        try {
            return ec2
                    .describeSecurityGroups(r -> {
                        if (asked.isEmpty()) {
                            r.filters(filter("vpc-id", vpcId), filter("group-name", "default"));
                        } else {
                            r.groupIds(new LinkedHashSet<>(asked));
                        }
                    })
                    .securityGroups()
                    .stream()
                    .map(SecurityGroup::groupId)
                    .toList();
        } catch (AwsServiceException e) {
            throw InvalidSecurityGroupException.builder()
                    .message(e.awsErrorDetails().errorMessage())
                    .build();
        }
    }

    private static Filter filter(String name, String value) {
        return Filter.builder().name(name).values(value).build();
    }

    SetSecurityGroupsResponse setSecurityGroups(SetSecurityGroupsRequest request) {
        BalancerRecord record = require(request.loadBalancerArn());
        if (request.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic() != null) {
            throw InvalidConfigurationRequestException.builder()
                    .message("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic is not supported for load balancers"
                            + " of type 'application'")
                    .build();
        }
        if (request.securityGroups().isEmpty()) {
            throw Attributes.validation("At least one security group must be specified");
        }
        List<String> groups =
                securityGroups(request.securityGroups(), record.balancer().vpcId());
        tables.balancers.put(
                Call.current().scope(),
                new BalancerRecord(
                        record.balancer().toBuilder().securityGroups(groups).build(),
                        record.bindAddress(),
                        record.attributes(),
                        record.tags()));
        live.changed(record.arn());
        return SetSecurityGroupsResponse.builder().securityGroupIds(groups).build();
    }

    SetSubnetsResponse setSubnets(SetSubnetsRequest request) {
        BalancerRecord record = require(request.loadBalancerArn());
        if (request.ipAddressType() != null && request.ipAddressType() != IpAddressType.IPV4) {
            throw InvalidConfigurationRequestException.builder()
                    .message("The IP address type '" + request.ipAddressTypeAsString()
                            + "' is not offered here; 'ipv4' is")
                    .build();
        }
        List<Subnet> subnets = subnets(request.subnets(), request.subnetMappings());
        if (!String.valueOf(subnets.getFirst().vpcId()).equals(record.balancer().vpcId())) {
            throw InvalidConfigurationRequestException.builder()
                    .message("The subnets must be of the load balancer's VPC '"
                            + record.balancer().vpcId() + "'")
                    .build();
        }
        List<AvailabilityZone> zones = zones(subnets);
        tables.balancers.put(
                Call.current().scope(),
                new BalancerRecord(
                        record.balancer().toBuilder().availabilityZones(zones).build(),
                        record.bindAddress(),
                        record.attributes(),
                        record.tags()));
        return SetSubnetsResponse.builder()
                .availabilityZones(zones)
                .ipAddressType(record.balancer().ipAddressType())
                .build();
    }

    private static List<AvailabilityZone> zones(List<Subnet> subnets) {
        return subnets.stream()
                .map(s -> AvailabilityZone.builder()
                        .subnetId(s.subnetId())
                        .zoneName(s.availabilityZone())
                        .build())
                .toList();
    }

    private List<Subnet> subnets(List<String> given, List<SubnetMapping> mappings) {
        Set<String> ids = new HashSet<>(given);
        mappings.forEach(mapping -> ids.add(mapping.subnetId()));
        if (ids.size() < 2) {
            throw InvalidConfigurationRequestException.builder()
                    .message("At least two subnets in two different Availability Zones must be specified")
                    .build();
        }
        // An unknown id is EC2's error; it names the subnet.
        List<Subnet> known = clients
                .client(Ec2Client.class, new Actor.Platform(Call.current().scope()))
                .describeSubnets()
                .subnets()
                .stream()
                .filter(s -> ids.contains(s.subnetId()))
                .toList();
        Set<String> found = known.stream().map(Subnet::subnetId).collect(Collectors.toSet());
        for (String id : ids) {
            if (!found.contains(id)) {
                throw SubnetNotFoundException.builder()
                        .message("The subnet ID '" + id + "' does not exist")
                        .build();
            }
        }
        if (known.stream().map(Subnet::availabilityZone).distinct().count() < 2) {
            throw InvalidConfigurationRequestException.builder()
                    .message("At least two subnets in two different Availability Zones must be specified")
                    .build();
        }
        if (known.stream().map(Subnet::vpcId).distinct().count() > 1) {
            throw InvalidConfigurationRequestException.builder()
                    .message("All subnets must belong to the same VPC")
                    .build();
        }
        return known;
    }

    /** A loopback address that no other balancer has: each may then listen on any port. */
    private String freeAddress() {
        Set<String> taken = new HashSet<>();
        tables.balancers.everywhere((scope, balancer) -> taken.add(balancer.bindAddress()));
        ThreadLocalRandom random = ThreadLocalRandom.current();
        while (true) {
            String address =
                    "127." + random.nextInt(64, 255) + "." + random.nextInt(1, 255) + "." + random.nextInt(1, 255);
            if (!taken.contains(address)) {
                return address;
            }
        }
    }

    BalancerRecord require(String arn) {
        return tables.balancers.get(Call.current().scope(), arn).orElseThrow(() -> notFound(arn));
    }

    private static LoadBalancerNotFoundException notFound(String arn) {
        return LoadBalancerNotFoundException.builder()
                .message("Load balancer '" + arn + "' not found")
                .build();
    }

    DescribeLoadBalancersResponse describe(DescribeLoadBalancersRequest request) {
        if (request.hasLoadBalancerArns()) {
            return DescribeLoadBalancersResponse.builder()
                    .loadBalancers(request.loadBalancerArns().stream()
                            .map(arn -> require(arn).balancer())
                            .toList())
                    .build();
        }
        if (request.hasNames()) {
            List<LoadBalancer> all = tables.balancers.all(Call.current().scope()).stream()
                    .map(BalancerRecord::balancer)
                    .toList();
            return DescribeLoadBalancersResponse.builder()
                    .loadBalancers(request.names().stream()
                            .map(name -> all.stream()
                                    .filter(b -> b.loadBalancerName().equals(name))
                                    .findFirst()
                                    .orElseThrow(() -> LoadBalancerNotFoundException.builder()
                                            .message("Load balancers '[" + name + "]' not found")
                                            .build()))
                            .toList())
                    .build();
        }
        Page<BalancerRecord> page = tables.balancers.list(
                Call.current().scope(),
                Query.all()
                        .limit(request.pageSize() == null ? PAGE : request.pageSize())
                        .after(Markers.decode(pages, "balancers", request.marker())));
        return DescribeLoadBalancersResponse.builder()
                .loadBalancers(
                        page.values().stream().map(BalancerRecord::balancer).toList())
                .nextMarker(Markers.encode(pages, "balancers", page.next()))
                .build();
    }

    DeleteLoadBalancerResponse delete(DeleteLoadBalancerRequest request) {
        Call call = Call.current();
        tables.balancers.get(call.scope(), request.loadBalancerArn()).ifPresent(balancer -> {
            if ("true".equals(balancer.attributes().get("deletion_protection.enabled"))) {
                throw OperationNotPermittedException.builder()
                        .message("Load balancer '" + balancer.arn()
                                + "' cannot be deleted because deletion protection is enabled")
                        .build();
            }
            for (ListenerRecord listener : tables.listenersOf(call.scope(), balancer.arn())) {
                tables.rulesOf(call.scope(), listener.arn())
                        .forEach(rule -> tables.rules.delete(call.scope(), rule.arn()));
                tables.listeners.delete(call.scope(), listener.arn());
            }
            tables.balancers.delete(call.scope(), balancer.arn());
            live.changed(balancer.arn());
        });
        return DeleteLoadBalancerResponse.builder().build();
    }

    DescribeLoadBalancerAttributesResponse attributes(DescribeLoadBalancerAttributesRequest request) {
        return DescribeLoadBalancerAttributesResponse.builder()
                .attributes(list(require(request.loadBalancerArn()).attributes()))
                .build();
    }

    /** Capacity is never reserved: ModifyCapacityReservation is not here. */
    DescribeCapacityReservationResponse reservation(DescribeCapacityReservationRequest request) {
        require(request.loadBalancerArn());
        return DescribeCapacityReservationResponse.builder()
                .capacityReservationState(List.of())
                .build();
    }

    ModifyLoadBalancerAttributesResponse modifyAttributes(ModifyLoadBalancerAttributesRequest request) {
        BalancerRecord balancer = require(request.loadBalancerArn());
        Map<String, String> next = Attributes.changed(
                balancer.attributes(),
                Attributes.given(request.attributes(), LoadBalancerAttribute::key, LoadBalancerAttribute::value));
        tables.balancers.put(
                Call.current().scope(),
                new BalancerRecord(balancer.balancer(), balancer.bindAddress(), next, balancer.tags()));
        live.changed(balancer.arn());
        return ModifyLoadBalancerAttributesResponse.builder()
                .attributes(list(next))
                .build();
    }

    private static List<LoadBalancerAttribute> list(Map<String, String> attributes) {
        return attributes.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> LoadBalancerAttribute.builder()
                        .key(e.getKey())
                        .value(e.getValue())
                        .build())
                .toList();
    }
}
