package dev.terrane.iam;

import static dev.terrane.iam.Documented.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.testkit.TestServer;
import java.security.KeyPair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.EncodingType;
import software.amazon.awssdk.services.iam.model.SSHPublicKey;
import software.amazon.awssdk.services.iam.model.StatusType;

/** SSH public keys of users ("Use IAM with CodeCommit: Git credentials, SSH keys, and AWS access keys"). */
final class SshKeysTest {
    /** Made by ssh-keygen; its fingerprint by {@code openssl pkey -pubin -outform DER | md5sum}. */
    static final String LINE =
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDitnfouUPAxw9WqCZ/cnf5wzkAEN3VovXVTNPOnmBaIH9H86z471wrNkfHbCbl"
                    + "NtGFQjT5yjb64OifrAn7+sZpJEz6AFC150QxeRcXLiKE1p3HWTvY3YNgUlWja1foP6esAcb9v19UdmK3YVybTdBAEiKIhHkKQxyC"
                    + "0ln3pvSAkeRNEK9uCQ9xwiZaUA7UOPxnGlTOMdAwxHQbMDF5Jpi0d3+P06YQJC8N4JCzLrQjKzcTxBZp+GAyurDsIO40Ab2QWLFr"
                    + "wdVUuUNW4QwNWW/k7ji5gWfKX12bNjd7z9Bh4ZDZt1QHVrSs52Rhk8wT9KvLtFy25iT+nPuikQVXdcXN alice@example.com";

    private static final String PEM = """
            -----BEGIN PUBLIC KEY-----
            MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA4rZ36LlDwMcPVqgmf3J3
            +cM5ABDd1aL11UzTzp5gWiB/R/Os+O9cKzZHx2wm5TbRhUI0+co2+uDon6wJ+/rG
            aSRM+gBQtedEMXkXFy4ihNadx1k72N2DYFJVo2tX6D+nrAHG/b9fVHZit2Fcm03Q
            QBIiiIR5CkMcgtJZ96b0gJHkTRCvbgkPccImWlAO1Dj8ZxpUzjHQMMR0GzAxeSaY
            tHd/j9OmECQvDeCQsy60Iys3E8QWafhgMrqw7CDuNAG9kFixa8HVVLlDVuEMDVlv
            5O44uYFnyl9dmzY3e8/QYeGQ2bdUB1a0rOdkYZPME/Sry7RctuYk/pz7opEFV3XF
            zQIDAQAB
            -----END PUBLIC KEY-----
            """;
    private static final String FINGERPRINT = "c3:f6:d6:c5:42:0a:69:1b:61:c0:d4:69:e5:38:d0:a1";
    private static final String ED25519 =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIQdQut465od3lkVyVW6038PcD/wSGX/2ij3RcQZTAqt alice";

    private final TestServer server = TestServer.with(IamService::new);
    private final IamClient iam = server.client(IamClient.class);

    @BeforeEach
    void alice() {
        iam.createUser(r -> r.userName("alice"));
    }

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private SSHPublicKey upload(String body) {
        return iam.uploadSSHPublicKey(r -> r.userName("alice").sshPublicKeyBody(body))
                .sshPublicKey();
    }

    private SSHPublicKey get(String id, EncodingType encoding) {
        return iam.getSSHPublicKey(r -> r.userName("alice").sshPublicKeyId(id).encoding(encoding))
                .sshPublicKey();
    }

    @Test
    void aKeyIsToldInBothEncodings() {
        SSHPublicKey made = upload(LINE);
        assertThat(made.sshPublicKeyId()).matches("APKA[A-Z2-7]{17}");
        assertThat(made.fingerprint()).isEqualTo(FINGERPRINT);
        assertThat(made.status()).isEqualTo(StatusType.ACTIVE);
        assertThat(made.uploadDate()).isEqualTo(TestServer.START);
        assertThat(made.sshPublicKeyBody()).isEqualTo(LINE);
        assertThat(get(made.sshPublicKeyId(), EncodingType.PEM))
                .isEqualTo(made.toBuilder().sshPublicKeyBody(PEM).build());
        server.restart();
        assertThat(server.client(IamClient.class)
                        .getSSHPublicKey(r -> r.userName("alice")
                                .sshPublicKeyId(made.sshPublicKeyId())
                                .encoding(EncodingType.SSH))
                        .sshPublicKey())
                .isEqualTo(made);
    }

    @Test
    void pemIsTheSameKey() {
        SSHPublicKey made = upload(PEM);
        assertThat(made.fingerprint()).isEqualTo(FINGERPRINT);
        assertThat(LINE).startsWith(get(made.sshPublicKeyId(), EncodingType.SSH).sshPublicKeyBody());
        refuses(
                "DuplicateSSHPublicKey",
                "The SSH public key is already associated with the specified IAM user.",
                () -> upload(LINE));
    }

    @Test
    void keysAreListedDeactivatedAndDeletedAndFollowARenamedUser() {
        String id = upload(LINE).sshPublicKeyId();
        iam.updateSSHPublicKey(r -> r.userName("alice").sshPublicKeyId(id).status(StatusType.INACTIVE));
        iam.updateUser(r -> r.userName("alice").newUserName("alicia"));
        var listed = iam.listSSHPublicKeys(r -> r.userName("alicia")).sshPublicKeys();
        assertThat(listed).hasSize(1);
        assertThat(listed.getFirst().userName()).isEqualTo("alicia");
        assertThat(listed.getFirst().status()).isEqualTo(StatusType.INACTIVE);
        refuses(
                "DeleteConflict",
                "Cannot delete entity, must delete SSH public keys first.",
                () -> iam.deleteUser(r -> r.userName("alicia")));
        iam.deleteSSHPublicKey(r -> r.userName("alicia").sshPublicKeyId(id));
        refuses(
                "NoSuchEntity",
                "The Public Key with id " + id + " cannot be found.",
                () -> iam.deleteSSHPublicKey(r -> r.userName("alicia").sshPublicKeyId(id)));
        iam.deleteUser(r -> r.userName("alicia"));
    }

    @Test
    void onlyRsaKeysOf2048BitsAreTakenFiveOfThem() {
        refuses(
                "UnrecognizedPublicKeyEncoding",
                "The public key encoding format is unsupported or unrecognized.",
                () -> upload(ED25519));
        refuses(
                "InvalidPublicKey",
                "The public key is malformed or otherwise invalid.",
                () -> upload(LINE.substring(0, 100)));
        refuses(
                "InvalidPublicKey",
                "The public key must have at least 2048 bits.",
                () -> upload(pem(TestAuthority.pair("RSA", 1024))));
        refuses(
                "InvalidPublicKey",
                "The public key is malformed or otherwise invalid.",
                () -> upload(pem(TestAuthority.pair("EC", 256))));
        for (int i = 0; i < 5; i++) {
            upload(pem(TestAuthority.pair("RSA", 2048)));
        }
        refuses("LimitExceeded", "Cannot exceed quota for PublicKeysPerUser: 5", () -> upload(LINE));
    }

    private static String pem(KeyPair pair) {
        return TestAuthority.pem(pair.getPublic());
    }
}
