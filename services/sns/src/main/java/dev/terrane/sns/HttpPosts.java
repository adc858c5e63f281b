package dev.terrane.sns;

import dev.terrane.kernel.service.Platform.Endpoint;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/**
 * Posts messages to endpoints of customers. Addresses that only this machine or its cloud should reach are refused: link-local ones, where
 * instance metadata is served, and this server's own port. Private networks and loopback are allowed, since a server of one's own delivers
 * to one's own network. Redirects are not followed, or one could lead there.
 */
final class HttpPosts {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final Endpoint server;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    HttpPosts(Endpoint server) {
        this.server = server;
    }

    /** An endpoint that is not posted to. */
    static final class Refused extends RuntimeException {
        Refused(String message) {
            super(message);
        }
    }

    /**
     * Posts a body.
     *
     * @return the HTTP status
     * @throws Refused when the address is one that is not posted to
     * @throws IOException when the endpoint can't be reached or does not answer in time
     */
    int post(String url, String body, Map<String, String> headers) throws IOException, InterruptedException {
        URI uri = URI.create(url);
        check(uri);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("Content-Type", "text/plain; charset=UTF-8")
                .header("User-Agent", "Amazon Simple Notification Service Agent")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** Looks at every address that the name has now; the JDK keeps them for the connection that follows. */
    private void check(URI uri) throws UnknownHostException {
        int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? HTTPS : HTTP;
        for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
            boolean metadata = address.isLinkLocalAddress() || isMetadata(address);
            if (metadata || address.isAnyLocalAddress() || address.isMulticastAddress()) {
                throw new Refused("Messages are not delivered to " + address.getHostAddress());
            }
            if (port == URI.create(server.url()).getPort() && isOwn(address)) {
                throw new Refused("Messages are not delivered to this server itself");
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
