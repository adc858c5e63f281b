package dev.terrane.kernel.compute;

import java.net.InetAddress;

/**
 * The network of isolated workloads, one a server; this server's own connections to them come from it too.
 *
 * @param prefixLength of the subnet, such as 16
 * @param gateway the address inside the subnet by which workloads reach the server and the outside
 */
public record Network(InetAddress subnet, int prefixLength, InetAddress gateway) {
    /** Such as {@code 10.87.0.0/16}. */
    public String cidr() {
        return subnet.getHostAddress() + "/" + prefixLength;
    }
}
