package dev.terrane.compute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What two parties could read differently reaches no target (RFC 9112, section 11). */
class RefusedRequestsTest {
    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    static Stream<Arguments> refused() {
        String post = "POST / HTTP/1.1\r\nHost: h\r\n";
        String get = "GET / HTTP/1.1\r\nHost: h\r\n";
        return Stream.of(
                Arguments.of(
                        "length and coding", post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
                Arguments.of(
                        "coding and length", post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400),
                Arguments.of("two lengths", post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n", 400),
                Arguments.of("one length twice", post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\n", 400),
                Arguments.of("a list of lengths", post + "Content-Length: 3, 3\r\n\r\n", 400),
                Arguments.of("a signed length", post + "Content-Length: +3\r\n\r\n", 400),
                Arguments.of("a hexadecimal length", post + "Content-Length: 0x3\r\n\r\n", 400),
                Arguments.of("an empty length", post + "Content-Length:\r\n\r\n", 400),
                Arguments.of("an endless length", post + "Content-Length: 99999999999999999999\r\n\r\n", 400),
                Arguments.of("another coding", post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
                Arguments.of("a misspelt coding", post + "Transfer-Encoding: xchunked\r\n\r\n", 501),
                Arguments.of(
                        "two codings", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 501),
                Arguments.of("a vertical tab", post + "Transfer-Encoding: \u000bchunked\r\n\r\n", 400),
                Arguments.of("a blank before the colon", post + "Transfer-Encoding : chunked\r\n\r\n", 400),
                Arguments.of("a folded line", get + "X-A: 1\r\n X-B: 2\r\n\r\n", 400),
                Arguments.of("a line feed alone", "GET / HTTP/1.1\nHost: h\n\n", 400),
                Arguments.of("a line feed within", get + "X-A: 1\nX-B: 2\r\n\r\n", 400),
                Arguments.of("a carriage return within", get + "X-A: 1\rX-B: 2\r\n\r\n", 400),
                Arguments.of("a NUL", get + "X-A: 1\0\r\n\r\n", 400),
                Arguments.of("no name", get + ": 1\r\n\r\n", 400),
                Arguments.of("no colon", get + "nonsense\r\n\r\n", 400),
                Arguments.of("a name that is no token", get + "X(A): 1\r\n\r\n", 400),
                Arguments.of("coding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
                Arguments.of("no host", "GET / HTTP/1.1\r\n\r\n", 400),
                Arguments.of("two hosts", get + "Host: i\r\n\r\n", 400),
                Arguments.of("a host with a path", "GET / HTTP/1.1\r\nHost: h/x\r\n\r\n", 400),
                Arguments.of("no version", "GET /\r\n\r\n", 400),
                Arguments.of("two blanks", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400),
                Arguments.of("a blank in the path", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
                Arguments.of("another version", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505),
                Arguments.of("nonsense for a version", "GET / HTTP/x\r\nHost: h\r\n\r\n", 400),
                Arguments.of("no path", "GET x HTTP/1.1\r\nHost: h\r\n\r\n", 400),
                Arguments.of("CONNECT", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 400),
                Arguments.of("TRACE", "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", 405),
                Arguments.of("bytes of TLS", "\u0016\u0003\u0001\u0002\0\n\r\n\r\n", 400),
                Arguments.of("a chunk without size", post + "Transfer-Encoding: chunked\r\n\r\nx\r\n\r\n", 400),
                Arguments.of(
                        "a chunk longer than it says",
                        post + "Transfer-Encoding: chunked\r\n\r\n3\r\nfour\r\n0\r\n\r\n",
                        400),
                Arguments.of(
                        "a chunk of any size", post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", 400),
                Arguments.of(
                        "a line feed in a chunk's extension",
                        post + "Transfer-Encoding: chunked\r\n\r\n1;a\n\r\nx\r\n0\r\n\r\n",
                        400),
                Arguments.of("a long path", "GET /" + "a".repeat(17_000) + " HTTP/1.1\r\nHost: h\r\n\r\n", 414),
                Arguments.of("a long field", get + "X-A: " + "a".repeat(17_000) + "\r\n\r\n", 400),
                Arguments.of("a long head", get + ("X-A: " + "a".repeat(8000) + "\r\n").repeat(10) + "\r\n", 400),
                Arguments.of(
                        "many addresses", get + "X-Forwarded-For: " + "1.1.1.1, ".repeat(30) + "1.1.1.1\r\n\r\n", 463));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void refuses(String name, String request, int status) throws Exception {
        try (RawOrigin origin = new RawOrigin((socket, head) -> {
            socket.getInputStream().readAllBytes();
        })) {
            fixture.serve(origin.target());
            // What follows would be a second request, if the first were read as the attacker hopes.
            String answer = fixture.raw(request + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("Connection: close");
            assertThat(answer.split("HTTP/1.1 ", -1)).as("one answer").hasSize(2);
            assertThat(fixture.proxy.stats("balancer").orElseThrow().answers().class4xx()
                            + fixture.proxy
                                    .stats("balancer")
                                    .orElseThrow()
                                    .answers()
                                    .class5xx())
                    .isEqualTo(1);
        }
    }

    @Test
    void goesOnServingOthers() throws Exception {
        try (Origin origin = new Origin("a");
                Socket open = start(origin)) {
            fixture.raw("nonsense\r\n\r\n");
            RawOrigin.send(open, "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(RawOrigin.head(open)).startsWith("HTTP/1.1 200 ");
        }
    }

    private Socket start(Origin origin) throws Exception {
        fixture.serve(origin.target());
        return fixture.connect();
    }
}
