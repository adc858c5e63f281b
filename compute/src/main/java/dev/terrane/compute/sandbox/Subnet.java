package dev.terrane.compute.sandbox;

import dev.terrane.kernel.compute.ComputeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The addresses of one server's workloads: {@code 10.N.0.0/17} with its gateway {@code 10.N.0.1}, and {@code 10.N.255.252/30}
 * between the server's machine and the router.
 */
record Subnet(int second) {
    private static final int LOWEST = 64;
    private static final int COUNT = 128;
    static final int PREFIX = 17;
    /** The first addresses of a subnet are AWS's own; instances never have them. */
    private static final int FIRST_HOST = 10;

    private static final int LAST_HOST = (1 << 15) - 2;

    /** A subnet that no route of this machine covers, the kept one if that is still so. */
    static Subnet choose(Path kept, int seed) {
        try {
            List<String> routes = Files.readAllLines(Path.of("/proc/net/route"));
            Optional<Subnet> before = Files.exists(kept)
                    ? Optional.of(
                            new Subnet(Integer.parseInt(Files.readString(kept).strip())))
                    : Optional.empty();
            if (before.isPresent() && before.get().free(routes)) {
                return before.get();
            }
            for (int i = 0; i < COUNT; i++) {
                Subnet candidate = new Subnet(LOWEST + Math.floorMod(seed + i, COUNT));
                if (candidate.free(routes)) {
                    Files.writeString(kept, Integer.toString(candidate.second));
                    return candidate;
                }
            }
        } catch (IOException e) {
            throw new ComputeException("Routes can't be read: " + e.getMessage(), e);
        }
        throw new ComputeException("No 10.N.0.0/16 network is free for workloads");
    }

    /** Whether no line of {@code /proc/net/route} (little-endian hexadecimal) overlaps 10.N.0.0/16. */
    private boolean free(List<String> routes) {
        long own = (10L << 24) | ((long) second << 16);
        return routes.stream().skip(1).noneMatch(line -> {
            String[] fields = line.split("\\s+");
            long destination = Integer.toUnsignedLong(Integer.reverseBytes(Integer.parseUnsignedInt(fields[1], 16)));
            long mask = Integer.toUnsignedLong(Integer.reverseBytes(Integer.parseUnsignedInt(fields[7], 16)));
            if (destination == 0) {
                return false;
            }
            long common = mask & 0xffff0000L;
            return (destination & common) == (own & common);
        });
    }

    InetAddress base() {
        return address(0, 0);
    }

    InetAddress gateway() {
        return address(0, 1);
    }

    InetAddress hostSide() {
        return address(255, 253);
    }

    InetAddress routerSide() {
        return address(255, 254);
    }

    String cidr() {
        return base().getHostAddress() + "/" + PREFIX;
    }

    int hosts() {
        return LAST_HOST - FIRST_HOST;
    }

    /** @param index from 0, below {@link #hosts} */
    InetAddress host(int index) {
        int number = FIRST_HOST + index;
        return address(number >> 8, number & 0xff);
    }

    private InetAddress address(int third, int fourth) {
        try {
            return InetAddress.getByAddress(new byte[] {10, (byte) second, (byte) third, (byte) fourth});
        } catch (UnknownHostException e) {
            throw new ComputeException("Four bytes are an address", e);
        }
    }
}
