package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.balancer.StatusMatcher;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteTargetGroupResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupAttributesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DuplicateTargetGroupNameException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidConfigurationRequestException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyTargetGroupAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyTargetGroupAttributesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyTargetGroupResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ResourceInUseException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/** Target groups and how their targets are checked. */
final class TargetGroups {
    private static final int PAGE = 400;
    private static final Set<ProtocolEnum> PROTOCOLS = Set.of(ProtocolEnum.HTTP, ProtocolEnum.HTTPS);
    private static final Set<TargetTypeEnum> TYPES = Set.of(TargetTypeEnum.INSTANCE, TargetTypeEnum.IP);

    private final BalancingTables tables;
    private final Live live;
    private final PageTokens pages;

    TargetGroups(BalancingTables tables, Live live, PageTokens pages) {
        this.tables = tables;
        this.live = live;
        this.pages = pages;
    }

    CreateTargetGroupResponse create(CreateTargetGroupRequest request) {
        Call call = Call.current();
        String name = request.name();
        if (!name.matches("[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?")) {
            throw Attributes.validation("Target group name '" + name
                    + "' can have at most 32 letters, digits and hyphens, and must not begin or end with a hyphen");
        }
        TargetTypeEnum type = request.targetType() == null ? TargetTypeEnum.INSTANCE : request.targetType();
        if (!TYPES.contains(type)) {
            throw refused("Targets of type '" + request.targetTypeAsString()
                    + "' are not offered here; 'instance' and 'ip' are");
        }
        if (request.protocol() == null || request.port() == null || request.vpcId() == null) {
            throw Attributes.validation("A protocol, a port and a VPC ID must be specified");
        }
        if (!PROTOCOLS.contains(request.protocol())) {
            throw refused("The protocol '" + request.protocolAsString() + "' is not offered here; HTTP and HTTPS are");
        }
        // Terraform's provider sends an empty one where it is not said, which AWS takes for HTTP1.
        if (request.protocolVersion() != null && !Set.of("", "HTTP1").contains(request.protocolVersion())) {
            throw refused("The protocol version '" + request.protocolVersion() + "' is not offered here; HTTP1 is");
        }
        requireHealthChecks(request.healthCheckEnabled(), type);
        for (TargetGroupRecord other : tables.groups.all(call.scope())) {
            if (other.group().targetGroupName().equals(name)) {
                throw DuplicateTargetGroupNameException.builder()
                        .message("A target group with the same name '" + name + "' exists, but with different settings")
                        .build();
            }
        }
        TargetGroup group = checked(TargetGroup.builder()
                .targetGroupArn(Arn.of(
                                "elasticloadbalancing",
                                call.region(),
                                call.account(),
                                "targetgroup/" + name + "/" + Ids.hex(16))
                        .toString())
                .targetGroupName(name)
                .protocol(request.protocol())
                .protocolVersion("HTTP1")
                .port(request.port())
                .vpcId(request.vpcId())
                .targetType(type)
                .ipAddressType("ipv4")
                .healthCheckEnabled(true)
                .healthCheckProtocol(or(request.healthCheckProtocol(), ProtocolEnum.HTTP))
                .healthCheckPort(or(request.healthCheckPort(), "traffic-port"))
                .healthCheckPath(or(request.healthCheckPath(), "/"))
                .healthCheckIntervalSeconds(or(request.healthCheckIntervalSeconds(), 30))
                .healthCheckTimeoutSeconds(or(request.healthCheckTimeoutSeconds(), 5))
                .healthyThresholdCount(or(request.healthyThresholdCount(), 5))
                .unhealthyThresholdCount(or(request.unhealthyThresholdCount(), 2))
                .matcher(m -> m.httpCode(
                        request.matcher() == null || request.matcher().httpCode() == null
                                ? "200"
                                : request.matcher().httpCode()))
                .build());
        tables.groups.put(
                call.scope(), new TargetGroupRecord(group, List.of(), Attributes.ofGroup(), Tags.of(request.tags())));
        return CreateTargetGroupResponse.builder().targetGroups(group).build();
    }

