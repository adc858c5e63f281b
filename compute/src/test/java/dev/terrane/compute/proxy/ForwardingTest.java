package dev.terrane.compute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.balancer.Action;
import dev.terrane.kernel.balancer.BalancerSettings;
import dev.terrane.kernel.balancer.BalancerStats;
import dev.terrane.kernel.balancer.Listener;
import dev.terrane.kernel.balancer.Target;
import dev.terrane.kernel.balancer.TargetGroup;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a request and its response meet on their way. */
class ForwardingTest {
    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void tellsTheTargetWhoAsked() throws Exception {
        try (Origin origin = new Origin("a")) {
            fixture.serve(origin.target());
            String headers = fixture.get("/headers", "X-Forwarded-For", "192.0.2.1", "X-Secret-Hop", "x")
                    .body();
            assertThat(headers)
                    .contains("X-forwarded-for: 192.0.2.1, 127.0.0.1\n")
                    .contains("X-forwarded-proto: http\n")
                    .contains("X-forwarded-port: 8080\n")
                    .containsPattern("X-amzn-trace-id: Root=1-[0-9a-f]{8}-[0-9a-f]{24}\n")
                    .contains("Host: " + fixture.address + ":8080\n");
        }
    }

    @Test
    void addsItselfToATrace() throws Exception {
        try (Origin origin = new Origin("a")) {
            fixture.serve(origin.target());
            assertThat(fixture.get("/headers", "X-Amzn-Trace-Id", "Root=1-67891233-abcdef012345678912345678")
                            .body())
                    .containsPattern(
                            "X-amzn-trace-id: Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=1-67891233-abcdef012345678912345678\n");
        }
    }

    @Test
    void keepsConnectionFieldsToTheConnection() throws Exception {
        try (Origin origin = new Origin("a")) {
            fixture.serve(origin.target());
            String answer = fixture.raw(Fixture.head(
                    "GET /headers HTTP/1.1",
                    "Host: h",
                    "Connection: close, X-Hop",
                    "X-Hop: 1",
                    "Keep-Alive: timeout=5",
                    "TE: trailers",
                    "Upgrade: h2c",
                    "X-End: 2"));
            assertThat(answer)
                    .startsWith("HTTP/1.1 200 ")
                    .contains("X-end: 2\n")
                    .doesNotContain("X-hop", "timeout=5", "trailers", "h2c");
        }
    }

