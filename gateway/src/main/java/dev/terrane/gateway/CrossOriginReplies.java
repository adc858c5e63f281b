package dev.terrane.gateway;

import dev.terrane.gateway.protocol.Headers;
import dev.terrane.gateway.protocol.OperationRouter;
import dev.terrane.gateway.protocol.WireBody;
import dev.terrane.gateway.protocol.WireRequest;
import dev.terrane.gateway.protocol.WireResponse;
import dev.terrane.kernel.service.CrossOrigin;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets browsers read answers on pages of other origins, where the bucket allows it: answers preflight requests, which nobody signs, and adds headers to the
 * answers of the others.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html">Using cross-origin resource sharing</a>
 */
final class CrossOriginReplies {
    private static final String ASKED_METHOD = "Access-Control-Request-Method";
    private static final String ASKED_HEADERS = "Access-Control-Request-Headers";
    private static final String VARY = "Origin, " + ASKED_HEADERS + ", " + ASKED_METHOD;

    private final Services services;
    private final OperationRouter router;

    CrossOriginReplies(Services services, OperationRouter router) {
        this.services = services;
        this.router = router;
    }

    /** The answer to a preflight request; empty for any other. */
    Optional<WireResponse> preflight(WireRequest request, String requestId) {
        Optional<String> origin = request.headers().first("Origin");
        Optional<String> method = request.headers().first(ASKED_METHOD);
        if (!request.method().equals("OPTIONS") || origin.isEmpty() || method.isEmpty()) {
            return Optional.empty();
        }
        List<String> asked = request.headers()
                .first(ASKED_HEADERS)
                .map(names -> Arrays.stream(names.split(",")).map(String::strip).toList())
                .orElse(List.of());
        CrossOrigin.Answer answer = ask(request, origin.get(), method.get(), asked);
        return Optional.of(answer.headers()
                .map(headers ->
                        new WireResponse(200, with(Headers.of("x-amz-request-id", requestId), headers), empty()))
                .orElseGet(() -> forbidden(request, answer.enabled(), requestId)));
    }

    /** Adds what the bucket says of the request's origin, if it has one. */
    AwsEndpoint.Reply around(WireRequest request, AwsEndpoint.Reply reply) {
        Optional<String> origin = request.headers().first("Origin");
        if (origin.isEmpty()) {
            return reply;
        }
        return response -> reply.send(ask(request, origin.get(), request.method(), List.of())
                .headers()
                .map(headers -> new WireResponse(response.status(), with(response.headers(), headers), response.body()))
                .orElse(response));
    }

    private CrossOrigin.Answer ask(WireRequest request, String origin, String method, List<String> headers) {
        return services.named("s3")
                .filter(CrossOrigin.class::isInstance)
                .map(s3 -> ((CrossOrigin) s3).crossOrigin(router.bucket(request), origin, method, headers))
                .orElse(CrossOrigin.OFF);
    }

    private static Headers with(Headers headers, Map<String, String> more) {
        Headers.Builder all = headers.toBuilder();
        more.forEach(all::set);
        return all.set("Vary", VARY).build();
    }

    private static WireBody empty() {
        return WireBody.of(new byte[0]);
    }

    private static WireResponse forbidden(WireRequest request, boolean enabled, String requestId) {
        String message = enabled
                ? "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method"
                        + " / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the"
                        + " resource's CORS spec."
                : "CORSResponse: CORS is not enabled for this bucket.";
        boolean object = request.path().indexOf('/', 1) > 0 && !request.path().endsWith("/");
        String body =
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessForbidden</Code><Message>" + message
                        + "</Message><Method>OPTIONS</Method><ResourceType>" + (object ? "OBJECT" : "BUCKET")
                        + "</ResourceType><RequestId>" + requestId + "</RequestId></Error>";
        return new WireResponse(
                403,
                Headers.of("Content-Type", "application/xml", "x-amz-request-id", requestId, "Vary", VARY),
                WireBody.of(body.getBytes(StandardCharsets.UTF_8)));
    }
}
