package dev.terrane.codepipeline;

import dev.terrane.kernel.service.Service;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.*;

/** KMS, as far as S3 asks it for data keys in these tests. */
final class Keys implements KmsClient {
    private final Map<SdkBytes, SdkBytes> keys = new ConcurrentHashMap<>();
    final Map<String, Integer> asked = new ConcurrentHashMap<>();

    Service service() {
        return new Neighbour("kms", KmsClient.class, this);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing to release.
    }

    @Override
    public GenerateDataKeyResponse generateDataKey(GenerateDataKeyRequest request) {
        asked.merge(request.keyId(), 1, Integer::sum);
        SdkBytes plain = SdkBytes.fromByteArray(dev.terrane.kernel.id.Ids.bytes(32));
        SdkBytes sealed = SdkBytes.fromByteArray(dev.terrane.kernel.id.Ids.bytes(64));
        keys.put(sealed, plain);
        return GenerateDataKeyResponse.builder()
                .keyId(request.keyId())
                .plaintext(plain)
                .ciphertextBlob(sealed)
                .build();
    }

    @Override
    public DecryptResponse decrypt(DecryptRequest request) {
        return DecryptResponse.builder()
                .keyId(request.keyId())
                .plaintext(keys.get(request.ciphertextBlob()))
                .build();
    }
}
