package dev.terrane.autoscaling;

import dev.terrane.kernel.call.SystemTags;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.*;

/**
 * {@code AWS::AutoScaling::AutoScalingGroup}. It is made once it has as many instances in service as it wants, and has failed when three launches in a row have; it is
 * deleted with its instances. What the stack itself is tagged with goes on to instances.
 */
final class AutoScalingGroupResource implements ResourceType {
    private static final String HOOKS = "LifecycleHookSpecificationList";
    private static final String SUBNETS = "VPCZoneIdentifier";
    private static final String TAGS = "Tags";
    private static final String TARGET_GROUPS = "TargetGroupARNs";
    private static final String TRAFFIC = "TrafficSources";
    private static final String TAG_TYPE = "auto-scaling-group";
    private static final int FAILURES = 3;

    /** What an update sets for properties that a template has no more: UpdateAutoScalingGroup keeps what it is not told. */
    private static final Properties STANDARDS = Properties.parse("""
            {"Cooldown": "300", "HealthCheckType": "EC2", "HealthCheckGracePeriod": 0, "NewInstancesProtectedFromScaleIn": false,
             "TerminationPolicies": ["Default"]}""");

    @Override
    public String name() {
        return "AWS::AutoScaling::AutoScalingGroup";
    }

    @Override
    public Set<String> supported() {
        return Set.of(
                "AutoScalingGroupName",
                "AvailabilityZones",
                "Context",
                "Cooldown",
                "DefaultInstanceWarmup",
                "DesiredCapacity",
                "HealthCheckGracePeriod",
                "HealthCheckType",
                "LaunchTemplate",
                HOOKS,
                "MaxSize",
                "MinSize",
                "NewInstancesProtectedFromScaleIn",
                "ServiceLinkedRoleARN",
                TAGS,
                TARGET_GROUPS,
                "TerminationPolicies",
                TRAFFIC,
                SUBNETS);
    }

    @Override
    public Set<String> lacking() {
        return Set.of(HOOKS + "/NotificationTargetARN", HOOKS + "/RoleARN");
    }

    private static AutoScalingClient client(ResourceWork work) {
        return work.client(AutoScalingClient.class);
    }

    @Override
    public String create(ResourceWork work) {
        Properties desired = work.desired();
        String name = desired.text("AutoScalingGroupName").orElseGet(() -> work.name(255));
        CreateAutoScalingGroupRequest.Builder request =
                desired.without(SUBNETS, TAGS).as(CreateAutoScalingGroupRequest.builder()).toBuilder()
                        .autoScalingGroupName(name)
                        .vpcZoneIdentifier(desired.has(SUBNETS) ? subnets(desired) : null)
                        .tags(tags(work.tags(), desired, name));
        desired.integer("Cooldown").ifPresent(request::defaultCooldown);
        client(work).createAutoScalingGroup(request.build());
        work.made(name);
        return name;
    }

    private static String subnets(Properties properties) {
        return String.join(",", properties.texts(SUBNETS));
    }

    /** Each tag says for itself whether instances get it; those of the stack go on to them. */
    private static List<Tag> tags(Map<String, String> tags, Properties properties, String group) {
        Map<String, Boolean> propagated = properties.objects(TAGS).stream()
                .collect(Collectors.toMap(
                        tag -> tag.required("Key"),
                        tag -> tag.flag("PropagateAtLaunch").orElse(false),
                        (a, b) -> b));
        return tags.entrySet().stream()
                .map(tag -> Tag.builder()
                        .resourceId(group)
                        .resourceType(TAG_TYPE)
                        .key(tag.getKey())
                        .value(tag.getValue())
                        .propagateAtLaunch(propagated.getOrDefault(tag.getKey(), true))
                        .build())
                .toList();
    }

