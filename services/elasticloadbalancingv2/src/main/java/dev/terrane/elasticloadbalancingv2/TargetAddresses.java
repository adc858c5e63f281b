package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.Network;
import dev.terrane.kernel.policy.AddressRange;
import dev.terrane.kernel.service.Platform;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;

/**
 * Which IP addresses can be targets: those of the VPC, and outside of it those of RFC 1918 and RFC 6598, as the page of RegisterTargets
 * says. A balancer connects from this server, so what would lead back to the server or to its machine's loopback interface is none of them.
 */
final class TargetAddresses {
    private static final String BYTE = "(?:0|[1-9][0-9]{0,2})";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(?:\\." + BYTE + "){3}");
    private static final List<AddressRange> PRIVATE = Stream.of(
                    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
            .map(AddressRange::parse)
            .toList();
    private static final AddressRange EVERY = AddressRange.parse("0.0.0.0/0");

    private final Compute compute;
    private final Clients clients;
    private final Platform.Endpoint endpoint;

    TargetAddresses(Compute compute, Clients clients, Platform.Endpoint endpoint) {
        this.compute = compute;
        this.clients = clients;
        this.endpoint = endpoint;
    }

    /**
     * Refuses what cannot be a target of a group in a VPC.
     *
     * @param target with its port
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException ValidationError
     */
    void require(String vpc, TargetDescription target) {
        String address = target.id();
        if (!IPV4.matcher(address).matches() || !EVERY.contains(address)) {
            throw Attributes.validation("The IP address '" + address + "' is not a valid IPv4 address");
        }
        if (isThisServer(address, target.port())) {
            throw Attributes.validation(
                    "The IP address '" + address + "' with port " + target.port() + " is this server's own");
        }
        String zone = target.availabilityZone();
        Optional<Subnet> subnet = subnet(vpc, address);
        if (subnet.isPresent() || isWorkload(address)) {
            if ("all".equals(zone)) {
                throw Attributes.validation("The IP address '" + address
                        + "' is within the VPC, and cannot have its Availability Zone overridden to 'all'"
                        + subnet.map(s -> " from '" + s.availabilityZone() + "'")
                                .orElse(""));
            }
            return;
        }
        if (PRIVATE.stream().noneMatch(range -> range.contains(address))) {
            throw Attributes.validation("The IP address '" + address
                    + "' must be from the subnets of the VPC for the target group, the RFC 1918 range (10.0.0.0/8, 172.16.0.0/12, and"
                    + " 192.168.0.0/16), or the RFC 6598 range (100.64.0.0/10)");
        }
        if (zone == null) {
            throw Attributes.validation(
                    "The Availability Zone is required for IP address '" + address + "' because it is not in the VPC");
        }
        if (!zone.equals("all")) {
            throw Attributes.validation(
                    "You must specify a valid Availability Zone or select 'all' for all enabled Availability zones, since the IP address '"
                            + address + "' is outside the VPC");
        }
    }

    private Optional<Subnet> subnet(String vpc, String address) {
        return clients
                .client(Ec2Client.class, new Actor.Platform(Call.current().scope()))
                .describeSubnets()
                .subnets()
                .stream()
                .filter(s -> vpc.equals(s.vpcId())
                        && AddressRange.parse(s.cidrBlock()).contains(address))
                .findFirst();
    }

    /** Instances have addresses of the driver's network, which is not the one that the VPC's subnets name. */
    private boolean isWorkload(String address) {
        return compute.network()
                .filter(n -> AddressRange.parse(n.cidr()).contains(address))
                .isPresent();
    }

    private boolean isThisServer(String address, int port) {
        Optional<String> gateway = compute.network().map(Network::gateway).map(InetAddress::getHostAddress);
        if (gateway.isPresent() && gateway.get().equals(address)) {
            return true;
        }
        try {
            return port == URI.create(endpoint.url()).getPort()
                    && NetworkInterface.getByInetAddress(InetAddress.ofLiteral(address)) != null;
        } catch (SocketException e) {
            // Whose address it is cannot be told.
            return true;
        }
    }
}
