package dev.terrane.sns;

import dev.terrane.kernel.net.Destinations;
import dev.terrane.kernel.service.Platform.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Posts messages to endpoints of customers, where {@link Destinations} allows them. */
final class HttpPosts {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final Destinations destinations;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    HttpPosts(Endpoint server) {
        destinations = new Destinations(server);
    }

    /**
     * Posts a body.
     *
     * @return the HTTP status
     * @throws Destinations.Refused when the address is one that is not posted to
     * @throws IOException when the endpoint can't be reached or does not answer in time
     */
    int post(String url, String body, Map<String, String> headers) throws IOException, InterruptedException {
        URI uri = URI.create(url);
        destinations.check(uri);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("Content-Type", "text/plain; charset=UTF-8")
                .header("User-Agent", "Amazon Simple Notification Service Agent")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
