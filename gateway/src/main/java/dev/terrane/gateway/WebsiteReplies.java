package dev.terrane.gateway;

import dev.terrane.gateway.protocol.Headers;
import dev.terrane.gateway.protocol.WireBody;
import dev.terrane.gateway.protocol.WireRequest;
import dev.terrane.gateway.protocol.WireResponse;
import dev.terrane.kernel.service.Website;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves buckets that are websites to browsers: objects as anybody may read them, index and error documents, redirections.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html">Website endpoints</a>
 */
final class WebsiteReplies {
    private static final int LONGEST_ERROR = 64 << 10;

    private final Services services;
    private final Inner inner;

    /** The same API as for everybody, asked without a signature. */
    @FunctionalInterface
    interface Inner {
        void serve(WireRequest request, String remoteAddress, boolean secure, AwsEndpoint.Reply reply);
    }

    WebsiteReplies(Services services, Inner inner) {
        this.services = services;
        this.inner = inner;
    }

    /** One request of a browser. */
    private record Visit(
            WireRequest request,
            String bucket,
            String path,
            String remoteAddress,
            boolean secure,
            String requestId,
            AwsEndpoint.Reply reply) {
        /** The key as it is meant. */
        String key() {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        }
    }

    void serve(
            WireRequest request,
            String bucket,
            String remoteAddress,
            boolean secure,
            String requestId,
            AwsEndpoint.Reply reply) {
        Visit visit = new Visit(request, bucket, request.path().substring(1), remoteAddress, secure, requestId, reply);
        Optional<Website.Source> source =
                services.named("s3").filter(Website.Source.class::isInstance).map(Website.Source.class::cast);
        Optional<Website> site = source.flatMap(s3 -> s3.website(bucket));
        if (site.isEmpty()) {
            boolean there = source.filter(s3 -> s3.hasBucket(bucket)).isPresent();
            html(
                    visit,
                    404,
                    there ? "NoSuchWebsiteConfiguration" : "NoSuchBucket",
                    there
                            ? "The specified bucket does not have a website configuration"
                            : "The specified bucket does not exist");
        } else if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            html(visit, 405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
        } else {
            try {
                serve(visit, site.get());
            } catch (IllegalArgumentException e) {
                html(visit, 400, "InvalidURI", "Couldn't parse the specified URI.");
            }
        }
    }

    private void serve(Visit visit, Website site) {
        if (site.all().isPresent()) {
            redirect(visit, site.all().get(), "");
            return;
        }
        Optional<Website.Rule> rule = rule(site, visit, 0);
        if (rule.isPresent()) {
            redirect(visit, rule.get().redirect(), rule.get().prefix());
            return;
        }
        boolean folder = visit.path().isEmpty() || visit.path().endsWith("/");
        String path = folder ? visit.path() + encoded(site.index()) : visit.path();
        get(visit, visit.request().method(), path, response -> answer(visit, site, response));
    }

    private static Optional<Website.Rule> rule(Website site, Visit visit, int status) {
        String key = visit.key();
        return site.rules().stream().filter(rule -> rule.fits(key, status)).findFirst();
    }

    /** Asks for an object as anybody would. */
    private void get(Visit visit, String method, String path, AwsEndpoint.Reply reply) {
        Headers.Builder headers = Headers.builder();
        visit.request().headers().forEach((name, value) -> {
            if (!name.equalsIgnoreCase("Authorization") && !name.regionMatches(true, 0, "x-amz-", 0, 6)) {
                headers.add(name, value);
            }
        });
        // A host that names no bucket: the path does.
        headers.set("Host", "s3.localhost");
        inner.serve(
                new WireRequest(method, "/" + visit.bucket() + "/" + path, "", headers.build(), WireBody.EMPTY),
                visit.remoteAddress(),
                visit.secure(),
                reply);
    }

