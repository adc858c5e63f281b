package dev.terrane.storage.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.blob.Blobs.Blob;
import dev.terrane.kernel.blob.Blobs.BlobDamaged;
import dev.terrane.kernel.blob.Blobs.BlobMissing;
import dev.terrane.kernel.blob.Blobs.Writing;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.storage.sqlite.SqliteBackend;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileBlobsTest {
    private static final int CHUNK = 65_536;

    @TempDir
    Path folder;

    private final MasterKey key = MasterKey.random();
    private SqliteBackend rows;
    private FileBlobs blobs;

    @BeforeEach
    void open() throws IOException {
        rows = SqliteBackend.open(folder);
        blobs = new FileBlobs(folder.resolve("blobs"), key, rows);
    }

    @AfterEach
    void close() {
        rows.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 4097, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 300_000})
    void whatWasWrittenIsReadInAnyRange(int size) throws IOException {
        byte[] bytes = bytes(size);
        Blob blob = blobs.put(new ByteArrayInputStream(bytes));
        assertThat(blob.size()).isEqualTo(size);

        assertThat(read(blob, 0, Long.MAX_VALUE)).isEqualTo(bytes);
        for (int offset : new int[] {0, 1, size / 2, CHUNK - 1, CHUNK, size - 1, size, size + 1, size + CHUNK}) {
            for (long length : new long[] {0, 1, 100, CHUNK, CHUNK + 2, size, Long.MAX_VALUE}) {
                if (offset >= 0) {
                    int from = Math.min(offset, size);
                    int to = (int) Math.min(size, from + Math.min(length, size));
                    assertThat(read(blob, offset, length))
                            .as("%s from %s", length, offset)
                            .isEqualTo(Arrays.copyOfRange(bytes, from, to));
                }
            }
        }
    }

    @Test
    void bytesWrittenOneByOneAndInPiecesAreTheSame() throws IOException {
        byte[] bytes = bytes(150_000);
        try (Writing writing = blobs.create()) {
            for (int i = 0; i < 70_000; i++) {
                writing.stream().write(bytes[i]);
            }
            writing.stream().write(bytes, 70_000, 80_000);
            assertThat(read(writing.commit(), 0, Long.MAX_VALUE)).isEqualTo(bytes);
        }
    }

    @Test
    void blobsOutliveTheServer() throws IOException {
        Blob small = blobs.put(new ByteArrayInputStream(bytes(100)));
        Blob large = blobs.put(new ByteArrayInputStream(bytes(100_000)));
        close();
        open();
        assertThat(read(small, 0, 100)).isEqualTo(bytes(100));
        assertThat(read(large, 0, 100_000)).isEqualTo(bytes(100_000));
    }

    @Test
    void aWritingThatIsGivenUpLeavesNothing() throws IOException {
        try (Writing writing = blobs.create()) {
            writing.stream().write(bytes(200_000));
        }
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(bytes(200_000)), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return read();
            }
        });
        assertThatThrownBy(() -> blobs.put(broken)).hasMessage("connection reset");
        assertThat(files()).isEmpty();
    }

    @Test
    void whatACrashLeftUnfinishedIsRemovedAtStart() throws IOException {
        Writing writing = blobs.create();
        writing.stream().write(bytes(200_000));
        assertThat(files()).hasSize(1);

        new FileBlobs(folder.resolve("blobs"), key, rows);
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 200_000})
    void aDeletedBlobIsMissing(int size) throws IOException {
        Blob blob = blobs.put(new ByteArrayInputStream(bytes(size)));
        InputStream reader = blobs.open(blob.key());
        blobs.delete(blob.key());
        blobs.delete(blob.key());

        assertThatThrownBy(() -> blobs.open(blob.key())).isInstanceOf(BlobMissing.class);
        assertThat(reader.readAllBytes()).isEqualTo(bytes(size));
        reader.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "../terrane.db", "f../../../../etc/passwd", "sabc", "f"})
    void aKeyThatIsNoneIsMissing(String name) throws IOException {
        assertThatThrownBy(() -> blobs.open(name)).isInstanceOf(BlobMissing.class);
        blobs.delete(name);
    }

    @Test
    void nothingOnDiskShowsTheContent() throws IOException {
        byte[] bytes = new byte[200_000];
        Arrays.fill(bytes, (byte) 'A');
        blobs.put(new ByteArrayInputStream(bytes));
        blobs.put(new ByteArrayInputStream(bytes, 0, 1000));
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain("AAAAAAAA");
            }
        }
    }

    @Test
    void anyChangedBitIsFound() throws IOException {
        Blob blob = blobs.put(new ByteArrayInputStream(bytes(150_000)));
        Path file = files().getFirst();
        byte[] good = Files.readAllBytes(file);
        for (int at : new int[] {0, 15, 16, CHUNK, CHUNK + 20, 2 * CHUNK + 100, good.length - 1}) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(file, bad);
            assertThatThrownBy(() -> read(blob, 0, Long.MAX_VALUE)).isInstanceOf(BlobDamaged.class);
        }
        Files.write(file, good);
        assertThat(read(blob, 0, Long.MAX_VALUE)).isEqualTo(bytes(150_000));
    }

    @Test
    void aFileCutAnywhereIsFound() throws IOException {
        Blob blob = blobs.put(new ByteArrayInputStream(bytes(200_000)));
        Path file = files().getFirst();
        byte[] good = Files.readAllBytes(file);
        int sealed = CHUNK + 16;
        for (int length :
                new int[] {0, 3, 16, 20, 32, 16 + sealed, 16 + 2 * sealed, 16 + 2 * sealed + 5, good.length - 1}) {
            Files.write(file, Arrays.copyOf(good, length));
            assertThatThrownBy(() -> read(blob, 0, Long.MAX_VALUE))
                    .as("cut to %s", length)
                    .isInstanceOf(BlobDamaged.class);
            assertThatThrownBy(() -> read(blob, 199_999, 1))
                    .as("the end, cut to %s", length)
                    .isInstanceOf(BlobDamaged.class);
        }
    }

    @Test
    void exchangedChunksAndExchangedBlobsAreFound() throws IOException {
        Blob first = blobs.put(new ByteArrayInputStream(bytes(200_000)));
        Path file = files().getFirst();
        byte[] good = Files.readAllBytes(file);
        int sealed = CHUNK + 16;
        byte[] exchanged = good.clone();
        System.arraycopy(good, 16, exchanged, 16 + sealed, sealed);
        System.arraycopy(good, 16 + sealed, exchanged, 16, sealed);
        Files.write(file, exchanged);
        assertThatThrownBy(() -> read(first, 0, 10)).isInstanceOf(BlobDamaged.class);

        Files.write(file, good);
        Blob second = blobs.put(new ByteArrayInputStream(bytes(200_000)));
        Path other =
                files().stream().filter(path -> !path.equals(file)).findAny().orElseThrow();
        Files.write(other, good);
        assertThatThrownBy(() -> read(second, 0, 10)).isInstanceOf(BlobDamaged.class);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("blobs"))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private byte[] read(Blob blob, long offset, long length) throws IOException {
        try (InputStream in = blobs.open(blob.key(), offset, length)) {
            return in.readAllBytes();
        }
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
