package dev.terrane.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.terrane.kernel.contract.ServiceContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Who may know whom, and who may read the clock: docs/architecture.md. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.terrane");

    private static final String[] SERVICES = ServiceContract.NAMES.stream()
            .map(name -> "dev.terrane." + name + "..")
            .toArray(String[]::new);

    @Test
    void kernelKnowsNothingAboveIt() {
        noClasses()
                .that()
                .resideInAPackage("dev.terrane.kernel..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.terrane.gateway..", "dev.terrane.storage..", "dev.terrane.compute..", "dev.terrane.app..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.terrane.kernel..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SERVICES)
                .check(CLASSES);
    }

    @Test
    void serviceKnowsNoOtherService() {
        for (String name : ServiceContract.NAMES) {
            String own = "dev.terrane." + name + "..";
            noClasses()
                    .that()
                    .resideInAPackage(own)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(Stream.concat(
                                    Stream.of(SERVICES).filter(other -> !other.equals(own)),
                                    Stream.of(
                                            "dev.terrane.gateway..",
                                            "dev.terrane.storage..",
                                            "dev.terrane.compute..",
                                            "dev.terrane.app.."))
                            .toArray(String[]::new))
                    .allowEmptyShould(true)
                    .check(CLASSES);
        }
    }

    @Test
    void backendsKnowOnlyTheKernel() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.terrane.storage..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.terrane.gateway..", "dev.terrane.compute..", "dev.terrane.app..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage("dev.terrane.gateway..", "dev.terrane.compute..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.terrane.storage..", "dev.terrane.app..")
                .check(CLASSES);
    }

    @Test
    void testkitKnowsNoServiceAndNotTheProgram() {
        noClasses()
                .that()
                .resideInAPackage("dev.terrane.testkit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SERVICES)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.terrane.app..")
                .check(CLASSES);
    }

    @Test
    void onlyStorageSpeaksToDatabases() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.terrane.storage..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.sql..")
                .check(CLASSES);
    }

    @Test
    void onlyTheKernelsClockTellsTimeAndStartsThreads() {
        List<String> forbidden = List.of(
                "Instant.now(",
                "System.currentTimeMillis",
                "Thread.sleep(",
                "new Thread(",
                "Thread.startVirtualThread",
                "LocalDateTime.now",
                "Clock.systemUTC");
        Assertions.assertThat(sources()
                        .filter(file -> !file.toString().contains("/kernel/clock/"))
                        .flatMap(file -> lines(file)
                                .filter(line -> forbidden.stream().anyMatch(line::contains))
                                .map(line -> file.getFileName() + ": " + line.strip())))
                .isEmpty();
    }

    @Test
    void onlyTheKernelWritesArns() {
        Assertions.assertThat(sources()
                        .filter(file -> !file.toString().contains("/kernel/"))
                        .flatMap(file -> lines(file)
                                .filter(line -> line.contains("\"arn:"))
                                .map(line -> file.getFileName() + ": " + line.strip())))
                .isEmpty();
    }

    private static Stream<Path> sources() {
        Path root = Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."));
        Path top = Files.exists(root.resolve("kernel")) ? root : Path.of("..");
        try (Stream<Path> files = Files.walk(top)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/main/java/dev/terrane/"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
