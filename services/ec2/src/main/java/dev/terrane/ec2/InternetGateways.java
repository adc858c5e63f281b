package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ec2.model.*;

/** Internet gateways, which are recorded: instances reach the outside, as far as the machine does, without one. */
final class InternetGateways {
    private final Ec2Tables tables;
    private final NetworkTables networks;
    private final PageTokens pages;
    private final Filters<InternetGateway> filters = new Filters<InternetGateway>()
            .by("internet-gateway-id", InternetGateway::internetGatewayId)
            .by("owner-id", InternetGateway::ownerId)
            .any(
                    "attachment.vpc-id",
                    gateway -> gateway.attachments().stream()
                            .map(InternetGatewayAttachment::vpcId)
                            .toList())
            .any(
                    "attachment.state",
                    gateway -> gateway.attachments().stream()
                            .map(InternetGatewayAttachment::stateAsString)
                            .toList())
            .tagged(gateway -> Networks.tags(gateway.tags()));

    InternetGateways(Ec2Tables tables, NetworkTables networks, PageTokens pages) {
        this.tables = tables;
        this.networks = networks;
        this.pages = pages;
    }

    private static DefaultNetwork network() {
        return new DefaultNetwork(Call.current().scope());
    }

    /** All gateways, with the default VPC's, which is there without having been made. */
    private List<InternetGatewayRecord> all() {
        List<InternetGatewayRecord> all = new ArrayList<>(networks.gateways());
        all.add(new InternetGatewayRecord(network().gatewayId(), network().vpcId()));
        return all;
    }

    Optional<InternetGatewayRecord> find(String id) {
        return networks.gateway(id)
                .or(() -> all().stream()
                        .filter(gateway -> gateway.id().equals(id))
                        .findFirst());
    }

    private InternetGatewayRecord require(String id) {
        return find(id).orElseThrow(() ->
                Refusals.of("InvalidInternetGatewayID.NotFound", "The internetGateway ID '" + id + "' does not exist"));
    }

    private InternetGatewayRecord own(String id, String what) {
        InternetGatewayRecord gateway = require(id);
        if (id.equals(network().gatewayId())) {
            throw Refusals.unsupported("The default VPC's internet gateway cannot be " + what + " here.");
        }
        return gateway;
    }

    CreateInternetGatewayResponse create(CreateInternetGatewayRequest request) {
        Tagging.onlyFor(request.tagSpecifications(), Set.of(ResourceType.INTERNET_GATEWAY));
        Map<String, String> tags = Tagging.specified(request.tagSpecifications(), ResourceType.INTERNET_GATEWAY);
        Supported.wet(request.dryRun());
        InternetGatewayRecord made = new InternetGatewayRecord("igw-0" + Ids.hex(16), "");
        networks.put(made);
        tables.tag(made.id(), tags);
        return CreateInternetGatewayResponse.builder()
                .internetGateway(view(made))
                .build();
    }

    DeleteInternetGatewayResponse delete(DeleteInternetGatewayRequest request) {
        InternetGatewayRecord gateway = own(request.internetGatewayId(), "deleted");
        if (!gateway.vpcId().isEmpty()) {
            throw Refusals.of(
                    "DependencyViolation",
                    "The internetGateway '" + gateway.id() + "' has dependencies and cannot be deleted.");
        }
        Supported.wet(request.dryRun());
        networks.delete(gateway);
        tables.tag(gateway.id(), Map.of());
        return DeleteInternetGatewayResponse.builder().build();
    }

    AttachInternetGatewayResponse attach(AttachInternetGatewayRequest request, Vpcs vpcs) {
        InternetGatewayRecord gateway = require(request.internetGatewayId());
        Vpc vpc = vpcs.require(request.vpcId());
        if (!gateway.vpcId().isEmpty()) {
            throw Refusals.of(
                    "Resource.AlreadyAssociated",
                    "resource " + gateway.id() + " is already attached to network " + gateway.vpcId());
        }
        if (all().stream().anyMatch(other -> other.vpcId().equals(vpc.vpcId()))) {
            throw Refusals.value("Network " + vpc.vpcId() + " already has an internet gateway attached");
        }
        Supported.wet(request.dryRun());
        networks.put(new InternetGatewayRecord(gateway.id(), vpc.vpcId()));
        return AttachInternetGatewayResponse.builder().build();
    }

    DetachInternetGatewayResponse detach(DetachInternetGatewayRequest request) {
        InternetGatewayRecord gateway = own(request.internetGatewayId(), "detached");
        if (!gateway.vpcId().equals(request.vpcId())) {
            throw Refusals.of(
                    "Gateway.NotAttached",
                    "resource " + gateway.id() + " is not attached to network " + request.vpcId());
        }
        Supported.wet(request.dryRun());
        networks.put(new InternetGatewayRecord(gateway.id(), ""));
        return DetachInternetGatewayResponse.builder().build();
    }

    DescribeInternetGatewaysResponse describe(DescribeInternetGatewaysRequest request) {
        Supported.wet(request.dryRun());
        request.internetGatewayIds().forEach(this::require);
        Paged<InternetGateway> page = Paged.of(
                pages,
                PageLimits.NETWORK,
                "DescribeInternetGateways" + request.filters(),
                all().stream()
                        .filter(gateway -> request.internetGatewayIds().isEmpty()
                                || request.internetGatewayIds().contains(gateway.id()))
                        .map(this::view)
                        .filter(filters.of(request.filters()))
                        .toList(),
                InternetGateway::internetGatewayId,
                request.maxResults(),
                request.nextToken());
        return DescribeInternetGatewaysResponse.builder()
                .internetGateways(page.items())
                .nextToken(page.next())
                .build();
    }

    private InternetGateway view(InternetGatewayRecord gateway) {
        return InternetGateway.builder()
                .internetGatewayId(gateway.id())
                .ownerId(Call.current().account())
                .attachments(
                        gateway.vpcId().isEmpty()
                                ? List.of()
                                : List.of(InternetGatewayAttachment.builder()
                                        .vpcId(gateway.vpcId())
                                        // EC2 says "available", which the SDK's enumeration does not know.
                                        .state("available")
                                        .build()))
                .tags(TagsRecord.list(tables.tags(gateway.id())))
                .build();
    }
}
