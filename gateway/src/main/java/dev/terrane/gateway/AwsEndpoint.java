package dev.terrane.gateway;

import dev.terrane.gateway.Authenticator.Authenticated;
import dev.terrane.gateway.protocol.Headers;
import dev.terrane.gateway.protocol.OperationRouter;
import dev.terrane.gateway.protocol.Protocol;
import dev.terrane.gateway.protocol.Routing;
import dev.terrane.gateway.protocol.WireBody;
import dev.terrane.gateway.protocol.WireLimits;
import dev.terrane.gateway.protocol.WireRequest;
import dev.terrane.gateway.protocol.WireResponse;
import dev.terrane.gateway.sigv4.Dialect;
import dev.terrane.gateway.sigv4.ParsedSignature;
import dev.terrane.gateway.sigv4.SignatureRefused;
import dev.terrane.gateway.sigv4.SignedBody;
import dev.terrane.gateway.sigv4.SignedRequest;
import dev.terrane.gateway.sigv4.SigningKey;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.identity.Credential;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.ContentStreamProvider;

/**
 * The AWS API over HTTP: find service and operation, authenticate, decode, hand to {@link RequestPipeline}, encode. Knows nothing of the
 * HTTP server.
 */
public final class AwsEndpoint {
    private final OperationRouter router;
    private final Authenticator authenticator;
    private final RequestPipeline pipeline;
    private final Clock clock;
    private final WireLimits limits;
    private final CrossOriginReplies crossOrigin;
    private final WebsiteReplies websites;

    /** @param services among which S3 may say what pages of other origins may read */
    public AwsEndpoint(
            OperationRouter router,
            Services services,
            Authenticator authenticator,
            RequestPipeline pipeline,
            Clock clock,
            WireLimits limits) {
        this.router = router;
        this.authenticator = authenticator;
        this.pipeline = pipeline;
        this.clock = clock;
        this.limits = limits;
        this.crossOrigin = new CrossOriginReplies(services, router);
        this.websites = new WebsiteReplies(services, this::serveApi);
    }

    /** Where a response goes. Called once for each request. */
    @FunctionalInterface
    public interface Reply {
        /** Sends the response whole.
         *
         * @throws UncheckedIOException when the connection breaks */
        void send(WireResponse response);
    }

    /**
     * Serves one request.
     *
     * @param remoteAddress the client's IP address
     */
    public void serve(WireRequest request, String remoteAddress, boolean secure, Reply reply) {
        String requestId = Ids.uuid();
        Optional<WireResponse> preflight = crossOrigin.preflight(request, requestId);
        if (preflight.isPresent()) {
            reply.send(preflight.get());
            return;
        }
        Optional<String> website = router.website(request);
        if (website.isPresent()) {
            websites.serve(
                    request, website.get(), remoteAddress, secure, requestId, crossOrigin.around(request, reply));
        } else {
            serveApi(request, remoteAddress, secure, requestId, reply);
        }
    }

    private void serveApi(WireRequest request, String remoteAddress, boolean secure, Reply reply) {
        serveApi(request, remoteAddress, secure, Ids.uuid(), reply);
    }

    private void serveApi(WireRequest request, String remoteAddress, boolean secure, String requestId, Reply reply) {
        Routing routing = router.route(request, Claims.service(request));
        if (routing instanceof Routing.Unknown unknown) {
            reply.send(unknown.protocol().encodeError(unknown.service(), unknown.error(), request, requestId));
            return;
        }
        Routing.Found found = (Routing.Found) routing;
        serve(
                found,
                request,
                requestId,
                remoteAddress,
                secure,
                found.service().name().equals("s3") ? crossOrigin.around(request, reply) : reply);
    }

    private void serve(
            Routing.Found found,
            WireRequest request,
            String requestId,
            String remoteAddress,
            boolean secure,
            Reply reply) {
        try {
            new Exchange(found, request, requestId, remoteAddress, secure, reply).serve();
        } catch (SignatureRefused e) {
            Dialect dialect = Authenticator.dialect(found.service());
            reply.send(found.protocol()
                    .encodeError(
                            found.service(),
                            AwsErrors.of(e.code(dialect), e.status(dialect), e.getMessage()),
                            request,
                            requestId));
        } catch (WireRequest.BodyTooLargeException e) {
            reply.send(found.protocol()
                    .encodeError(
                            found.service(),
                            AwsErrors.of("RequestEntityTooLarge", 413, String.valueOf(e.getMessage())),
                            request,
                            requestId));
        } catch (AwsServiceException e) {
            reply.send(found.protocol().encodeError(found.service(), e, request, requestId));
        }
    }

    /** One request on its way. */
    private final class Exchange {
        private final BoundOperation operation;
        private final Protocol protocol;
        private final WireRequest routed;
        private final WireRequest received;
        private final String requestId;
        private final String remoteAddress;
        private final boolean secure;
        private final Reply reply;

        Exchange(
                Routing.Found found,
                WireRequest received,
                String requestId,
                String remoteAddress,
                boolean secure,
                Reply reply) {
            this.operation = found.operation();
            this.protocol = found.protocol();
            this.routed = found.request();
            this.received = received;
            this.requestId = requestId;
            this.remoteAddress = remoteAddress;
            this.secure = secure;
            this.reply = reply;
        }

