package dev.terrane.kernel.balancer;

import java.util.List;
import java.util.Optional;

/**
 * A condition of a rule; it is met when any of its values matches. Where wildcards are said to be allowed, {@code *} stands for any
 * characters or none and {@code ?} for exactly one.
 *
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html">Condition types</a>
 */
public sealed interface Condition {
    /** The host name without its port; wildcards, upper and lower case are the same. */
    record HostHeader(List<String> values) implements Condition {
        public HostHeader {
            values = List.copyOf(values);
        }
    }

    /** The path of the URL without its query, as it was sent; wildcards, upper and lower case differ. */
    record PathPattern(List<String> values) implements Condition {
        public PathPattern {
            values = List.copyOf(values);
        }
    }

    /** Any value of the header field; wildcards, upper and lower case are the same. */
    record HttpHeader(String name, List<String> values) implements Condition {
        public HttpHeader {
            values = List.copyOf(values);
        }
    }

    /** The method, exactly; no wildcards. */
    record HttpRequestMethod(List<String> values) implements Condition {
        public HttpRequestMethod {
            values = List.copyOf(values);
        }
    }

    /** Any parameter of the query, as it was sent; wildcards in keys and values, upper and lower case are the same. */
    record QueryString(List<Parameter> values) implements Condition {
        public QueryString {
            values = List.copyOf(values);
        }

        /** A key and value, or without a key any parameter of the value. */
        public record Parameter(Optional<String> key, String value) {}
    }

    /** The address that the connection came from, as CIDR blocks of IPv4 or IPv6; X-Forwarded-For is not looked at. */
    record SourceIp(List<String> values) implements Condition {
        public SourceIp {
            values = List.copyOf(values);
        }
    }
}
