package dev.terrane.codecommit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.testkit.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codecommit.model.EncryptionKeyDisabledException;
import software.amazon.awssdk.services.codecommit.model.EncryptionKeyNotFoundException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.NotFoundException;

/** Repositories under keys of KMS, and what becomes of many packs. */
class EncryptionAndUpkeepTest {
    @TempDir
    Path folder;

    private final Keys keys = new Keys();
    private CodeCommitServer server;
    private CodeCommitClient client;

    @BeforeEach
    void serve() throws IOException {
        server = new CodeCommitServer(folder.resolve("server"), keys);
        client = server.client();
        client.createRepository(r -> r.repositoryName("demo").kmsKeyId("mine"));
    }

    @AfterEach
    void end() {
        server.close();
    }

    private String commits(int count) {
        String tip = null;
        for (int i = 0; i < count; i++) {
            String parent = tip;
            String content = "content " + i;
            tip = client.putFile(r -> r.repositoryName("demo")
                            .branchName("main")
                            .filePath("file.txt")
                            .parentCommitId(parent)
                            .fileContent(SdkBytes.fromString(content, UTF_8)))
                    .commitId();
        }
        return String.valueOf(tip);
    }

    private String content() {
        return client.getFile(r -> r.repositoryName("demo").filePath("file.txt"))
                .fileContent()
                .asUtf8String();
    }

    private List<PackRecord> packs() {
        return new CodeCommitTables(server.store())
                .packs(
                        CodeCommitServer.SCOPE,
                        client.getRepository(r -> r.repositoryName("demo"))
                                .repositoryMetadata()
                                .repositoryId());
    }

    @Test
    void repositoryIsUnreadableOnceItsKeyIsDisabled() {
        commits(1);
        assertThat(content()).isEqualTo("content 0");
        assertThat(keys.contexts).allMatch(context -> context.startsWith("{aws:codecommit:id="));

        keys.disabled.add("mine");
        server.clock.advance(Duration.ofMinutes(6));

        assertThatThrownBy(this::content).isInstanceOf(EncryptionKeyDisabledException.class);
        assertThatThrownBy(
                        () -> client.createRepository(r -> r.repositoryName("x").kmsKeyId("mine")))
                .isInstanceOf(EncryptionKeyDisabledException.class);
        assertThatThrownBy(
                        () -> client.createRepository(r -> r.repositoryName("x").kmsKeyId("absent")))
                .isInstanceOf(EncryptionKeyNotFoundException.class);
    }

    @Test
    void packsAreWrittenAnewUnderANewKey() {
        commits(2);
        var changed = client.updateRepositoryEncryptionKey(
                r -> r.repositoryName("demo").kmsKeyId("other"));
        assertThat(changed.originalKmsKeyId()).isEqualTo("mine");
        assertThat(changed.kmsKeyId()).isEqualTo("other");

        server.upkeep().repack(CodeCommitServer.SCOPE, "demo");

        assertThat(packs()).allMatch(pack -> pack.key().kmsKeyId().equals("other"));
        keys.disabled.add("mine");
        server.clock.advance(Duration.ofMinutes(6));
        assertThat(content()).isEqualTo("content 1");
    }

    @Test
    void manyPacksBecomeFewAndNothingIsLost() {
        String tip = commits(60);
        TestServer.await(() -> packs().size() < 50);

        server.upkeep().repack(CodeCommitServer.SCOPE, "demo");

        assertThat(packs()).hasSizeLessThan(5);
        String url = client.getRepository(r -> r.repositoryName("demo"))
                .repositoryMetadata()
                .cloneUrlHttp()
                .replace("http://", "http://alice-at-1:s3cret%2B%2F%3D@");
        GitClient clone = GitClient.clone(folder.resolve("clone"), url);
        assertThat(clone.git("rev-parse", "HEAD")).isEqualTo(tip);
        assertThat(clone.git("rev-list", "--count", "HEAD")).isEqualTo("60");
        assertThat(clone.git("fsck", "--full")).isEmpty();
    }