    @Test
    void streamsLargeBodiesBothWays() throws Exception {
        byte[] large = new byte[24 * 1024 * 1024];
        new Random(7).nextBytes(large);
        try (Origin origin = new Origin("a")) {
            fixture.serve(origin.target());
            for (HttpRequest.BodyPublisher body : List.of(
                    HttpRequest.BodyPublishers.ofByteArray(large),
                    HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))) {
                HttpResponse<Void> stored = fixture.client.send(
                        HttpRequest.newBuilder(fixture.uri("/stored")).PUT(body).build(),
                        HttpResponse.BodyHandlers.discarding());
                assertThat(stored.statusCode()).isEqualTo(204);
                for (String path : List.of("/stored", "/stored?chunked")) {
                    HttpResponse<byte[]> got = fixture.client.send(
                            HttpRequest.newBuilder(fixture.uri(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
                    assertThat(got.body()).isEqualTo(large);
                }
            }
        }
    }

    @Test
    void passesEachPieceOnAsItComes() throws Exception {
        try (RawOrigin origin = new RawOrigin((socket, head) -> {
                    RawOrigin.send(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
                    // The second piece comes only after the client has said that it has the first.
                    String answer = new String(socket.getInputStream().readNBytes(8), StandardCharsets.US_ASCII);
                    RawOrigin.send(socket, "8\r\n" + answer + "\r\n0\r\n\r\n");
                });
                Socket client = start(origin)) {
            RawOrigin.send(client, "POST /s HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\nConnection: close\r\n\r\n");
            InputStream in = client.getInputStream();
            assertThat(RawOrigin.head(client)).contains("Transfer-Encoding: chunked");
            assertThat(new String(in.readNBytes(8), StandardCharsets.US_ASCII)).isEqualTo("3\r\none\r\n");
            RawOrigin.send(client, "received");
            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("8\r\nreceived\r\n0\r\n\r\n");
        }
    }

    private Socket start(RawOrigin origin) throws Exception {
        fixture.serve(origin.target());
        return fixture.connect();
    }

    @Test
    void carriesWebSockets() throws Exception {
        try (RawOrigin origin = new RawOrigin((socket, head) -> {
                    assertThat(head).containsIgnoringCase("Upgrade: websocket");
                    RawOrigin.send(
                            socket,
                            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhi");
                    socket.getInputStream().transferTo(socket.getOutputStream());
                });
                Socket client = start(origin)) {
            RawOrigin.send(
                    client,
                    "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\nearly");
            assertThat(RawOrigin.head(client)).startsWith("HTTP/1.1 101 ").contains("Upgrade: websocket");
            InputStream in = client.getInputStream();
            assertThat(new String(in.readNBytes(7), StandardCharsets.US_ASCII)).isEqualTo("hiearly");
            RawOrigin.send(client, "frame");
            assertThat(new String(in.readNBytes(5), StandardCharsets.US_ASCII)).isEqualTo("frame");
        }
    }

    @Test
    void letsTheTargetSayContinue() throws Exception {
        try (RawOrigin origin = new RawOrigin((socket, head) -> {
                    RawOrigin.send(socket, "HTTP/1.1 100 Continue\r\n\r\n");
                    socket.getInputStream().readNBytes(4);
                    RawOrigin.send(socket, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
                });
                Socket client = start(origin)) {
            RawOrigin.send(client, "PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(RawOrigin.head(client)).startsWith("HTTP/1.1 100 ");
            RawOrigin.send(client, "body");
            assertThat(RawOrigin.head(client)).startsWith("HTTP/1.1 201 ");
        }
    }

    @Test
    void answersEarlyWhenTheTargetDoes() throws Exception {
        try (RawOrigin origin = new RawOrigin((socket, head) -> RawOrigin.send(
                        socket, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"));
                Socket client = start(origin)) {
            RawOrigin.send(
                    client, "PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4000\r\n\r\n");
            assertThat(RawOrigin.head(client)).startsWith("HTTP/1.1 413 ").contains("Connection: close");
        }
    }

    @Test
    void answers502WhenTheTargetDoesNotSpeakHttp() throws Exception {
        try (RawOrigin origin = new RawOrigin((socket, head) -> RawOrigin.send(socket, "SSH-2.0-hello\r\n\r\n"))) {
            fixture.serve(origin.target());
            HttpResponse<String> answer = fixture.get("/");
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.headers().firstValue("Server")).contains("awselb/2.0");
            assertThat(answer.body()).contains("<center><h1>502 Bad Gateway</h1></center>");
        }
    }

    @Test
    void answers502WhenATargetIsNotThereAnd503WhenNoneIsRegistered() throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0)) {
            nobody = free.getLocalPort();
        }
        fixture.apply(Action.Forward.to(Fixture.GROUP), Fixture.group(new Target("i-1", "127.0.0.1", nobody)));
        assertThat(fixture.get("/").statusCode()).isEqualTo(502);
        fixture.apply(Action.Forward.to(Fixture.GROUP), Fixture.group());
        HttpResponse<String> answer = fixture.get("/");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("503 Service Temporarily Unavailable");
        BalancerStats stats = fixture.proxy.stats("balancer").orElseThrow();
        assertThat(stats.answers().code502()).isEqualTo(1);
        assertThat(stats.answers().code503()).isEqualTo(1);
        assertThat(stats.answers().class5xx()).isEqualTo(2);
    }

    @Test
    void answers504WhenTheTargetIsSilent() throws Exception {
        try (RawOrigin origin =
                new RawOrigin((socket, head) -> socket.getInputStream().readAllBytes())) {
            fixture.serve(origin.target());
            BalancerSettings quick = new BalancerSettings(
                    Duration.ofMillis(200), Duration.ofHours(1), BalancerSettings.ForwardedFor.APPEND, false);
            fixture.apply(
                    quick,
                    Listener.http("http", Fixture.PORT, Action.Forward.to(Fixture.GROUP)),
                    Fixture.group(origin.target()));
            assertThat(fixture.get("/").statusCode()).isEqualTo(504);
        }
    }

    @Test
    void boundsSlowClients() throws Exception {
        try (Origin origin = new Origin("a")) {
            BalancerSettings quick = new BalancerSettings(
                    Duration.ofMillis(150), Duration.ofHours(1), BalancerSettings.ForwardedFor.APPEND, false);
            fixture.apply(
                    quick,
                    Listener.http("http", Fixture.PORT, Action.Forward.to(Fixture.GROUP)),
                    Fixture.group(origin.target()));
            fixture.awaitHealthy(Fixture.GROUP, 1);
            try (Socket silent = fixture.connect();
                    Socket head = fixture.connect();
                    Socket body = fixture.connect()) {
                RawOrigin.send(head, "GET / HTTP/1.1\r\nHo");
                RawOrigin.send(body, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nfour");
                assertThat(silent.getInputStream().readAllBytes()).isEmpty();
                assertThat(head.getInputStream().readAllBytes()).isEmpty();
                assertThat(RawOrigin.head(body)).startsWith("HTTP/1.1 408 ");
            }
        }
    }

    @Test
    void sendsAgainWhatARestingConnectionLost() throws Exception {
        // Answers once on each connection and closes it without a word, as servers do with connections that rest.
        try (RawOrigin origin = new RawOrigin((socket, head) -> {
            RawOrigin.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            RawOrigin.head(socket);
        })) {
            fixture.serve(origin.target());
            for (int i = 0; i < 20; i++) {
                assertThat(fixture.get("/" + i).statusCode()).isEqualTo(200);
            }
            assertThat(origin.connections).hasValue(20);
        }
    }

    @Test
    void neverSendsAPostTwice() throws Exception {
        try (RawOrigin origin = new RawOrigin((socket, head) -> {})) {
            fixture.serve(origin.target());
            HttpResponse<String> answer = fixture.client.send(
                    HttpRequest.newBuilder(fixture.uri("/"))
                            .POST(HttpRequest.BodyPublishers.ofString("order"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(origin.connections).hasValue(1);
        }
    }

    @Test
    void breaksOffWhenTheTargetDoes() throws Exception {
        try (RawOrigin origin = new RawOrigin(
                (socket, head) -> RawOrigin.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"))) {
            fixture.serve(origin.target());
            assertThat(fixture.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
                    .contains("Content-Length: 100")
                    .endsWith("half");
            assertThat(fixture.proxy.stats("balancer").orElseThrow().answers().class4xx())
                    .isZero();
        }
    }

    @Test
    void counts460WhenTheClientLeavesWithinItsBody() throws Exception {
        try (RawOrigin origin =
                new RawOrigin((socket, head) -> socket.getInputStream().readAllBytes())) {
            try (Socket client = start(origin)) {
                RawOrigin.send(client, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nfour");
                Fixture.await(() -> origin.connections.get() == 1);
            }
            Fixture.await(() ->
                    fixture.proxy.stats("balancer").orElseThrow().answers().class4xx() == 1);
        }
    }

    @Test
    void speaksHttp10() throws Exception {
        try (Origin origin = new Origin("a")) {
            fixture.serve(origin.target());
            String answer = fixture.raw("POST /echo HTTP/1.0\r\nContent-Length: 4\r\n\r\nbody");
            assertThat(answer)
                    .contains("Connection: close")
                    .doesNotContain("chunked")
                    .endsWith("\r\n\r\nbody");
        }
    }

    @Test
    void servesRequestsThatComeTogetherInTheirOrder() throws Exception {
        try (Origin origin = new Origin("a")) {
            fixture.serve(origin.target());
            String answers = fixture.raw(Fixture.head("POST /echo HTTP/1.1", "Host: h", "Content-Length: 3")
                    + "one"
                    + Fixture.head("GET /2 HTTP/1.1", "Host: h")
                    + Fixture.head("HEAD /3 HTTP/1.1", "Host: h", "Connection: close"));
            assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(4);
            assertThat(answers.indexOf("one")).isLessThan(answers.indexOf("\r\n\r\na"));
        }
    }

    @Test
    void spreadsByRoundRobinAndByWeight() throws Exception {
        try (Origin first = new Origin("a");
                Origin second = new Origin("b")) {
            fixture.serve(first.target(), second.target());
            int before = first.served.get();
            for (int i = 0; i < 40; i++) {
                fixture.get("/");
            }
            assertThat(first.served.get() - before).isEqualTo(20);

            TargetGroup green = TargetGroup.http("green", Fixture.check(), List.of(second.target()));
            fixture.apply(
                    Action.Forward.to(
                            new Action.WeightedTargetGroup(Fixture.GROUP, 90),
                            new Action.WeightedTargetGroup("green", 10)),
                    Fixture.group(first.target()),
                    green);
            fixture.awaitHealthy("green", 1);
            var names = IntStream.range(0, 300)
                    .mapToObj(i -> body("/"))
                    .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
            assertThat(names.get("b")).isBetween(20L, 40L);

            fixture.apply(
                    Action.Forward.to(new Action.WeightedTargetGroup(Fixture.GROUP, 0)), Fixture.group(first.target()));
            assertThat(fixture.get("/").statusCode()).isEqualTo(503);
        }
    }

    private String body(String path, String... headers) {
        try {
            return fixture.get(path, headers).body();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void staysWithTheTargetOfTheCookie() throws Exception {
        try (Origin first = new Origin("a");
                Origin second = new Origin("b")) {
            TargetGroup group = new TargetGroup(
                    Fixture.GROUP,
                    TargetGroup.TargetProtocol.HTTP,
                    Fixture.check(),
                    TargetGroup.Algorithm.LEAST_OUTSTANDING_REQUESTS,
                    Duration.ofSeconds(1),
                    Duration.ZERO,
                    Optional.of(Duration.ofMinutes(10)),
                    List.of(first.target(), second.target()));
            fixture.apply(Action.Forward.to(Fixture.GROUP), group);
            fixture.awaitHealthy(Fixture.GROUP, 2);

            HttpResponse<String> answer = fixture.get("/");
            List<String> cookies = answer.headers().allValues("Set-Cookie");
            assertThat(cookies).hasSize(2).anyMatch(cookie -> cookie.startsWith("AWSALBCORS="));
            String cookie = cookies.stream()
                    .filter(each -> each.startsWith("AWSALB="))
                    .findFirst()
                    .orElseThrow()
                    .split(";")[0];
            for (int i = 0; i < 20; i++) {
                assertThat(body("/", "Cookie", "other=1; " + cookie)).isEqualTo(answer.body());
            }
            // A cookie of another's making, or one that has expired, binds nobody.
            String forged = cookie.substring(0, cookie.length() - 4) + "AAAA";
            assertThat(distinct(forged)).isEqualTo(2);
            fixture.clock.advance(Duration.ofMinutes(11));
            fixture.awaitHealthy(Fixture.GROUP, 2);
            assertThat(distinct(cookie)).isEqualTo(2);
        }
    }

    private long distinct(String cookie) {
        return IntStream.range(0, 20)
                .mapToObj(i -> body("/", "Cookie", cookie))
                .distinct()
                .count();
    }

    @Test
    void countsWhatItDoes() throws Exception {
        try (Origin origin = new Origin("a")) {
            fixture.serve(origin.target());
            for (int i = 0; i < 10; i++) {
                fixture.get("/");
            }
            Fixture.await(() -> fixture.proxy
                            .stats("balancer")
                            .orElseThrow()
                            .targetGroups()
                            .getFirst()
                            .counts()
                            .inFlight()
                    == 0);
            BalancerStats stats = fixture.proxy.stats("balancer").orElseThrow();
            assertThat(stats.requests()).isEqualTo(10);
            assertThat(stats.newConnections()).isEqualTo(1);
            assertThat(stats.activeConnections()).isEqualTo(2);
            BalancerStats.TargetCounts counts = stats.targetGroups().getFirst().counts();
            assertThat(counts.requests()).isEqualTo(10);
            assertThat(counts.answers().class2xx()).isEqualTo(10);
            assertThat(counts.responseTimes().count()).isEqualTo(10);
            assertThat(counts.responseTimes().percentile(99)).isBetween(0.000_001, 5.0);
            assertThat(stats.targetGroups().getFirst().targets()).hasSize(1);
        }
    }
}
