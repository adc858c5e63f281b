package dev.terrane.secretsmanager;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.*;

/** A secret. Its value is given or generated; it is deleted at once, without a time in which it could be restored, as by AWS. */
final class SecretResource implements ResourceType {
    private static final String STANDARD_KEY = "alias/aws/secretsmanager";

    @Override
    public String name() {
        return "AWS::SecretsManager::Secret";
    }

    @Override
    public Set<String> supported() {
        return Set.of("Description", "GenerateSecretString", "KmsKeyId", "Name", "SecretString", "Tags");
    }

    @Override
    public String create(ResourceWork work) {
        SecretsManagerClient secrets = work.client(SecretsManagerClient.class);
        Properties desired = work.desired();
        String name = desired.text("Name").orElseGet(() -> work.name(256));
        CreateSecretRequest request = CreateSecretRequest.builder()
                .name(name)
                .description(desired.text("Description").orElse(null))
                .kmsKeyId(desired.text("KmsKeyId").orElse(null))
                .secretString(value(work).orElse(null))
                .clientRequestToken(version(work))
                .tags(tags(work.tags()))
                .build();
        String arn;
        try {
            arn = secrets.createSecret(request).arn();
        } catch (ResourceExistsException e) {
            arn = ours(work, name).orElseThrow(() -> e);
        }
        work.made(arn);
        return arn;
    }

    /** Names the version that this work makes: where it is there already, the work is run again, and would generate another value. */
    private static String version(ResourceWork work) {
        return UUID.nameUUIDFromBytes(work.token().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** The secret's ARN where it has the version that this work makes. */
    private static Optional<String> ours(ResourceWork work, String id) {
        return find(work, id)
                .filter(secret -> secret.versionIdsToStages().containsKey(version(work)))
                .map(DescribeSecretResponse::arn);
    }

    private static Optional<String> value(ResourceWork work) {
        Properties desired = work.desired();
        if (!desired.has("GenerateSecretString")) {
            return desired.text("SecretString");
        }
        if (desired.has("SecretString")) {
            throw Refusals.request("You can't specify both SecretString and GenerateSecretString.");
        }
        Properties generated = desired.object("GenerateSecretString");
        Optional<String> key = generated.text("GenerateStringKey");
        Optional<String> template = generated.text("SecretStringTemplate");
        if (key.isPresent() != template.isPresent()) {
            throw Refusals.request("You must specify both GenerateStringKey and SecretStringTemplate, or neither.");
        }
        String password = work.client(SecretsManagerClient.class)
                .getRandomPassword(generated.as(GetRandomPasswordRequest.builder()))
                .randomPassword();
        return Optional.of(template.map(json -> Properties.parse(json)
                        .node()
                        .put(key.orElseThrow(), password)
                        .toString())
                .orElse(password));
    }

    private static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    @Override
    public void update(ResourceWork work, String id) {
        SecretsManagerClient secrets = work.client(SecretsManagerClient.class);
        Properties desired = work.desired();
        Properties previous = work.previous();
        String description = desired.text("Description").orElse("");
        String key = desired.text("KmsKeyId").orElse(STANDARD_KEY);
        if (!description.equals(previous.text("Description").orElse(""))
                || !key.equals(previous.text("KmsKeyId").orElse(STANDARD_KEY))) {
            secrets.updateSecret(r -> r.secretId(id).description(description).kmsKeyId(key));
        }
        boolean other = !desired.text("SecretString").equals(previous.text("SecretString"))
                || !desired.object("GenerateSecretString").equals(previous.object("GenerateSecretString"));
        if (other && ours(work, id).isEmpty()) {
            // A value that is no longer given stays.
            value(work)
                    .ifPresent(value -> secrets.putSecretValue(
                            r -> r.secretId(id).secretString(value).clientRequestToken(version(work))));
        }
        work.tagChanges(
                tags -> secrets.tagResource(r -> r.secretId(id).tags(tags(tags))),
                keys -> secrets.untagResource(r -> r.secretId(id).tagKeys(keys)));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.client(SecretsManagerClient.class).deleteSecret(r -> r.secretId(id).forceDeleteWithoutRecovery(true));
    }

    /** A secret that does not wait for its deletion. */
    static Optional<DescribeSecretResponse> find(ResourceWork work, String id) {
        return work.ifThere(
                        ResourceNotFoundException.class,
                        () -> work.client(SecretsManagerClient.class).describeSecret(r -> r.secretId(id)))
                .filter(secret -> secret.deletedDate() == null);
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return find(work, id)
                .map(secret -> Properties.builder()
                        .put("Id", id)
                        .tags("Tags", secret.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value)))
                        .model(ResourceSchema.of(name()).orElseThrow(), secret)
                        .inOrderOf(work.desired(), "Tags")
                        .build());
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(SecretsManagerClient.class).listSecretsPaginator().stream()
                .flatMap(page -> page.secretList().stream())
                .map(SecretListEntry::arn)
                .toList();
    }
}
