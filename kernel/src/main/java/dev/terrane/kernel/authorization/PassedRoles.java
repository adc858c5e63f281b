package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.Overlay.Asked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Roles that a request hands to a service: the caller needs {@code iam:PassRole} on each ("Granting a user permissions to
 * pass a role to an AWS service" in the IAM user guide).
 */
final class PassedRoles {
    private record Passing(String principal, List<String> roles, List<String> profiles) {}

    private static final String PROFILE = "iamInstanceProfile";

    /** By IAM prefix: to whom roles are passed, and where they stand. */
    private static final Map<String, Passing> PASSING = Map.ofEntries(
            Map.entry("cloudformation", roles("cloudformation.amazonaws.com", "RoleARN", "AdministrationRoleARN")),
            Map.entry(
                    "codebuild",
                    roles(
                            "codebuild.amazonaws.com",
                            "serviceRole",
                            "serviceRoleOverride",
                            "buildBatchConfig.serviceRole")),
            Map.entry(
                    "codepipeline",
                    roles("codepipeline.amazonaws.com", "pipeline.roleArn", "pipeline.stages.actions.roleArn")),
            Map.entry("codedeploy", roles("codedeploy.amazonaws.com", "serviceRoleArn")),
            Map.entry("events", roles("events.amazonaws.com", "RoleArn", "Targets.RoleArn")),
            Map.entry("logs", roles("logs.amazonaws.com", "roleArn", "executionRoleArn")),
            Map.entry(
                    "firehose",
                    roles(
                            "firehose.amazonaws.com",
                            "ExtendedS3DestinationConfiguration.RoleARN",
                            "ExtendedS3DestinationUpdate.RoleARN",
                            "S3DestinationConfiguration.RoleARN",
                            "S3DestinationUpdate.RoleARN")),
            Map.entry("cloudtrail", roles("cloudtrail.amazonaws.com", "CloudWatchLogsRoleArn")),
            Map.entry("ssm", roles("ssm.amazonaws.com", "ServiceRoleArn", "IamRole", "ServiceRole")),
            Map.entry("s3", roles("s3.amazonaws.com", "ReplicationConfiguration.Role")),
            Map.entry(
                    "autoscaling",
                    new Passing(
                            "autoscaling.amazonaws.com", List.of("RoleARN", "ServiceLinkedRoleARN"), List.of(PROFILE))),
            Map.entry(
                    "ec2",
                    new Passing(
                            "ec2.amazonaws.com",
                            List.of("DeliverLogsPermissionArn", "RoleName"),
                            List.of(
                                    PROFILE + ".Arn",
                                    PROFILE + ".Name",
                                    "LaunchSpecification." + PROFILE + ".Arn",
                                    "LaunchSpecification." + PROFILE + ".Name"))));

    private PassedRoles() {}

    private static Passing roles(String principal, String... paths) {
        return new Passing(principal, List.of(paths), List.of());
    }

    /** What the request requires for the roles that it passes. */
    static List<Requirement> of(String service, Asked asked) {
        Passing passing = PASSING.get(service);
        if (passing == null || isReading(service, asked.operation())) {
            return List.of();
        }
        List<String> arns = new ArrayList<>();
        for (String path : passing.roles()) {
            asked.members().at(path).forEach(role -> arns.add(role(role, asked)));
        }
        for (String path : passing.profiles()) {
            // The role of the instance profile is passed; a profile made with its role has the role's name.
            asked.members().at(path).forEach(profile -> {
                String name = Arn.find(profile).map(Arn::name).orElse(profile);
                arns.add(asked.names()
                        .find("iam", "role-of-instance-profile", name)
                        .orElseGet(() -> role(name, asked)));
            });
        }
        String principal =
                asked.operation().equals("CreateFlowLogs") ? "vpc-flow-logs.amazonaws.com" : passing.principal();
        List<String> distinct =
                arns.stream().filter(arn -> !arn.isEmpty()).distinct().toList();
        return distinct.isEmpty() ? List.of() : List.of(passing(principal, distinct));
    }

    static Requirement passing(String principal, List<String> roles) {
        return new Requirement("iam:PassRole", roles, Map.of("iam:PassedToService", List.of(principal)));
    }

    /** A role's ARN from its ARN or name. */
    static String role(String role, Asked asked) {
        if (role.isEmpty() || Arn.isArn(role)) {
            return role;
        }
        return asked.names()
                .find("iam", "role", role)
                .orElseGet(() -> new Arn(
                                asked.scope().partition(),
                                "iam",
                                "",
                                asked.scope().account(),
                                "role/" + role)
                        .toString());
    }

    /** Operations that name roles without passing them; CloudFormation works with the one that it is given whatever it does. */
    private static boolean isReading(String service, String operation) {
        return !service.equals("cloudformation") && isReading(operation);
    }

    private static boolean isReading(String operation) {
        return operation.startsWith("Describe")
                || operation.startsWith("List")
                || operation.startsWith("Get")
                || operation.startsWith("Delete")
                || operation.startsWith("BatchGet")
                || operation.startsWith("Test");
    }
}
