package dev.terrane.compute.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * The suite of the driver once more, in a process of an ordinary user who is root of a user namespace. Where the tests run as
 * root, that user is one without a name, or {@code TERRANE_TEST_USER}.
 */
class RootlessTest {
    private static final String NOBODY_ELSE = "54321";

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path folder;

    @TestFactory
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    Stream<DynamicTest> asAnOrdinaryUser() throws Exception {
        String user = System.getenv().getOrDefault("TERRANE_TEST_USER", NOBODY_ELSE);
        boolean root = "root".equals(System.getProperty("user.name"));
        try {
            List<String> command = new ArrayList<>();
            if (root) {
                command.addAll(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"));
                run(List.of("chown", user + ":" + user, folder.toString()));
            }
            assumeTrue(
                    run(with(command, "perl", script().toString(), "rootless", "printenv", UserNamespace.MARK))
                            .endsWith("1\n"),
                    "User namespaces are not permitted here");
            return run(with(
                            command,
                            "perl",
                            script().toString(),
                            "rootless",
                            java(),
                            "-XX:TieredStopAtLevel=1",
                            "--enable-native-access=ALL-UNNAMED",
                            "-Duser.home=" + folder,
                            "-Djava.io.tmpdir=" + folder,
                            "-cp",
                            readable(System.getProperty("java.class.path")),
                            SuiteRun.class.getName(),
                            SandboxComputeTest.class.getName()))
                    .lines()
                    .filter(line -> line.matches("(passed|failed|skipped) .*"))
                    .map(RootlessTest::test)
                    .toList()
                    .stream();
        } finally {
            // Files of other users of the namespace are among them.
            run(List.of("rm", "-rf", folder.toString()));
        }
    }

    private static DynamicTest test(String line) {
        String[] parts = line.split(" ", 3);
        return DynamicTest.dynamicTest(parts[1], () -> {
            if (parts[0].equals("skipped")) {
                throw new TestAbortedException(line);
            }
            assertThat(parts[0]).as(line).isEqualTo("passed");
        });
    }

    private static List<String> with(List<String> prefix, String... words) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(words));
        return all;
    }

    private static String java() {
        return ProcessHandle.current().info().command().orElseThrow();
    }

    private static Path script() throws IOException {
        Path script = folder.resolve("sandbox.pl");
        if (!Files.exists(script)) {
            try (var in = SandboxCompute.class.getResourceAsStream("sandbox.pl")) {
                Files.copy(java.util.Objects.requireNonNull(in), script);
            }
        }
        return script;
    }

    /** The class path where another user may read it: a library lies in root's home. */
    private static String readable(String classPath) throws IOException {
        List<String> copies = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            Path source = Path.of(entry);
            Path target = folder.resolve("lib-" + copies.size() + "-" + source.getFileName());
            if (Files.exists(source)) {
                copy(source, target);
                copies.add(target.toString());
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copy(Path source, Path target) throws IOException {
        Files.walkFileTree(source, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(target.resolve(source.relativize(each)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                Path copy = each.equals(source) ? target : target.resolve(source.relativize(each));
                Files.copy(each, copy, StandardCopyOption.REPLACE_EXISTING);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
