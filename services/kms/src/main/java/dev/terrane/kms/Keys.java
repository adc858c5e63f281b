package dev.terrane.kms;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.kms.model.ExpirationModelType;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.OriginType;

/** Finding keys by whatever names them: an id, an ARN, an alias, an alias's ARN ("Key identifiers (KeyId)"). */
final class Keys {
    private static final Pattern ID = Pattern.compile("(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    private final KmsTables tables;
    private final ManagedKeys managed;

    Keys(KmsTables tables, ManagedKeys managed) {
        this.tables = tables;
        this.managed = managed;
    }

    /** A key and where it is. */
    record Found(Scope scope, KeyRecord key) {
        String arn() {
            return Keys.arn(scope, key.keyId());
        }
    }

    static String arn(Scope scope, String keyId) {
        return Arn.of("kms", scope.region(), scope.account(), "key/" + keyId).toString();
    }

    static String aliasArn(Scope scope, String alias) {
        return Arn.of("kms", scope.region(), scope.account(), alias).toString();
    }

    /** The ARN of the key that a name means, for authorization; empty where the name means none. */
    Optional<String> arnOf(Scope caller, String name) {
        Optional<Arn> arn = Arn.find(name);
        Scope scope = arn.map(a -> new Scope(a.account(), a.region())).orElse(caller);
        String resource = arn.map(Arn::resource).orElse(name);
        if (resource.startsWith("alias/")) {
            // Nobody makes another account's managed key.
            Optional<AliasRecord> alias = scope.account().equals(caller.account())
                    ? managed.alias(scope, resource)
                    : tables.alias(scope, resource);
            return alias.map(found -> arn(scope, found.keyId()));
        }
        return arn.isPresent() ? Optional.empty() : Optional.of(arn(scope, name));
    }

    /** The key that a request means.
     *
     * @throws software.amazon.awssdk.services.kms.model.NotFoundException when there is none */
    Found find(String name) {
        Scope caller = Call.current().scope();
        Optional<Arn> arn = Arn.find(name);
        if (arn.isEmpty()) {
            return name.startsWith("alias/") ? byAlias(caller, name) : byId(caller, name);
        }
        if (!arn.get().service().equals("kms")) {
            throw KmsErrors.invalidArn("ARN does not refer to a valid principal: " + name);
        }
        if (!arn.get().region().equals(caller.region())) {
            throw KmsErrors.invalidArn("Invalid arn " + arn.get().region());
        }
        Scope scope = new Scope(arn.get().account(), arn.get().region());
        String resource = arn.get().resource();
        if (resource.startsWith("alias/")) {
            return byAlias(scope, resource);
        }
        if (!resource.startsWith("key/")) {
            throw KmsErrors.invalidArn("Invalid arn " + name);
        }
        return byId(scope, resource.substring("key/".length()));
    }

    /** The key that a request means, by whatever but an alias, and in the caller's own account. */
    Found own(String name) {
        if (name.startsWith("alias/")
                || Arn.find(name).map(Arn::resource).orElse("").startsWith("alias/")) {
            throw KmsErrors.notFound("Invalid keyId '" + name + "'");
        }
        Found found = find(name);
        if (!found.scope().equals(Call.current().scope())) {
            throw KmsErrors.noKey(found.arn());
        }
        return found;
    }

    /** A key by its id, as a ciphertext names it. */
    Found byId(Scope scope, String keyId) {
        if (!ID.matcher(keyId).matches()) {
            throw KmsErrors.notFound("Invalid keyId '" + keyId + "'");
        }
        return tables.key(scope, keyId)
                .map(key -> new Found(scope, key))
                .orElseThrow(() -> KmsErrors.noKey(arn(scope, keyId)));
    }

    private Found byAlias(Scope scope, String name) {
        Optional<AliasRecord> alias = scope.account().equals(Call.current().account())
                ? managed.alias(scope, name)
                : tables.alias(scope, name);
        return byId(scope, alias.map(AliasRecord::keyId).orElseThrow(() -> KmsErrors.noAlias(aliasArn(scope, name))));
    }

    /** A key that may be used, for a purpose. */
    Found usable(Found found, String usage) {
        imported(changeable(found));
        if (found.key().state() == KeyRecord.State.DISABLED) {
            throw KmsErrors.disabled(found.arn());
        }
        if (!found.key().usage().equals(usage)) {
            throw KmsErrors.usage(
                    found.arn() + " key usage is " + found.key().usage() + " which is not valid for this operation.");
        }
        return found;
    }

    /** A key that has its material, where that comes from outside. */
    Found imported(Found found) {
        if (found.key().state() == KeyRecord.State.PENDING_IMPORT) {
            throw KmsErrors.state(found.arn() + " is pending import.");
        }
        return found;
    }

    /** A key that works by an algorithm. */
    Found with(Found found, String algorithm) {
        KeyRecord key = found.key();
        if (!KeySpecs.algorithms(key.spec(), key.usage()).contains(algorithm)) {
            throw KmsErrors.usage("Algorithm " + algorithm + " is incompatible with key spec " + key.spec() + ".");
        }
        return found;
    }

    /** A key that may be changed: not one that is going to be deleted. */
    Found changeable(Found found) {
        if (found.key().state() == KeyRecord.State.PENDING_DELETION) {
            throw KmsErrors.state(found.arn() + " is pending deletion.");
        }
        return found;
    }

    @SuppressWarnings("deprecation") // KMS still answers the older name of the spec too
    static KeyMetadata metadata(Found found) {
        KeyRecord key = found.key();
        KeyMetadata.Builder metadata = KeyMetadata.builder()
                .awsAccountId(found.scope().account())
                .keyId(key.keyId())
                .arn(found.arn())
                .creationDate(key.created())
                .enabled(key.state() == KeyRecord.State.ENABLED)
                .description(key.description())
                .keyUsage(key.usage())
                .keyState(key.state().text())
                .deletionDate(key.deletion().orElse(null))
                .origin(key.imported().isPresent() ? OriginType.EXTERNAL : OriginType.AWS_KMS)
                .keyManager(key.managed() ? "AWS" : "CUSTOMER")
                .keySpec(key.spec())
                .customerMasterKeySpec(key.spec())
                .multiRegion(false);
        List<String> algorithms = KeySpecs.algorithms(key.spec(), key.usage());
        switch (key.usage()) {
            case KeySpecs.SIGN -> metadata.signingAlgorithmsWithStrings(algorithms);
            case KeySpecs.MAC -> metadata.macAlgorithmsWithStrings(algorithms);
            case KeySpecs.AGREE -> metadata.keyAgreementAlgorithmsWithStrings(algorithms);
            default -> metadata.encryptionAlgorithmsWithStrings(algorithms);
        }
        if (key.imported().isPresent() && !key.materials().isEmpty()) {
            Optional<Instant> validTo = key.imported().flatMap(KeyRecord.Import::validTo);
            metadata.validTo(validTo.orElse(null))
                    .expirationModel(
                            validTo.isPresent()
                                    ? ExpirationModelType.KEY_MATERIAL_EXPIRES
                                    : ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE);
        }
        if (key.symmetric() && !key.materials().isEmpty()) {
            metadata.currentKeyMaterialId(key.newest().id());
        }
        return metadata.build();
    }
}
