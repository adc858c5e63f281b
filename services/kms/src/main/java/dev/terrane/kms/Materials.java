package dev.terrane.kms;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.secret.MasterKey.Sealer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;

/** The secrets of keys: made here, sealed under the installation's master key, opened only to be used. */
final class Materials {
    private final Sealer sealer;
    private final Cache<String, byte[]> opened =
            Caffeine.newBuilder().maximumSize(1_000).build();

    Materials(MasterKey masterKey) {
        sealer = masterKey.sealer("kms");
    }

    KeyRecord.Material make(Scope scope, String keyId, String spec, int version, Instant now, boolean onDemand) {
        if (KeySpecs.asymmetric(spec)) {
            KeyPair pair = KeyPairs.make(spec);
            return sealed(
                    scope,
                    keyId,
                    version,
                    pair.getPrivate().getEncoded(),
                    Optional.of(pair.getPublic()),
                    now,
                    onDemand);
        }
        return sealed(scope, keyId, version, Ids.bytes(length(spec)), Optional.empty(), now, onDemand);
    }

    /** The material that was imported into a key: its id is that of what it holds. */
    KeyRecord.Material imported(Scope scope, KeyRecord key, byte[] secret, String id, Instant now) {
        KeyRecord.Material made = sealed(scope, key.keyId(), 1, secret, Optional.empty(), now, false);
        return new KeyRecord.Material(1, id, made.sealed(), Optional.empty(), now, false);
    }

    private KeyRecord.Material sealed(
            Scope scope,
            String keyId,
            int version,
            byte[] secret,
            Optional<PublicKey> half,
            Instant now,
            boolean onDemand) {
        byte[] place = place(scope, keyId, version).getBytes(StandardCharsets.UTF_8);
        return new KeyRecord.Material(
                version,
                Ids.hex(64),
                SdkBytes.fromByteArrayUnsafe(sealer.seal(secret, place)),
                half.map(key -> SdkBytes.fromByteArrayUnsafe(key.getEncoded())),
                now,
                onDemand);
    }

    static int length(String spec) {
        return switch (spec) {
            case "HMAC_224" -> 28;
            case "HMAC_384" -> 48;
            case "HMAC_512" -> 64;
            default -> 32;
        };
    }

    byte[] open(Scope scope, String keyId, KeyRecord.Material material) {
        return opened.get(
                place(scope, keyId, material.version()),
                place -> sealer.open(material.sealed().asByteArrayUnsafe(), place.getBytes(StandardCharsets.UTF_8)));
    }

    /** Forgets what was opened of a key that is destroyed. */
    void forget(Scope scope, KeyRecord key) {
        key.materials().forEach(material -> opened.invalidate(place(scope, key.keyId(), material.version())));
    }

    private static String place(Scope scope, String keyId, int version) {
        return scope.account() + "/" + scope.region() + "/" + keyId + "/" + version;
    }
}
