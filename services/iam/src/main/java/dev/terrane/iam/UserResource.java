package dev.terrane.iam;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.CreateLoginProfileRequest;
import software.amazon.awssdk.services.iam.model.CreateUserRequest;
import software.amazon.awssdk.services.iam.model.Group;
import software.amazon.awssdk.services.iam.model.LoginProfile;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.UpdateLoginProfileRequest;
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
        return Set.of(
                "Groups",
                "LoginProfile",
                "ManagedPolicyArns",
                "Path",
                "PermissionsBoundary",
                "Policies",
                "Tags",
                "UserName");
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
                .as("LoginProfile", CreateLoginProfileRequest.builder())
                .ifPresent(profile -> iam.createLoginProfile(
                        profile.toBuilder().userName(name).build()));
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
        sign(work, id);
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

    /** The password, where it, or whether it is to be reset, is another than before. */
    private static void sign(ResourceWork work, String id) {
        IamClient iam = work.client(IamClient.class);
        var desired = work.desired().as("LoginProfile", UpdateLoginProfileRequest.builder());
        if (desired.equals(work.previous().as("LoginProfile", UpdateLoginProfileRequest.builder()))) {
            return;
        }
        if (desired.isEmpty()) {
            unsign(work, id);
            return;
        }
        if (profile(work, id).isPresent()) {
            iam.updateLoginProfile(desired.get().toBuilder()
                    .userName(id)
                    .passwordResetRequired(Boolean.TRUE.equals(desired.get().passwordResetRequired()))
                    .build());
        } else {
            iam.createLoginProfile(r -> r.userName(id)
                    .password(desired.get().password())
                    .passwordResetRequired(desired.get().passwordResetRequired()));
        }
    }

    private static Optional<LoginProfile> profile(ResourceWork work, String id) {
        return work.ifThere(
                NoSuchEntityException.class,
                () -> work.client(IamClient.class)
                        .getLoginProfile(r -> r.userName(id))
                        .loginProfile());
    }

    /** A password cannot be read: what the template says stands for it. */
    private static Map<String, Object> told(ResourceWork work, LoginProfile profile) {
        Properties desired = work.desired().object("LoginProfile");
        Map<String, Object> told = new TreeMap<>();
        desired.text("Password").ifPresent(password -> told.put("Password", password));
        if (profile.passwordResetRequired() || desired.has("PasswordResetRequired")) {
            told.put("PasswordResetRequired", profile.passwordResetRequired());
        }
        return told;
    }

    private static void unsign(ResourceWork work, String id) {
        work.unlessGone(
                NoSuchEntityException.class,
                () -> work.client(IamClient.class).deleteLoginProfile(r -> r.userName(id)));
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
        if (work.desired().has("LoginProfile")) {
            unsign(work, id);
        }
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
            profile(work, id).ifPresent(profile -> found.put("LoginProfile", told(work, profile)));
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
