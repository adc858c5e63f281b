package dev.terrane.kms;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.*;

class GrantsTest extends KmsTest {
    private static final String LIMITED = "arn:aws:iam::123456789012:user/limited";
    private static final String NOTHING = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"kms:DeleteImportedKeyMaterial","Resource":"*"}]}""";

    /** A user whom no policy allows anything. */
    private KmsClient limited() {
        return server.clientWith(KmsClient.class, NOTHING);
    }

    private CreateGrantResponse granted(String key, GrantOperation... operations) {
        return kms.createGrant(r -> r.keyId(key).granteePrincipal(LIMITED).operations(operations));
    }

    @Test
    void aGrantLetsItsGranteeDoWhatItNames() {
        String key = newKey();
        SdkBytes blob = encrypted(key, "x");
        refused("AccessDeniedException", () -> limited().decrypt(r -> r.ciphertextBlob(blob)));
        CreateGrantResponse grant = granted(key, GrantOperation.DECRYPT);

        restart();
        assertThat(limited()
                        .decrypt(r -> r.ciphertextBlob(blob).grantTokens(grant.grantToken()))
                        .plaintext()
                        .asUtf8String())
                .isEqualTo("x");
        refused(
                "AccessDeniedException",
                () -> limited().encrypt(r -> r.keyId(key).plaintext(SdkBytes.fromUtf8String("x"))));
        String other = newKey();
        SdkBytes elsewhere = encrypted(other, "x");
        refused("AccessDeniedException", () -> limited().decrypt(r -> r.ciphertextBlob(elsewhere)));

        kms.revokeGrant(r -> r.keyId(key).grantId(grant.grantId()));
        refused("AccessDeniedException", () -> limited().decrypt(r -> r.ciphertextBlob(blob)));
        refused("NotFoundException", () -> kms.revokeGrant(r -> r.keyId(key).grantId(grant.grantId())));
    }

    @Test
    void aPolicysDenyIsStrongerThanAGrant() {
        String key = newKey();
        SdkBytes blob = encrypted(key, "x");
        granted(key, GrantOperation.DECRYPT);
        KmsClient denied = server.clientWith(KmsClient.class, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*"}]}""");
        refused("AccessDeniedException", () -> denied.decrypt(r -> r.ciphertextBlob(blob)));
    }

    @Test
    void constraintsHoldTheEncryptionContext() {
        String key = newKey();
        Map<String, String> finance = Map.of("Department", "Finance");
        Map<String, String> more = Map.of("Department", "Finance", "Purpose", "Test");
        Map<String, String> lower = Map.of("department", "Finance");
        String subset = kms.createGrant(r -> r.keyId(key)
                        .granteePrincipal(LIMITED)
                        .operations(GrantOperation.ENCRYPT)
                        .constraints(GrantConstraints.builder()
                                .encryptionContextSubset(finance)
                                .build()))
                .grantId();
        allows(key, finance);
        allows(key, more);
        denies(key, lower);
        denies(key, Map.of());
        kms.revokeGrant(r -> r.keyId(key).grantId(subset));

        kms.createGrant(r -> r.keyId(key)
                .granteePrincipal(LIMITED)
                .operations(GrantOperation.ENCRYPT)
                .constraints(GrantConstraints.builder()
                        .encryptionContextEquals(finance)
                        .build()));
        allows(key, finance);
        denies(key, more);
        denies(key, lower);
    }

    private void allows(String key, Map<String, String> context) {
        assertThat(limited()
                        .encrypt(r -> r.keyId(key)
                                .plaintext(SdkBytes.fromUtf8String("x"))
                                .encryptionContext(context))
                        .ciphertextBlob())
                .isNotNull();
    }

    private void denies(String key, Map<String, String> context) {
        refused(
                "AccessDeniedException",
                () -> limited()
                        .encrypt(r -> r.keyId(key)
                                .plaintext(SdkBytes.fromUtf8String("x"))
                                .encryptionContext(context)));
    }

    @Test
    void aGranteeGivesOnNoMoreThanItHas() {
        String key = newKey();
        Map<String, String> finance = Map.of("Department", "Finance");
        kms.createGrant(r -> r.keyId(key)
                .granteePrincipal(LIMITED)
                .operations(GrantOperation.CREATE_GRANT, GrantOperation.DECRYPT, GrantOperation.DESCRIBE_KEY)
                .constraints(GrantConstraints.builder()
                        .encryptionContextSubset(finance)
                        .build()));
        String friend = "arn:aws:iam::123456789012:user/friend";
        GrantConstraints same =
                GrantConstraints.builder().encryptionContextSubset(finance).build();
        GrantConstraints narrower = GrantConstraints.builder()
                .encryptionContextEquals(Map.of("Department", "Finance", "Team", "A"))
                .build();
        for (GrantConstraints constraints : List.of(same, narrower)) {
            assertThat(limited()
                            .createGrant(r -> r.keyId(key)
                                    .granteePrincipal(friend)
                                    .operations(GrantOperation.DECRYPT)
                                    .constraints(constraints))
                            .grantId())
                    .isNotEmpty();
        }
        refused(
                "AccessDeniedException",
                () -> limited()
                        .createGrant(r -> r.keyId(key).granteePrincipal(friend).operations(GrantOperation.DECRYPT)));
        refused(
                "AccessDeniedException",
                () -> limited()
                        .createGrant(r -> r.keyId(key)
                                .granteePrincipal(friend)
                                .operations(GrantOperation.ENCRYPT)
                                .constraints(same)));
    }

    @Test
    void itsRetiringPrincipalEndsAGrantAndNoOther() {
        String key = newKey();
        CreateGrantResponse mine = kms.createGrant(r -> r.keyId(key)
                .granteePrincipal("arn:aws:iam::123456789012:user/friend")
                .retiringPrincipal(LIMITED)
                .operations(GrantOperation.DECRYPT));
        CreateGrantResponse others = kms.createGrant(r -> r.keyId(key)
                .granteePrincipal("arn:aws:iam::123456789012:user/friend")
                .operations(GrantOperation.DECRYPT));
        assertThat(kms.listRetirableGrants(r -> r.retiringPrincipal(LIMITED)).grants())
                .extracting(GrantListEntry::grantId)
                .containsExactly(mine.grantId());
        refused(
                "AccessDeniedException",
                () -> limited().retireGrant(r -> r.keyId(arn(key)).grantId(others.grantId())));
        refused("AccessDeniedException", () -> limited().retireGrant(r -> r.grantToken(others.grantToken())));
        limited().retireGrant(r -> r.grantToken(mine.grantToken()));
        assertThat(kms.listGrants(r -> r.keyId(key)).grants())
                .extracting(GrantListEntry::grantId)
                .containsExactly(others.grantId());

        CreateGrantResponse own = granted(key, GrantOperation.RETIRE_GRANT);
        limited().retireGrant(r -> r.keyId(arn(key)).grantId(own.grantId()));
        refused("InvalidGrantTokenException", () -> kms.retireGrant(r -> r.grantToken("nonsense")));
        refused(
                "InvalidGrantIdException",
                () -> kms.retireGrant(r -> r.keyId(key).grantId("x")));
        refused("ValidationException", () -> kms.retireGrant(r -> r.keyId(key)));
    }

    @Test
    void grantsAreListedInPagesAndAnsweredAsTheyWereAsked() {
        String key = newKey();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String name = "grant-" + i;
            all.add(kms.createGrant(r -> r.keyId(key)
                            .name(name)
                            .granteePrincipal(LIMITED)
                            .operations(GrantOperation.DECRYPT, GrantOperation.DESCRIBE_KEY))
                    .grantId());
        }
        // The same request under the same name is the same grant.
        assertThat(kms.createGrant(r -> r.keyId(key)
                                .name("grant-0")
                                .granteePrincipal(LIMITED)
                                .operations(GrantOperation.DESCRIBE_KEY, GrantOperation.DECRYPT))
                        .grantId())
                .isEqualTo(all.getFirst());
        assertThat(kms.listGrantsPaginator(r -> r.keyId(key).limit(2)).grants())
                .extracting(GrantListEntry::grantId)
                .containsExactlyInAnyOrderElementsOf(all);
        assertThat(kms.listGrants(r -> r.keyId(key).granteePrincipal(LIMITED)).grants())
                .hasSize(5);
        assertThat(kms.listGrants(r -> r.keyId(key).granteePrincipal("arn:aws:iam::123456789012:user/x"))
                        .grants())
                .isEmpty();
        GrantListEntry one =
                kms.listGrants(r -> r.keyId(key).grantId(all.get(3))).grants().getFirst();
        assertThat(one.name()).isEqualTo("grant-3");
        assertThat(one.keyId()).isEqualTo(arn(key));
        assertThat(one.issuingAccount()).isEqualTo("arn:aws:iam::123456789012:root");
        assertThat(one.operations()).containsExactly(GrantOperation.DECRYPT, GrantOperation.DESCRIBE_KEY);
        assertThat(one.constraints()).isNull();

        refused("ValidationException", () -> granted(key, GrantOperation.SIGN));
        refused(
                "InvalidArnException",
                () -> kms.createGrant(
                        r -> r.keyId(key).granteePrincipal("nobody").operations(GrantOperation.DECRYPT)));
        refused(
                "DryRunOperationException",
                () -> kms.createGrant(r -> r.keyId(key)
                        .granteePrincipal(LIMITED)
                        .operations(GrantOperation.DECRYPT)
                        .dryRun(true)));
        kms.disableKey(r -> r.keyId(key));
        refused("DisabledException", () -> granted(key, GrantOperation.DECRYPT));
    }

    @Test
    void aKeysGrantsGoWithIt() {
        String key = newKey();
        kms.createGrant(r -> r.keyId(key)
                .granteePrincipal("arn:aws:iam::123456789012:user/friend")
                .retiringPrincipal(LIMITED)
                .operations(GrantOperation.DECRYPT));
        kms.scheduleKeyDeletion(r -> r.keyId(key).pendingWindowInDays(7));
        server.advance(Duration.ofDays(8));
        server.awaitEvents("KMS CMK Deletion", 1);
        assertThat(kms.listRetirableGrants(r -> r.retiringPrincipal(LIMITED)).grants())
                .isEmpty();
    }
}
