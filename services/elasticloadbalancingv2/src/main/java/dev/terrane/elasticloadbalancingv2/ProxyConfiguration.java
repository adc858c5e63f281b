package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.balancer.Action;
import dev.terrane.kernel.balancer.BalancerConfig;
import dev.terrane.kernel.balancer.BalancerSettings;
import dev.terrane.kernel.balancer.Condition;
import dev.terrane.kernel.balancer.HealthCheck;
import dev.terrane.kernel.balancer.Listener;
import dev.terrane.kernel.balancer.Rule;
import dev.terrane.kernel.balancer.StatusMatcher;
import dev.terrane.kernel.balancer.Target;
import dev.terrane.kernel.balancer.TargetGroup;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.compute.Compute;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/** Turns what is stored of a balancer into what the proxy is given. */
final class ProxyConfiguration {
    private final BalancingTables tables;
    private final Compute compute;

    ProxyConfiguration(BalancingTables tables, Compute compute) {
        this.tables = tables;
        this.compute = compute;
    }

    BalancerConfig of(Scope scope, BalancerRecord balancer) {
        List<Listener> listeners = new ArrayList<>();
        Set<String> groups = new TreeSet<>();
        for (ListenerRecord listener : tables.listenersOf(scope, balancer.arn())) {
            List<Rule> rules = tables.rulesOf(scope, listener.arn()).stream()
                    .map(r -> new Rule(
                            r.arn(),
                            Integer.parseInt(r.rule().priority()),
                            r.rule().conditions().stream()
                                    .map(ProxyConfiguration::condition)
                                    .toList(),
                            action(r.rule().actions().getLast())))
                    .toList();
            listeners.add(Listener.http(
                            listener.arn(),
                            listener.listener().port(),
                            action(listener.listener().defaultActions().getLast()))
                    .withRules(rules));
            groups.addAll(ForwardTargets.of(listener.listener().defaultActions()));
            tables.rulesOf(scope, listener.arn())
                    .forEach(r -> groups.addAll(ForwardTargets.of(r.rule().actions())));
        }
        List<TargetGroup> used = groups.stream()
                .flatMap(arn -> tables.groups.peek(scope, arn).stream())
                .map(this::group)
                .toList();
        return new BalancerConfig(balancer.arn(), balancer.bindAddress(), settings(balancer), listeners, used);
    }

    private static BalancerSettings settings(BalancerRecord balancer) {
        var attributes = balancer.attributes();
        return new BalancerSettings(
                Duration.ofSeconds(Long.parseLong(attributes.getOrDefault("idle_timeout.timeout_seconds", "60"))),
                Duration.ofSeconds(Long.parseLong(attributes.getOrDefault("client_keep_alive.seconds", "3600"))),
                switch (attributes.getOrDefault("routing.http.xff_header_processing.mode", "append")) {
                    case "preserve" -> BalancerSettings.ForwardedFor.PRESERVE;
                    case "remove" -> BalancerSettings.ForwardedFor.REMOVE;
                    default -> BalancerSettings.ForwardedFor.APPEND;
                },
                Boolean.parseBoolean(attributes.get("routing.http.drop_invalid_header_fields.enabled")));
    }

    private TargetGroup group(TargetGroupRecord record) {
        var group = record.group();
        var attributes = record.attributes();
        HealthCheck check = new HealthCheck(
                true,
                Optional.of(TargetGroup.TargetProtocol.valueOf(group.healthCheckProtocolAsString())),
                group.healthCheckPort().equals("traffic-port")
                        ? OptionalInt.empty()
                        : OptionalInt.of(Integer.parseInt(group.healthCheckPort())),
                group.healthCheckPath(),
                Duration.ofSeconds(group.healthCheckIntervalSeconds()),
                Duration.ofSeconds(group.healthCheckTimeoutSeconds()),
                group.healthyThresholdCount(),
                group.unhealthyThresholdCount(),
                StatusMatcher.parse(group.matcher().httpCode()));
        return new TargetGroup(
                record.arn(),
                TargetGroup.TargetProtocol.valueOf(group.protocolAsString()),
                check,
                attributes.getOrDefault("load_balancing.algorithm.type", "").equals("least_outstanding_requests")
                        ? TargetGroup.Algorithm.LEAST_OUTSTANDING_REQUESTS
                        : TargetGroup.Algorithm.ROUND_ROBIN,
                Duration.ofSeconds(
                        Long.parseLong(attributes.getOrDefault("deregistration_delay.timeout_seconds", "300"))),
                Duration.ofSeconds(Long.parseLong(attributes.getOrDefault("slow_start.duration_seconds", "0"))),
                Boolean.parseBoolean(attributes.get("stickiness.enabled"))
                        ? Optional.of(Duration.ofSeconds(Long.parseLong(
                                attributes.getOrDefault("stickiness.lb_cookie.duration_seconds", "86400"))))
                        : Optional.empty(),
                record.targets().stream()
                        .flatMap(target -> target(record, target).stream())
                        .toList());
    }

