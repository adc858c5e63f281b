package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.LifecycleState;
import software.amazon.awssdk.services.codedeploy.model.AutoScalingGroup;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupInfo;
import software.amazon.awssdk.services.codedeploy.model.EC2TagFilter;
import software.amazon.awssdk.services.codedeploy.model.Tag;
import software.amazon.awssdk.services.codedeploy.model.TagFilter;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;

/** The instances of a group: by the tags of instances, by Auto Scaling groups, and registered ones by theirs. */
final class Fleet {
    private final CodeDeployTables tables;
    private final Clients clients;

    Fleet(CodeDeployTables tables, Clients clients) {
        this.tables = tables;
        this.clients = clients;
    }

    /** An instance of a group. */
    record Member(String id, boolean onPremises) {}

    /** The instances in the order in which they are deployed to: those first where the last deployment failed. */
    List<Member> of(Scope scope, GroupRecord group) {
        Map<String, Member> members = new LinkedHashMap<>();
        tagged(group).forEach(id -> members.put(id, new Member(id, false)));
        scaled(group).forEach(id -> members.put(id, new Member(id, false)));
        onPremises(scope, group.info()).forEach(name -> members.put(name, new Member(name, true)));
        List<Member> ordered = new ArrayList<>(members.values());
        ordered.sort(Comparator.<Member, Boolean>comparing(member ->
                        !tables.instance(scope, group.id(), member.id()).failed())
                .thenComparing(Member::id));
        return ordered;
    }

    private List<String> tagged(GroupRecord group) {
        List<List<EC2TagFilter>> sets = sets(group.info());
        if (sets.isEmpty()) {
            return List.of();
        }
        Ec2Client ec2 = new ServiceRole(clients, group).client(Ec2Client.class);
        List<String> ids = new ArrayList<>();
        String token = null;
        do {
            String from = token;
            var page = ec2.describeInstances(request -> request.filters(Filter.builder()
                            .name("instance-state-name")
                            .values("running")
                            .build())
                    .nextToken(from));
            page.reservations().stream()
                    .flatMap(reservation -> reservation.instances().stream())
                    .filter(instance -> sets.stream().allMatch(set -> isOf(instance, set)))
                    .forEach(instance -> ids.add(instance.instanceId()));
            token = page.nextToken();
        } while (token != null && !token.isEmpty());
        return ids;
    }

    private static List<List<EC2TagFilter>> sets(DeploymentGroupInfo info) {
        if (!info.ec2TagFilters().isEmpty()) {
            return List.of(info.ec2TagFilters());
        }
        return info.ec2TagSet() == null ? List.of() : info.ec2TagSet().ec2TagSetList();
    }

    private static boolean isOf(Instance instance, List<EC2TagFilter> set) {
        return set.stream()
                .anyMatch(filter -> instance.tags().stream()
                        .anyMatch(tag -> matches(
                                Optional.ofNullable(filter.typeAsString()),
                                filter.key(),
                                filter.value(),
                                tag.key(),
                                tag.value())));
    }

    /** Whether a tag is what a filter asks for. */
    static boolean matches(
            Optional<String> type,
            @org.jspecify.annotations.Nullable String wantedKey,
            @org.jspecify.annotations.Nullable String wantedValue,
            String key,
            String value) {
        return switch (type.orElse("KEY_AND_VALUE")) {
            case "KEY_ONLY" -> key.equals(wantedKey);
            case "VALUE_ONLY" -> value.equals(wantedValue);
            default -> key.equals(wantedKey) && value.equals(wantedValue == null ? "" : wantedValue);
        };
    }

    private List<String> scaled(GroupRecord group) {
        List<String> names = group.info().autoScalingGroups().stream()
                .map(AutoScalingGroup::name)
                .toList();
        if (names.isEmpty()) {
            return List.of();
        }
        return new ServiceRole(clients, group)
                        .client(AutoScalingClient.class)
                        .describeAutoScalingGroups(request -> request.autoScalingGroupNames(names))
                        .autoScalingGroups()
                        .stream()
                        .flatMap(each -> each.instances().stream())
                        .filter(instance -> instance.lifecycleState() == LifecycleState.IN_SERVICE)
                        .map(software.amazon.awssdk.services.autoscaling.model.Instance::instanceId)
                        .toList();
    }

    private List<String> onPremises(Scope scope, DeploymentGroupInfo info) {
        List<List<TagFilter>> sets = !info.onPremisesInstanceTagFilters().isEmpty()
                ? List.of(info.onPremisesInstanceTagFilters())
                : info.onPremisesTagSet() == null
                        ? List.of()
                        : info.onPremisesTagSet().onPremisesTagSetList();
        if (sets.isEmpty()) {
            return List.of();
        }
        return tables.onPremises(scope).stream()
                .filter(OnPremisesRecord::registered)
                .filter(instance -> sets.stream()
                        .allMatch(set -> matchesAny(set, instance.info().tags())))
                .map(OnPremisesRecord::name)
                .toList();
    }

    static boolean matchesAny(List<TagFilter> set, List<Tag> tags) {
        return set.stream()
                .anyMatch(filter -> tags.stream()
                        .anyMatch(tag -> matches(
                                Optional.ofNullable(filter.typeAsString()),
                                filter.key(),
                                filter.value(),
                                tag.key(),
                                tag.value())));
    }
}
