package dev.terrane.secretsmanager;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** AWS Secrets Manager. */
public final class SecretsManagerService implements Service {
    private static final Duration UPKEEP = Duration.ofHours(1);

    private final Platform platform;
    private final Lookup lookup;
    private final SecretLifecycle lifecycle;
    private final Secrets api;

    public SecretsManagerService(Platform platform) {
        this.platform = platform;
        SecretTables tables = new SecretTables(platform.store());
        lookup = new Lookup(tables);
        SecretVersions versions =
                new SecretVersions(tables, lookup, new Values(platform.clients(), platform.masterKey()));
        lifecycle = new SecretLifecycle(tables, lookup, versions);
        api = new Secrets(
                lifecycle,
                versions,
                new SecretListings(tables, lookup, versions, platform.authorizer(), platform.pages()),
                new SecretPolicies(tables, lookup),
                new SecretTags(tables, lookup));
    }

    @Override
    public String name() {
        return "secretsmanager";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return SecretsManagerClient.class;
    }

    @Override
    public SecretsManagerClient implementation() {
        return api;
    }

    @Override
    public Optional<String> resourceArn(Scope scope, String type, String name) {
        return type.equals("Secret")
                ? lookup.find(scope, name).map(found -> found.secret().arn())
                : Optional.empty();
    }

    @Override
    public Optional<String> resourcePolicy(String resourceArn) {
        return secret(resourceArn).flatMap(SecretRecord::policy);
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return secret(resourceArn).map(SecretRecord::tags).orElse(Map.of());
    }

    private Optional<SecretRecord> secret(String resourceArn) {
        return Arn.find(resourceArn)
                .flatMap(arn -> lookup.find(new Scope(arn.account(), arn.region()), resourceArn))
                .map(SecretTables.Placed::secret);
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return SecretsManagerResources.ALL;
    }

    @Override
    public void start() {
        platform.threads()
                .every(
                        "secretsmanager-upkeep",
                        UPKEEP,
                        () -> lifecycle.destroyDue(platform.clock().instant()));
    }
}