    @Test
    void smallPacksArePutTogether() {
        commits(23);
        assertThat(packs()).hasSize(23);
        server.upkeep().compact(CodeCommitServer.SCOPE, "demo");
        assertThat(packs()).hasSize(23);

        client.createBranch(r -> r.repositoryName("demo")
                .branchName("b")
                .commitId(client.getBranch(b -> b.repositoryName("demo").branchName("main"))
                        .branch()
                        .commitId()));
        client.deleteFile(r -> r.repositoryName("demo")
                .branchName("b")
                .filePath("file.txt")
                .parentCommitId(client.getBranch(b -> b.repositoryName("demo").branchName("b"))
                        .branch()
                        .commitId()));
        TestServer.await(() -> packs().size() == 1);

        assertThat(content()).isEqualTo("content 22");
    }

    @Test
    void replacedPacksAreSweptAfterADay() {
        commits(3);
        List<String> old =
                packs().stream().flatMap(pack -> pack.blobs().stream()).toList();
        server.upkeep().repack(CodeCommitServer.SCOPE, "demo");

        server.upkeep().sweep();
        assertThat(unreferenced()).containsAll(old);
        server.clock.advance(Duration.ofHours(25));
        server.upkeep().sweep();

        assertThat(unreferenced()).isEmpty();
        assertThat(content()).isEqualTo("content 2");
    }

    private List<String> unreferenced() {
        List<String> blobs = new ArrayList<>();
        new CodeCommitTables(server.store())
                .unreferencedBefore(java.time.Instant.MAX)
                .records()
                .forEach(unreferenced -> blobs.addAll(unreferenced.blobs()));
        return blobs;
    }

    /** Keys that really encrypt, by name, and that can be disabled. */
    private static final class Keys implements Clients, KmsClient {
        private final MasterKey master = MasterKey.random();
        private final Set<String> disabled = ConcurrentHashMap.newKeySet();
        private final Set<String> contexts = ConcurrentHashMap.newKeySet();

        @Override
        public <C extends SdkClient> C client(Class<C> api, Actor actor, String region) {
            assertThat(actor).isInstanceOfAny(Actor.Forwarded.class, Actor.Service.class);
            return api.cast(this);
        }

        @Override
        public String serviceName() {
            return "kms";
        }

        @Override
        public void close() {
            // holds nothing
        }

        @Override
        public GenerateDataKeyResponse generateDataKey(GenerateDataKeyRequest request) {
            check(request.keyId());
            byte[] plain = Ids.bytes(32);
            byte[] sealed = master.sealer(request.keyId())
                    .seal(plain, request.encryptionContext().toString().getBytes(UTF_8));
            contexts.add(request.encryptionContext().toString());
            return GenerateDataKeyResponse.builder()
                    .keyId(request.keyId())
                    .plaintext(SdkBytes.fromByteArray(plain))
                    .ciphertextBlob(SdkBytes.fromByteArray(sealed))
                    .build();
        }

        @Override
        public DecryptResponse decrypt(DecryptRequest request) {
            check(request.keyId());
            byte[] plain = master.sealer(request.keyId())
                    .open(
                            request.ciphertextBlob().asByteArray(),
                            request.encryptionContext().toString().getBytes(UTF_8));
            return DecryptResponse.builder()
                    .plaintext(SdkBytes.fromByteArray(plain))
                    .build();
        }

        private void check(String keyId) {
            if (disabled.contains(keyId)) {
                throw DisabledException.builder()
                        .message(keyId + " is disabled.")
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode("DisabledException")
                                .errorMessage(keyId + " is disabled.")
                                .build())
                        .build();
            }
            if (keyId.equals("absent")) {
                throw NotFoundException.builder()
                        .message("Key 'absent' does not exist")
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode("NotFoundException")
                                .errorMessage("Key 'absent' does not exist")
                                .build())
                        .build();
            }
        }
    }
}
