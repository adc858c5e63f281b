package dev.terrane.iam;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.Role;

/** An instance profile, with its role. */
final class InstanceProfileResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::IAM::InstanceProfile";
    }

    @Override
    public Set<String> supported() {
        return Set.of("InstanceProfileName", "Path", "Roles");
    }

    @Override
    public String create(ResourceWork work) {
        String name = work.desired().text("InstanceProfileName").orElseGet(() -> work.name(128));
        work.client(IamClient.class)
                .createInstanceProfile(r -> r.instanceProfileName(name)
                        .path(work.desired().text("Path").orElse("/")));
        work.made(name);
        work.desired().texts("Roles").forEach(role -> add(work, name, role));
        return name;
    }

    private static void add(ResourceWork work, String id, String role) {
        work.client(IamClient.class)
                .addRoleToInstanceProfile(r -> r.instanceProfileName(id).roleName(role));
    }

    private static void remove(ResourceWork work, String id, String role) {
        work.unlessGone(
                NoSuchEntityException.class,
                () -> work.client(IamClient.class)
                        .removeRoleFromInstanceProfile(
                                r -> r.instanceProfileName(id).roleName(role)));
    }

    @Override
    public void update(ResourceWork work, String id) {
        List<String> before = work.previous().texts("Roles");
        List<String> after = work.desired().texts("Roles");
        before.stream().filter(role -> !after.contains(role)).forEach(role -> remove(work, id, role));
        after.stream().filter(role -> !before.contains(role)).forEach(role -> add(work, id, role));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.desired().texts("Roles").forEach(role -> remove(work, id, role));
        work.unlessGone(
                NoSuchEntityException.class,
                () -> work.client(IamClient.class).deleteInstanceProfile(r -> r.instanceProfileName(id)));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return work.ifThere(NoSuchEntityException.class, () -> {
            InstanceProfile profile = work.client(IamClient.class)
                    .getInstanceProfile(r -> r.instanceProfileName(id))
                    .instanceProfile();
            return Properties.builder()
                    .put("Roles", profile.roles().stream().map(Role::roleName).toList())
                    .model(ResourceSchema.of(name()).orElseThrow(), profile)
                    .build();
        });
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(IamClient.class).listInstanceProfilesPaginator().instanceProfiles().stream()
                .map(InstanceProfile::instanceProfileName)
                .toList();
    }
}
