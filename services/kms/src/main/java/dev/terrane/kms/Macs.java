package dev.terrane.kms;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.*;

/** Message authentication codes with HMAC keys. */
final class Macs {
    private static final String PURPOSE = "GENERATE_VERIFY_MAC";

    private final Keys keys;
    private final Materials materials;

    Macs(Keys keys, Materials materials) {
        this.keys = keys;
        this.materials = materials;
    }

    /** The one algorithm of a key spec: {@code HMAC_SHA_256} of {@code HMAC_256}. */
    static String algorithm(String spec) {
        return spec.replace("HMAC_", "HMAC_SHA_");
    }

    GenerateMacResponse generate(GenerateMacRequest request) {
        Keys.Found key = key(request.keyId(), request.macAlgorithmAsString());
        KmsErrors.endDryRun(request.dryRun());
        return GenerateMacResponse.builder()
                .keyId(key.arn())
                .macAlgorithm(request.macAlgorithmAsString())
                .mac(SdkBytes.fromByteArrayUnsafe(mac(key, request.message())))
                .build();
    }

    VerifyMacResponse verify(VerifyMacRequest request) {
        Keys.Found key = key(request.keyId(), request.macAlgorithmAsString());
        if (!MessageDigest.isEqual(mac(key, request.message()), request.mac().asByteArrayUnsafe())) {
            throw KmsInvalidMacException.builder().build();
        }
        KmsErrors.endDryRun(request.dryRun());
        return VerifyMacResponse.builder()
                .keyId(key.arn())
                .macAlgorithm(request.macAlgorithmAsString())
                .macValid(true)
                .build();
    }

    private Keys.Found key(String name, String algorithm) {
        Keys.Found key = keys.usable(keys.find(name), PURPOSE);
        if (!algorithm(key.key().spec()).equals(algorithm)) {
            throw KmsErrors.usage("Algorithm " + algorithm + " is incompatible with key spec "
                    + key.key().spec() + ".");
        }
        return key;
    }

    private byte[] mac(Keys.Found found, SdkBytes message) {
        String name = algorithm(found.key().spec()).replace("HMAC_SHA_", "HmacSHA");
        try {
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(
                    materials.open(
                            found.scope(), found.key().keyId(), found.key().newest()),
                    name));
            return mac.doFinal(message.asByteArrayUnsafe());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