    private static void requireHealthChecks(@Nullable Boolean enabled, TargetTypeEnum type) {
        if (Boolean.FALSE.equals(enabled)) {
            throw refused("Health checks cannot be disabled for targets of type '" + type + "'");
        }
    }

    private static <T> T or(@Nullable T given, T otherwise) {
        return Objects.requireNonNullElse(given, otherwise);
    }

    private static InvalidConfigurationRequestException refused(String message) {
        return InvalidConfigurationRequestException.builder().message(message).build();
    }

    private static TargetGroup checked(TargetGroup group) {
        if (!PROTOCOLS.contains(group.healthCheckProtocol())) {
            throw Attributes.validation("Health check protocol must be HTTP or HTTPS");
        }
        if (group.healthCheckIntervalSeconds() < 5 || group.healthCheckIntervalSeconds() > 300) {
            throw Attributes.validation("Health check interval must be between 5 and 300 seconds");
        }
        if (group.healthCheckTimeoutSeconds() < 2 || group.healthCheckTimeoutSeconds() > 120) {
            throw Attributes.validation("Health check timeout must be between 2 and 120 seconds");
        }
        if (group.healthCheckTimeoutSeconds() >= group.healthCheckIntervalSeconds()) {
            throw Attributes.validation("Health check timeout '" + group.healthCheckTimeoutSeconds()
                    + "' must be smaller than the interval '" + group.healthCheckIntervalSeconds() + "'");
        }
        if (group.healthyThresholdCount() < 2
                || group.healthyThresholdCount() > 10
                || group.unhealthyThresholdCount() < 2
                || group.unhealthyThresholdCount() > 10) {
            throw Attributes.validation("Health check thresholds must be between 2 and 10");
        }
        if (!group.healthCheckPath().startsWith("/")
                || group.healthCheckPath().chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw Attributes.validation(
                    "Health check path '" + group.healthCheckPath() + "' must begin with a '/' character");
        }
        if (!group.healthCheckPort().equals("traffic-port")
                && !group.healthCheckPort().matches("[1-9][0-9]{0,4}")) {
            throw Attributes.validation("Health check port must be 'traffic-port' or a number between 1 and 65535");
        }
        if (group.matcher().httpCode() == null) {
            throw Attributes.validation("A health check matcher must have an HTTP code");
        }
        try {
            StatusMatcher.parse(group.matcher().httpCode());
        } catch (IllegalArgumentException e) {
            throw Attributes.validation(
                    "Health check matcher HTTP code '" + group.matcher().httpCode() + "' is not valid");
        }
        return group;
    }

    TargetGroupRecord require(String arn) {
        return tables.groups
                .get(Call.current().scope(), arn)
                .orElseThrow(() -> TargetGroupNotFoundException.builder()
                        .message("Target groups '" + arn + "' not found")
                        .build());
    }

    DescribeTargetGroupsResponse describe(DescribeTargetGroupsRequest request) {
        Scope scope = Call.current().scope();
        if (request.hasTargetGroupArns()) {
            return groups(request.targetGroupArns().stream().map(this::require).toList(), null);
        }
        List<TargetGroupRecord> all = tables.groups.all(scope);
        if (request.hasNames()) {
            return groups(
                    request.names().stream()
                            .map(name -> all.stream()
                                    .filter(g -> g.group().targetGroupName().equals(name))
                                    .findFirst()
                                    .orElseThrow(() -> TargetGroupNotFoundException.builder()
                                            .message("One or more target groups not found")
                                            .build()))
                            .toList(),
                    null);
        }
        if (request.loadBalancerArn() != null) {
            return groups(
                    all.stream()
                            .filter(g -> live.balancersUsing(scope, g.arn()).contains(request.loadBalancerArn()))
                            .toList(),
                    null);
        }
        Page<TargetGroupRecord> page = tables.groups.list(
                scope,
                Query.all()
                        .limit(request.pageSize() == null ? PAGE : request.pageSize())
                        .after(Markers.decode(pages, "groups", request.marker())));
        return groups(page.values(), Markers.encode(pages, "groups", page.next()));
    }

