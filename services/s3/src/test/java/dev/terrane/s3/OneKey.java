package dev.terrane.s3;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.testkit.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;

/** A key service with one key, which a test disables: what S3 needs of KMS, whose own module S3 does not know. */
final class OneKey implements Service {
    static final String KEY_ARN =
            Arn.of("kms", TestServer.REGION, TestServer.ACCOUNT, "key/1234").toString();

    private final MasterKey.Sealer sealer;
    private final AtomicBoolean disabled;

    OneKey(Platform platform, AtomicBoolean disabled) {
        sealer = platform.masterKey().sealer("one-key");
        this.disabled = disabled;
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
    public Optional<String> resourcePolicy(String resourceArn) {
        return Optional.of(BucketsTest.policy("{\"AWS\":\"" + TestServer.ACCOUNT + "\"}", "kms:*", "x")
                .replace(Arn.s3("x").toString(), "*"));
    }

    @Override
    public Optional<String> resourceOwner(String resourceArn) {
        return Optional.of(TestServer.ACCOUNT);
    }

    @Override
    public SdkClient implementation() {
        return new KmsClient() {
            @Override
            public String serviceName() {
                return SERVICE_NAME;
            }

            @Override
            public void close() {}

            @Override
            public GenerateDataKeyResponse generateDataKey(GenerateDataKeyRequest request) {
                requireEnabled();
                byte[] plain = Ids.bytes(32);
                byte[] context = bytes(new TreeMap<>(request.encryptionContext()).toString());
                return GenerateDataKeyResponse.builder()
                        .keyId(KEY_ARN)
                        .plaintext(SdkBytes.fromByteArray(plain))
                        .ciphertextBlob(SdkBytes.fromByteArray(sealer.seal(plain, context)))
                        .build();
            }

            @Override
            public DecryptResponse decrypt(DecryptRequest request) {
                requireEnabled();
                byte[] context = bytes(new TreeMap<>(request.encryptionContext()).toString());
                try {
                    byte[] plain = sealer.open(request.ciphertextBlob().asByteArray(), context);
                    return DecryptResponse.builder()
                            .keyId(KEY_ARN)
                            .plaintext(SdkBytes.fromByteArray(plain))
                            .build();
                } catch (MasterKey.SealBroken e) {
                    throw InvalidCiphertextException.builder().cause(e).build();
                }
            }
        };
    }

    private void requireEnabled() {
        if (disabled.get()) {
            throw DisabledException.builder().message(KEY_ARN + " is disabled.").build();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
