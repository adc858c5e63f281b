package dev.terrane.iam;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.Group;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import tools.jackson.databind.JsonNode;

/** A group, with the policies that it is given. */
final class GroupResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::IAM::Group";
    }

    @Override
    public Set<String> supported() {
        return Set.of("GroupName", "ManagedPolicyArns", "Path", "Policies");
    }

    @Override
    public String create(ResourceWork work) {
        String name = work.desired().text("GroupName").orElseGet(() -> work.name(128));
        work.client(IamClient.class)
                .createGroup(
                        r -> r.groupName(name).path(work.desired().text("Path").orElse("/")));
        work.made(name);
        PolicyHolder.GROUP.give(work, name);
        return name;
    }

    @Override
    public void update(ResourceWork work, String id) {
        String path = work.desired().text("Path").orElse("/");
        if (!path.equals(work.previous().text("Path").orElse("/"))) {
            work.client(IamClient.class).updateGroup(r -> r.groupName(id).newPath(path));
        }
        PolicyHolder.GROUP.change(work, id);
    }

    @Override
    public void delete(ResourceWork work, String id) {
        PolicyHolder.GROUP.take(work, id);
        work.unlessGone(
                NoSuchEntityException.class, () -> work.client(IamClient.class).deleteGroup(r -> r.groupName(id)));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return work.ifThere(NoSuchEntityException.class, () -> {
            Group group = work.client(IamClient.class)
                    .getGroup(r -> r.groupName(id).maxItems(1))
                    .group();
            Properties.Builder found = Properties.builder();
            PolicyHolder.GROUP.read(work, id, found);
            return found.model(ResourceSchema.of(name()).orElseThrow(), group).build();
        });
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(IamClient.class).listGroupsPaginator().groups().stream()
                .map(Group::groupName)
                .toList();
    }

    @Override
    public boolean isAttachedBy(String property, JsonNode item, String type, String id, Properties other) {
        return PolicyHolder.GROUP.isAttachedBy(property, item, type, id, other);
    }
}