        void serve() {
            Dialect dialect = Authenticator.dialect(operation.service());
            SignedRequest signed = new Signed(received);
            boolean mayBeAnonymous =
                    dialect == Dialect.S3 || operation.operation().anonymous();
            ParsedSignature claim;
            try {
                claim = authenticator.claim(signed, dialect);
            } catch (SignatureRefused e) {
                if (mayBeAnonymous && e.kind() == SignatureRefused.Kind.MISSING_TOKEN) {
                    proceed(
                            anonymous(),
                            Map.of(),
                            SignedBody.ofAnonymous(signed, routed.body().open()));
                    return;
                }
                throw e;
            }
            WireBody body = routed.body();
            Optional<String> hash = Optional.empty();
            if (claim.needsBodyHash()) {
                WireRequest whole = routed.buffered(limits.body(
                        operation.service().name(), operation.operation().name()));
                body = whole.body();
                hash = Optional.of(sha256((WireBody.Bytes) body));
            }
            Authenticated who = authenticator.prove(claim, dialect, hash);
            Call call = call(who.credential(), claim.scope().region());
            proceed(
                    call,
                    dialect == Dialect.S3 ? SignatureKeys.of(claim, call.time()) : Map.of(),
                    hash.isPresent() ? body.open() : SignedBody.of(signed, who.signature(), body.open()));
        }

        private Call anonymous() {
            return call(new Credential("", "", new Principal.Anonymous()), "us-east-1");
        }

        private Call call(Credential caller, String region) {
            Instant now = clock.instant();
            String agent = received.headers().first("user-agent").orElse("");
            return new Call(
                    caller.principal().account(),
                    region,
                    caller.principal(),
                    caller.accessKeyId(),
                    requestId,
                    remoteAddress,
                    agent.length() > 1024 ? agent.substring(0, 1024) : agent,
                    secure,
                    caller.mfa(),
                    caller.issued(),
                    now);
        }

        private void proceed(Call call, Map<String, List<String>> conditions, InputStream body) {
            boolean streams = operation.operation().body().streamingInput();
            WireRequest verified = routed.withBody(new WireBody.Streamed(body, length(routed)));
            if (!streams) {
                verified = verified.buffered(limits.body(
                        operation.service().name(), operation.operation().name()));
            }
            SdkRequest request = protocol.decode(operation, verified);
            RequestBody input = streams ? requestBody(body, length(routed)) : null;
            boolean answersWithStream = operation.operation().body().streamingOutput();
            Invocation invocation = new Invocation(
                    call,
                    operation,
                    request,
                    conditions,
                    false,
                    "",
                    input,
                    answersWithStream ? sender() : null,
                    operation.operation().body().eventStream() ? this::send : null);
            Object result = pipeline.perform(invocation);
            if (!answersWithStream && result instanceof SdkResponse response) {
                reply.send(protocol.encode(operation, response, requestId));
            }
        }

        private void send(SdkResponse response, SdkPublisher<? extends SdkPojo> events) {
            reply.send(protocol.encodeEvents(operation, response, events, requestId));
        }

        private ResponseTransformer<SdkResponse, SdkResponse> sender() {
            return (response, stream) -> {
                reply.send(protocol.encode(operation, response, new WireBody.Streamed(stream, -1), requestId));
                return response;
            };
        }
    }

    /** The number of bytes of the body as it is meant, or -1 where it is not known. */
    private static long length(WireRequest request) {
        return request.headers()
                .first("x-amz-decoded-content-length")
                .or(() -> request.headers().first("content-length"))
                .flatMap(AwsEndpoint::number)
                .orElse(request.body().length());
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static RequestBody requestBody(InputStream body, long length) {
        ContentStreamProvider once = () -> body;
        return length >= 0
                ? RequestBody.fromContentProvider(once, length, "application/octet-stream")
                : RequestBody.fromContentProvider(once, "application/octet-stream");
    }

    private static String sha256(WireBody.Bytes body) {
        MessageDigest digest = SigningKey.sha256();
        digest.update(body.array(), body.offset(), body.count());
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A request as the signature covers it. */
    private record Signed(WireRequest request) implements SignedRequest {
        @Override
        public String method() {
            return request.method();
        }

        @Override
        public String rawPath() {
            return request.path();
        }

        @Override
        public String rawQuery() {
            return request.query();
        }

        @Override
        public Set<String> headerNames() {
            Set<String> names = new LinkedHashSet<>();
            request.headers().forEach((name, value) -> names.add(name.toLowerCase(Locale.ROOT)));
            return names;
        }

        @Override
        public List<String> headers(String lowerCaseName) {
            return request.headers().all(lowerCaseName);
        }
    }

    /** What a request claims before anything is verified: only to find out which service is meant. */
    private static final class Claims {
        private static final String CREDENTIAL = "Credential=";

        static Optional<String> service(WireRequest request) {
            Headers headers = request.headers();
            Optional<String> scope = headers.first("authorization")
                    .map(header -> after(header, CREDENTIAL))
                    .or(() -> Optional.ofNullable(after(request.query(), "X-Amz-Credential=")));
            return scope.map(s -> s.replace("%2F", "/").replace("%2f", "/"))
                    .map(s -> s.split("/", 6))
                    .filter(parts -> parts.length >= 5)
                    .map(parts -> parts[3]);
        }

        private static @Nullable String after(String text, String mark) {
            int at = text.indexOf(mark);
            if (at < 0) {
                return null;
            }
            int end = at + mark.length();
            while (end < text.length() && ",& ".indexOf(text.charAt(end)) < 0) {
                end++;
            }
            return text.substring(at + mark.length(), end);
        }
    }
}