    private DescribeTargetGroupsResponse groups(List<TargetGroupRecord> records, @Nullable String marker) {
        Scope scope = Call.current().scope();
        return DescribeTargetGroupsResponse.builder()
                .targetGroups(records.stream()
                        .map(r -> r.group().toBuilder()
                                .loadBalancerArns(live.balancersUsing(scope, r.arn()))
                                .build())
                        .toList())
                .nextMarker(marker)
                .build();
    }

    ModifyTargetGroupResponse modify(ModifyTargetGroupRequest request) {
        TargetGroupRecord record = require(request.targetGroupArn());
        TargetGroup old = record.group();
        TargetGroup group = checked(old.toBuilder()
                .healthCheckProtocol(or(request.healthCheckProtocol(), old.healthCheckProtocol()))
                .healthCheckPort(or(request.healthCheckPort(), old.healthCheckPort()))
                .healthCheckPath(or(request.healthCheckPath(), old.healthCheckPath()))
                .healthCheckIntervalSeconds(or(request.healthCheckIntervalSeconds(), old.healthCheckIntervalSeconds()))
                .healthCheckTimeoutSeconds(or(request.healthCheckTimeoutSeconds(), old.healthCheckTimeoutSeconds()))
                .healthyThresholdCount(or(request.healthyThresholdCount(), old.healthyThresholdCount()))
                .unhealthyThresholdCount(or(request.unhealthyThresholdCount(), old.unhealthyThresholdCount()))
                .matcher(or(request.matcher(), old.matcher()))
                .build());
        requireHealthChecks(request.healthCheckEnabled(), old.targetType());
        tables.groups.put(
                Call.current().scope(),
                new TargetGroupRecord(group, record.targets(), record.attributes(), record.tags()));
        live.groupChanged(record.arn());
        return ModifyTargetGroupResponse.builder().targetGroups(group).build();
    }

    DeleteTargetGroupResponse delete(DeleteTargetGroupRequest request) {
        Scope scope = Call.current().scope();
        if (!live.balancersUsing(scope, request.targetGroupArn()).isEmpty()) {
            throw ResourceInUseException.builder()
                    .message("Target group '" + request.targetGroupArn()
                            + "' is currently in use by a listener or a rule")
                    .build();
        }
        tables.groups.delete(scope, request.targetGroupArn());
        return DeleteTargetGroupResponse.builder().build();
    }

    DescribeTargetGroupAttributesResponse attributes(DescribeTargetGroupAttributesRequest request) {
        return DescribeTargetGroupAttributesResponse.builder()
                .attributes(list(require(request.targetGroupArn()).attributes()))
                .build();
    }

    ModifyTargetGroupAttributesResponse modifyAttributes(ModifyTargetGroupAttributesRequest request) {
        TargetGroupRecord record = require(request.targetGroupArn());
        Map<String, String> next = Attributes.changed(
                record.attributes(),
                Attributes.given(request.attributes(), TargetGroupAttribute::key, TargetGroupAttribute::value));
        tables.groups.put(
                Call.current().scope(), new TargetGroupRecord(record.group(), record.targets(), next, record.tags()));
        live.groupChanged(record.arn());
        return ModifyTargetGroupAttributesResponse.builder()
                .attributes(list(next))
                .build();
    }

    private static List<TargetGroupAttribute> list(Map<String, String> attributes) {
        return attributes.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> TargetGroupAttribute.builder()
                        .key(e.getKey())
                        .value(e.getValue())
                        .build())
                .toList();
    }
}
