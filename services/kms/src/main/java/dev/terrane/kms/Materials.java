package dev.terrane.kms;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.secret.MasterKey.Sealer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
        byte[] secret = Ids.bytes(length(spec));
        byte[] place = place(scope, keyId, version).getBytes(StandardCharsets.UTF_8);
        return new KeyRecord.Material(
                version, Ids.hex(64), SdkBytes.fromByteArrayUnsafe(sealer.seal(secret, place)), now, onDemand);
    }

    private static int length(String spec) {
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
