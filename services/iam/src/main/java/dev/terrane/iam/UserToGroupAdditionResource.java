package dev.terrane.iam;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.User;

/** Users in a group. It is nothing of its own. */
final class UserToGroupAdditionResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::IAM::UserToGroupAddition";
    }

    /** Its identifier does not tell to what it belongs. */
    @Override
    public boolean provisionable() {
        return false;
    }

    @Override
    public Set<String> supported() {
        return Set.of("GroupName", "Users");
    }

    @Override
    public String create(ResourceWork work) {
        String id = work.name(128);
        work.made(id);
        work.desired().texts("Users").forEach(user -> add(work, user));
        return id;
    }

    private static void add(ResourceWork work, String user) {
        work.client(IamClient.class)
                .addUserToGroup(
                        r -> r.groupName(work.desired().required("GroupName")).userName(user));
    }

    private static void remove(ResourceWork work, String group, String user) {
        work.unlessGone(
                NoSuchEntityException.class,
                () -> work.client(IamClient.class)
                        .removeUserFromGroup(r -> r.groupName(group).userName(user)));
    }

    @Override
    public void update(ResourceWork work, String id) {
        String group = work.previous().required("GroupName");
        boolean moved = !group.equals(work.desired().required("GroupName"));
        List<String> before = work.previous().texts("Users");
        List<String> after = work.desired().texts("Users");
        after.stream().filter(user -> moved || !before.contains(user)).forEach(user -> add(work, user));
        before.stream().filter(user -> moved || !after.contains(user)).forEach(user -> remove(work, group, user));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        String group = work.desired().required("GroupName");
        work.desired().texts("Users").forEach(user -> remove(work, group, user));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        String group = work.desired().text("GroupName").orElse("");
        return work.ifThere(NoSuchEntityException.class, () -> {
                    List<String> members =
                            work.client(IamClient.class).getGroupPaginator(r -> r.groupName(group)).users().stream()
                                    .map(User::userName)
                                    .toList();
                    return work.desired().texts("Users").stream()
                            .filter(members::contains)
                            .toList();
                })
                .filter(users -> !users.isEmpty())
                .map(users -> Properties.builder()
                        .put("Id", id)
                        .put("GroupName", group)
                        .put("Users", users)
                        .build());
    }
}
