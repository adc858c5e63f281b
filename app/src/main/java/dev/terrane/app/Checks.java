package dev.terrane.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** An installation held against what docs/security.md asks of its operator. Each finding has a remedy. */
final class Checks {
    private static final long SCARCE_BYTES = 5L << 30;
    /** Java is mended every three months. */
    private static final Period OLD = Period.ofMonths(7);

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final List<String> passed = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();

    List<String> passed() {
        return List.copyOf(passed);
    }

    List<String> findings() {
        return List.copyOf(findings);
    }

    void ok(String what) {
        passed.add("ok       " + what);
    }

    void found(String what, String remedy) {
        findings.add("FINDING  " + what + ". Remedy: " + remedy);
    }

    void installation(Installation installation) throws IOException {
        if (!Files.exists(installation.folder())) {
            ok("no installation in " + installation.folder() + " yet");
            return;
        }
        closed(installation.folder());
        for (Path secret : secrets(installation)) {
            closed(secret);
        }
        long free = Files.getFileStore(installation.folder()).getUsableSpace();
        if (free < SCARCE_BYTES) {
            found(installation.folder() + " has only " + (free >> 20) + " MiB free", "give it more disk");
        } else {
            ok(installation.folder() + " has " + (free >> 30) + " GiB free");
        }
        backup(installation);
        installation.running().ifPresent(running -> reach(running.host()));
    }

    private static List<Path> secrets(Installation installation) throws IOException {
        List<Path> secrets = new ArrayList<>(
                List.of(installation.masterKey(), installation.folder().resolve("credentials.json")));
        if (Files.isDirectory(installation.tls())) {
            try (Stream<Path> files = Files.list(installation.tls())) {
                files.filter(file -> !file.getFileName().toString().matches(".*\\.(crt|pem|cer)"))
                        .sorted()
                        .forEach(secrets::add);
            }
        }
        return secrets.stream().filter(Files::exists).toList();
    }

    /** The folder around them closes what is in it, but whoever copies a file copies its mode. */
    private void closed(Path path) throws IOException {
        Set<PosixFilePermission> modes = EnumSet.noneOf(PosixFilePermission.class);
        modes.addAll(Files.getPosixFilePermissions(path));
        modes.retainAll(OTHERS);
        if (modes.isEmpty()) {
            ok(path + " is its owner's alone");
        } else {
            found(path + " can be read or written by others", "chmod go= " + path);
        }
    }

    private void backup(Installation installation) {
        if (!Files.exists(installation.masterKey())) {
            return;
        }
        if (installation.isBackedUp()) {
            ok(installation.masterKey() + " is backed up, as you said");
        } else {
            found(
                    "nothing is known of a backup of " + installation.masterKey()
                            + ", without which the data cannot be read",
                    "copy it to a safe place apart from the data, then say so: terrane doctor --backed-up");
        }
    }

    /** @param host what the server listens on */
    void reach(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            if (address.isLoopbackAddress()) {
                ok("the server listens on this machine alone");
            } else {
                ok("the server listens on " + host
                        + ": let others use https:// and a firewall say who (docs/security.md)");
            }
        } catch (UnknownHostException e) {
            found("the address that the server listens on, " + host + ", is not known", "start it with --bind ADDRESS");
        }
    }

    /** @param released the day of the Java that runs this, as {@code java.version.date} says */
    void java(String version, LocalDate released, Instant now) {
        if (released.plus(OLD).isBefore(now.atOffset(ZoneOffset.UTC).toLocalDate())) {
            found(
                    "Java " + version + " of " + released + " has missed at least one security update",
                    "install the newest update of JDK " + version.replaceAll("\\..*", ""));
        } else {
            ok("Java " + version + " of " + released);
        }
    }

    /** @param synchronised what {@code timedatectl show -p NTPSynchronized --value} says; empty where there is no such program */
    void clock(String synchronised) {
        switch (synchronised) {
            case "yes" -> ok("the clock is synchronised");
            case "no" ->
                found(
                        "the clock is not synchronised: signatures are refused when it is 15 minutes off",
                        "timedatectl set-ntp true, or run an NTP client");
            default -> ok("nothing tells whether the clock is synchronised (no timedatectl)");
        }
    }
}
