package dev.terrane.gateway.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The seeds of each target, and changes to them that are the same each time. */
class FuzzTest {
    private static final int CHANGES = 400;

    @TestFactory
    Stream<DynamicTest> requests() {
        return seeds("requests", RequestTarget::fuzzerTestOneInput);
    }

    @TestFactory
    Stream<DynamicTest> credentials() {
        return seeds("credentials", CredentialTarget::fuzzerTestOneInput);
    }

    @TestFactory
    Stream<DynamicTest> policies() {
        return seeds("policies", PolicyTarget::fuzzerTestOneInput);
    }

    private static Stream<DynamicTest> seeds(String target, Consumer<byte[]> run) {
        List<Path> files = files(target);
        List<byte[]> all = files.stream().map(FuzzTest::read).toList();
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    byte[] seed = read(file);
                    run.accept(seed);
                    Random random = new Random(Arrays.hashCode(seed));
                    for (int i = 0; i < CHANGES; i++) {
                        byte[] changed = changed(seed, all, random);
                        try {
                            run.accept(changed);
                        } catch (RuntimeException | Error e) {
                            throw new AssertionError("of " + HexFormat.of().formatHex(changed), e);
                        }
                    }
                }));
    }

    private static List<Path> files(String target) {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz", target))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One to four changes: a byte is another, a part is gone, doubled, or one of another seed. */
    private static byte[] changed(byte[] seed, List<byte[]> others, Random random) {
        byte[] bytes = seed.clone();
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            int from = random.nextInt(bytes.length);
            int to = Math.min(bytes.length, from + 1 + random.nextInt(16));
            byte[] part = Arrays.copyOfRange(bytes, from, to);
            bytes = switch (random.nextInt(5)) {
                case 0 -> joined(bytes, from, new byte[] {(byte) random.nextInt(256)}, from + 1);
                case 1 -> joined(bytes, from, new byte[0], to);
                case 2 -> joined(bytes, from, part, from);
                case 3 -> {
                    byte[] other = others.get(random.nextInt(others.size()));
                    int start = other.length == 0 ? 0 : random.nextInt(other.length);
                    yield joined(bytes, from, Arrays.copyOfRange(other, start, Math.min(other.length, start + 32)), to);
                }
                default ->
                    joined(
                            bytes,
                            from,
                            new byte[] {(byte) "{}[]\"\\:,&=%<>\n\0/".charAt(random.nextInt(16))},
                            from + 1);
            };
        }
        return bytes;
    }

    private static byte[] joined(byte[] bytes, int from, byte[] middle, int to) {
        List<byte[]> parts = new ArrayList<>(List.of(Arrays.copyOf(bytes, from), middle));
        parts.add(Arrays.copyOfRange(bytes, Math.min(to, bytes.length), bytes.length));
        byte[] all = new byte[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
