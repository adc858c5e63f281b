package dev.terrane.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.RoutingRule;
import software.amazon.awssdk.services.s3.model.WebsiteConfiguration;

/** A bucket as a website, as browsers see it. */
class WebsitesTest extends S3Test {
    private static final WebsiteConfiguration SITE = WebsiteConfiguration.builder()
            .indexDocument(i -> i.suffix("index.html"))
            .errorDocument(e -> e.key("errors/sorry.html"))
            .routingRules(
                    RoutingRule.builder()
                            .condition(c -> c.keyPrefixEquals("old/"))
                            .redirect(r -> r.replaceKeyPrefixWith("new/").httpRedirectCode("302"))
                            .build(),
                    RoutingRule.builder()
                            .condition(c -> c.keyPrefixEquals("app/").httpErrorCodeReturnedEquals("404"))
                            .redirect(r -> r.replaceKeyWith("app.html").hostName("app.example"))
                            .build())
            .build();

    @BeforeEach
    void open() {
        s3.deletePublicAccessBlock(r -> r.bucket(BUCKET));
        s3.putBucketPolicy(r -> r.bucket(BUCKET)
                .policy(
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":"
                                + "[\"s3:GetObject\",\"s3:ListBucket\"],\"Resource\":[\"arn:aws:s3:::" + BUCKET
                                + "\",\"arn:aws:s3:::" + BUCKET + "/public/*\",\"arn:aws:s3:::" + BUCKET
                                + "/app/*\",\"arn:aws:s3:::" + BUCKET + "/errors/*\",\"arn:aws:s3:::" + BUCKET
                                + "/index.html\"]}]}"));
        page("index.html", "<h1>Home</h1>");
        page("public/index.html", "<h1>Public</h1>");
        page("public/a b.html", "<h1>A</h1>");
        page("secret/index.html", "<h1>Secret</h1>");
        page("errors/sorry.html", "<h1>Sorry</h1>");
        s3.putBucketWebsite(r -> r.bucket(BUCKET).websiteConfiguration(SITE));
    }

    private void page(String key, String html) {
        s3.putObject(r -> r.bucket(BUCKET).key(key).contentType("text/html"), RequestBody.fromString(html));
    }

    /** A request as a browser makes it, whose Host header is the website's. */
    private String visit(String method, String host, String path) {
        try (Socket socket = new Socket(server.url().getHost(), server.url().getPort())) {
            String request = method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String get(String path) {
        return visit("GET", BUCKET + ".s3-website.localhost:4566", path);
    }

    private static String location(String answer) {
        return answer.lines()
                .filter(line -> line.regionMatches(true, 0, "Location: ", 0, 10))
                .findFirst()
                .map(line -> line.substring(10))
                .orElse("");
    }

    @Test
    void anIndexDocumentStandsForAFolder() {
        assertThat(get("/")).startsWith("HTTP/1.1 200").contains("<h1>Home</h1>", "text/html");
        assertThat(get("/public/?version=1&acl")).startsWith("HTTP/1.1 200").endsWith("<h1>Public</h1>");
        assertThat(get("/public/a%20b.html")).startsWith("HTTP/1.1 200").endsWith("<h1>A</h1>");
        assertThat(visit("GET", BUCKET + ".s3-website-us-east-1.amazonaws.com", "/"))
                .contains("<h1>Home</h1>");
        assertThat(visit("HEAD", BUCKET + ".s3-website.localhost", "/"))
                .startsWith("HTTP/1.1 200")
                .doesNotContain("Home");
        String folder = get("/public");
        assertThat(folder).startsWith("HTTP/1.1 302");
        assertThat(location(folder)).isEqualTo("/public/");
    }

    @Test
    void anErrorDocumentStandsForAnError() {
        assertThat(get("/public/missing")).startsWith("HTTP/1.1 404").endsWith("<h1>Sorry</h1>");
        assertThat(get("/secret/")).startsWith("HTTP/1.1 403").endsWith("<h1>Sorry</h1>");
        s3.deleteObject(r -> r.bucket(BUCKET).key("errors/sorry.html"));
        assertThat(get("/public/missing"))
                .startsWith("HTTP/1.1 404")
                .contains("<h1>404 Not Found</h1>", "Code: NoSuchKey", "text/html");
        assertThat(visit("PUT", BUCKET + ".s3-website.localhost", "/x"))
                .startsWith("HTTP/1.1 405")
                .contains("MethodNotAllowed");
    }

    @Test
    void rulesSendElsewhere() {
        String moved = get("/old/a%20b");
        assertThat(moved).startsWith("HTTP/1.1 302");
        assertThat(location(moved)).isEqualTo("http://" + BUCKET + ".s3-website.localhost:4566/new/a%20b");
        String missing = get("/app/deep/link");
        assertThat(missing).startsWith("HTTP/1.1 301");
        assertThat(location(missing)).isEqualTo("http://app.example/app.html");
        s3.putObject(
                r -> r.bucket(BUCKET).key("public/moved").websiteRedirectLocation("https://elsewhere.example/"),
                RequestBody.empty());
        String object = get("/public/moved");
        assertThat(object).startsWith("HTTP/1.1 301");
        assertThat(location(object)).isEqualTo("https://elsewhere.example/");
    }

    @Test
    void aWholeSiteIsSentElsewhere() {
        s3.putBucketWebsite(r -> r.bucket(BUCKET)
                .websiteConfiguration(w ->
                        w.redirectAllRequestsTo(to -> to.hostName("new.example").protocol("https"))));
        String answer = get("/some/page");
        assertThat(answer).startsWith("HTTP/1.1 301");
        assertThat(location(answer)).isEqualTo("https://new.example/some/page");
    }

    @Test
    void aBucketThatIsNoWebsiteSaysSo() {
        assertThat(s3.getBucketWebsite(r -> r.bucket(BUCKET)).indexDocument().suffix())
                .isEqualTo("index.html");
        s3.deleteBucketWebsite(r -> r.bucket(BUCKET));
        assertThat(get("/")).startsWith("HTTP/1.1 404").contains("NoSuchWebsiteConfiguration");
        assertThat(visit("GET", "nothing.s3-website.localhost", "/")).contains("NoSuchBucket");
        refused("NoSuchWebsiteConfiguration", 404, () -> s3.getBucketWebsite(r -> r.bucket(BUCKET)));
    }

    private void isRefused(String code, WebsiteConfiguration site) {
        refused(code, 400, () -> s3.putBucketWebsite(r -> r.bucket(BUCKET).websiteConfiguration(site)));
    }

    @Test
    void whatCannotBeAWebsiteIsRefused() {
        isRefused("InvalidArgument", WebsiteConfiguration.builder().build());
        isRefused(
                "InvalidArgument",
                WebsiteConfiguration.builder()
                        .indexDocument(i -> i.suffix("a/b"))
                        .build());
        isRefused(
                "MalformedXML",
                SITE.toBuilder().redirectAllRequestsTo(to -> to.hostName("h")).build());
        RoutingRule rule = SITE.routingRules().getFirst();
        isRefused(
                "InvalidRequest",
                SITE.toBuilder()
                        .routingRules(rule.toBuilder()
                                .redirect(r -> r.httpRedirectCode("200"))
                                .build())
                        .build());
        isRefused(
                "InvalidRequest",
                SITE.toBuilder()
                        .routingRules(rule.toBuilder()
                                .redirect(r -> r.replaceKeyWith("a").replaceKeyPrefixWith("b"))
                                .build())
                        .build());
    }
}
