package dev.terrane.kernel.net;

import dev.terrane.kernel.service.Platform.Endpoint;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * Which addresses that customers name are called. Those that only this machine or its cloud should reach are refused: link-local ones, where
 * instance metadata is served, and this server's own port. Private networks and loopback are allowed, since a server of one's own calls into
 * one's own network. Whoever calls does not follow redirects, or one could lead to what is refused.
 */
public final class Destinations {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final Endpoint server;

    public Destinations(Endpoint server) {
        this.server = server;
    }

    /** An address that is not called. */
    public static final class Refused extends RuntimeException {
        Refused(String message) {
            super(message);
        }
    }

    /**
     * Looks at every address that the name has now; the JDK keeps them for the connection that follows.
     *
     * @throws Refused when it is not to be called
     * @throws UnknownHostException when the name has no address
     */
    public void check(URI uri) throws UnknownHostException {
        int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? HTTPS : HTTP;
        for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
            boolean metadata = address.isLinkLocalAddress() || isMetadata(address);
            if (metadata || address.isAnyLocalAddress() || address.isMulticastAddress()) {
                throw new Refused("Nothing is sent to " + address.getHostAddress());
            }
            if (port == URI.create(server.url()).getPort() && isOwn(address)) {
                throw new Refused("Nothing is sent to this server itself");
            }
        }
    }

    /** The metadata service of EC2 over IPv6: fd00:ec2::254. */
    private static boolean isMetadata(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address
                && bytes[0] == (byte) 0xfd
                && bytes[1] == 0
                && bytes[2] == 0x0e
                && bytes[3] == (byte) 0xc2;
    }

    private static boolean isOwn(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true;
        }
    }
}
