package dev.terrane.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.testkit.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.*;

class KeysTest extends KmsTest {
    @Test
    void aKeyIsMadeAndDescribed() {
        KeyMetadata made = kms.createKey(r -> r.description("for tests")
                        .tags(Tag.builder().tagKey("team").tagValue("build").build()))
                .keyMetadata();

        assertThat(made.arn()).isEqualTo(arn(made.keyId()));
        assertThat(made.keyState()).isEqualTo(KeyState.ENABLED);
        assertThat(made.keyManager()).isEqualTo(KeyManagerType.CUSTOMER);
        assertThat(made.origin()).isEqualTo(OriginType.AWS_KMS);
        assertThat(made.creationDate()).isEqualTo(TestServer.START);
        assertThat(kms.describeKey(r -> r.keyId(made.arn())).keyMetadata()).isEqualTo(made);
        assertThat(kms.listResourceTags(r -> r.keyId(made.keyId())).tags())
                .extracting(Tag::tagValue)
                .containsExactly("build");
        assertThat(kms.listKeyPolicies(r -> r.keyId(made.keyId())).policyNames())
                .containsExactly("default");
        assertThat(kms.getKeyPolicy(r -> r.keyId(made.keyId())).policy()).contains("iam::123456789012:root");
    }

    @Test
    void whatIsNotThereIsNotFoundInKmssWords() {
        String none = "00000000-0000-4000-8000-000000000000";
        assertThat(refused("NotFoundException", () -> kms.describeKey(r -> r.keyId(none)))
                        .awsErrorDetails()
                        .errorMessage())
                .isEqualTo("Key '" + arn(none) + "' does not exist");
        assertThat(refused("NotFoundException", () -> kms.describeKey(r -> r.keyId("alias/none")))
                        .awsErrorDetails()
                        .errorMessage())
                .isEqualTo("Alias arn:aws:kms:us-east-1:123456789012:alias/none is not found.");
        refused("NotFoundException", () -> kms.describeKey(r -> r.keyId("nonsense")));
        refused(
                "InvalidArnException",
                () -> kms.describeKey(r -> r.keyId(arn(none).replace("us-east-1", "us-west-2"))));
    }

    @Test
    void keysAreListedInPages() {
        for (int i = 0; i < 5; i++) {
            newKey();
        }
        ListKeysResponse first = kms.listKeys(r -> r.limit(3));
        assertThat(first.keys()).hasSize(3);
        assertThat(first.truncated()).isTrue();
        ListKeysResponse second = kms.listKeys(r -> r.limit(3).marker(first.nextMarker()));
        assertThat(second.keys()).hasSize(2).doesNotContainAnyElementsOf(first.keys());
        assertThat(second.truncated()).isFalse();
        refused("InvalidMarkerException", () -> kms.listAliases(r -> r.marker(first.nextMarker())));
    }

    @Test
    void aliasesNameKeys() {
        String one = newKey();
        String two = newKey();
        kms.createAlias(r -> r.aliasName("alias/app").targetKeyId(one));
        SdkBytes blob = encrypted("alias/app", "x");
        assertThat(kms.decrypt(r -> r.ciphertextBlob(blob)).keyId()).isEqualTo(arn(one));
        refused(
                "AlreadyExistsException",
                () -> kms.createAlias(r -> r.aliasName("alias/app").targetKeyId(two)));
        refused(
                "InvalidAliasNameException",
                () -> kms.createAlias(r -> r.aliasName("app").targetKeyId(two)));
        refused(
                "InvalidAliasNameException",
                () -> kms.createAlias(r -> r.aliasName("alias/aws/mine").targetKeyId(two)));

        kms.updateAlias(r -> r.aliasName("alias/app").targetKeyId(two));
        assertThat(kms.describeKey(r -> r.keyId("arn:aws:kms:us-east-1:123456789012:alias/app"))
                        .keyMetadata()
                        .keyId())
                .isEqualTo(two);
        assertThat(kms.listAliases(r -> r.keyId(one)).aliases()).isEmpty();
        assertThat(kms.listAliases(r -> r.keyId(two)).aliases())
                .extracting(AliasListEntry::aliasName)
                .containsExactly("alias/app");
        kms.deleteAlias(r -> r.aliasName("alias/app"));
        refused("NotFoundException", () -> encrypted("alias/app", "x"));
    }

    @Test
    void aDisabledKeyDoesNothingUntilItIsEnabled() {
        String key = newKey();
        SdkBytes blob = encrypted(key, "x");
        kms.disableKey(r -> r.keyId(key));
        assertThat(refused("DisabledException", () -> decrypted(blob))
                        .awsErrorDetails()
                        .errorMessage())
                .isEqualTo(arn(key) + " is disabled.");
        kms.enableKey(r -> r.keyId(key));
        assertThat(decrypted(blob)).isEqualTo("x");
    }

    @Test
    void aDeletedKeyTakesItsDataWithIt() {
        String key = newKey();
        kms.createAlias(r -> r.aliasName("alias/gone").targetKeyId(key));
        SdkBytes blob = encrypted(key, "x");
        refused(
                "ValidationException",
                () -> kms.scheduleKeyDeletion(r -> r.keyId(key).pendingWindowInDays(6)));
        ScheduleKeyDeletionResponse scheduled =
                kms.scheduleKeyDeletion(r -> r.keyId(key).pendingWindowInDays(7));
        assertThat(scheduled.deletionDate()).isEqualTo(TestServer.START.plus(Duration.ofDays(7)));
        refused("KMSInvalidStateException", () -> decrypted(blob));
        refused("KMSInvalidStateException", () -> kms.enableKey(r -> r.keyId(key)));

        kms.cancelKeyDeletion(r -> r.keyId(key));
        refused("DisabledException", () -> decrypted(blob));
        kms.enableKey(r -> r.keyId(key));
        assertThat(decrypted(blob)).isEqualTo("x");

        kms.scheduleKeyDeletion(r -> r.keyId(key).pendingWindowInDays(7));
        restart();
        server.advance(Duration.ofDays(8));
        server.awaitEvents("KMS CMK Deletion", 1);
        refused("NotFoundException", () -> decrypted(blob));
        refused("NotFoundException", () -> kms.describeKey(r -> r.keyId("alias/gone")));
    }

    @Test
    void aRotatedKeyDecryptsWhatItEncryptedBefore() {
        String key = newKey();
        SdkBytes before = encrypted(key, "old");
        assertThat(kms.getKeyRotationStatus(r -> r.keyId(key)).keyRotationEnabled())
                .isFalse();
        kms.enableKeyRotation(r -> r.keyId(key));
        assertThat(kms.getKeyRotationStatus(r -> r.keyId(key)).rotationPeriodInDays())
                .isEqualTo(365);

        server.advance(Duration.ofDays(366));
        server.awaitEvents("KMS CMK Rotation", 1);

        SdkBytes after = encrypted(key, "new");
        assertThat(decrypted(before)).isEqualTo("old");
        assertThat(decrypted(after)).isEqualTo("new");
        assertThat(kms.decrypt(r -> r.ciphertextBlob(before)).keyMaterialId())
                .isNotEqualTo(kms.decrypt(r -> r.ciphertextBlob(after)).keyMaterialId());
        kms.rotateKeyOnDemand(r -> r.keyId(key));
        assertThat(kms.listKeyRotations(r -> r.keyId(key)).rotations())
                .extracting(RotationsListEntry::rotationType)
                .containsExactly(RotationType.AUTOMATIC, RotationType.ON_DEMAND);
    }
}
