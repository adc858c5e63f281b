package dev.terrane.iam;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.CreateUserRequest;
import software.amazon.awssdk.services.iam.model.Group;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.User;
import tools.jackson.databind.JsonNode;

/** A user, with its groups and the policies that it is given. */
final class UserResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::IAM::User";
    }

    @Override
    public Set<String> supported() {
        return Set.of("Groups", "ManagedPolicyArns", "Path", "PermissionsBoundary", "Policies", "Tags", "UserName");
    }

    @Override
    public String create(ResourceWork work) {
        IamClient iam = work.client(IamClient.class);
        String name = work.desired().text("UserName").orElseGet(() -> work.name(64));
        iam.createUser(work.desired().as(CreateUserRequest.builder()).toBuilder()
                .userName(name)
                .tags(IamResources.tags(work.tags()))
                .build());
        work.made(name);
        work.desired()
                .texts("Groups")
                .forEach(group -> iam.addUserToGroup(r -> r.userName(name).groupName(group)));
        PolicyHolder.USER.give(work, name);
        return name;
    }

    @Override
    public void update(ResourceWork work, String id) {
        IamClient iam = work.client(IamClient.class);
        Properties desired = work.desired();
        Properties previous = work.previous();
        String path = desired.text("Path").orElse("/");
        if (!path.equals(previous.text("Path").orElse("/"))) {
            iam.updateUser(r -> r.userName(id).newPath(path));
        }
        Optional<String> boundary = desired.text("PermissionsBoundary");
        if (!boundary.equals(previous.text("PermissionsBoundary"))) {
            boundary.ifPresentOrElse(
                    arn -> iam.putUserPermissionsBoundary(r -> r.userName(id).permissionsBoundary(arn)),
                    () -> iam.deleteUserPermissionsBoundary(r -> r.userName(id)));
        }
        List<String> groups = desired.texts("Groups");
        List<String> before = previous.texts("Groups");
        groups.stream()
                .filter(group -> !before.contains(group))
                .forEach(group -> iam.addUserToGroup(r -> r.userName(id).groupName(group)));
        before.stream().filter(group -> !groups.contains(group)).forEach(group -> leave(work, id, group));
        PolicyHolder.USER.change(work, id);
        work.tagChanges(
                tags -> iam.tagUser(r -> r.userName(id).tags(IamResources.tags(tags))),
                keys -> iam.untagUser(r -> r.userName(id).tagKeys(keys)));
    }

    private static void leave(ResourceWork work, String id, String group) {
        work.unlessGone(
                NoSuchEntityException.class,
                () -> work.client(IamClient.class)
                        .removeUserFromGroup(r -> r.userName(id).groupName(group)));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.desired().texts("Groups").forEach(group -> leave(work, id, group));
        PolicyHolder.USER.take(work, id);
        work.unlessGone(
                NoSuchEntityException.class, () -> work.client(IamClient.class).deleteUser(r -> r.userName(id)));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        IamClient iam = work.client(IamClient.class);
        return work.ifThere(NoSuchEntityException.class, () -> {
            User user = iam.getUser(r -> r.userName(id)).user();
            List<String> groups = iam.listGroupsForUserPaginator(r -> r.userName(id)).groups().stream()
                    .map(Group::groupName)
                    .toList();
            Properties.Builder found = Properties.builder()
                    .put("PermissionsBoundary", IamResources.arn(user.permissionsBoundary()))
                    .put("Groups", groups)
                    .tags("Tags", IamResources.tags(user.tags()));
            PolicyHolder.USER.read(work, id, found);
            return found.model(ResourceSchema.of(name()).orElseThrow(), user)
                    .inOrderOf(work.desired(), "Groups", "Tags")
                    .build();
        });
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(IamClient.class).listUsersPaginator().users().stream()
                .map(User::userName)
                .toList();
    }

    @Override
    public boolean isAttachedBy(String property, JsonNode item, String type, String id, Properties other) {
        return PolicyHolder.USER.isAttachedBy(property, item, type, id, other)
                || (property.equals("Groups")
                        && type.equals("AWS::IAM::UserToGroupAddition")
                        && other.text("GroupName").equals(Optional.of(item.asString(""))));
    }
}
