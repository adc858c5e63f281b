package dev.terrane.kms;

import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import dev.terrane.testkit.contract.Tagging;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.MacAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.Tag;

final class KmsContractTest extends ServiceContractSuite<KmsClient> {
    KmsContractTest() {
        super(KmsClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(KmsService::new);
    }

    @Override
    protected Names example(KmsClient client, String name) {

        String key = client.createKey(r -> r.description(name)
                        .tags(Tag.builder().tagKey("made").tagValue("here").build()))
                .keyMetadata()
                .keyId();
        String mac = client.createKey(r -> r.keySpec(KeySpec.HMAC_256).keyUsage(KeyUsageType.GENERATE_VERIFY_MAC))
                .keyMetadata()
                .keyId();
        String signing = client.createKey(r -> r.keySpec(KeySpec.ECC_NIST_P256).keyUsage(KeyUsageType.SIGN_VERIFY))
                .keyMetadata()
                .keyId();
        String agreeing = client.createKey(r -> r.keySpec(KeySpec.ECC_NIST_P256).keyUsage(KeyUsageType.KEY_AGREEMENT))
                .keyMetadata()
                .keyId();
        String grant = client.createGrant(r -> r.keyId(key)
                        .granteePrincipal("arn:aws:iam::123456789012:user/" + name)
                        .operations(GrantOperation.DECRYPT))
                .grantId();
        client.createAlias(r -> r.aliasName("alias/" + name).targetKeyId(key));
        SdkBytes secret = client.encrypt(r -> r.keyId(key).plaintext(SdkBytes.fromUtf8String(name)))
                .ciphertextBlob();
        SdkBytes message = SdkBytes.fromUtf8String(name);
        return Names.of("KeyId", key)
                .and("GenerateMac.KeyId", mac)
                .and("VerifyMac.KeyId", mac)
                .and("GenerateMac.MacAlgorithm", "HMAC_SHA_256")
                .and("VerifyMac.MacAlgorithm", "HMAC_SHA_256")
                .and("Message", message)
                .and(
                        "Mac",
                        client.generateMac(
                                        r -> r.keyId(mac).message(message).macAlgorithm(MacAlgorithmSpec.HMAC_SHA_256))
                                .mac())
                .and("GetPublicKey.KeyId", signing)
                .and("Sign.KeyId", signing)
                .and("Verify.KeyId", signing)
                .and("SigningAlgorithm", "ECDSA_SHA_256")
                .and("MessageType", "RAW")
                .and(
                        "Signature",
                        client.sign(r -> r.keyId(signing)
                                        .message(message)
                                        .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256))
                                .signature())
                .and("DeriveSharedSecret.KeyId", agreeing)
                .and(
                        "DeriveSharedSecret.PublicKey",
                        client.getPublicKey(r -> r.keyId(agreeing)).publicKey())
                .and("KeyPairSpec", "ECC_NIST_P256")
                .and("GranteePrincipal", "arn:aws:iam::123456789012:user/grantee")
                .and("RetiringPrincipal", "arn:aws:iam::123456789012:user/retiring")
                .and("Operations", List.of("Decrypt"))
                .and("GrantId", grant)
                .and("RetireGrant.KeyId", key)
                .and("RetireGrant.GrantId", grant)
                .and("AliasName", "alias/" + name)
                .and("CreateAlias.AliasName", "alias/new" + name)
                .and("TargetKeyId", key)
                .and("DestinationKeyId", key)
                .and("Decrypt.CiphertextBlob", secret)
                .and("ReEncrypt.CiphertextBlob", secret)
                .and("GenerateDataKey.KeySpec", "AES_256")
                .and("GenerateDataKeyWithoutPlaintext.KeySpec", "AES_256")
                .and("GenerateRandom.NumberOfBytes", 16);
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("KeyId", "01234567-89ab-cdef-0123-456789abcdef", "NotFoundException")
                .and("TargetKeyId", "01234567-89ab-cdef-0123-456789abcdef", "NotFoundException")
                .and("DestinationKeyId", "01234567-89ab-cdef-0123-456789abcdef", "NotFoundException")
                .and("UpdateAlias.AliasName", "alias/none", "NotFoundException")
                .and("DeleteAlias.AliasName", "alias/none", "NotFoundException");
    }

    @Override
    protected List<Tagging> tagging() {
        return List.of(new Tagging("TagResource", "UntagResource", "ListResourceTags"));
    }

    @Override
    protected Set<String> codes() {
        return Set.of("UnsupportedOperationException", "InvalidAliasNameException");
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("message", "Decrypt", "InvalidCiphertextException has no message in AWS either")
                .to("message", "ReEncrypt", "InvalidCiphertextException has no message in AWS either");
    }
}
