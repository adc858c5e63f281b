package dev.terrane.autoscaling;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.AvailabilityZoneDistribution;
import software.amazon.awssdk.services.autoscaling.model.CapacityDistributionStrategy;
import software.amazon.awssdk.services.autoscaling.model.LaunchTemplateSpecification;
import software.amazon.awssdk.services.autoscaling.model.ServiceLinkedRoleFailureException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateVersion;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;

/** What a group is made of, held against what it may be, and against the caller's rights to what it names. */
final class GroupSettings {
    private static final String SERVICE = "autoscaling.amazonaws.com";
    private static final String ROLE = "AWSServiceRoleForAutoScaling";

    private final Clients clients;
    private final Fleet fleet;

    GroupSettings(Clients clients, Fleet fleet) {
        this.clients = clients;
        this.fleet = fleet;
    }

    private static Scope scope() {
        return Call.current().scope();
    }

    static List<String> terminationPolicies(List<String> asked) {
        asked.stream()
                .filter(policy -> !policy.equals("Default") && !policy.equals("OldestInstance"))
                .findFirst()
                .ifPresent(policy -> {
                    throw Refusals.of("The termination policy " + policy
                            + " is not supported; instances are ended by the policy Default.");
                });
        return asked.isEmpty() ? List.of("Default") : asked;
    }

    /** Where a zone has no room, others are tried, which is what AWS does where nothing is said. */
    static AvailabilityZoneDistribution distribution(@Nullable AvailabilityZoneDistribution asked) {
        String strategy = asked == null ? null : asked.capacityDistributionStrategyAsString();
        if (strategy != null && !strategy.equals("balanced-best-effort")) {
            throw Refusals.of(
                    "The capacity distribution strategy " + strategy + " is not supported; balanced-best-effort is.");
        }
        return AvailabilityZoneDistribution.builder()
                .capacityDistributionStrategy(CapacityDistributionStrategy.BALANCED_BEST_EFFORT)
                .build();
    }

    static String healthCheck(@Nullable String asked, String otherwise) {
        if (asked == null) {
            return otherwise;
        }
        if (!Set.of("EC2", "ELB", "EC2,ELB", "ELB,EC2").contains(asked)) {
            throw Refusals.of("Invalid HealthCheckType " + asked + ": it is EC2 or ELB");
        }
        return asked;
    }

    /** Where instances go: subnets, or zones with their default subnets. */
    void place(AutoScalingGroup.Builder group, @Nullable String subnets, List<String> zones) {
        if ((subnets == null || subnets.isEmpty()) && zones.isEmpty()) {
            throw Refusals.of("At least one Availability Zone or VPC Subnet is required.");
        }
        try {
            if (subnets != null && !subnets.isEmpty()) {
                Set<String> found = fleet.subnetsByZone(scope(), List.of(subnets.split("\\s*,\\s*")))
                        .keySet();
                if (!zones.isEmpty() && !found.containsAll(zones)) {
                    throw Refusals.of(
                            "The availability zones of the specified subnets and the Auto Scaling group do not match");
                }
                group.vpcZoneIdentifier(subnets).availabilityZones(found);
            } else {
                clients.client(Ec2Client.class, new Actor.Platform(scope()))
                        .describeAvailabilityZones(r -> r.zoneNames(zones));
                group.availabilityZones(zones).vpcZoneIdentifier("");
            }
        } catch (AwsServiceException e) {
            throw Refusals.of(AwsErrors.message(e));
        }
    }

    /** Refuses target groups that the load balancer does not have. */
    void requireTargetGroups(List<String> arns) {
        if (arns.isEmpty()) {
            return;
        }
        try {
            clients.client(ElasticLoadBalancingV2Client.class, new Actor.Platform(scope()))
                    .describeTargetGroups(r -> r.targetGroupArns(arns));
        } catch (AwsServiceException e) {
            throw Refusals.noTargetGroup();
        }
    }

    static void checkSizes(AutoScalingGroup group) {
        if (group.minSize() > group.maxSize()) {
            throw Refusals.of("Max bound, " + group.maxSize() + ", must be greater than or equal to min bound, "
                    + group.minSize());
        }
        if (group.desiredCapacity() < group.minSize() || group.desiredCapacity() > group.maxSize()) {
            throw Refusals.of("Desired capacity:" + group.desiredCapacity()
                    + " must be between the specified min size:" + group.minSize() + " and max size:"
                    + group.maxSize());
        }
    }

    /** A template as it is kept, by its id, once the caller has shown that it may launch from it.
     *
     * @param subnets the group's, with commas between them; null or empty where it has availability zones only */
    LaunchTemplateSpecification template(LaunchTemplateSpecification asked, @Nullable String subnets) {
        if ((asked.launchTemplateId() == null) == (asked.launchTemplateName() == null)) {
            throw Refusals.of("Valid requests must contain either launchTemplateId or LaunchTemplateName");
        }
        try {
            LaunchTemplateVersion found = clients.client(Ec2Client.class, new Actor.Platform(scope()))
                    .describeLaunchTemplateVersions(r -> r.launchTemplateId(asked.launchTemplateId())
                            .launchTemplateName(asked.launchTemplateName())
                            .versions(asked.version() == null ? "$Default" : asked.version()))
                    .launchTemplateVersions()
                    .getFirst();
            requireLaunch(asked, subnets == null || subnets.isBlank() ? null : subnets.split(",", -1)[0].strip());
            return LaunchTemplateSpecification.builder()
                    .launchTemplateId(found.launchTemplateId())
                    .launchTemplateName(found.launchTemplateName())
                    .version(asked.version())
                    .build();
        } catch (AwsServiceException e) {
            throw Refusals.of("Invalid launch template: " + AwsErrors.message(e));
        }
    }

    /** The caller must be allowed to launch such instances, with their role, or the group would lend it the service's rights. */
    private void requireLaunch(LaunchTemplateSpecification template, @Nullable String subnet) {
        try {
            clients.client(Ec2Client.class, new Actor.Forwarded(SERVICE))
                    .runInstances(r -> r.dryRun(true)
                            .minCount(1)
                            .maxCount(1)
                            .subnetId(subnet)
                            .launchTemplate(t -> t.launchTemplateId(template.launchTemplateId())
                                    .launchTemplateName(template.launchTemplateName())
                                    .version(template.version())));
        } catch (AwsServiceException e) {
            String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
            if (code.equals("UnauthorizedOperation")) {
                throw AwsErrors.of(
                        "AccessDenied", 403, "You are not authorized to use launch template: " + AwsErrors.message(e));
            }
            // That nothing can run just now is for the group's activities to tell.
            if (!code.equals("DryRunOperation") && !code.equals("Unsupported")) {
                throw e;
            }
        }
    }

    /** The role by which the service acts in the account; made at the first group, by the caller's right. */
    String serviceLinkedRole(@Nullable String asked) {
        if (asked != null) {
            return asked;
        }
        try {
            return clients.client(IamClient.class, new Actor.Platform(scope()))
                    .getRole(r -> r.roleName(ROLE))
                    .role()
                    .arn();
        } catch (NoSuchEntityException e) {
            try {
                return clients.client(IamClient.class, new Actor.Forwarded(SERVICE))
                        .createServiceLinkedRole(r -> r.awsServiceName(SERVICE))
                        .role()
                        .arn();
            } catch (AwsServiceException refused) {
                throw ServiceLinkedRoleFailureException.builder()
                        .message("The service-linked role cannot be created: " + AwsErrors.message(refused))
                        .build();
            }
        }
    }
}
