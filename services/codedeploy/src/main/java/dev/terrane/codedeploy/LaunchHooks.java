package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.error.AwsErrors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.codedeploy.model.AutoScalingGroup;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupInfo;
import software.amazon.awssdk.services.codedeploy.model.InvalidAutoScalingGroupException;
import software.amazon.awssdk.services.codedeploy.model.InvalidRoleException;

/**
 * The lifecycle hooks by which Auto Scaling lets CodeDeploy deploy to new instances before they are in service. See "Integrating
 * CodeDeploy with Amazon EC2 Auto Scaling".
 */
final class LaunchHooks {
    private static final String PREFIX = "CodeDeploy-managed-automatic-launch-deployment-hook-";
    private static final int HEARTBEAT_SECONDS = 600;

    private final Clients clients;

    LaunchHooks(Clients clients) {
        this.clients = clients;
    }

    static boolean isOurs(String hook) {
        return hook.startsWith(PREFIX);
    }

    /** Refuses a group whose role cannot be assumed. */
    void requireRole(DeploymentGroupInfo group) {
        try {
            new ServiceRole(clients, group).assume();
        } catch (AwsServiceException e) {
            throw InvalidRoleException.builder()
                    .message("AWS CodeDeploy does not have the permissions required to assume the role "
                            + group.serviceRoleArn() + ".")
                    .build();
        }
    }

    /** Gives hooks to the Auto Scaling groups that have none yet.
     *
     * @return the groups with their hooks
     */
    List<AutoScalingGroup> install(DeploymentGroupInfo group, List<String> names, List<AutoScalingGroup> known) {
        List<AutoScalingGroup> all = new ArrayList<>();
        for (String name : names) {
            Optional<AutoScalingGroup> before =
                    known.stream().filter(each -> each.name().equals(name)).findFirst();
            all.add(before.orElseGet(() -> install(group, name)));
        }
        return all;
    }

    private AutoScalingGroup install(DeploymentGroupInfo group, String name) {
        // The same again when the call is run again, which then changes nothing.
        String unique = UUID.nameUUIDFromBytes(
                        (Call.current().requestId() + "/" + name).getBytes(StandardCharsets.UTF_8))
                .toString();
        String hook = PREFIX + group.deploymentGroupName() + "-" + unique;
        try {
            AutoScalingClient scaling = new ServiceRole(clients, group).client(AutoScalingClient.class);
            if (scaling.describeAutoScalingGroups(request -> request.autoScalingGroupNames(name))
                    .autoScalingGroups()
                    .isEmpty()) {
                throw InvalidAutoScalingGroupException.builder()
                        .message("No Auto Scaling group was found for name: " + name)
                        .build();
            }
            scaling.putLifecycleHook(request -> request.autoScalingGroupName(name)
                    .lifecycleHookName(hook)
                    .lifecycleTransition("autoscaling:EC2_INSTANCE_LAUNCHING")
                    .heartbeatTimeout(HEARTBEAT_SECONDS)
                    .defaultResult("ABANDON"));
        } catch (InvalidAutoScalingGroupException e) {
            throw e;
        } catch (AwsServiceException e) {
            throw InvalidRoleException.builder()
                    .message("AWS CodeDeploy can't install its lifecycle hook in the Auto Scaling group " + name
                            + " as the role " + group.serviceRoleArn() + ": " + AwsErrors.message(e))
                    .build();
        }
        return AutoScalingGroup.builder().name(name).hook(hook).build();
    }

    /** Takes hooks away.
     *
     * @return those that could not be taken
     */
    List<AutoScalingGroup> remove(DeploymentGroupInfo group, List<AutoScalingGroup> groups) {
        List<AutoScalingGroup> left = new ArrayList<>();
        for (AutoScalingGroup each : groups) {
            try {
                new ServiceRole(clients, group)
                        .client(AutoScalingClient.class)
                        .deleteLifecycleHook(request ->
                                request.autoScalingGroupName(each.name()).lifecycleHookName(each.hook()));
            } catch (AwsServiceException e) {
                left.add(each);
            }
        }
        return left;
    }
}
