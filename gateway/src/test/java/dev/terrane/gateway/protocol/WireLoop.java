package dev.terrane.gateway.protocol;

import dev.terrane.kernel.contract.BoundOperation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;

/**
 * A transport for the SDK's own clients that ends in our router and codecs: what a client sends is decoded, answered
 * by a function, encoded, and read by the client again.
 */
final class WireLoop implements SdkHttpClient {

    private static final Pattern SCOPE = Pattern.compile("Credential=[^/]+/\\d+/[^/]*/([^/]+)/aws4_request");

    private final OperationRouter router;
    private final BiFunction<BoundOperation, SdkRequest, SdkResponse> service;

    /** What came in, in order. */
    final List<SdkRequest> requests = new ArrayList<>();

    final List<BoundOperation> operations = new ArrayList<>();
    final List<WireResponse> responses = new ArrayList<>();

    WireBody stream = WireBody.EMPTY;

    WireLoop(OperationRouter router, BiFunction<BoundOperation, SdkRequest, SdkResponse> service) {
        this.router = router;
        this.service = service;
    }

    <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(B builder) {
        return builder.httpClient(this)
                .region(Region.US_EAST_1)
                .endpointOverride(URI.create("http://localhost:4566"))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret")))
                .overrideConfiguration(configuration -> configuration.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    WireResponse answer(WireRequest request) {
        Optional<String> signingName = request.headers()
                .first("Authorization")
                .map(SCOPE::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1));
        Routing routing = router.route(request, signingName);
        WireResponse response = switch (routing) {
            case Routing.Unknown unknown ->
                unknown.protocol().encodeError(unknown.service(), unknown.error(), request, "req-1");
            case Routing.Found found -> perform(found);
        };
        responses.add(response);
        return response;
    }

    private WireResponse perform(Routing.Found found) {
        operations.add(found.operation());
        try {
            SdkRequest decoded = found.protocol().decode(found.operation(), found.request());
            requests.add(decoded);
            SdkResponse response = service.apply(found.operation(), decoded);
            return found.protocol().encode(found.operation(), response, stream, "req-1");
        } catch (AwsServiceException e) {
            return found.protocol().encodeError(found.service(), e, found.request(), "req-1");
        }
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() {
                WireResponse response = answer(wireRequest(request));
                SdkHttpResponse.Builder builder = SdkHttpResponse.builder().statusCode(response.status());
                response.headers().forEach(builder::appendHeader);
                builder.putHeader(
                        "Content-Length", Long.toString(response.body().length()));
                return HttpExecuteResponse.builder()
                        .response(builder.build())
                        .responseBody(
                                AbortableInputStream.create(response.body().open()))
                        .build();
            }

            @Override
            public void abort() {}
        };
    }

    private static WireRequest wireRequest(HttpExecuteRequest request) {
        URI uri = request.httpRequest().getUri();
        Headers.Builder headers = Headers.builder();
        request.httpRequest().forEachHeader((name, values) -> values.forEach(value -> headers.add(name, value)));
        if (request.httpRequest().firstMatchingHeader("Host").isEmpty()) {
            headers.add("Host", uri.getAuthority());
        }
        byte[] body = request.contentStreamProvider()
                .map(provider -> read(provider.newStream()))
                .orElse(new byte[0]);
        @Nullable String query = uri.getRawQuery();
        return new WireRequest(
                request.httpRequest().method().name(),
                uri.getRawPath().isEmpty() ? "/" : uri.getRawPath(),
                query == null ? "" : query,
                headers.build(),
                new WireBody.Streamed(new ByteArrayInputStream(body), body.length));
    }

    private static byte[] read(InputStream stream) {
        try (stream) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {}
}
