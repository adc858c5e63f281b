package dev.terrane.codedeploy;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IamInstanceProfile;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The role of an instance's profile, as which the agent reads bundles. */
final class InstanceCredentials {
    private final Clients clients;

    InstanceCredentials(Clients clients) {
        this.clients = clients;
    }

    /** S3 as the instance sees it.
     *
     * @throws LifecycleFailure when the instance has no profile with a role
     */
    S3Client s3(Agent.Task task) {
        return clients.client(S3Client.class, new Actor.Role(role(task), "ec2.amazonaws.com", task.instanceId()));
    }

    /** Instances get their credentials from the platform, whatever the group's service role may read. */
    private String role(Agent.Task task) {
        Actor.Platform platform = new Actor.Platform(Call.current().scope());
        IamInstanceProfile profile = clients
                .client(Ec2Client.class, platform)
                .describeInstances(request -> request.instanceIds(task.instanceId()))
                .reservations()
                .stream()
                .flatMap(reservation -> reservation.instances().stream())
                .findFirst()
                .map(software.amazon.awssdk.services.ec2.model.Instance::iamInstanceProfile)
                .orElseThrow(InstanceCredentials::missing);
        String name = Arn.parse(profile.arn()).name();
        return clients
                .client(IamClient.class, platform)
                .getInstanceProfile(request -> request.instanceProfileName(name))
                .instanceProfile()
                .roles()
                .stream()
                .findFirst()
                .map(software.amazon.awssdk.services.iam.model.Role::arn)
                .orElseThrow(InstanceCredentials::missing);
    }

    private static LifecycleFailure missing() {
        return LifecycleFailure.of(
                "Missing credentials - please check if this instance was started with an IAM instance profile");
    }
}
