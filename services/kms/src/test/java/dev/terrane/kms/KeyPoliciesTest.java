package dev.terrane.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.testkit.TestServer;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.*;

class KeyPoliciesTest extends KmsTest {
    private static String policy(String statements) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}";
    }

    private static String allow(String principal, String actions, String more) {
        return "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + principal + "\"},\"Action\":" + actions
                + ",\"Resource\":\"*\"" + more + "}";
    }

    private static final String ROOT = "arn:aws:iam::123456789012:root";
    private static final String NOTHING =
            policy("{\"Effect\":\"Deny\",\"Action\":\"kms:DeleteImportedKeyMaterial\",\"Resource\":\"*\"}");

    @Test
    void theKeysPolicyAloneLetsAPrincipalIn() {
        String key = newKey();
        SdkBytes blob = encrypted(key, "x");
        KmsClient limited = server.clientWith(KmsClient.class, NOTHING);
        refused("AccessDeniedException", () -> limited.decrypt(r -> r.ciphertextBlob(blob)));

        kms.putKeyPolicy(r -> r.keyId(key)
                .policy(policy(allow(ROOT, "\"kms:*\"", "") + ","
                        + allow("arn:aws:iam::123456789012:user/limited", "\"kms:Decrypt\"", ""))));
        assertThat(limited.decrypt(r -> r.ciphertextBlob(blob)).plaintext().asUtf8String())
                .isEqualTo("x");
        refused("AccessDeniedException", () -> limited.describeKey(r -> r.keyId(key)));
    }

    @Test
    void whomTheKeysPolicyLeavesOutHasNoAccessWhateverIamSays() {
        String key = kms.createKey(
                        r -> r.policy(policy(allow("arn:aws:iam::123456789012:user/administrator", "\"kms:*\"", ""))))
                .keyMetadata()
                .keyId();
        SdkBytes blob = encrypted(key, "x");
        KmsClient other = server.clientWith(
                KmsClient.class, policy("{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\"}"));
        refused("AccessDeniedException", () -> other.decrypt(r -> r.ciphertextBlob(blob)));
        refused(
                "AccessDeniedException",
                () -> other.decrypt(r -> r.ciphertextBlob(blob).keyId(key)));
        refused(
                "AccessDeniedException",
                () -> other.createAlias(r -> r.aliasName("alias/x").targetKeyId(key)));
    }

    @Test
    void policiesAskWhatKindOfKeyItIsAndWhichAliasesItHas() {
        String key = newKey();
        SdkBytes blob = encrypted(key, "x");
        KmsClient denied = server.clientWith(KmsClient.class, policy("""
                {"Effect":"Allow","Action":"kms:*","Resource":"*"},
                {"Effect":"Deny","Action":"kms:Decrypt","Resource":"*",
                 "Condition":{"StringEquals":{"kms:KeySpec":"SYMMETRIC_DEFAULT","kms:KeyUsage":"ENCRYPT_DECRYPT",
                  "kms:KeyOrigin":"AWS_KMS"},"Bool":{"kms:MultiRegion":"false"}}}"""));
        refused("AccessDeniedException", () -> denied.decrypt(r -> r.ciphertextBlob(blob)));

        KmsClient byAlias = server.clientWith(KmsClient.class, policy("""
                {"Effect":"Allow","Action":"kms:Decrypt","Resource":"*",
                 "Condition":{"ForAnyValue:StringEquals":{"kms:ResourceAliases":"alias/records"}}}"""));
        refused("AccessDeniedException", () -> byAlias.decrypt(r -> r.ciphertextBlob(blob)));
        kms.createAlias(r -> r.aliasName("alias/records").targetKeyId(key));
        kms.createAlias(r -> r.aliasName("alias/also").targetKeyId(key));
        assertThat(byAlias.decrypt(r -> r.ciphertextBlob(blob)).plaintext().asUtf8String())
                .isEqualTo("x");
        kms.deleteAlias(r -> r.aliasName("alias/records"));
        refused("AccessDeniedException", () -> byAlias.decrypt(r -> r.ciphertextBlob(blob)));
    }

    @Test
    void policiesThatLockTheirAuthorOutAreRefused() {
        String key = newKey();
        String other = policy(allow("arn:aws:iam::123456789012:user/other", "\"kms:*\"", ""));
        refused(
                "MalformedPolicyDocumentException",
                () -> kms.putKeyPolicy(r -> r.keyId(key).policy(other)));
        refused("MalformedPolicyDocumentException", () -> kms.createKey(r -> r.policy(other)));
        refused("MalformedPolicyDocumentException", () -> kms.createKey(r -> r.policy("{}")));
        kms.putKeyPolicy(r -> r.keyId(key).policy(other).bypassPolicyLockoutSafetyCheck(true));
        refused("AccessDeniedException", () -> kms.getKeyPolicy(r -> r.keyId(key)));
    }

    @Test
    void theContextDecidesWhereThePolicySaysSo() {
        String key = newKey();
        kms.putKeyPolicy(
                r -> r.keyId(key)
                        .policy(
                                policy(
                                        allow(ROOT, "\"kms:*\"", "") + ","
                                                + allow(
                                                        "arn:aws:iam::123456789012:user/limited",
                                                        "[\"kms:Encrypt\",\"kms:ReEncrypt*\"]",
                                                        ",\"Condition\":{\"StringEquals\":{\"kms:EncryptionContext:app\":\"mine\",\"kms:CallerAccount\":\"123456789012\"}}"))));
        KmsClient limited = server.clientWith(KmsClient.class, NOTHING);
        SdkBytes plain = SdkBytes.fromUtf8String("x");

        SdkBytes blob = limited.encrypt(r -> r.keyId(key).plaintext(plain).encryptionContext(Map.of("app", "mine")))
                .ciphertextBlob();
        refused("AccessDeniedException", () -> limited.encrypt(r -> r.keyId(key).plaintext(plain)));
        limited.reEncrypt(r -> r.ciphertextBlob(blob)
                .sourceEncryptionContext(Map.of("app", "mine"))
                .destinationKeyId(key)
                .destinationEncryptionContext(Map.of("app", "mine")));
        refused(
                "AccessDeniedException",
                () -> limited.reEncrypt(r -> r.ciphertextBlob(blob)
                        .sourceEncryptionContext(Map.of("app", "mine"))
                        .destinationKeyId(key)
                        .destinationEncryptionContext(Map.of("app", "yours"))));
    }

    @Test
    void anAwsManagedKeyServesAllOfTheAccountButOnlyThroughItsService() {
        Principal nobody =
                server.identities().user(TestServer.ACCOUNT, "nobody", NOTHING).principal();
        GenerateDataKeyResponse made = as(
                nobody,
                () -> through("s3.amazonaws.com")
                        .generateDataKey(r -> r.keyId("alias/aws/s3").keySpec("AES_256")));

        assertThat(as(nobody, () -> through("s3.amazonaws.com").decrypt(r -> r.ciphertextBlob(made.ciphertextBlob())))
                        .plaintext())
                .isEqualTo(made.plaintext());
        assertThat(kms.describeKey(r -> r.keyId("alias/aws/s3")).keyMetadata().keyManager())
                .isEqualTo(KeyManagerType.AWS);
        refused("AccessDeniedException", () -> kms.decrypt(r -> r.ciphertextBlob(made.ciphertextBlob())));
        refused(
                "AccessDeniedException",
                () -> as(
                        nobody,
                        () -> through("ssm.amazonaws.com").decrypt(r -> r.ciphertextBlob(made.ciphertextBlob()))));
        refused(
                "AccessDeniedException",
                () -> kms.scheduleKeyDeletion(r -> r.keyId(Keys.arn(
                        new Scope(TestServer.ACCOUNT, TestServer.REGION),
                        made.keyId().substring(made.keyId().indexOf('/') + 1)))));
    }

    @Test
    void codeCommitUsesItsKeyOnItsOwn() {
        Scope scope = new Scope(TestServer.ACCOUNT, TestServer.REGION);
        KmsClient codecommit = server.platform()
                .clients()
                .client(KmsClient.class, new Actor.Service("codecommit.amazonaws.com", scope, ""));

        SdkBytes blob = codecommit
                .generateDataKey(r -> r.keyId("alias/aws/codecommit").keySpec("AES_256"))
                .ciphertextBlob();

        assertThat(codecommit.decrypt(r -> r.ciphertextBlob(blob)).plaintext().asByteArray())
                .hasSize(32);
        KmsClient events = server.platform()
                .clients()
                .client(KmsClient.class, new Actor.Service("events.amazonaws.com", scope, ""));
        refused("AccessDeniedException", () -> events.decrypt(r -> r.ciphertextBlob(blob)));
    }

    private KmsClient through(String service) {
        return server.platform().clients().client(KmsClient.class, new Actor.Forwarded(service));
    }

    private <T> T as(Principal principal, Supplier<T> work) {
        return Call.internal(
                        new Scope(TestServer.ACCOUNT, TestServer.REGION),
                        principal,
                        "request",
                        server.clock().instant())
                .serve(work);
    }
}
