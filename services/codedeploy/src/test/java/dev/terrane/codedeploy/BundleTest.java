package dev.terrane.codedeploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.compute.TarWriter;
import dev.terrane.testkit.TestServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundleTest {
    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../up", "a/../../b", "a\nb"})
    void refusesNamesThatLeadOut(String name) {
        assertThatThrownBy(() -> new BundlePaths().entry(name)).isInstanceOf(BundleException.class);
    }

    @ParameterizedTest
    @CsvSource({"a,/etc", "a,..", "a/b,../..", "a/b,x/../../.."})
    void refusesLinksThatLeadOut(String entry, String target) {
        assertThatThrownBy(() -> new BundlePaths().link(entry, target)).isInstanceOf(BundleException.class);
    }

    @Test
    void refusesEntriesBehindLinks() throws IOException {
        BundlePaths paths = new BundlePaths();
        paths.link(paths.entry("current"), "releases/1");
        assertThat(paths.entry("./releases//1/app")).isEqualTo("releases/1/app");
        assertThatThrownBy(() -> paths.entry("current/app")).hasMessageContaining("behind a symbolic link");
    }

    @Test
    void readsTarFilesWithLongNames() throws IOException {
        String name = "folder/".repeat(40) + "file";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarWriter tar = new TarWriter(bytes, TestServer.START)) {
            byte[] content = "content".getBytes(StandardCharsets.UTF_8);
            tar.file(name, 0750, "root", "root", content.length, new ByteArrayInputStream(content));
            tar.link("link", "folder", "root", "root");
        }
        TarReader reader = new TarReader(new ByteArrayInputStream(bytes.toByteArray()));
        TarReader.Entry file = reader.next().orElseThrow();
        assertThat(file.name()).isEqualTo(name);
        assertThat(file.mode()).isEqualTo(0750);
        assertThat(reader.content().readAllBytes()).asString().isEqualTo("content");
        assertThat(reader.next().map(TarReader.Entry::target)).contains("folder");
        assertThat(reader.next()).isEqualTo(Optional.empty());
    }

    @Test
    void refusesWhatUnpacksToFarMore() throws IOException {
        BundleSize size = new BundleSize(100_000);
        size.add(60 << 20);
        assertThatThrownBy(() -> size.add(60 << 20)).isInstanceOf(BundleException.class);
    }

    @Test
    void refusesWhatIsNoArchive() {
        assertThatThrownBy(() -> ZipDirectory.find(new byte[100])).hasMessage("The bundle is not a zip file");
        assertThatThrownBy(() -> new TarReader(new ByteArrayInputStream(new byte[] {1, 2, 3})).next())
                .isInstanceOf(BundleException.class);
    }
}