    /** Where a target is reached; empty while its instance does not run. */
    Optional<Target> target(TargetGroupRecord group, TargetDescription target) {
        if (group.group().targetType() == TargetTypeEnum.IP) {
            return Optional.of(new Target(target.id(), target.id(), target.port()));
        }
        Optional<InetSocketAddress> address = compute.address(target.id(), target.port());
        return address.map(a -> new Target(
                target.id(),
                target.port(),
                a.getAddress() == null ? a.getHostString() : a.getAddress().getHostAddress(),
                a.getPort()));
    }

    private static Action action(software.amazon.awssdk.services.elasticloadbalancingv2.model.Action action) {
        return switch (action.type()) {
            case FORWARD -> forward(action);
            case REDIRECT -> {
                var redirect = action.redirectConfig();
                String query = redirect.query() == null ? "#{query}" : redirect.query();
                yield new Action.Redirect(
                        redirect.protocol() == null ? "#{protocol}" : redirect.protocol(),
                        redirect.host() == null ? "#{host}" : redirect.host(),
                        redirect.port() == null ? "#{port}" : redirect.port(),
                        redirect.path() == null ? "/#{path}" : redirect.path(),
                        query,
                        redirect.statusCodeAsString().equals("HTTP_301") ? 301 : 302);
            }
            case FIXED_RESPONSE -> {
                var fixed = action.fixedResponseConfig();
                yield new Action.FixedResponse(
                        Integer.parseInt(fixed.statusCode()),
                        fixed.contentType() == null ? "" : fixed.contentType(),
                        fixed.messageBody() == null ? "" : fixed.messageBody());
            }
            default -> throw new IllegalStateException("An action of type " + action.typeAsString() + " was stored");
        };
    }

    private static Action forward(software.amazon.awssdk.services.elasticloadbalancingv2.model.Action action) {
        if (action.forwardConfig() == null || !action.forwardConfig().hasTargetGroups()) {
            return Action.Forward.to(action.targetGroupArn());
        }
        var config = action.forwardConfig();
        var stickiness = config.targetGroupStickinessConfig();
        return new Action.Forward(
                config.targetGroups().stream()
                        .map(g ->
                                new Action.WeightedTargetGroup(g.targetGroupArn(), g.weight() == null ? 1 : g.weight()))
                        .toList(),
                stickiness != null && Boolean.TRUE.equals(stickiness.enabled())
                        ? Optional.of(Duration.ofSeconds(stickiness.durationSeconds()))
                        : Optional.empty());
    }

    private static Condition condition(RuleCondition condition) {
        return switch (condition.field()) {
            case "host-header" ->
                new Condition.HostHeader(
                        condition.hostHeaderConfig() == null
                                ? condition.values()
                                : condition.hostHeaderConfig().values());
            case "path-pattern" ->
                new Condition.PathPattern(
                        condition.pathPatternConfig() == null
                                ? condition.values()
                                : condition.pathPatternConfig().values());
            case "http-header" ->
                new Condition.HttpHeader(
                        condition.httpHeaderConfig().httpHeaderName(),
                        condition.httpHeaderConfig().values());
            case "http-request-method" ->
                new Condition.HttpRequestMethod(
                        condition.httpRequestMethodConfig().values());
            case "query-string" ->
                new Condition.QueryString(condition.queryStringConfig().values().stream()
                        .map(v -> new Condition.QueryString.Parameter(Optional.ofNullable(v.key()), v.value()))
                        .toList());
            case "source-ip" ->
                new Condition.SourceIp(condition.sourceIpConfig().values());
            default -> throw new IllegalStateException("A condition on " + condition.field() + " was stored");
        };
    }
}
