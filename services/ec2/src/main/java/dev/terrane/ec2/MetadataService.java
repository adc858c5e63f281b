package dev.terrane.ec2;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.secret.MasterKey;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.HttpTokensState;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataEndpointState;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataOptionsResponse;

/**
 * The instance metadata service as an instance sees it at 169.254.169.254 ("Use the Instance Metadata Service to access instance
 * metadata"): sessions by token, and the plain requests of version 1 where the instance allows them.
 */
final class MetadataService {
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final int LONGEST_TTL = 21_600;
    private static final String TTL = "x-aws-ec2-metadata-token-ttl-seconds";
    private static final String TOKEN = "x-aws-ec2-metadata-token";

    private final Ec2Tables tables;
    private final MetadataTree tree;
    private final Clock clock;
    private final MasterKey.Sealer sealer;

    MetadataService(Ec2Tables tables, MetadataTree tree, Clock clock, MasterKey key) {
        this.tables = tables;
        this.tree = tree;
        this.clock = clock;
        this.sealer = key.sealer("ec2-instance-metadata");
    }

    /** What is answered. */
    private record Answer(int status, String type, byte[] body, Map<String, String> headers) {
        static Answer text(int status, String body) {
            return new Answer(status, "text/plain", body.getBytes(StandardCharsets.UTF_8), Map.of());
        }

        static Answer refusal(int status) {
            return text(status, MetadataRequest.reason(status));
        }
    }

    /** Serves a connection until the instance closes it. */
    void serve(String workloadId, Socket connection) throws IOException {
        connection.setSoTimeout((int) IDLE.toMillis());
        connection.setTcpNoDelay(true);
        InputStream in = new BufferedInputStream(connection.getInputStream());
        OutputStream out = connection.getOutputStream();
        while (true) {
            Optional<MetadataRequest> request;
            try {
                request = MetadataRequest.read(in);
            } catch (MetadataRequest.Malformed e) {
                send(out, Answer.refusal(400), false, true);
                return;
            }
            if (request.isEmpty()) {
                return;
            }
            boolean last = request.get().closes();
            send(out, answer(workloadId, request.get()), request.get().method().equals("HEAD"), last);
            if (last) {
                return;
            }
        }
    }

    private static void send(OutputStream out, Answer answer, boolean headOnly, boolean last) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(answer.status())
                .append(' ')
                .append(MetadataRequest.reason(answer.status()))
                .append("\r\nServer: EC2ws\r\nContent-Type: ")
                .append(answer.type())
                .append("\r\nContent-Length: ")
                .append(answer.body().length);
        answer.headers()
                .forEach((name, value) ->
                        head.append("\r\n").append(name).append(": ").append(value));
        head.append("\r\nConnection: ").append(last ? "close" : "keep-alive").append("\r\n\r\n");
        byte[] bytes = head.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[bytes.length + (headOnly ? 0 : answer.body().length)];
        System.arraycopy(bytes, 0, whole, 0, bytes.length);
        System.arraycopy(answer.body(), 0, whole, bytes.length, whole.length - bytes.length);
        out.write(whole);
        out.flush();
    }

    private Answer answer(String workloadId, MetadataRequest request) {
        Optional<Scope> scope = tables.place(workloadId);
        Optional<InstanceRecord> found = scope.flatMap(place -> tables.instance(place, workloadId));
        if (found.isEmpty()) {
            return Answer.refusal(404);
        }
        InstanceRecord instance = found.get();
        InstanceMetadataOptionsResponse options = instance.instance().metadataOptions();
        if (options.httpEndpoint() == InstanceMetadataEndpointState.DISABLED) {
            return Answer.refusal(403);
        }
        if (request.method().equals("PUT")) {
            return request.path().equals("/latest/api/token") ? token(instance, request) : Answer.refusal(405);
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return Answer.refusal(405);
        }
        Optional<String> token = request.header(TOKEN);
        boolean authorized =
                token.map(given -> opens(given, instance)).orElse(options.httpTokens() == HttpTokensState.OPTIONAL);
        return authorized ? read(scope.get(), instance, request.path()) : Answer.refusal(401);
    }

    /** Makes a session; one that was forwarded by a proxy is refused, since a proxy would let others in. */
    private Answer token(InstanceRecord instance, MetadataRequest request) {
        if (request.header("x-forwarded-for").isPresent()) {
            return Answer.refusal(403);
        }
        String seconds = request.header(TTL).orElse("");
        if (!seconds.matches("\\d{1,5}") || Integer.parseInt(seconds) < 1 || Integer.parseInt(seconds) > LONGEST_TTL) {
            return Answer.refusal(400);
        }
        Instant expires = clock.instant().plusSeconds(Integer.parseInt(seconds));
        byte[] sealed = sealer.seal(
                Long.toString(expires.getEpochSecond()).getBytes(StandardCharsets.UTF_8),
                instance.id().getBytes(StandardCharsets.UTF_8));
        return new Answer(
                200,
                "text/plain",
                Base64.getUrlEncoder().withoutPadding().encode(sealed),
                Map.of("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", seconds));
    }

    private boolean opens(String token, InstanceRecord instance) {
        try {
            byte[] plain = sealer.open(
                    Base64.getUrlDecoder().decode(token), instance.id().getBytes(StandardCharsets.UTF_8));
            Instant expires = Instant.ofEpochSecond(Long.parseLong(new String(plain, StandardCharsets.UTF_8)));
            return clock.instant().isBefore(expires);
        } catch (IllegalArgumentException | MasterKey.SealBroken | DateTimeException e) {
            return false;
        }
    }

    private Answer read(Scope scope, InstanceRecord instance, String path) {
        String plain = path.replaceAll("/+", "/").replaceAll("/$", "");
        if (plain.isEmpty()) {
            return Answer.text(200, "latest");
        }
        int second = plain.indexOf('/', 1);
        String version = second < 0 ? plain.substring(1) : plain.substring(1, second);
        if (!version.equals("latest") && !version.matches("\\d{4}-\\d{2}-\\d{2}|1\\.0")) {
            return Answer.refusal(404);
        }
        String below = second < 0 ? "" : plain.substring(second + 1);
        if (below.equals("user-data")) {
            return instance.userData().isEmpty()
                    ? Answer.refusal(404)
                    : new Answer(200, "application/octet-stream", UserData.decode(instance.userData()), Map.of());
        }
        return tree.read(scope, instance, below)
                .map(text -> new Answer(
                        200,
                        text.startsWith("{") ? "application/json" : "text/plain",
                        text.getBytes(StandardCharsets.UTF_8),
                        Map.of()))
                .orElseGet(() -> Answer.refusal(404));
    }
}
