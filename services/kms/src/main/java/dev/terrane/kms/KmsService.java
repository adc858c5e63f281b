package dev.terrane.kms;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.kms.KmsClient;

/** AWS Key Management Service. */
public final class KmsService implements Service {
    private final KmsTables tables;
    private final Keys keys;
    private final Threads threads;
    private final Upkeep upkeep;
    private final Kms api;

    public KmsService(Platform platform) {
        threads = platform.threads();
        tables = new KmsTables(platform.store());
        Materials materials = new Materials(platform.masterKey());
        keys = new Keys(tables, new ManagedKeys(tables, materials, platform.clock()));
        Markers markers = new Markers(platform.pages());
        KeyPolicies policies = new KeyPolicies(tables, keys);
        Rotation rotation = new Rotation(tables, keys, materials);
        upkeep = new Upkeep(tables, rotation, materials, platform.events(), platform.clock());
        api = new Kms(
                new KeyLifecycle(tables, keys, materials, policies, markers),
                new Aliases(tables, keys, markers),
                policies,
                new KeyTags(tables, keys, markers),
                rotation,
                new Cryptography(keys, materials),
                new Macs(keys, materials));
    }

    @Override
    public String name() {
        return "kms";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return KmsClient.class;
    }

    @Override
    public KmsClient implementation() {
        return api;
    }

    /** A key's ARN by what names it; also by a ciphertext in base64, which says with which key it was made. */
    @Override
    public Optional<String> resourceArn(Scope scope, String type, String name) {
        return switch (type) {
            case "key" -> keys.arnOf(scope, name);
            case "ciphertext" ->
                Cryptography.keyOf(scope.region(), Base64.getDecoder().decode(name));
            default -> Optional.empty();
        };
    }

    @Override
    public Optional<String> resourcePolicy(String resourceArn) {
        return key(resourceArn).map(KeyRecord::policy);
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return key(resourceArn).map(KeyRecord::tags).orElse(Map.of());
    }

    private Optional<KeyRecord> key(String resourceArn) {
        return Arn.find(resourceArn)
                .filter(arn -> arn.resource().startsWith("key/"))
                .flatMap(arn -> tables.key(
                        new Scope(arn.account(), arn.region()), arn.resource().substring("key/".length())));
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return KmsResources.ALL;
    }

    @Override
    public void start() {
        upkeep.start(threads);
    }
}