    @Override
    public void update(ResourceWork work, String id) {
        Properties desired = work.desired();
        UpdateAutoScalingGroupRequest.Builder request =
                desired.or(STANDARDS).without(SUBNETS).as(UpdateAutoScalingGroupRequest.builder()).toBuilder()
                        .autoScalingGroupName(id)
                        .vpcZoneIdentifier(desired.has(SUBNETS) ? subnets(desired) : null);
        desired.or(STANDARDS).integer("Cooldown").ifPresent(request::defaultCooldown);
        client(work).updateAutoScalingGroup(request.build());
        changeTraffic(work, id);
        changeHooks(work, id);
        changeTags(work, id);
    }

    private static void changeTraffic(ResourceWork work, String id) {
        List<String> before = traffic(work.previous());
        List<String> after = traffic(work.desired());
        List<String> come = new ArrayList<>(after);
        come.removeAll(before);
        List<String> gone = new ArrayList<>(before);
        gone.removeAll(after);
        if (!come.isEmpty()) {
            client(work)
                    .attachLoadBalancerTargetGroups(
                            r -> r.autoScalingGroupName(id).targetGroupARNs(come));
        }
        if (!gone.isEmpty()) {
            client(work)
                    .detachLoadBalancerTargetGroups(
                            r -> r.autoScalingGroupName(id).targetGroupARNs(gone));
        }
    }

    /** The target groups, however they are named: other traffic sources are not offered here. */
    private static List<String> traffic(Properties properties) {
        return Stream.concat(
                        properties.texts(TARGET_GROUPS).stream(),
                        properties.objects(TRAFFIC).stream().map(source -> source.required("Identifier")))
                .distinct()
                .toList();
    }

    private static void changeHooks(ResourceWork work, String id) {
        List<Properties> after = work.desired().objects(HOOKS);
        Set<String> kept =
                after.stream().map(hook -> hook.required("LifecycleHookName")).collect(Collectors.toSet());
        work.previous().objects(HOOKS).stream()
                .map(hook -> hook.required("LifecycleHookName"))
                .filter(name -> !kept.contains(name))
                .forEach(name -> client(work)
                        .deleteLifecycleHook(r -> r.autoScalingGroupName(id).lifecycleHookName(name)));
        after.stream()
                .filter(hook -> !work.previous().objects(HOOKS).contains(hook))
                .forEach(hook -> {
                    String name = hook.required("LifecycleHookName");
                    Properties before = work.previous().objects(HOOKS).stream()
                            .filter(old -> old.required("LifecycleHookName").equals(name))
                            .findFirst()
                            .orElse(Properties.NONE);
                    AutoScalingResources.changeHook(work, id, name, before, hook);
                });
    }

    private static void changeTags(ResourceWork work, String id) {
        List<Tag> before = tags(work.previousTags(), work.previous(), id);
        List<Tag> after = tags(work.tags(), work.desired(), id);
        List<Tag> gone = before.stream()
                .filter(tag -> after.stream().noneMatch(other -> other.key().equals(tag.key())))
                .map(tag -> tag.toBuilder().value(null).build())
                .toList();
        List<Tag> come = after.stream().filter(tag -> !before.contains(tag)).toList();
        if (!gone.isEmpty()) {
            client(work).deleteTags(r -> r.tags(gone));
        }
        if (!come.isEmpty()) {
            client(work).createOrUpdateTags(r -> r.tags(come));
        }
    }

    @Override
    public void delete(ResourceWork work, String id) {
        if (AutoScalingResources.group(work, id).isPresent()) {
            client(work).deleteAutoScalingGroup(r -> r.autoScalingGroupName(id).forceDelete(true));
        }
    }

    @Override
    public boolean settled(ResourceWork work, String id, Change change) {
        Optional<AutoScalingGroup> group = AutoScalingResources.group(work, id);
        return switch (change) {
            case DELETE -> group.isEmpty();
            case UPDATE -> true;
            case CREATE -> group.filter(found -> isStable(work, found)).isPresent();
        };
    }

