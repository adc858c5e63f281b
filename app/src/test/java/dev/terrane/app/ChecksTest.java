package dev.terrane.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksTest {
    @TempDir
    Path folder;

    private Installation installation;
    private final Checks checks = new Checks();

    @BeforeEach
    void prepare() {
        installation = new Installation(folder);
        installation.prepare();
        installation.key();
    }

    @Test
    void aNewInstallationLacksOnlyTheBackupOfItsKey() throws IOException {
        checks.installation(installation);
        assertThat(checks.findings())
                .singleElement()
                .asString()
                .contains("backup of " + installation.masterKey())
                .contains("Remedy: ");
        installation.noteBackup();
        Checks again = new Checks();
        again.installation(installation);
        assertThat(again.findings()).isEmpty();
    }

    @Test
    void aBackupOfAnotherKeyIsNone() throws IOException {
        installation.noteBackup();
        Files.delete(installation.masterKey());
        Files.delete(installation.data().resolve("master-key.id"));
        installation.key();
        assertThat(installation.isBackedUp()).isFalse();
    }

    @Test
    void filesThatOthersReadAreFound() throws IOException {
        installation.noteBackup();
        Files.setPosixFilePermissions(installation.masterKey(), PosixFilePermissions.fromString("rw-r-----"));
        checks.installation(installation);
        assertThat(checks.findings())
                .containsExactly("FINDING  " + installation.masterKey()
                        + " can be read or written by others. Remedy: chmod go= " + installation.masterKey());
    }

    @Test
    void anOldJavaAndAClockThatRunsFreeAreFound() {
        Instant now = Instant.parse("2026-11-01T00:00:00Z");
        checks.java("25.0.1", LocalDate.parse("2026-07-20"), now);
        checks.clock("yes");
        checks.reach("127.0.0.1");
        assertThat(checks.findings()).isEmpty();
        checks.java("25.0.1", LocalDate.parse("2025-10-20"), now);
        checks.clock("no");
        assertThat(checks.findings())
                .hasSize(2)
                .allSatisfy(found -> assertThat(found).contains("Remedy: "));
    }
}
