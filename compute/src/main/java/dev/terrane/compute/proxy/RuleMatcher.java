package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.Condition;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** One condition, made ready for matching. */
@FunctionalInterface
interface RuleMatcher {
    boolean matches(RequestHead request, InetAddress client);

    /** Met when all the conditions are. */
    static RuleMatcher all(List<Condition> conditions) {
        List<RuleMatcher> matchers = conditions.stream().map(RuleMatcher::of).toList();
        return (request, client) -> {
            for (RuleMatcher matcher : matchers) {
                if (!matcher.matches(request, client)) {
                    return false;
                }
            }
            return true;
        };
    }

    static RuleMatcher of(Condition condition) {
        return switch (condition) {
            case Condition.HostHeader host -> {
                List<Wildcard> patterns = wildcards(host.values(), true);
                yield (request, client) -> any(patterns, withoutPort(request.host()));
            }
            case Condition.PathPattern path -> {
                List<Wildcard> patterns = wildcards(path.values(), false);
                yield (request, client) -> any(patterns, request.path());
            }
            case Condition.HttpHeader header -> {
                List<Wildcard> patterns = wildcards(header.values(), true);
                yield (request, client) ->
                        request.headers().all(header.name()).stream().anyMatch(value -> any(patterns, value));
            }
            case Condition.HttpRequestMethod method ->
                (request, client) -> method.values().contains(request.method());
            case Condition.QueryString query -> {
                List<QueryPattern> patterns =
                        query.values().stream().map(QueryPattern::new).toList();
                yield (request, client) -> patterns.stream().anyMatch(pattern -> pattern.matches(request.query()));
            }
            case Condition.SourceIp source -> {
                List<CidrBlock> blocks =
                        source.values().stream().map(CidrBlock::new).toList();
                yield (request, client) -> blocks.stream().anyMatch(block -> block.contains(client));
            }
        };
    }

    private static List<Wildcard> wildcards(List<String> values, boolean ignoreCase) {
        return values.stream().map(value -> new Wildcard(value, ignoreCase)).toList();
    }

    private static boolean any(List<Wildcard> patterns, String text) {
        for (Wildcard pattern : patterns) {
            if (pattern.matches(text)) {
                return true;
            }
        }
        return false;
    }

    /** The host of a Host field; an IPv6 literal keeps its brackets. */
    static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    /** A key and value to be found in a query. */
    final class QueryPattern {
        private final Optional<Wildcard> key;
        private final Wildcard value;

        QueryPattern(Condition.QueryString.Parameter parameter) {
            key = parameter.key().map(text -> new Wildcard(text, true));
            value = new Wildcard(parameter.value(), true);
        }

        boolean matches(String query) {
            if (query.isEmpty()) {
                return false;
            }
            for (String each : query.split("&", -1)) {
                int equals = each.indexOf('=');
                String name = equals < 0 ? each : each.substring(0, equals);
                String content = equals < 0 ? "" : each.substring(equals + 1);
                if (value.matches(content)
                        && key.map(pattern -> pattern.matches(name)).orElse(true)) {
                    return true;
                }
            }
            return false;
        }
    }
}