    private static boolean isStable(ResourceWork work, AutoScalingGroup group) {
        long inService = group.instances().stream()
                .filter(instance -> instance.lifecycleState() == LifecycleState.IN_SERVICE)
                .count();
        if (inService >= group.desiredCapacity()) {
            return true;
        }
        List<Activity> latest = client(work)
                .describeScalingActivities(r ->
                        r.autoScalingGroupName(group.autoScalingGroupName()).maxRecords(FAILURES))
                .activities();
        if (latest.size() == FAILURES
                && latest.stream().allMatch(a -> a.statusCode() == ScalingActivityStatusCode.FAILED)) {
            throw Refusals.of("Group did not stabilize. {current/minSize/maxSize} group size = {" + inService + "/"
                    + group.minSize() + "/" + group.maxSize() + "}: "
                    + latest.getFirst().statusMessage());
        }
        return false;
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return AutoScalingResources.group(work, id).map(group -> state(work, id, group));
    }

    private Properties state(ResourceWork work, String id, AutoScalingGroup group) {
        Properties desired = work.desired();
        Properties.Builder state = Properties.builder()
                .put("MinSize", String.valueOf(group.minSize()))
                .put("MaxSize", String.valueOf(group.maxSize()))
                .put("DesiredCapacity", String.valueOf(group.desiredCapacity()))
                .put("Cooldown", String.valueOf(group.defaultCooldown()))
                .put(
                        TAGS,
                        group.tags().stream()
                                .filter(tag -> !SystemTags.is(tag.key()))
                                .map(AutoScalingGroupResource::tag)
                                .toList())
                .put(HOOKS, hooks(work, id));
        if (group.vpcZoneIdentifier() != null && !group.vpcZoneIdentifier().isEmpty()) {
            state.put(SUBNETS, List.of(group.vpcZoneIdentifier().split(",")));
        }
        AutoScalingGroup.Builder shown =
                group.toBuilder().tags(List.of()).availabilityZoneDistribution((AvailabilityZoneDistribution) null);
        if (desired.has(TRAFFIC)) {
            shown.targetGroupARNs(List.of());
        } else {
            shown.trafficSources(List.of());
        }
        return state.model(
                        ResourceSchema.of(name()).orElseThrow(),
                        shown.vpcZoneIdentifier(null).build())
                .inOrderOf(desired, TAGS, HOOKS, TARGET_GROUPS, TRAFFIC, SUBNETS, "AvailabilityZones")
                .build();
    }

    private static Properties tag(TagDescription tag) {
        return Properties.builder()
                .put("Key", tag.key())
                .put("Value", tag.value())
                .put("PropagateAtLaunch", tag.propagateAtLaunch())
                .build();
    }

    /** Those hooks that the template has in the group itself; others are resources of their own. */
    private static List<Properties> hooks(ResourceWork work, String id) {
        Set<String> names = work.desired().objects(HOOKS).stream()
                .map(hook -> hook.required("LifecycleHookName"))
                .collect(Collectors.toSet());
        if (names.isEmpty()) {
            return List.of();
        }
        return client(work).describeLifecycleHooks(r -> r.autoScalingGroupName(id)).lifecycleHooks().stream()
                .filter(hook -> names.contains(hook.lifecycleHookName()))
                .map(hook -> Properties.builder()
                        .put("LifecycleHookName", hook.lifecycleHookName())
                        .put("LifecycleTransition", hook.lifecycleTransition())
                        .put("DefaultResult", hook.defaultResult())
                        .put("HeartbeatTimeout", hook.heartbeatTimeout())
                        .put("NotificationMetadata", hook.notificationMetadata())
                        .build())
                .toList();
    }

    @Override
    public List<String> list(ResourceWork work) {
        return client(work).describeAutoScalingGroupsPaginator(r -> {}).autoScalingGroups().stream()
                .map(AutoScalingGroup::autoScalingGroupName)
                .toList();
    }
}
