package dev.terrane.ec2;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IPv4 addresses, with no bit set behind its prefix.
 *
 * @param address as a number
 * @param bits the length of the prefix
 */
record Cidr(long address, int bits) {
    private static final int LENGTH = 32;
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d|[12]\\d|3[0-2])");

    Cidr {
        address = address & mask(bits);
    }

    private static long mask(int bits) {
        return -1L << (LENGTH - bits) & 0xFFFF_FFFFL;
    }

    static Optional<Cidr> find(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        long address = 0;
        for (int i = 1; i <= 4; i++) {
            int part = Integer.parseInt(form.group(i));
            if (part > 255) {
                return Optional.empty();
            }
            address = address << 8 | part;
        }
        return Optional.of(new Cidr(address, Integer.parseInt(form.group(5))));
    }

    boolean contains(Cidr other) {
        return bits <= other.bits && (other.address & mask(bits)) == address;
    }

    boolean overlaps(Cidr other) {
        return contains(other) || other.contains(this);
    }

    /** How many addresses it has. */
    long size() {
        return 1L << (LENGTH - bits);
    }

    @Override
    public String toString() {
        return (address >> 24) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255) + "/"
                + bits;
    }
}
