package dev.terrane.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.CORSRule;

/** What browsers are told, on behalf of pages of other origins. */
class CrossOriginsTest extends S3Test {
    private static final CORSRule SHOP = CORSRule.builder()
            .id("shop")
            .allowedMethods("GET", "PUT")
            .allowedOrigins("https://*.shop.example")
            .allowedHeaders("content-*", "X-Amz-Date")
            .exposeHeaders("ETag")
            .maxAgeSeconds(600)
            .build();
    private static final CORSRule ALL =
            CORSRule.builder().allowedMethods("GET").allowedOrigins("*").build();

    static {
        // Pages name their origin, which Java's client leaves to browsers unless told.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "origin");
    }

    private void allow(CORSRule... rules) {
        s3.putBucketCors(r -> r.bucket(BUCKET).corsConfiguration(c -> c.corsRules(rules)));
    }

    private HttpResponse<String> send(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.url().resolve(path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .headers(headers);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> preflight(String origin, String method, String headers) {
        return headers.isEmpty()
                ? send("OPTIONS", "/" + BUCKET + "/key", "Origin", origin, "Access-Control-Request-Method", method)
                : send(
                        "OPTIONS",
                        "/" + BUCKET + "/key",
                        "Origin",
                        origin,
                        "Access-Control-Request-Method",
                        method,
                        "Access-Control-Request-Headers",
                        headers);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("-");
    }

    @Test
    void aPreflightRequestIsAnsweredByTheFirstRuleThatFits() {
        allow(SHOP, ALL);
        HttpResponse<String> answer = preflight("https://www.shop.example", "PUT", "Content-Type, x-amz-date");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("https://www.shop.example");
        assertThat(header(answer, "Access-Control-Allow-Methods")).isEqualTo("GET, PUT");
        assertThat(header(answer, "Access-Control-Allow-Headers")).isEqualTo("content-type, x-amz-date");
        assertThat(header(answer, "Access-Control-Expose-Headers")).isEqualTo("ETag");
        assertThat(header(answer, "Access-Control-Max-Age")).isEqualTo("600");
        assertThat(header(answer, "Access-Control-Allow-Credentials")).isEqualTo("true");
        assertThat(header(answer, "Vary")).contains("Origin");
        HttpResponse<String> other = preflight("https://elsewhere.example", "GET", "");
        assertThat(header(other, "Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(header(other, "Access-Control-Allow-Credentials")).isEqualTo("-");
    }

    @Test
    void whatNoRuleFitsIsForbidden() {
        allow(SHOP);
        for (HttpResponse<String> answer : List.of(
                preflight("https://elsewhere.example", "GET", ""),
                preflight("https://www.shop.example", "DELETE", ""),
                preflight("https://www.shop.example", "GET", "x-other"))) {
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body())
                    .contains("<Code>AccessForbidden</Code>", "This CORS request is not allowed", "OBJECT");
            assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("-");
        }
        s3.deleteBucketCors(r -> r.bucket(BUCKET));
        assertThat(preflight("https://www.shop.example", "GET", "").body())
                .contains("CORS is not enabled for this bucket");
        assertThat(send(
                                "OPTIONS",
                                "/no-such-bucket",
                                "Origin",
                                "https://www.shop.example",
                                "Access-Control-Request-Method",
                                "GET")
                        .statusCode())
                .isEqualTo(403);
    }

    /** Also of answers that are errors: the page is to see them. */
    @Test
    void answersSayWhoMayReadThem() {
        allow(SHOP);
        HttpResponse<String> denied = send("GET", "/" + BUCKET + "/key", "Origin", "https://www.shop.example");
        assertThat(denied.statusCode()).isEqualTo(403);
        assertThat(header(denied, "Access-Control-Allow-Origin")).isEqualTo("https://www.shop.example");
        assertThat(header(
                        send("GET", "/" + BUCKET + "/key", "Origin", "https://elsewhere.example"),
                        "Access-Control-Allow-Origin"))
                .isEqualTo("-");
        assertThat(header(send("GET", "/" + BUCKET + "/key", "Accept", "*/*"), "Access-Control-Allow-Origin"))
                .isEqualTo("-");
    }

    @Test
    void rulesAreToldAndForgotten() {
        refused("NoSuchCORSConfiguration", 404, () -> s3.getBucketCors(r -> r.bucket(BUCKET)));
        allow(SHOP, ALL);
        restart();
        assertThat(s3.getBucketCors(r -> r.bucket(BUCKET)).corsRules()).containsExactly(SHOP, ALL);
        s3.deleteBucket(r -> r.bucket(BUCKET));
        s3.createBucket(r -> r.bucket(BUCKET));
        refused("NoSuchCORSConfiguration", 404, () -> s3.getBucketCors(r -> r.bucket(BUCKET)));
    }

    @Test
    void rulesThatCannotBeAreRefused() {
        refused("MalformedXML", 400, () -> allow());
        refused(
                "InvalidRequest",
                400,
                () -> allow(ALL.toBuilder().allowedMethods("PATCH").build()));
        refused(
                "InvalidRequest",
                400,
                () -> allow(ALL.toBuilder().allowedOrigins("*.*").build()));
        refused(
                "InvalidRequest",
                400,
                () -> allow(ALL.toBuilder().allowedHeaders("*-*").build()));
        refused(
                "InvalidRequest",
                400,
                () -> allow(ALL.toBuilder().exposeHeaders("x-*").build()));
        refused(
                "MalformedXML",
                400,
                () -> allow(ALL.toBuilder().allowedOrigins(List.of()).build()));
    }
}
