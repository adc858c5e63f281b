package dev.terrane.codepipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.codepipeline.model.*;

/** A POST to a webhook's URL starts its pipeline, where it is authentic and passes the filters. */
class WebhooksTest {
    private static final String PUSH = """
            {"ref": "refs/heads/main", "commits": [{"id": "c1"}], "repository": {"full name": "shop"}, "forced": false}
            """;

    private final Workshop workshop = new Workshop();
    private CodePipelineClient pipelines = workshop.pipelines();

    @BeforeEach
    void makePipeline() {
        workshop.create(workshop.structure(
                Workshop.stage("Source", workshop.quietSource()),
                Workshop.stage(
                        "Second",
                        Workshop.action(ActionCategory.APPROVAL, "Manual", "Approve")
                                .build())));
    }

    @AfterEach
    void close() {
        assertThat(workshop.server.faults()).isEmpty();
        workshop.close();
    }

    private String put(Consumer<WebhookDefinition.Builder> more) {
        WebhookDefinition.Builder definition = WebhookDefinition.builder()
                .name("push")
                .targetPipeline("shop")
                .targetAction("Source")
                .filters(List.of())
                .authentication(WebhookAuthenticationType.UNAUTHENTICATED)
                .authenticationConfiguration(a -> {});
        more.accept(definition);
        workshop.server.url();
        return pipelines
                .putWebhook(r -> r.webhook(definition.build()))
                .webhook()
                .url();
    }

    private static WebhookFilterRule filter(String path, String equals) {
        return WebhookFilterRule.builder().jsonPath(path).matchEquals(equals).build();
    }

    private static int post(String url, String body, String... headers) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.ofString(body));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String mac(String algorithm, String secret, String body) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private long started() {
        return workshop.executions().stream()
                .filter(execution -> execution.trigger().triggerType() == TriggerType.WEBHOOK)
                .count();
    }

    private ListWebhookItem webhook() {
        return pipelines.listWebhooks(r -> {}).webhooks().getFirst();
    }

    @Test
    void aSignedRequestStartsThePipeline() {
        String url = put(w -> w.authentication(WebhookAuthenticationType.GITHUB_HMAC)
                .authenticationConfiguration(a -> a.secretToken("open sesame")));
        assertThat(webhook().definition().authenticationConfiguration().secretToken())
                .isEqualTo("****");
        assertThat(webhook().arn()).isEqualTo("arn:aws:codepipeline:us-east-1:123456789012:webhook:push");
        assertThat(post(url, PUSH)).isEqualTo(403);
        assertThat(post(url, PUSH, "X-Hub-Signature", "sha1=" + mac("HmacSHA1", "close sesame", PUSH)))
                .isEqualTo(403);
        assertThat(started()).isZero();
        assertThat(post(url, PUSH, "X-Hub-Signature", "sha1=" + mac("HmacSHA1", "open sesame", PUSH)))
                .isEqualTo(200);
        assertThat(started()).isEqualTo(1);
        assertThat(workshop.executions().getFirst().trigger().triggerDetail())
                .isEqualTo(webhook().arn());
        assertThat(webhook().lastTriggered()).isNotNull();
        workshop.server.restart();
        pipelines = workshop.pipelines();
        workshop.server.url();
        String now = webhook().url();
        assertThat(post(now, PUSH, "X-Hub-Signature-256", "sha256=" + mac("HmacSHA256", "open sesame", PUSH)))
                .isEqualTo(200);
        assertThat(started()).isEqualTo(2);
        assertThat(workshop.server.trail().toString()).doesNotContain("open sesame");
    }

    @Test
    void addressesAreHeldAgainstTheRange() {
        String url = put(w -> w.authentication(WebhookAuthenticationType.IP)
                .authenticationConfiguration(a -> a.allowedIPRange("10.0.0.0/8")));
        assertThat(post(url, PUSH)).isEqualTo(403);
        assertThat(put(w -> w.authentication(WebhookAuthenticationType.IP)
                        .authenticationConfiguration(a -> a.allowedIPRange("127.0.0.0/8"))))
                .as("the URL stays")
                .isEqualTo(url);
        assertThat(post(url, PUSH)).isEqualTo(200);
        assertThat(started()).isEqualTo(1);
    }

    @Test
    void allFiltersMustLetItPass() {
        String url = put(w -> w.filters(
                filter("$.ref", "refs/heads/{BranchName}"),
                filter("$.commits[0].id", "c1"),
                filter("$['repository'][\"full name\"]", "shop"),
                WebhookFilterRule.builder().jsonPath("$.forced").build()));
        assertThat(post(url, PUSH)).isEqualTo(200);
        assertThat(started()).isEqualTo(1);
        for (String other : List.of(
                PUSH.replace("main", "other"), PUSH.replace("c1", "c2"), PUSH.replace("forced", "calm"), "{}", "[]")) {
            assertThat(post(url, other)).isEqualTo(200);
        }
        assertThat(started()).isEqualTo(1);
        assertThat(post(url, "no json")).isEqualTo(400);
        assertThat(post(url, "")).isEqualTo(400);
        assertThat(post(url.replace("t=", "t=x"), PUSH)).isEqualTo(404);
        pipelines.deleteWebhook(r -> r.name("push"));
        assertThat(post(url, PUSH)).isEqualTo(404);
        pipelines.deleteWebhook(r -> r.name("push"));
        assertThat(put(w -> {})).as("another one of that name has another URL").isNotEqualTo(url);
    }

    @Test
    void whatCannotBeStartedIsNoted() {
        String url = put(w -> {});
        pipelines.deletePipeline(r -> r.name("shop"));
        assertThat(post(url, PUSH)).isEqualTo(200);
        assertThat(webhook().errorCode()).isEqualTo("PipelineNotFoundException");
        assertThat(webhook().errorMessage()).contains("'shop'");
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> put(w -> w.targetPipeline("none"))).isInstanceOf(PipelineNotFoundException.class);
        assertThatThrownBy(() -> put(w -> w.targetAction("Approve"))).hasMessageContaining("does not have an action");
        assertThatThrownBy(() -> put(w -> w.authenticationConfiguration(a -> a.secretToken("x"))))
                .isInstanceOf(InvalidWebhookAuthenticationParametersException.class);
        assertThatThrownBy(() -> put(w -> w.authentication(WebhookAuthenticationType.GITHUB_HMAC)))
                .isInstanceOf(InvalidWebhookAuthenticationParametersException.class);
        assertThatThrownBy(() -> put(w -> w.authentication(WebhookAuthenticationType.IP)
                        .authenticationConfiguration(a -> a.allowedIPRange("10.0.0.0/99"))))
                .isInstanceOf(InvalidWebhookAuthenticationParametersException.class);
        for (String path : List.of("ref", "$.", "$..ref", "$.commits[*].id", "$.commits[?(@.id)]")) {
            assertThatThrownBy(() -> put(w -> w.filters(filter(path, "x"))))
                    .isInstanceOf(InvalidWebhookFilterPatternException.class);
        }
        put(w -> {});
        assertThatThrownBy(() -> pipelines.registerWebhookWithThirdParty(r -> r.webhookName("push")))
                .hasMessageContaining("is not of a third party");
        assertThatThrownBy(() -> pipelines.registerWebhookWithThirdParty(r -> r.webhookName("none")))
                .isInstanceOf(WebhookNotFoundException.class);
    }
}
