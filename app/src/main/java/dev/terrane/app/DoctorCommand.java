package dev.terrane.app;

import dev.terrane.compute.sandbox.SandboxCompute;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.ComputeFeatures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code terrane doctor}. */
@Command(
        name = "doctor",
        description = "Checks the installation and the machine, and says what to do about each finding.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--backed-up", description = "Notes that you have copied the master key to a safe place.")
    private boolean backedUp;

    private final Checks checks = new Checks();

    /** @return 0 when there is no finding, 1 otherwise */
    @Override
    public Integer call() throws IOException {
        Installation installation = data.installation();
        if (backedUp) {
            installation.noteBackup();
        }
        checkPrograms();
        checkWorkloads();
        checks.installation(installation);
        checks.java(
                System.getProperty("java.version"),
                LocalDate.parse(System.getProperty("java.version.date")),
                Clock.system().instant());
        checks.clock(synchronised());
        checks.passed().forEach(System.out::println);
        checks.findings().forEach(System.out::println);
        int findings = checks.findings().size();
        System.out.println(findings == 0 ? "No findings" : findings + (findings == 1 ? " finding" : " findings"));
        return findings == 0 ? 0 : 1;
    }

    private static String synchronised() throws IOException {
        if (!onPath("timedatectl")) {
            return "";
        }
        Process process = new ProcessBuilder("timedatectl", "show", "-p", "NTPSynchronized", "--value")
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private void checkPrograms() {
        for (String[] program : new String[][] {
            {"git", "git", "repositories are pushed with it"},
            {"perl", "perl-base", "workloads are started by it"},
            {"nft", "nftables", "isolated workloads reach the network through it"},
            {"ip", "iproute2", "workloads get an address of their own with it"},
        }) {
            if (onPath(program[0])) {
                checks.ok(program[0]);
            } else {
                checks.found(program[0] + " is missing: " + program[2], "apt-get install " + program[1]);
            }
        }
    }

    /** Runs a throwaway workload. */
    private void checkWorkloads() throws IOException {
        Path scratch = Files.createTempDirectory("terrane-doctor");
        try (Threads threads = new Threads(Clock.system(), Throwable::printStackTrace);
                Compute compute = SandboxCompute.open(scratch, threads)) {
            ComputeFeatures features = compute.describe();
            if (features.available()) {
                checks.ok("workloads run (" + features.driver() + ")");
            }
            features.notes()
                    .forEach(note -> checks.found("workloads: " + note.replaceFirst("\\.$", ""), "docs/compute.md"));
        } catch (ComputeException e) {
            checks.found("workloads cannot run: " + e.getMessage(), "docs/compute.md");
        } finally {
            new ProcessBuilder("rm", "-rf", scratch.toString()).start().onExit().join();
        }
    }

    private static boolean onPath(String program) {
        for (String folder : (System.getenv("PATH") + ":/usr/sbin:/sbin").split(":")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
