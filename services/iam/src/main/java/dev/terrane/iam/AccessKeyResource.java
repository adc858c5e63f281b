package dev.terrane.iam;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;

/** An access key. A higher {@code Serial} makes a new one; its secret is told once, when it is made. */
final class AccessKeyResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::IAM::AccessKey";
    }

    @Override
    public boolean provisionable() {
        return false;
    }

    @Override
    public Set<String> supported() {
        return Set.of("Serial", "Status", "UserName");
    }

    @Override
    public String create(ResourceWork work) {
        AccessKey key = work.client(IamClient.class)
                .createAccessKey(r -> r.userName(work.desired().required("UserName")))
                .accessKey();
        work.made(key.accessKeyId());
        work.told("SecretAccessKey", key.secretAccessKey());
        if (!status(work.desired()).equals("Active")) {
            setStatus(work, key.accessKeyId());
        }
        return key.accessKeyId();
    }

    private static String status(Properties properties) {
        return properties.text("Status").orElse("Active");
    }

    private static void setStatus(ResourceWork work, String id) {
        work.client(IamClient.class)
                .updateAccessKey(r -> r.userName(work.desired().required("UserName"))
                        .accessKeyId(id)
                        .status(status(work.desired())));
    }

    @Override
    public void update(ResourceWork work, String id) {
        if (!status(work.desired()).equals(status(work.previous()))) {
            setStatus(work, id);
        }
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.unlessGone(
                NoSuchEntityException.class,
                () -> work.client(IamClient.class)
                        .deleteAccessKey(r ->
                                r.userName(work.desired().required("UserName")).accessKeyId(id)));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        String user = work.desired().text("UserName").orElse("");
        return work.ifThere(
                        NoSuchEntityException.class,
                        () -> work
                                .client(IamClient.class)
                                .listAccessKeysPaginator(r -> r.userName(user))
                                .accessKeyMetadata()
                                .stream()
                                .filter(key -> key.accessKeyId().equals(id))
                                .findFirst()
                                .orElse(null))
                .map(key -> Properties.builder()
                        .put("Id", id)
                        .put("Status", key.statusAsString())
                        .put("UserName", key.userName())
                        .build());
    }
}
