package dev.terrane.gateway.fuzz;

import dev.terrane.gateway.protocol.Headers;
import dev.terrane.gateway.protocol.OperationRouter;
import dev.terrane.gateway.protocol.Routing;
import dev.terrane.gateway.protocol.WireBody;
import dev.terrane.gateway.protocol.WireLimits;
import dev.terrane.gateway.protocol.WireRequest;
import dev.terrane.gateway.protocol.WireRequest.BodyTooLargeException;
import dev.terrane.gateway.sigv4.Dialect;
import dev.terrane.gateway.sigv4.ParsedSignature;
import dev.terrane.gateway.sigv4.SigV4;
import dev.terrane.gateway.sigv4.SignatureRefused;
import dev.terrane.gateway.sigv4.SignedBody;
import dev.terrane.gateway.sigv4.SignedRequest;
import dev.terrane.kernel.contract.ServiceContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * A request: its line (method and target), a line for each header, an empty line, the body. It is routed and decoded as whatever operation it claims to be, its
 * signature is read in each dialect, and its body as the chunks that it may consist of. The header {@code x-service} says for which service it claims to be signed.
 */
public final class RequestTarget {
    private static final WireLimits LIMITS = new WireLimits(1 << 20, Map.of(), 100, 200, 20_000);
    private static final OperationRouter ROUTER =
            new OperationRouter(ServiceContract.NAMES, List.of("localhost"), LIMITS);
    private static final SigV4 SIGNATURES = new SigV4(2);
    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);
    private static final Instant NOW = Instant.parse("2026-03-01T10:20:30Z");
    private static final String NO_BODY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private RequestTarget() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        WireRequest request = read(new String(data, StandardCharsets.ISO_8859_1));
        route(request);
        SignedRequest signed = signed(request);
        for (Dialect dialect : Dialect.values()) {
            verify(signed, dialect);
        }
        try (InputStream body = SignedBody.ofAnonymous(signed, request.body().open())) {
            body.transferTo(OutputStream.nullOutputStream());
        } catch (SignatureRefused refused) {
            // As it should be.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void route(WireRequest request) {
        ROUTER.website(request);
        switch (ROUTER.route(request, request.headers().first("x-service"))) {
            case Routing.Unknown unknown ->
                unknown.protocol().encodeError(unknown.service(), unknown.error(), request, "request");
            case Routing.Found found -> {
                try {
                    found.protocol()
                            .decode(
                                    found.operation(),
                                    found.request()
                                            .buffered(LIMITS.body(
                                                    found.operation().service().name(),
                                                    found.operation()
                                                            .operation()
                                                            .name())));
                } catch (AwsServiceException refused) {
                    found.protocol().encodeError(found.service(), refused, request, "request");
                } catch (BodyTooLargeException refused) {
                    // As it should be.
                }
            }
        }
    }

    private static void verify(SignedRequest request, Dialect dialect) {
        try {
            ParsedSignature claim = SIGNATURES.parse(request, SigV4.Rules.of(dialect));
            if (claim.needsBodyHash()) {
                SIGNATURES.verify(claim, SECRET, NOW, NO_BODY);
            } else {
                SIGNATURES.verify(claim, SECRET, NOW);
            }
        } catch (SignatureRefused refused) {
            // As it should be.
        }
    }

    /** What an HTTP server makes of the text; a line that is none is left out, as one that the server would have refused. */
    private static WireRequest read(String text) {
        int end = text.indexOf("\n\n");
        List<String> head =
                (end < 0 ? text : text.substring(0, end)).lines().limit(100).toList();
        String body = end < 0 ? "" : text.substring(end + 2);
        String[] line = (head.isEmpty() ? "" : head.getFirst()).split(" ", 3);
        String target = line.length > 1 && line[1].startsWith("/") ? line[1] : "/";
        int question = target.indexOf('?');
        Headers.Builder headers = Headers.builder();
        for (String header : head.subList(Math.min(1, head.size()), head.size())) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                headers.add(
                        header.substring(0, colon).strip(),
                        header.substring(colon + 1).strip());
            }
        }
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        return new WireRequest(
                line[0].isEmpty() ? "POST" : line[0],
                question < 0 ? target : target.substring(0, question),
                question < 0 ? "" : target.substring(question + 1),
                headers.build(),
                new WireBody.Streamed(new ByteArrayInputStream(bytes), bytes.length));
    }

    private static SignedRequest signed(WireRequest request) {
        Map<String, List<String>> headers = new TreeMap<>();
        request.headers()
                .forEach((name, value) ->
                        headers.computeIfAbsent(name, _ -> new ArrayList<>()).add(value));
        return SignedRequest.of(request.method(), request.path(), request.query(), headers);
    }
}
