package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.balancer.TargetHealth;
import dev.terrane.kernel.balancer.TrafficProxy;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeregisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeregisterTargetsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidTargetException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RegisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RegisterTargetsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/** Registering and deregistering targets, and their health. */
final class Targets {
    private final BalancingTables tables;
    private final TargetGroups groups;
    private final Live live;
    private final TrafficProxy proxy;
    private final TargetAddresses addresses;
    private final Clients clients;

    Targets(
            BalancingTables tables,
            TargetGroups groups,
            Live live,
            TrafficProxy proxy,
            TargetAddresses addresses,
            Clients clients) {
        this.tables = tables;
        this.groups = groups;
        this.live = live;
        this.proxy = proxy;
        this.addresses = addresses;
        this.clients = clients;
    }

    RegisterTargetsResponse register(RegisterTargetsRequest request) {
        TargetGroupRecord group = groups.require(request.targetGroupArn());
        Map<String, TargetDescription> targets = byName(group.targets());
        for (TargetDescription target : request.targets()) {
            TargetDescription whole = withPort(group, target);
            if (group.group().targetType() == TargetTypeEnum.INSTANCE) {
                requireInstance(target.id());
            } else {
                addresses.require(group.group().vpcId(), whole);
            }
            targets.put(name(whole), whole);
        }
        tables.groups.put(Call.current().scope(), group.with(List.copyOf(targets.values())));
        live.groupChanged(group.arn());
        return RegisterTargetsResponse.builder().build();
    }

    private void requireInstance(String id) {
        try {
            Instance instance = clients.client(
                            Ec2Client.class, new Actor.Platform(Call.current().scope()))
                    .describeInstances(r -> r.instanceIds(id))
                    .reservations()
                    .getFirst()
                    .instances()
                    .getFirst();
            String state = instance.state().nameAsString();
            if (!state.equals("running") && !state.equals("pending")) {
                throw InvalidTargetException.builder()
                        .message("The following targets are not in a running state and cannot be registered: '" + id
                                + "'")
                        .build();
            }
        } catch (AwsServiceException e) {
            if (e instanceof InvalidTargetException) {
                throw e;
            }
            throw InvalidTargetException.builder()
                    .message("The instance ID '" + id + "' is not valid")
                    .build();
        }
    }

    DeregisterTargetsResponse deregister(DeregisterTargetsRequest request) {
        TargetGroupRecord group = groups.require(request.targetGroupArn());
        List<TargetDescription> left = group.targets().stream()
                .filter(target -> request.targets().stream()
                        .noneMatch(gone -> gone.id().equals(target.id())
                                && (gone.port() == null || gone.port().equals(target.port()))))
                .toList();
        tables.groups.put(Call.current().scope(), group.with(left));
        live.groupChanged(group.arn());
        return DeregisterTargetsResponse.builder().build();
    }

    DescribeTargetHealthResponse health(DescribeTargetHealthRequest request) {
        Scope scope = Call.current().scope();
        TargetGroupRecord group = groups.require(request.targetGroupArn());
        Map<String, TargetHealth> known = new LinkedHashMap<>();
        proxy.targetHealth(group.arn())
                .forEach(health ->
                        known.put(health.target().id() + ":" + health.target().port(), health));
        Map<String, TargetDescription> registered = byName(group.targets());
        boolean used = !live.balancersUsing(scope, group.arn()).isEmpty();
        List<TargetHealthDescription> all = new ArrayList<>();
        registered.forEach(
                (name, target) -> all.add(describe(group, target, Optional.ofNullable(known.get(name)), used)));
        known.forEach((name, health) -> {
            if (!registered.containsKey(name)) {
                all.add(describe(
                        group,
                        TargetDescription.builder()
                                .id(health.target().id())
                                .port(health.target().port())
                                .build(),
                        Optional.of(health),
                        used));
            }
        });
        if (!request.hasTargets()) {
            return DescribeTargetHealthResponse.builder()
                    .targetHealthDescriptions(all)
                    .build();
        }
        List<TargetHealthDescription> asked = new ArrayList<>();
        for (TargetDescription target : request.targets()) {
            TargetDescription whole = withPort(group, target);
            asked.add(all.stream()
                    .filter(d -> name(d.target()).equals(name(whole)))
                    .findFirst()
                    .orElseGet(() -> TargetHealthDescription.builder()
                            .target(whole)
                            .healthCheckPort(healthPort(group, whole))
                            .targetHealth(h -> h.state("unused")
                                    .reason("Target.NotRegistered")
                                    .description("Target is not registered to the target group"))
                            .build()));
        }
        return DescribeTargetHealthResponse.builder()
                .targetHealthDescriptions(asked)
                .build();
    }

    private static TargetHealthDescription describe(
            TargetGroupRecord group, TargetDescription target, Optional<TargetHealth> health, boolean used) {
        TargetHealthDescription.Builder builder =
                TargetHealthDescription.builder().target(target).healthCheckPort(healthPort(group, target));
        if (health.isPresent()) {
            TargetHealth known = health.get();
            return builder.targetHealth(h -> h.state(known.state().wireName())
                            .reason(known.reason()
                                    .map(TargetHealth.Reason::code)
                                    .orElse(null))
                            .description(known.description().orElse(null)))
                    .build();
        }
        return builder.targetHealth(h -> h.state("unused")
                        .reason(used ? "Target.InvalidState" : "Target.NotInUse")
                        .description(
                                used
                                        ? "Target is not in the running state"
                                        : "Target group is not configured to receive traffic from the load balancer"))
                .build();
    }

    private static String healthPort(TargetGroupRecord group, TargetDescription target) {
        return group.group().healthCheckPort().equals("traffic-port")
                ? String.valueOf(target.port())
                : group.group().healthCheckPort();
    }

    private static TargetDescription withPort(TargetGroupRecord group, TargetDescription target) {
        return target.port() == null
                ? target.toBuilder().port(group.group().port()).build()
                : target;
    }

    private static Map<String, TargetDescription> byName(List<TargetDescription> targets) {
        Map<String, TargetDescription> map = new LinkedHashMap<>();
        targets.forEach(target -> map.put(name(target), target));
        return map;
    }

    private static String name(TargetDescription target) {
        return target.id() + ":" + target.port();
    }
}
