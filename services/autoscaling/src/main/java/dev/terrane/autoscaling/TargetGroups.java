package dev.terrane.autoscaling;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.page.PageTokens;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import software.amazon.awssdk.services.autoscaling.model.*;

/** Which target groups of the load balancer a group's instances are in; traffic sources are the same by their newer name. */
final class TargetGroups {
    private static final String ELB = "elbv2";

    private final ScalingTables tables;
    private final Groups groups;
    private final PageTokens pages;

    TargetGroups(ScalingTables tables, Groups groups, PageTokens pages) {
        this.tables = tables;
        this.groups = groups;
        this.pages = pages;
    }

    /** The ARNs of traffic sources. */
    static List<String> identifiers(List<TrafficSourceIdentifier> sources) {
        return sources.stream()
                .map(source -> {
                    if (source.type() != null && !source.type().equals(ELB)) {
                        throw Refusals.of("Traffic sources of the type " + source.type() + " are not supported.");
                    }
                    return requireTargetGroup(source.identifier());
                })
                .toList();
    }

    static List<TrafficSourceIdentifier> sources(List<String> arns) {
        return arns.stream()
                .map(arn -> TrafficSourceIdentifier.builder()
                        .identifier(arn)
                        .type(ELB)
                        .build())
                .toList();
    }

    static String requireTargetGroup(String arn) {
        boolean valid = Arn.find(arn)
                .filter(a -> a.service().equals("elasticloadbalancing")
                        && a.type().equals("targetgroup")
                        && Objects.equals(a.account(), Call.current().account()))
                .isPresent();
        if (!valid) {
            throw Refusals.noTargetGroup();
        }
        return arn;
    }

    private void attach(String name, List<String> arns) {
        GroupRecord group = groups.require(name);
        Set<String> all = new LinkedHashSet<>(group.targetGroups());
        groups.requireTargetGroups(arns);
        all.addAll(arns);
        put(group, List.copyOf(all));
    }

    private void detach(String name, List<String> arns) {
        GroupRecord group = groups.require(name);
        List<String> left = new ArrayList<>(group.targetGroups());
        for (String arn : arns) {
            if (!left.remove(arn)) {
                throw Refusals.of("Trying to remove Target Groups that are not part of the group");
            }
        }
        put(group, left);
    }

    private void put(GroupRecord group, List<String> arns) {
        groups.change(group.with(g -> g.targetGroupARNs(arns).trafficSources(sources(arns))));
    }

    AttachLoadBalancerTargetGroupsResponse attach(AttachLoadBalancerTargetGroupsRequest request) {
        attach(request.autoScalingGroupName(), request.targetGroupARNs());
        return AttachLoadBalancerTargetGroupsResponse.builder().build();
    }

    DetachLoadBalancerTargetGroupsResponse detach(DetachLoadBalancerTargetGroupsRequest request) {
        detach(request.autoScalingGroupName(), request.targetGroupARNs());
        return DetachLoadBalancerTargetGroupsResponse.builder().build();
    }

    AttachTrafficSourcesResponse attach(AttachTrafficSourcesRequest request) {
        attach(request.autoScalingGroupName(), identifiers(request.trafficSources()));
        return AttachTrafficSourcesResponse.builder().build();
    }

    DetachTrafficSourcesResponse detach(DetachTrafficSourcesRequest request) {
        detach(request.autoScalingGroupName(), identifiers(request.trafficSources()));
        return DetachTrafficSourcesResponse.builder().build();
    }

    /** Whether all instances in service are registered by now. */
    private String state(GroupRecord group, String arn) {
        List<MemberRecord> serving = tables.members(Call.current().scope(), group.name()).stream()
                .filter(member -> member.is(LifecycleState.IN_SERVICE))
                .toList();
        boolean all = serving.stream().allMatch(member -> member.targets().contains(arn));
        return !all ? "Adding" : serving.isEmpty() ? "Added" : "InService";
    }

    DescribeLoadBalancerTargetGroupsResponse describe(DescribeLoadBalancerTargetGroupsRequest request) {
        GroupRecord group = groups.require(request.autoScalingGroupName());
        Paged<String> page = Paged.of(
                pages,
                "DescribeLoadBalancerTargetGroups" + group.name(),
                group.targetGroups(),
                arn -> arn,
                request.maxRecords(),
                request.nextToken());
        return DescribeLoadBalancerTargetGroupsResponse.builder()
                .loadBalancerTargetGroups(page.items().stream()
                        .map(arn -> LoadBalancerTargetGroupState.builder()
                                .loadBalancerTargetGroupARN(arn)
                                .state(state(group, arn))
                                .build())
                        .toList())
                .nextToken(page.next())
                .build();
    }

    DescribeTrafficSourcesResponse describe(DescribeTrafficSourcesRequest request) {
        GroupRecord group = groups.require(request.autoScalingGroupName());
        Paged<String> page = Paged.of(
                pages,
                "DescribeTrafficSources" + group.name(),
                request.trafficSourceType() == null
                                || request.trafficSourceType().equals(ELB)
                        ? group.targetGroups()
                        : List.of(),
                arn -> arn,
                request.maxRecords(),
                request.nextToken());
        return DescribeTrafficSourcesResponse.builder()
                .trafficSources(page.items().stream()
                        .map(arn -> TrafficSourceState.builder()
                                .identifier(arn)
                                .type(ELB)
                                .state(state(group, arn))
                                .build())
                        .toList())
                .nextToken(page.next())
                .build();
    }
}
