package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.*;

/** Roles that belong to a service: it names them, it alone assumes them, and AWS's policy alone says what they may do. */
final class ServiceLinkedRoles {
    /** The services that have such a role ("AWS services that work with IAM"), as far as they run here. */
    private static final Map<String, Kind> KINDS = Map.of(
            "autoscaling.amazonaws.com",
            new Kind(
                    "AWSServiceRoleForAutoScaling",
                    "AutoScalingServiceRolePolicy",
                    true,
                    "Default Service-Linked Role enables access to AWS Services and Resources used or managed by Auto"
                            + " Scaling"),
            "elasticloadbalancing.amazonaws.com",
            new Kind(
                    "AWSServiceRoleForElasticLoadBalancing",
                    "AWSElasticLoadBalancingServiceRolePolicy",
                    false,
                    "Allows ELB to call AWS services on your behalf."),
            "events.amazonaws.com",
            new Kind("AWSServiceRoleForCloudWatchEvents", "CloudWatchEventsServiceRolePolicy", false, ""));

    /** What is fixed about a service's role. */
    private record Kind(String role, String policy, boolean suffix, String description) {}

    private final IamTables tables;
    private final Attachments attachments;

    ServiceLinkedRoles(IamTables tables, Attachments attachments) {
        this.tables = tables;
        this.attachments = attachments;
    }

    CreateServiceLinkedRoleResponse create(CreateServiceLinkedRoleRequest request) {
        Scope scope = Call.current().globalScope();
        String service = request.awsServiceName();
        Kind kind = KINDS.get(service);
        if (kind == null) {
            throw Refusals.invalid("Service-linked roles are not supported for " + service);
        }
        if (request.customSuffix() != null && !kind.suffix()) {
            throw Refusals.invalid("Custom suffix is not allowed for " + service);
        }
        String name = request.customSuffix() == null ? kind.role() : kind.role() + "_" + request.customSuffix();
        if (tables.roles().get(scope, Names.key(name)).isPresent()) {
            throw Refusals.invalid(
                    "Service role name " + name + " has been taken in this account, please try a different suffix.");
        }
        String policy = Arn.iam(PolicyRecord.AWS, "policy/aws-service-role/" + kind.policy())
                .toString();
        String description = request.description() == null ? kind.description() : request.description();
        RoleRecord role = new RoleRecord(
                scope.account(),
                name,
                "/aws-service-role/" + service + "/",
                Ids.iam("AROA"),
                Moments.now(),
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":[\""
                        + service + "\"]},\"Action\":[\"sts:AssumeRole\"]}]}",
                description.isEmpty() ? Optional.empty() : Optional.of(description),
                3_600,
                Map.of(),
                Permissions.NONE.withAttached(policy),
                List.of());
        attachments.record(scope, role, policy, false);
        tables.roles().put(scope, role);
        return CreateServiceLinkedRoleResponse.builder()
                .role(Roles.full(role).toBuilder()
                        .maxSessionDuration(null)
                        .description(null)
                        .build())
                .build();
    }

    DeleteServiceLinkedRoleResponse delete(DeleteServiceLinkedRoleRequest request) {
        Scope scope = Call.current().globalScope();
        RoleRecord role = tables.role(scope, request.roleName());
        if (!role.serviceLinked()) {
            throw Refusals.invalid("The role " + role.name() + " is not a service-linked role.");
        }
        attachments.release(scope, role);
        ServiceUses.forget(tables, scope, role.id());
        tables.roles().delete(scope, role.key());
        String task = "task" + role.path() + role.name() + "/" + Ids.uuid();
        tables.roleDeletions().put(scope, new RoleDeletionRecord(task, role.name()));
        return DeleteServiceLinkedRoleResponse.builder().deletionTaskId(task).build();
    }

    GetServiceLinkedRoleDeletionStatusResponse deletionStatus(GetServiceLinkedRoleDeletionStatusRequest request) {
        if (tables.roleDeletions()
                .get(Call.current().globalScope(), request.deletionTaskId())
                .isEmpty()) {
            throw Refusals.noSuchEntity("Deletion task " + request.deletionTaskId() + " cannot be found.");
        }
        return GetServiceLinkedRoleDeletionStatusResponse.builder()
                .status(DeletionTaskStatusType.SUCCEEDED)
                .build();
    }
}
