package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.error.AwsErrors;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** The attributes of balancers and target groups: AWS's names and defaults, and which values are carried out. */
final class Attributes {
    /** Of a balancer: those that change something here, with AWS's defaults. */
    private static final Map<String, String> BALANCER = Map.ofEntries(
            Map.entry("access_logs.s3.enabled", "false"),
            Map.entry("access_logs.s3.bucket", ""),
            Map.entry("access_logs.s3.prefix", ""),
            Map.entry("connection_logs.s3.enabled", "false"),
            Map.entry("connection_logs.s3.bucket", ""),
            Map.entry("connection_logs.s3.prefix", ""),
            Map.entry("deletion_protection.enabled", "false"),
            Map.entry("idle_timeout.timeout_seconds", "60"),
            Map.entry("client_keep_alive.seconds", "3600"),
            Map.entry("load_balancing.cross_zone.enabled", "true"),
            Map.entry("routing.http.desync_mitigation_mode", "defensive"),
            Map.entry("routing.http.drop_invalid_header_fields.enabled", "false"),
            Map.entry("routing.http.preserve_host_header.enabled", "false"),
            Map.entry("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false"),
            Map.entry("routing.http.xff_client_port.enabled", "false"),
            Map.entry("routing.http.xff_header_processing.mode", "append"),
            Map.entry("routing.http2.enabled", "true"),
            Map.entry("waf.fail_open.enabled", "false"),
            Map.entry("zonal_shift.config.enabled", "false"));

    private static final Map<String, String> GROUP = Map.ofEntries(
            Map.entry("deregistration_delay.timeout_seconds", "300"),
            Map.entry("load_balancing.algorithm.type", "round_robin"),
            Map.entry("load_balancing.algorithm.anomaly_mitigation", "off"),
            Map.entry("load_balancing.cross_zone.enabled", "use_load_balancer_configuration"),
            Map.entry("slow_start.duration_seconds", "0"),
            Map.entry("stickiness.enabled", "false"),
            Map.entry("stickiness.type", "lb_cookie"),
            Map.entry("stickiness.lb_cookie.duration_seconds", "86400"),
            Map.entry("stickiness.app_cookie.cookie_name", ""),
            Map.entry("stickiness.app_cookie.duration_seconds", "86400"),
            Map.entry("target_group_health.dns_failover.minimum_healthy_targets.count", "1"),
            Map.entry("target_group_health.dns_failover.minimum_healthy_targets.percentage", "off"),
            Map.entry("target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "1"),
            Map.entry("target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", "off"));

    /** Of an HTTP listener: headers of responses, of which an empty one is left as the target sent it. */
    private static final Map<String, String> LISTENER = Map.of(
            "routing.http.response.server.enabled", "true",
            "routing.http.response.access_control_allow_credentials.header_value", "",
            "routing.http.response.access_control_allow_headers.header_value", "",
            "routing.http.response.access_control_allow_methods.header_value", "",
            "routing.http.response.access_control_allow_origin.header_value", "",
            "routing.http.response.access_control_expose_headers.header_value", "",
            "routing.http.response.access_control_max_age.header_value", "",
            "routing.http.response.content_security_policy.header_value", "",
            "routing.http.response.x_content_type_options.header_value", "",
            "routing.http.response.x_frame_options.header_value", "");

    /** Those whose values may be changed, because the balancer does what they say. */
    private static final Set<String> CARRIED_OUT = Set.of(
            "deletion_protection.enabled",
            "idle_timeout.timeout_seconds",
            "client_keep_alive.seconds",
            "routing.http.drop_invalid_header_fields.enabled",
            "routing.http.xff_header_processing.mode",
            "deregistration_delay.timeout_seconds",
            "load_balancing.algorithm.type",
            "slow_start.duration_seconds",
            "stickiness.enabled",
            "stickiness.lb_cookie.duration_seconds");

    private Attributes() {}

    static Map<String, String> ofBalancer() {
        return BALANCER;
    }

    static Map<String, String> ofListener() {
        return LISTENER;
    }

    static Map<String, String> ofGroup() {
        return GROUP;
    }

    /** The keys and values that a request gives; the last where one comes twice.
     *
     * @throws AwsServiceException when one is missing */
    static <T> Map<String, String> given(
            List<T> attributes, Function<T, @Nullable String> key, Function<T, @Nullable String> value) {
        Map<String, String> given = new TreeMap<>();
        for (T attribute : attributes) {
            String name = key.apply(attribute);
            String text = value.apply(attribute);
            if (name == null || text == null) {
                throw validation("An attribute must have a key and a value");
            }
            given.put(name, text);
        }
        return given;
    }

    /** The attributes with changes.
     *
     * @throws AwsServiceException for an unknown key, a value out of range, or one that is not carried out here */
    static Map<String, String> changed(Map<String, String> current, Map<String, String> changes) {
        Map<String, String> next = new TreeMap<>(current);
        changes.forEach((key, value) -> {
            if (!current.containsKey(key)) {
                throw validation("Load balancer attribute key '" + key + "' is not recognized");
            }
            if (!CARRIED_OUT.contains(key) && !value.equals(current.get(key))) {
                throw AwsErrors.of(
                        "InvalidConfigurationRequest",
                        400,
                        "The attribute '" + key + "' can only be '" + current.get(key)
                                + "' here: see docs/services/elasticloadbalancingv2.md");
            }
            check(key, value);
            next.put(key, value);
        });
        return next;
    }

    private static void check(String key, String value) {
        switch (key) {
            case "idle_timeout.timeout_seconds" -> range(key, value, 1, 4000);
            case "client_keep_alive.seconds" -> range(key, value, 60, 604_800);
            case "deregistration_delay.timeout_seconds" -> range(key, value, 0, 3600);
            case "stickiness.lb_cookie.duration_seconds" -> range(key, value, 1, 604_800);
            case "slow_start.duration_seconds" -> {
                if (!value.equals("0")) {
                    range(key, value, 30, 900);
                }
            }
            case "load_balancing.algorithm.type" ->
                oneOf(key, value, Set.of("round_robin", "least_outstanding_requests"));
            case "routing.http.xff_header_processing.mode" -> oneOf(key, value, Set.of("append", "preserve", "remove"));
            default -> {
                if (key.endsWith(".enabled")) {
                    oneOf(key, value, Set.of("true", "false"));
                }
            }
        }
    }

    private static void range(String key, String value, int least, int most) {
        if (!value.matches("[0-9]{1,7}") || Integer.parseInt(value) < least || Integer.parseInt(value) > most) {
            throw validation("Attribute '" + key + "' must be a number between " + least + " and " + most);
        }
    }

    private static void oneOf(String key, String value, Set<String> values) {
        if (!values.contains(value)) {
            throw validation("Attribute '" + key + "' must be one of "
                    + values.stream().sorted().toList());
        }
    }

    static AwsServiceException validation(String message) {
        return AwsErrors.of("ValidationError", 400, message);
    }
}
