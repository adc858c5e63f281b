package dev.terrane.compute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.balancer.Action;
import dev.terrane.kernel.balancer.Condition;
import dev.terrane.kernel.balancer.Condition.QueryString.Parameter;
import dev.terrane.kernel.balancer.Listener;
import dev.terrane.kernel.balancer.Rule;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Conditions and actions as AWS documents them. */
class RulesTest {
    private static final Action OTHERWISE = new Action.FixedResponse(404, "text/plain", "no rule");
    private static final Action MATCHED = new Action.FixedResponse(200, "text/plain", "matched");

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    static Stream<Arguments> matrix() {
        return Stream.of(
                match(host("example.com"), "GET / HTTP/1.1\r\nHost: EXAMPLE.com:8080", true),
                match(host("*.example.com"), "GET / HTTP/1.1\r\nHost: a.b.example.com", true),
                match(host("*.example.com"), "GET / HTTP/1.1\r\nHost: example.com", false),
                match(host("ex?mple.com", "other"), "GET / HTTP/1.1\r\nHost: other", true),
                match(host("a"), "GET http://a/x HTTP/1.1\r\nHost: b", true),
                match(path("/img/*"), "GET /img/a/b.png?x HTTP/1.1\r\nHost: h", true),
                match(path("/img/*"), "GET /IMG/a HTTP/1.1\r\nHost: h", false),
                match(path("/img/*/pics"), "GET /img/a/b/pics HTTP/1.1\r\nHost: h", true),
                match(path("/a?c"), "GET /abc HTTP/1.1\r\nHost: h", true),
                match(path("/a?c"), "GET /ac HTTP/1.1\r\nHost: h", false),
                match(path("/a"), "GET /a?b=/c HTTP/1.1\r\nHost: h", true),
                match(path("/*x*x"), "GET /**axbx HTTP/1.1\r\nHost: h", true),
                match(header("user-agent", "*chrome*"), "GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: A Chrome/1", true),
                match(header("User-Agent", "*chrome*"), "GET / HTTP/1.1\r\nHost: h", false),
                match(header("X", "b"), "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\nX: b", true),
                match(new Condition.HttpRequestMethod(List.of("PUT", "CUSTOM")), "CUSTOM / HTTP/1.1\r\nHost: h", true),
                match(new Condition.HttpRequestMethod(List.of("get")), "GET / HTTP/1.1\r\nHost: h", false),
                match(query("version", "v1"), "GET /?a=b&Version=V1 HTTP/1.1\r\nHost: h", true),
                match(query("version", "v1"), "GET /?version=v2 HTTP/1.1\r\nHost: h", false),
                match(query("version", "*"), "GET /?other HTTP/1.1\r\nHost: h", false),
                match(
                        new Condition.QueryString(List.of(new Parameter(Optional.empty(), "*example*"))),
                        "GET /?q=an-example-1 HTTP/1.1\r\nHost: h",
                        true),
                match(source("127.0.0.0/8"), "GET / HTTP/1.1\r\nHost: h", true),
                match(source("10.0.0.0/8", "127.0.0.1/32"), "GET / HTTP/1.1\r\nHost: h", true),
                match(source("127.0.0.128/25", "::1/128"), "GET / HTTP/1.1\r\nHost: h", false),
                match(source("10.0.0.0/8"), "GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 10.0.0.1", false));
    }

    private static Arguments match(Condition condition, String request, boolean matches) {
        return Arguments.of(condition, request, matches);
    }

    private static Condition host(String... values) {
        return new Condition.HostHeader(List.of(values));
    }

    private static Condition path(String... values) {
        return new Condition.PathPattern(List.of(values));
    }

    private static Condition header(String name, String... values) {
        return new Condition.HttpHeader(name, List.of(values));
    }

    private static Condition query(String key, String value) {
        return new Condition.QueryString(List.of(new Parameter(Optional.of(key), value)));
    }

    private static Condition source(String... values) {
        return new Condition.SourceIp(List.of(values));
    }

    private void rules(Rule... rules) {
        fixture.apply(Listener.http("http", Fixture.PORT, OTHERWISE).withRules(List.of(rules)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("matrix")
    void matches(Condition condition, String request, boolean matches) throws Exception {
        rules(new Rule("r", 1, List.of(condition), MATCHED));
        assertThat(fixture.raw(request + "\r\nConnection: close\r\n\r\n"))
                .startsWith(matches ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 404 Not Found\r\n")
                .endsWith(matches ? "matched" : "no rule");
    }

    @Test
    void triesRulesByPriorityAndAsksForAllConditions() throws Exception {
        rules(
                new Rule("last", 50, List.of(path("/a*")), new Action.FixedResponse(202, "", "")),
                new Rule("first", 5, List.of(path("/a*"), header("X", "1")), MATCHED));
        assertThat(fixture.get("/ab").statusCode()).isEqualTo(202);
        assertThat(fixture.get("/ab", "X", "1").statusCode()).isEqualTo(200);
        assertThat(fixture.get("/b").statusCode()).isEqualTo(404);
    }

    @Test
    void redirects() throws Exception {
        rules(
                new Rule(
                        "secure",
                        1,
                        List.of(path("/secure*")),
                        new Action.Redirect("HTTPS", "#{host}", "443", "/#{path}", "#{query}", 301)),
                new Rule(
                        "moved",
                        2,
                        List.of(path("/old*")),
                        new Action.Redirect("#{protocol}", "new.example", "#{port}", "/x/#{path}", "", 302)));
        String secure = fixture.raw("GET /secure/a?b=c HTTP/1.1\r\nHost: site:8080\r\nConnection: close\r\n\r\n");
        assertThat(secure)
                .startsWith("HTTP/1.1 301 Moved Permanently\r\n")
                .contains("Location: https://site:443/secure/a?b=c\r\n");
        assertThat(fixture.get("/old?b").headers().firstValue("Location")).contains("http://new.example:8080/x/old");
        assertThat(fixture.proxy.stats("balancer").orElseThrow().redirects()).isEqualTo(2);
    }

    @Test
    void answersHeadWithoutTheBody() throws Exception {
        rules(new Rule("r", 1, List.of(path("/*")), MATCHED));
        assertThat(fixture.raw("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .contains("Content-Length: 7\r\n")
                .endsWith("\r\n\r\n");
    }
}
