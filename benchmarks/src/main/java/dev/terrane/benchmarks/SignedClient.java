package dev.terrane.benchmarks;

import dev.terrane.gateway.sigv4.SigV4Signer;
import dev.terrane.gateway.sigv4.SignedRequest;
import dev.terrane.kernel.clock.Clock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Signed HTTP requests, made with as little of the client's own work as possible. */
final class SignedClient {
    private final URI endpoint;
    private final String accessKeyId;
    private final byte[] secret;
    private final Map<String, SigV4Signer> signers = new ConcurrentHashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    SignedClient(TerraneProcess server) {
        endpoint = URI.create(server.variable("AWS_ENDPOINT_URL"));
        accessKeyId = server.variable("AWS_ACCESS_KEY_ID");
        secret = server.variable("AWS_SECRET_ACCESS_KEY").getBytes(StandardCharsets.UTF_8);
    }

    /** A request of the JSON protocols. */
    byte[] json(String service, String version, String target, String body) throws IOException, InterruptedException {
        return send(
                service,
                "POST",
                "/",
                Map.of("content-type", "application/x-amz-json-" + version, "x-amz-target", target),
                body.getBytes(StandardCharsets.UTF_8));
    }

    /** A request of the query protocol. */
    byte[] query(String service, String form) throws IOException, InterruptedException {
        return send(
                service,
                "POST",
                "/",
                Map.of("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
                form.getBytes(StandardCharsets.UTF_8));
    }

    /** Any request.
     *
     * @throws IOException when the answer is no success, with what it says */
    byte[] send(String service, String method, String path, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException {
        String host = endpoint.getHost() + ":" + endpoint.getPort();
        Map<String, List<String>> signed = new TreeMap<>();
        headers.forEach((name, value) -> signed.put(name, List.of(value)));
        signed.put("host", List.of(host));
        SigV4Signer signer = signers.computeIfAbsent(
                service, s -> new SigV4Signer(accessKeyId, secret, Optional.empty(), "us-east-1", s));
        Map<String, String> added = signer.sign(
                SignedRequest.of(method, path, "", signed),
                sha256(body),
                Clock.system().instant());
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.resolve(path))
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        added.forEach(request::header);
        HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() >= 300) {
            throw new IOException(response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8));
        }
        return response.body();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
