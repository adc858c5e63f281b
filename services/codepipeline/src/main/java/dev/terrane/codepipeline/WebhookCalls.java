package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.policy.AddressRange;
import dev.terrane.kernel.service.HttpEndpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.TriggerType;
import software.amazon.awssdk.services.codepipeline.model.WebhookDefinition;
import software.amazon.awssdk.services.codepipeline.model.WebhookFilterRule;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The URLs of webhooks: a POST of JSON that is authentic, and passes all filters, starts the pipeline. Answers 200 also where a filter does not let it pass, 403 where it is
 * not authentic, 404 where there is no such webhook, 400 where it is no JSON, 413 beyond 1 MB.
 */
final class WebhookCalls implements HttpEndpoint {
    private static final String PATH = "/codepipeline-webhooks/trigger";
    private static final String TOKEN = "t=";
    private static final int LONGEST = 1 << 20;

    private final CodePipelineTables tables;
    private final Launch launch;
    private final Clock clock;

    WebhookCalls(CodePipelineTables tables, Launch launch, Clock clock) {
        this.tables = tables;
        this.launch = launch;
        this.clock = clock;
    }

    /** The path and query of a webhook's URL: who knows it may try. */
    static String path(Scope scope, WebhookRecord webhook) {
        String named = String.join("/", scope.account(), scope.region(), webhook.id(), webhook.name());
        return PATH + "?" + TOKEN
                + Base64.getUrlEncoder().withoutPadding().encodeToString(named.getBytes(StandardCharsets.UTF_8))
                + "&v=1";
    }

    private static Optional<String> decoded(String token) {
        try {
            return Optional.of(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean accepts(String method, String path) {
        return path.equals(PATH);
    }

    @Override
    public void serve(Exchange exchange) throws IOException {
        exchange.respond(answer(exchange)).close();
    }

    private int answer(Exchange exchange) throws IOException {
        if (!exchange.method().equals("POST")) {
            return 405;
        }
        String[] named = Arrays.stream(exchange.query().split("&", -1))
                .filter(part -> part.startsWith(TOKEN))
                .findFirst()
                .flatMap(part -> decoded(part.substring(TOKEN.length())))
                .map(text -> text.split("/", 4))
                .orElse(new String[0]);
        if (named.length != 4) {
            return 404;
        }
        Scope scope = new Scope(named[0], named[1]);
        Optional<WebhookRecord> webhook = tables.webhook(scope, named[3]).filter(found -> isSame(found.id(), named[2]));
        if (webhook.isEmpty()) {
            return 404;
        }
        byte[] body = exchange.body().readNBytes(LONGEST + 1);
        if (body.length > LONGEST) {
            return 413;
        }
        if (!authentic(webhook.get().definition(), exchange, body)) {
            return 403;
        }
        JsonNode payload;
        try {
            payload = JsonMapper.shared().readTree(body);
        } catch (JacksonException e) {
            return 400;
        }
        if (payload.isMissingNode()) {
            return 400;
        }
        Call.internal(scope, new Principal.Service(scope.account(), Roles.SERVICE), Ids.uuid(), clock.instant())
                .run(() -> tables.transact(() -> {
                    trigger(scope, named[3], payload);
                    return named[3];
                }));
        return 200;
    }

    private static boolean isSame(String right, String given) {
        return MessageDigest.isEqual(right.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean authentic(WebhookDefinition webhook, Exchange exchange, byte[] body) {
        return switch (webhook.authentication()) {
            case GITHUB_HMAC ->
                signed(webhook, "HmacSHA256", exchange.header("X-Hub-Signature-256"), "sha256=", body)
                        .or(() -> signed(webhook, "HmacSHA1", exchange.header("X-Hub-Signature"), "sha1=", body))
                        .orElse(false);
            case IP ->
                AddressRange.parse(webhook.authenticationConfiguration().allowedIPRange())
                        .contains(exchange.remoteAddress());
            case UNAUTHENTICATED -> true;
            case UNKNOWN_TO_SDK_VERSION -> false;
        };
    }

    /** Whether a signature is right; empty where there is none. See "Validating webhook deliveries" in GitHub's documentation. */
    private static Optional<Boolean> signed(
            WebhookDefinition webhook, String algorithm, Optional<String> signature, String prefix, byte[] body) {
        return signature.map(given -> {
            try {
                Mac mac = Mac.getInstance(algorithm);
                byte[] secret =
                        webhook.authenticationConfiguration().secretToken().getBytes(StandardCharsets.UTF_8);
                mac.init(new SecretKeySpec(secret, algorithm));
                String right = prefix + HexFormat.of().formatHex(mac.doFinal(body));
                return isSame(right, given);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void trigger(Scope scope, String name, JsonNode payload) {
        Optional<WebhookRecord> found = tables.webhook(scope, name);
        if (found.isEmpty()) {
            return;
        }
        WebhookRecord webhook = found.get();
        WebhookDefinition definition = webhook.definition();
        Optional<PipelineRecord> pipeline = tables.pipeline(scope, definition.targetPipeline());
        Optional<ActionDeclaration> action = pipeline.flatMap(there -> Webhooks.target(there, definition));
        if (action.isEmpty()) {
            tables.put(
                    scope,
                    webhook.triggered(
                            clock.instant(),
                            pipeline.isEmpty() ? "PipelineNotFoundException" : "ActionNotFoundException",
                            "The pipeline '" + definition.targetPipeline() + "' with the source action '"
                                    + definition.targetAction() + "' was not found"));
            return;
        }
        if (!definition.filters().stream().allMatch(filter -> passes(filter, action.get(), payload))) {
            return;
        }
        try {
            launch.start(
                    scope,
                    pipeline.orElseThrow(),
                    Launch.Cause.of(TriggerType.WEBHOOK, WebhookRecord.arn(scope, name), ""));
            tables.put(scope, webhook.triggered(clock.instant(), "", ""));
        } catch (AwsServiceException e) {
            tables.put(scope, webhook.triggered(clock.instant(), e.getClass().getSimpleName(), AwsErrors.message(e)));
        }
    }

    private static boolean passes(WebhookFilterRule filter, ActionDeclaration action, JsonNode payload) {
        Optional<String> value = JsonPath.parse(filter.jsonPath()).in(payload);
        if (filter.matchEquals() == null) {
            return value.isPresent();
        }
        String wanted = filter.matchEquals();
        for (var setting : action.configuration().entrySet()) {
            wanted = wanted.replace("{" + setting.getKey() + "}", setting.getValue());
        }
        return value.filter(wanted::equals).isPresent();
    }
}
