package dev.terrane.secretsmanager;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** Secrets Manager's CloudFormation types. */
final class SecretsManagerResources {
    static final List<ResourceType> ALL = List.of(new SecretResource(), new SecretPolicyResource());

    private SecretsManagerResources() {}

    /** The policy of a secret. */
    private static final class SecretPolicyResource implements ResourceType {
        @Override
        public String name() {
            return "AWS::SecretsManager::ResourcePolicy";
        }

        @Override
        public Set<String> supported() {
            return Set.of("BlockPublicPolicy", "ResourcePolicy", "SecretId");
        }

        @Override
        public String create(ResourceWork work) {
            String id = work.client(SecretsManagerClient.class)
                    .describeSecret(r -> r.secretId(work.desired().required("SecretId")))
                    .arn();
            work.mustBeNew(this, id);
            put(work, id);
            work.made(id);
            return id;
        }

        private static void put(ResourceWork work, String id) {
            work.client(SecretsManagerClient.class)
                    .putResourcePolicy(r -> r.secretId(id)
                            .resourcePolicy(
                                    work.desired().json("ResourcePolicy").orElse(""))
                            .blockPublicPolicy(
                                    work.desired().flag("BlockPublicPolicy").orElse(null)));
        }

        @Override
        public void update(ResourceWork work, String id) {
            put(work, id);
        }

        @Override
        public void delete(ResourceWork work, String id) {
            if (read(work, id).isPresent()) {
                work.client(SecretsManagerClient.class).deleteResourcePolicy(r -> r.secretId(id));
            }
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            if (SecretResource.find(work, id).isEmpty()) {
                return Optional.empty();
            }
            return work.ifThere(
                            ResourceNotFoundException.class,
                            () -> work.client(SecretsManagerClient.class)
                                    .getResourcePolicy(r -> r.secretId(id))
                                    .resourcePolicy())
                    .map(policy -> Properties.builder()
                            .put("Id", id)
                            .put("SecretId", work.desired().text("SecretId").orElse(id))
                            .json("ResourcePolicy", policy)
                            .build());
        }
    }
}