    private void answer(Visit visit, Website site, WireResponse response) {
        if (response.status() < 400) {
            Optional<String> elsewhere = response.headers().first("x-amz-website-redirect-location");
            if (elsewhere.isPresent()) {
                redirect(visit, 301, elsewhere.get());
            } else {
                visit.reply().send(response);
            }
            return;
        }
        Optional<Website.Rule> rule = rule(site, visit, response.status());
        if (rule.isPresent()) {
            redirect(visit, rule.get().redirect(), rule.get().prefix());
        } else if (isFolder(visit, site)) {
            redirect(visit, 302, "/" + visit.path() + "/");
        } else {
            error(visit, site, response);
        }
    }

    /** Whether what was asked for is a folder whose name lacks its slash. */
    private boolean isFolder(Visit visit, Website site) {
        if (visit.path().isEmpty() || visit.path().endsWith("/")) {
            return false;
        }
        AtomicInteger status = new AtomicInteger();
        get(visit, "HEAD", visit.path() + "/" + encoded(site.index()), response -> status.set(response.status()));
        return status.get() == 200;
    }

    private void error(Visit visit, Website site, WireResponse response) {
        String said = text(response);
        if (site.error().isEmpty() || response.status() >= 500) {
            html(visit, response.status(), element(said, "Code"), element(said, "Message"));
            return;
        }
        get(visit, "GET", encoded(site.error()), document -> {
            if (document.status() == 200) {
                visit.reply().send(new WireResponse(response.status(), document.headers(), document.body()));
            } else {
                html(visit, response.status(), element(said, "Code"), element(said, "Message"));
            }
        });
    }

    private static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }

    private static String text(WireResponse response) {
        try (InputStream body = response.body().open()) {
            return new String(body.readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of an element of an error, as it is escaped there. */
    private static String element(String xml, String name) {
        int begin = xml.indexOf("<" + name + ">");
        int end = xml.indexOf("</" + name + ">");
        return begin < 0 || end < begin ? "" : xml.substring(begin + name.length() + 2, end);
    }

    private static void redirect(Visit visit, Website.Redirect to, String prefix) {
        String host =
                to.host().isEmpty() ? visit.request().headers().first("Host").orElse("") : to.host();
        String protocol = !to.protocol().isEmpty() ? to.protocol() : visit.secure() ? "https" : "http";
        String key = to.key()
                .map(WebsiteReplies::encoded)
                .or(() -> to.keyPrefix()
                        .map(WebsiteReplies::encoded)
                        .map(begin -> begin + encoded(visit.key().substring(prefix.length()))))
                .orElse(visit.path());
        redirect(visit, to.status(), protocol + "://" + host + "/" + key);
    }

    private static void redirect(Visit visit, int status, String location) {
        visit.reply()
                .send(new WireResponse(
                        status,
                        Headers.of("Location", location, "x-amz-request-id", visit.requestId()),
                        WireBody.EMPTY));
    }

    private static void html(Visit visit, int status, String code, String message) {
        String title = status + " "
                + switch (status) {
                    case 400 -> "Bad Request";
                    case 403 -> "Forbidden";
                    case 404 -> "Not Found";
                    case 405 -> "Method Not Allowed";
                    case 416 -> "Requested Range Not Satisfiable";
                    default -> "Error";
                };
        String page =
                "<html>\n<head><title>" + title + "</title></head>\n<body>\n<h1>" + title + "</h1>\n<ul>\n<li>Code: "
                        + code + "</li>\n<li>Message: " + message + "</li>\n<li>RequestId: " + visit.requestId()
                        + "</li>\n</ul>\n<hr/>\n</body>\n</html>\n";
        visit.reply()
                .send(new WireResponse(
                        status,
                        Headers.of(
                                "Content-Type",
                                "text/html; charset=utf-8",
                                "x-amz-error-code",
                                code,
                                "x-amz-request-id",
                                visit.requestId()),
                        WireBody.of(page.getBytes(StandardCharsets.UTF_8))));
    }
}
