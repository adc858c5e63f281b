package dev.terrane.kms;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.*;

/** Message authentication codes with HMAC keys. */
final class Macs {
    private final Keys keys;
    private final Materials materials;

    Macs(Keys keys, Materials materials) {
        this.keys = keys;
        this.materials = materials;
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
        return keys.with(keys.usable(keys.find(name), KeySpecs.MAC), algorithm);
    }

    private byte[] mac(Keys.Found found, SdkBytes message) {
        String name = found.key().spec().replace("HMAC_", "HmacSHA");
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
