package dev.terrane.autoscaling;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.PutLifecycleHookRequest;

/** Auto Scaling's CloudFormation types. */
final class AutoScalingResources {
    static final List<ResourceType> ALL = List.of(
            new AutoScalingGroupResource(), new Hook(), new ScalingPolicyResource(), new ScheduledActionResource());

    /** What a hook has that was not told otherwise: for properties that an update leaves out. */
    private static final Properties HOOK_STANDARDS =
            Properties.parse("{\"DefaultResult\": \"ABANDON\", \"HeartbeatTimeout\": 3600}");

    private AutoScalingResources() {}

    static Optional<AutoScalingGroup> group(ResourceWork work, String name) {
        return work
                .client(AutoScalingClient.class)
                .describeAutoScalingGroups(r -> r.autoScalingGroupNames(name))
                .autoScalingGroups()
                .stream()
                .findFirst();
    }

    /** Changes a hook; one that is to have no metadata any more is made anew, for PutLifecycleHook keeps what it is not told. */
    static void changeHook(ResourceWork work, String group, String name, Properties before, Properties after) {
        AutoScalingClient client = work.client(AutoScalingClient.class);
        if (before.has("NotificationMetadata") && !after.has("NotificationMetadata")) {
            client.deleteLifecycleHook(r -> r.autoScalingGroupName(group).lifecycleHookName(name));
        }
        client.putLifecycleHook(after.or(HOOK_STANDARDS).as(PutLifecycleHookRequest.builder()).toBuilder()
                .autoScalingGroupName(group)
                .lifecycleHookName(name)
                .build());
    }

    private static final class Hook implements ResourceType {
        @Override
        public String name() {
            return "AWS::AutoScaling::LifecycleHook";
        }

        @Override
        public Set<String> supported() {
            return Set.of(
                    "AutoScalingGroupName",
                    "DefaultResult",
                    "HeartbeatTimeout",
                    "LifecycleHookName",
                    "LifecycleTransition",
                    "NotificationMetadata");
        }

        @Override
        public String create(ResourceWork work) {
            String name = work.desired().text("LifecycleHookName").orElseGet(() -> work.name(255));
            String id = work.desired().required("AutoScalingGroupName") + "|" + name;
            work.mustBeNew(this, id);
            work.client(AutoScalingClient.class)
                    .putLifecycleHook(work.desired().as(PutLifecycleHookRequest.builder()).toBuilder()
                            .lifecycleHookName(name)
                            .build());
            work.made(id);
            return id;
        }

        @Override
        public void update(ResourceWork work, String id) {
            changeHook(work, groupName(id), hookName(id), work.previous(), work.desired());
        }

        private static String groupName(String id) {
            return id.substring(0, id.indexOf('|'));
        }

        private static String hookName(String id) {
            return id.substring(id.indexOf('|') + 1);
        }

        @Override
        public void delete(ResourceWork work, String id) {
            if (read(work, id).isPresent()) {
                work.client(AutoScalingClient.class)
                        .deleteLifecycleHook(
                                r -> r.autoScalingGroupName(groupName(id)).lifecycleHookName(hookName(id)));
            }
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            if (group(work, groupName(id)).isEmpty()) {
                return Optional.empty();
            }
            try {
                return work
                        .client(AutoScalingClient.class)
                        .describeLifecycleHooks(
                                r -> r.autoScalingGroupName(groupName(id)).lifecycleHookNames(hookName(id)))
                        .lifecycleHooks()
                        .stream()
                        .findFirst()
                        .map(hook -> Properties.builder()
                                .model(ResourceSchema.of(name()).orElseThrow(), hook)
                                .build());
            } catch (AwsServiceException e) {
                // The group has gone meanwhile: a ValidationError.
                if (group(work, groupName(id)).isEmpty()) {
                    return Optional.empty();
                }
                throw e;
            }
        }

        @Override
        public String ref(String id, Properties state) {
            return hookName(id);
        }

        /** {@inheritDoc} Of the group that the work's properties name. */
        @Override
        public List<String> list(ResourceWork work) {
            String group = work.desired().required("AutoScalingGroupName");
            return work
                    .client(AutoScalingClient.class)
                    .describeLifecycleHooks(r -> r.autoScalingGroupName(group))
                    .lifecycleHooks()
                    .stream()
                    .map(hook -> group + "|" + hook.lifecycleHookName())
                    .toList();
        }
    }
}
