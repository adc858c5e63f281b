package dev.terrane.app;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.Event;
import software.amazon.awssdk.services.sts.StsClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code terrane why}. */
@Command(
        name = "why",
        description = "Tells why a call was denied, and the smallest statement that would allow it.",
        mixinStandardHelpOptions = true)
final class WhyCommand implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String MESSAGE = "encodedAuthorizationMessage";
    /** After so many events somebody who waits wants to know that something happens. */
    private static final int A_WHILE = 10_000;

    @Mixin
    private DataOption data = new DataOption();

    @Parameters(
            paramLabel = "REQUEST-ID",
            arity = "0..1",
            description = "As the SDK's error tells it. Without one: the latest call that was denied.")
    private String requestId = "";

    @Option(names = "--region", paramLabel = "REGION", description = "Where it was denied (default: the first region).")
    private String region = "";

    @Option(names = "--json", description = "As JSON, as sts:DecodeAuthorizationMessage answers it.")
    private boolean json;

    /** @return 0 when there was such a denial */
    @Override
    public Integer call() {
        Installation installation = data.installation();
        Optional<Installation.Administrator> administrator = installation.administrator();
        Optional<Installation.Running> running = installation.running();
        if (administrator.isEmpty() || running.isEmpty()) {
            System.err.println("terrane: no server runs on " + installation.folder() + "; start it with: terrane up");
            return 1;
        }
        String where = region.isEmpty() ? administrator.get().region() : region;
        URI endpoint = URI.create(running.get().url());
        StaticCredentialsProvider credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create(
                administrator.get().accessKeyId(), administrator.get().secretAccessKey()));
        try (SdkHttpClient http = UrlConnectionHttpClient.create();
                CloudTrailClient trail = CloudTrailClient.builder()
                        .endpointOverride(endpoint)
                        .region(Region.of(where))
                        .credentialsProvider(credentials)
                        .httpClient(http)
                        .build();
                StsClient sts = StsClient.builder()
                        .endpointOverride(endpoint)
                        .region(Region.of(where))
                        .credentialsProvider(credentials)
                        .httpClient(http)
                        .build()) {
            Optional<JsonNode> event = find(trail);
            if (event.isEmpty()) {
                System.err.println(
                        "terrane: the history of " + where + " has no request " + requestId
                                + "; name another region by --region. Calls that read or write data are there only if they were denied.");
                return 1;
            }
            return tell(event.get(), sts);
        }
    }

    /** The newest come first: who asks, asks mostly about what has just happened. */
    private Optional<JsonNode> find(CloudTrailClient trail) {
        int seen = 0;
        for (Event event : trail.lookupEventsPaginator(r -> r.maxResults(50)).events()) {
            if (event.cloudTrailEvent().contains(requestId.isEmpty() ? MESSAGE : requestId)) {
                JsonNode record = JSON.readTree(event.cloudTrailEvent());
                if (asked(record)) {
                    return Optional.of(record);
                }
            }
            if (++seen % A_WHILE == 0) {
                System.err.printf("terrane: looked at %,d calls, back to %s%n", seen, event.eventTime());
            }
        }
        return Optional.empty();
    }

    private int tell(JsonNode event, StsClient sts) {
        String message = message(event);
        if (message.isEmpty()) {
            System.err.println("terrane: " + undenied(event));
            return 1;
        }
        String reasons =
                sts.decodeAuthorizationMessage(r -> r.encodedMessage(message)).decodedMessage();
        System.out.println(
                json
                        ? JSON.writerWithDefaultPrettyPrinter().writeValueAsString(JSON.readTree(reasons))
                        : new DenialReport(event, JSON.readTree(reasons)).text());
        return 0;
    }

    private boolean asked(JsonNode event) {
        return requestId.isEmpty()
                ? !message(event).isEmpty()
                : event.path("requestID").asString().equals(requestId);
    }

    private static String message(JsonNode event) {
        return event.path("additionalEventData").path(MESSAGE).asString("");
    }

    private String undenied(JsonNode event) {
        String call = event.path("eventName").asString() + " (" + requestId + ")";
        return event.has("errorCode")
                ? "%s was not denied by a policy: %s: %s"
                        .formatted(
                                call,
                                event.path("errorCode").asString(),
                                event.path("errorMessage").asString())
                : call + " was not denied.";
    }
}
