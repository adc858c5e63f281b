package dev.terrane.iam;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.CreateServiceLinkedRoleRequest;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.Role;

/** A role that belongs to a service. */
final class ServiceLinkedRoleResource implements ResourceType {
    private static final String PATH = "/aws-service-role/";

    @Override
    public String name() {
        return "AWS::IAM::ServiceLinkedRole";
    }

    @Override
    public Set<String> supported() {
        return Set.of("AWSServiceName", "CustomSuffix", "Description");
    }

    @Override
    public String create(ResourceWork work) {
        String name = work.client(IamClient.class)
                .createServiceLinkedRole(work.desired().as(CreateServiceLinkedRoleRequest.builder()))
                .role()
                .roleName();
        work.made(name);
        return name;
    }

    @Override
    public void update(ResourceWork work, String id) {
        work.client(IamClient.class)
                .updateRoleDescription(r -> r.roleName(id)
                        .description(work.desired().text("Description").orElse("")));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.unlessGone(
                NoSuchEntityException.class,
                () -> work.client(IamClient.class).deleteServiceLinkedRole(r -> r.roleName(id)));
    }

    /** A service-linked role is deleted once its service has let go of it. */
    @Override
    public boolean settled(ResourceWork work, String id, Change change) {
        return change != Change.DELETE || read(work, id).isEmpty();
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return work.ifThere(NoSuchEntityException.class, () -> {
            Role role =
                    work.client(IamClient.class).getRole(r -> r.roleName(id)).role();
            int suffix = id.indexOf('_');
            return Properties.builder()
                    .put(
                            "AWSServiceName",
                            role.path().substring(PATH.length(), role.path().length() - 1))
                    .put("CustomSuffix", suffix < 0 ? null : id.substring(suffix + 1))
                    .put("Description", role.description())
                    .put("RoleName", id)
                    .build();
        });
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(IamClient.class).listRolesPaginator(r -> r.pathPrefix(PATH)).roles().stream()
                .map(Role::roleName)
                .toList();
    }
}
