package dev.terrane.iam;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.Role;
import tools.jackson.databind.JsonNode;

/** A role, with the policies that it is given. */
final class RoleResource implements ResourceType {
    private static final int HOUR = 3_600;

    @Override
    public String name() {
        return "AWS::IAM::Role";
    }

    @Override
    public Set<String> supported() {
        return Set.of(
                "AssumeRolePolicyDocument",
                "Description",
                "ManagedPolicyArns",
                "MaxSessionDuration",
                "Path",
                "PermissionsBoundary",
                "Policies",
                "RoleName",
                "Tags");
    }

    @Override
    public String create(ResourceWork work) {
        String name = work.desired().text("RoleName").orElseGet(() -> work.name(64));
        work.client(IamClient.class)
                .createRole(work.desired().as(CreateRoleRequest.builder()).toBuilder()
                        .roleName(name)
                        .assumeRolePolicyDocument(trust(work.desired()))
                        .tags(IamResources.tags(work.tags()))
                        .build());
        work.made(name);
        PolicyHolder.ROLE.give(work, name);
        return name;
    }

    private static String trust(Properties properties) {
        return properties.json("AssumeRolePolicyDocument").orElse("");
    }

    @Override
    public void update(ResourceWork work, String id) {
        IamClient iam = work.client(IamClient.class);
        Properties desired = work.desired();
        Properties previous = work.previous();
        if (!trust(desired).equals(trust(previous))) {
            iam.updateAssumeRolePolicy(r -> r.roleName(id).policyDocument(trust(desired)));
        }
        if (!desired.text("Description").equals(previous.text("Description"))
                || !desired.text("MaxSessionDuration").equals(previous.text("MaxSessionDuration"))) {
            iam.updateRole(r -> r.roleName(id)
                    .description(desired.text("Description").orElse(""))
                    .maxSessionDuration(desired.integer("MaxSessionDuration").orElse(HOUR)));
        }
        Optional<String> boundary = desired.text("PermissionsBoundary");
        if (!boundary.equals(previous.text("PermissionsBoundary"))) {
            boundary.ifPresentOrElse(
                    arn -> iam.putRolePermissionsBoundary(r -> r.roleName(id).permissionsBoundary(arn)),
                    () -> iam.deleteRolePermissionsBoundary(r -> r.roleName(id)));
        }
        PolicyHolder.ROLE.change(work, id);
        work.tagChanges(
                tags -> iam.tagRole(r -> r.roleName(id).tags(IamResources.tags(tags))),
                keys -> iam.untagRole(r -> r.roleName(id).tagKeys(keys)));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        PolicyHolder.ROLE.take(work, id);
        work.unlessGone(
                NoSuchEntityException.class, () -> work.client(IamClient.class).deleteRole(r -> r.roleName(id)));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return work.ifThere(NoSuchEntityException.class, () -> {
            Role role =
                    work.client(IamClient.class).getRole(r -> r.roleName(id)).role();
            Properties.Builder found = Properties.builder()
                    .json("AssumeRolePolicyDocument", IamResources.decoded(role.assumeRolePolicyDocument()))
                    .put("PermissionsBoundary", IamResources.arn(role.permissionsBoundary()))
                    .tags("Tags", IamResources.tags(role.tags()));
            PolicyHolder.ROLE.read(work, id, found);
            return found.model(ResourceSchema.of(name()).orElseThrow(), role)
                    .inOrderOf(work.desired(), "Tags")
                    .build();
        });
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(IamClient.class).listRolesPaginator().roles().stream()
                .map(Role::roleName)
                .toList();
    }

    @Override
    public boolean isAttachedBy(String property, JsonNode item, String type, String id, Properties other) {
        return PolicyHolder.ROLE.isAttachedBy(property, item, type, id, other);
    }
}
