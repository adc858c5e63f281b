package dev.terrane.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
    @TempDir
    Path folder;

    private Installation installation;

    @BeforeEach
    void prepare() throws IOException {
        installation = new Installation(folder);
        installation.prepare();
        installation.key();
        Files.createDirectory(installation.data().resolve("store"));
    }

    @Test
    void theMasterKeyStaysTheSame() {
        assertThat(new Installation(folder).key().derive("x"))
                .isEqualTo(installation.key().derive("x"));
    }

    @Test
    void dataWithoutTheirMasterKeyAreNotTouched() throws IOException {
        Files.delete(installation.masterKey());
        assertThatThrownBy(installation::key)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is missing")
                .hasMessageContaining("restore it from its backup");
        assertThat(installation.masterKey()).doesNotExist();
    }

    @Test
    void dataUnderAnotherMasterKeyAreNotTouched() throws IOException {
        Files.write(installation.masterKey(), new byte[32]);
        assertThatThrownBy(installation::key)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another master key");
    }
}
