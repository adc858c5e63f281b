package dev.terrane.kms;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.Requirement;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.kms.KmsClient;

/** AWS Key Management Service. */
public final class KmsService implements Service {
    private final KmsTables tables;
    private final Keys keys;
    private final GrantRules grants;
    private final Threads threads;
    private final Upkeep upkeep;
    private final Kms api;

    public KmsService(Platform platform) {
        threads = platform.threads();
        tables = new KmsTables(platform.store());
        Materials materials = new Materials(platform.masterKey());
        keys = new Keys(tables, new ManagedKeys(tables, materials, platform.clock()));
        grants = new GrantRules(tables);
        Markers markers = new Markers(platform.pages());
        KeyPolicies policies = new KeyPolicies(tables, keys);
        Rotation rotation = new Rotation(tables, keys, materials);
        upkeep = new Upkeep(tables, rotation, materials, platform.events(), platform.clock());
        Cryptography cryptography = new Cryptography(keys, materials);
        api = new Kms(
                new KeyLifecycle(tables, keys, materials, policies, markers),
                new Aliases(tables, keys, markers),
                policies,
                new KeyTags(tables, keys, markers),
                new Grants(tables, keys, markers),
                new Imports(tables, keys, materials, platform.masterKey()),
                rotation,
                cryptography,
                new DataKeys(cryptography),
                new Signatures(keys, materials),
                new PublicKeys(keys, materials),
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

    /**
     * A key's ARN by what names it; also by a ciphertext in base64, which says with which key it was made, and by a grant's token. The id of the grant
     * that a token means is asked for in the same way.
     */
    @Override
    public Optional<String> resourceArn(Scope scope, String type, String name) {
        return switch (type) {
            case "key" -> keys.arnOf(scope, name);
            case "ciphertext" ->
                Cryptography.keyOf(scope.region(), Base64.getDecoder().decode(name));
            case "grant-token" -> Grants.read(name).map(Grants.Named::keyArn);
            case "grant" -> Grants.read(name).map(Grants.Named::grantId);
            default -> Optional.empty();
        };
    }

    @Override
    public Optional<String> resourcePolicy(String resourceArn) {
        return key(resourceArn).map(KeyRecord::policy);
    }

    @Override
    public Optional<String> resourcePolicy(String resourceArn, Principal caller, Requirement asked) {
        return place(resourceArn)
                .flatMap(place -> tables.key(place.scope(), place.keyId())
                        .map(key -> grants.policy(place.scope(), key, caller, asked)));
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return key(resourceArn).map(KeyRecord::tags).orElse(Map.of());
    }

    @Override
    public Map<String, List<String>> conditionKeys(String resourceArn, Requirement asked) {
        return place(resourceArn)
                .flatMap(place -> tables.key(place.scope(), place.keyId()).map(key -> conditionKeys(place, key)))
                .orElse(Map.of());
    }

    private Map<String, List<String>> conditionKeys(KmsTables.Place place, KeyRecord key) {
        List<String> aliases =
                tables.aliasesOf(place).stream().map(AliasRecord::name).toList();
        Map<String, List<String>> keys = new HashMap<>(Map.of(
                "kms:KeySpec", List.of(key.spec()),
                "kms:KeyUsage", List.of(key.usage()),
                "kms:KeyOrigin", List.of(key.imported().isPresent() ? "EXTERNAL" : "AWS_KMS"),
                "kms:MultiRegion", List.of("false")));
        if (!aliases.isEmpty()) {
            keys.put("kms:ResourceAliases", aliases);
        }
        return keys;
    }

    private Optional<KeyRecord> key(String resourceArn) {
        return place(resourceArn).flatMap(place -> tables.key(place.scope(), place.keyId()));
    }

    private static Optional<KmsTables.Place> place(String resourceArn) {
        return Arn.find(resourceArn)
                .filter(arn -> arn.resource().startsWith("key/"))
                .map(arn -> new KmsTables.Place(
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
