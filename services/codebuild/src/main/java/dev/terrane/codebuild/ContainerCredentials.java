package dev.terrane.codebuild;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.service.HttpEndpoint;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.store.RecordCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/**
 * Credentials of the service role for what runs in a build, in the form of the container credentials endpoint. Builds with a network of their
 * own ask 169.254.170.2, where the caller is known by its workload; builds on the server's network ask this server under a secret path.
 */
final class ContainerCredentials implements HttpEndpoint {
    static final String SERVICE = "codebuild.amazonaws.com";
    private static final String ADDRESS = "169.254.170.2";
    private static final String PATH = "/v2/credentials/";
    private static final Duration LEFT_AT_LEAST = Duration.ofMinutes(15);
    private static final int HEADERS = 100;

    private final Platform platform;
    private final Map<String, Holder> byToken = new ConcurrentHashMap<>();

    ContainerCredentials(Platform platform) {
        this.platform = platform;
    }

    /** One build's credentials. */
    final class Holder implements AutoCloseable {
        private final String token = Ids.hex(48);
        private final String workload;
        private final String roleArn;
        private final String session;
        private final Scope scope;
        private final String project;
        private Optional<Credentials> issued = Optional.empty();

        private Holder(String workload, String roleArn, String session, Scope scope, String project) {
            this.workload = workload;
            this.roleArn = roleArn;
            this.session = session;
            this.scope = scope;
            this.project = project;
        }

        /** Credentials that are good for some time yet. */
        synchronized Credentials credentials() {
            Clock clock = platform.clock();
            Optional<Credentials> good =
                    issued.filter(c -> c.expiration().isAfter(clock.instant().plus(LEFT_AT_LEAST)));
            Credentials current = good.orElseGet(() -> platform.clients()
                    .client(StsClient.class, new Actor.Service(SERVICE, scope, project))
                    .assumeRole(r -> r.roleArn(roleArn).roleSessionName(session))
                    .credentials());
            issued = Optional.of(current);
            return current;
        }

        /** The variables by which SDKs find them. */
        Map<String, String> environment() {
            return platform.compute().network().isPresent()
                    ? Map.of("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", PATH + token)
                    : Map.of(
                            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                            platform.endpoint().url() + PATH + token);
        }

        private byte[] json() {
            Credentials current = credentials();
            Map<String, String> shown = new LinkedHashMap<>();
            shown.put("RoleArn", roleArn);
            shown.put("AccessKeyId", current.accessKeyId());
            shown.put("SecretAccessKey", current.secretAccessKey());
            shown.put("Token", current.sessionToken());
            shown.put("Expiration", current.expiration().toString());
            return RecordCodec.json().writeValueAsBytes(shown);
        }

        @Override
        public void close() {
            byToken.remove(token);
        }
    }

    /** @param project the ARN of the project, on whose behalf the role is assumed */
    Holder open(String workload, String roleArn, String session, Scope scope, String project) {
        Holder holder = new Holder(workload, roleArn, session, scope, project);
        byToken.put(holder.token, holder);
        return holder;
    }

    /** Begins to answer isolated workloads. */
    @SuppressWarnings("resource") // listens as long as the server lives
    void listen() {
        if (platform.compute().network().isPresent()) {
            platform.compute().listen(new InetSocketAddress(ADDRESS, 80), this::answer);
        }
    }

    private void answer(String workload, Socket connection) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
        String[] request = Optional.ofNullable(in.readLine()).orElse("").split(" ");
        for (int i = 0; i < HEADERS; i++) {
            String header = in.readLine();
            if (header == null || header.isEmpty()) {
                break;
            }
        }
        Holder holder = request.length == 3 && request[0].equals("GET") && request[1].startsWith(PATH)
                ? byToken.get(request[1].substring(PATH.length()))
                : null;
        boolean known = holder != null && holder.workload.equals(workload);
        byte[] body = holder != null && known ? holder.json() : "{}".getBytes(StandardCharsets.UTF_8);
        OutputStream out = connection.getOutputStream();
        out.write(("HTTP/1.1 " + (known ? "200 OK" : "404 Not Found")
                        + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " + body.length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
    }

    @Override
    public boolean accepts(String method, String path) {
        return method.equals("GET") && path.startsWith(PATH) && byToken.containsKey(path.substring(PATH.length()));
    }

    @Override
    public void serve(Exchange exchange) throws IOException {
        Holder holder = byToken.get(exchange.path().substring(PATH.length()));
        exchange.setHeader("Content-Type", "application/json");
        try (OutputStream out = exchange.respond(holder == null ? 404 : 200)) {
            if (holder != null) {
                out.write(holder.json());
            }
        }
    }
}
