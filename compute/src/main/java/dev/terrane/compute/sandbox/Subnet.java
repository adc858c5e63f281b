package dev.terrane.compute.sandbox;

import dev.terrane.kernel.compute.ComputeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The addresses of one server's workloads: {@code 10.N.0.0/17} with its gateway {@code 10.N.0.1}, and {@code 10.N.255.252/30}
 * between the server's machine and the router.
 */
record Subnet(int second) {
    private static final int LOWEST = 64;
    private static final int COUNT = 128;
    static final int PREFIX = 17;
    /** Of all that is taken, with the addresses between machine and router. */
    static final int WHOLE = 16;
    /** The first addresses of a subnet are AWS's own; instances never have them. */
    private static final int FIRST_HOST = 10;

    private static final int LAST_HOST = (1 << 15) - 2;

    /** The subnets that no route of this machine covers, in the order in which to try them: the kept one first. */
    static List<Subnet> candidates(Path kept, int seed) {
        try {
            List<String> routes = Files.readAllLines(Path.of("/proc/net/route"));
            Stream<Subnet> before = Files.exists(kept)
                    ? Stream.of(
                            new Subnet(Integer.parseInt(Files.readString(kept).strip())))
                    : Stream.empty();
            Stream<Subnet> others =
                    IntStream.range(0, COUNT).mapToObj(i -> new Subnet(LOWEST + Math.floorMod(seed + i, COUNT)));
            return Stream.concat(before, others)
                    .distinct()
                    .filter(subnet -> subnet.free(routes))
                    .toList();
        } catch (IOException e) {
            throw new ComputeException("Routes can't be read: " + e.getMessage(), e);
        }
    }

    /** Makes this the first to be tried at the next start. */
    void keep(Path file) {
        try {
            Files.writeString(file, Integer.toString(second));
        } catch (IOException e) {
            throw new ComputeException("The workloads' subnet can't be kept: " + e.getMessage(), e);
        }
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
