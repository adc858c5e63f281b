package dev.terrane.sts;

import dev.terrane.kernel.net.Destinations;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sts.model.IdpCommunicationErrorException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads what OpenID Connect issuers publish: JSON over HTTPS, where {@link Destinations} allows it, in bounded time and size, without redirects.
 */
final class IssuerDocuments {
    private static final Duration WHOLE = Duration.ofSeconds(10);
    private static final long MOST_BYTES = 512 * 1024;

    private final Destinations destinations;

    IssuerDocuments(Destinations destinations) {
        this.destinations = destinations;
    }

    /**
     * Reads an issuer's keys.
     *
     * @param issuer the URL of the issuer
     * @throws AwsServiceException IDPCommunicationError where it cannot be reached, InvalidIdentityToken where its certificate is not trusted or what it
     *     publishes is not what the standard says
     */
    JsonWebKeys keys(String issuer, Set<String> thumbprints) {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(WHOLE)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(IssuerTrust.context(thumbprints))
                .build()) {
            try {
                String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
                JsonNode discovery = read(client, URI.create(base + "/.well-known/openid-configuration"));
                if (!discovery.path("issuer").asString("").equals(issuer)) {
                    throw Refusals.noKeys();
                }
                URI keys = URI.create(discovery.path("jwks_uri").asString(""));
                return JsonWebKeys.read(read(client, keys)).orElseThrow(Refusals::noKeys);
            } catch (IllegalArgumentException | JacksonException | Destinations.Refused e) {
                throw Refusals.noKeys();
            } finally {
                // Closing would wait for an answer that is still under way.
                client.shutdownNow();
            }
        }
    }

    private JsonNode read(HttpClient client, URI uri) {
        if (!"https".equals(uri.getScheme()) || uri.getHost() == null) {
            throw Refusals.noKeys();
        }
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(WHOLE)
                .header("Accept", "application/json")
                .GET()
                .build();
        try {
            destinations.check(uri);
            CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                    request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
            HttpResponse<byte[]> response = answer.get(WHOLE.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw Refusals.noKeys();
            }
            return Jwt.json(response.body());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SSLException) {
                throw Refusals.invalidToken(
                        "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint");
            }
            throw unreachable();
        } catch (IOException | TimeoutException e) {
            throw unreachable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable();
        }
    }

    private static AwsServiceException unreachable() {
        return IdpCommunicationErrorException.builder()
                .message("The identity provider could not be reached to verify the token.")
                .build();
    }
}
