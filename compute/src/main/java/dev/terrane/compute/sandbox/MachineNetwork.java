package dev.terrane.compute.sandbox;

import dev.terrane.kernel.compute.ComputeException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the machine's own network looks like. */
final class MachineNetwork {
    private static final int USUAL_MTU = 1500;

    private MachineNetwork() {}

    /** The device of the default route. */
    static Optional<String> outsideDevice() {
        try {
            return Files.readAllLines(Path.of("/proc/net/route")).stream()
                    .skip(1)
                    .map(line -> line.split("\\s+"))
                    .filter(fields -> fields[1].equals("00000000"))
                    .map(fields -> fields[0])
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The greatest packet, in bytes, that goes out whole. */
    static int mtu() {
        return outsideDevice()
                .map(device -> {
                    try {
                        return Integer.parseInt(Files.readString(Path.of("/sys/class/net", device, "mtu"))
                                .strip());
                    } catch (IOException e) {
                        return USUAL_MTU;
                    }
                })
                .orElse(USUAL_MTU);
    }

    /** The machine's IPv4 addresses but those of its loopback interface. */
    static List<InetAddress> addresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .toList();
        } catch (IOException e) {
            throw new ComputeException("The machine's addresses can't be read", e);
        }
    }

    /** Sets what is not so already, in the calling thread's network namespace. */
    static void sysctl(String name, String value) throws IOException {
        Path file = Path.of("/proc/sys", name);
        if (Files.exists(file) && !Files.readString(file).strip().equals(value)) {
            Files.writeString(file, value);
        }
    }
}
