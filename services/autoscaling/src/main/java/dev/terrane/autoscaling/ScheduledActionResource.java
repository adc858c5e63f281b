package dev.terrane.autoscaling;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.PutScheduledUpdateGroupActionRequest;
import software.amazon.awssdk.services.autoscaling.model.ScheduledUpdateGroupAction;

/** {@code AWS::AutoScaling::ScheduledAction}, known by its name and its group's. */
final class ScheduledActionResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::AutoScaling::ScheduledAction";
    }

    @Override
    public Set<String> supported() {
        return Set.of(
                "AutoScalingGroupName",
                "DesiredCapacity",
                "EndTime",
                "MaxSize",
                "MinSize",
                "Recurrence",
                "StartTime",
                "TimeZone");
    }

    @Override
    public String create(ResourceWork work) {
        String action = work.name(255);
        put(work, action, work.desired());
        String id = action + "|" + work.desired().required("AutoScalingGroupName");
        work.made(id);
        return id;
    }

    private static void put(ResourceWork work, String action, Properties properties) {
        work.client(AutoScalingClient.class)
                .putScheduledUpdateGroupAction(properties.as(PutScheduledUpdateGroupActionRequest.builder()).toBuilder()
                        .scheduledActionName(action)
                        .build());
    }

    /** The start of an action that recurs may have passed: then it is not told again, for it would be refused. */
    @Override
    public void update(ResourceWork work, String id) {
        boolean begun =
                find(work, id).filter(found -> hasBegun(found, work.desired())).isPresent();
        put(work, action(id), begun ? work.desired().without("StartTime") : work.desired());
    }

    private static boolean hasBegun(ScheduledUpdateGroupAction found, Properties desired) {
        return found.recurrence() != null
                && desired.text("StartTime")
                        .filter(start -> found.startTime().isAfter(Instant.parse(start)))
                        .isPresent();
    }

    private static String action(String id) {
        return id.substring(0, id.lastIndexOf('|'));
    }

    private static String group(String id) {
        return id.substring(id.lastIndexOf('|') + 1);
    }

    @Override
    public void delete(ResourceWork work, String id) {
        if (find(work, id).isPresent()) {
            work.client(AutoScalingClient.class)
                    .deleteScheduledAction(
                            r -> r.autoScalingGroupName(group(id)).scheduledActionName(action(id)));
        }
    }

    private static Optional<ScheduledUpdateGroupAction> find(ResourceWork work, String id) {
        if (AutoScalingResources.group(work, group(id)).isEmpty()) {
            return Optional.empty();
        }
        try {
            return work
                    .client(AutoScalingClient.class)
                    .describeScheduledActions(
                            r -> r.autoScalingGroupName(group(id)).scheduledActionNames(action(id)))
                    .scheduledUpdateGroupActions()
                    .stream()
                    .findFirst();
        } catch (AwsServiceException e) {
            // The group has gone meanwhile: a ValidationError.
            if (AutoScalingResources.group(work, group(id)).isEmpty()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** {@inheritDoc} The service tells the next time as the start; one that the template gave and that has passed is still its own. */
    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return find(work, id).map(found -> {
            Properties.Builder properties = Properties.builder();
            if (hasBegun(found, work.desired())) {
                properties.put("StartTime", work.desired().text("StartTime"));
            }
            Properties all = properties
                    .model(ResourceSchema.of(name()).orElseThrow(), found)
                    .build();
            return found.recurrence() != null && !work.desired().has("StartTime") ? all.without("StartTime") : all;
        });
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work
                .client(AutoScalingClient.class)
                .describeScheduledActionsPaginator()
                .scheduledUpdateGroupActions()
                .stream()
                .map(action -> action.scheduledActionName() + "|" + action.autoScalingGroupName())
                .toList();
    }
}
