package dev.terrane.app;

import dev.terrane.compute.sandbox.SandboxCompute;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.ComputeFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code terrane doctor}. */
@Command(
        name = "doctor",
        description = "Checks the installation and the machine, and says what to do about each finding.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private static final long SCARCE_BYTES = 5L << 30;

    @Mixin
    private DataOption data = new DataOption();

    private final List<String> findings = new ArrayList<>();

    /** @return 0 when there is no finding, 1 otherwise */
    @Override
    public Integer call() throws IOException {
        Installation installation = data.installation();
        checkPrograms();
        checkWorkloads();
        if (Files.exists(installation.folder())) {
            checkPrivate(installation.folder());
            checkPrivate(installation.masterKey());
            long free = Files.getFileStore(installation.folder()).getUsableSpace();
            if (free < SCARCE_BYTES) {
                found(installation.folder() + " has only " + (free >> 20) + " MiB free", "give it more disk");
            }
            System.out.println("ok       back up " + installation.masterKey()
                    + " apart from the data: without it the data cannot be read");
        } else {
            System.out.println("ok       no installation in " + installation.folder() + " yet");
        }
        findings.forEach(System.out::println);
        System.out.println(findings.isEmpty() ? "No findings" : findings.size() + " findings");
        return findings.isEmpty() ? 0 : 1;
    }

    private void checkPrograms() {
        for (String[] program : new String[][] {
            {"git", "git", "repositories are pushed with it"},
            {"perl", "perl-base", "workloads are started by it"},
            {"nft", "nftables", "isolated workloads reach the network through it"},
            {"ip", "iproute2", "workloads get an address of their own with it"},
        }) {
            if (onPath(program[0])) {
                System.out.println("ok       " + program[0]);
            } else {
                found(program[0] + " is missing: " + program[2], "apt-get install " + program[1]);
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
                System.out.println("ok       workloads run (" + features.driver() + ")");
            }
            features.notes().forEach(note -> found("workloads: " + note.replaceFirst("\\.$", ""), "docs/compute.md"));
        } catch (ComputeException e) {
            found("workloads cannot run: " + e.getMessage(), "docs/compute.md");
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

    private void checkPrivate(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Set<PosixFilePermission> modes = Files.getPosixFilePermissions(path);
        if (modes.contains(PosixFilePermission.GROUP_READ) || modes.contains(PosixFilePermission.OTHERS_READ)) {
            found(path + " can be read by others", "chmod go= " + path);
        } else {
            System.out.println("ok       " + path + " is its owner's alone");
        }
    }

    private void found(String what, String remedy) {
        findings.add("FINDING  " + what + ". Remedy: " + remedy);
    }
}
