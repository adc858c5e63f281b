package dev.terrane.kernel.policy;

import java.util.Arrays;

/** A CIDR range of IPv4 or IPv6 addresses (RFC 4632, RFC 4291); an address without a prefix length is a range of one. */
public final class AddressRange {
    private final byte[] network;
    private final int bits;

    private AddressRange(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    /**
     * Reads a range.
     *
     * @throws IllegalArgumentException when the text is none
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        byte[] network = bytes(slash < 0 ? text : text.substring(0, slash));
        int most = network.length * 8;
        int bits = most;
        if (slash >= 0) {
            String length = text.substring(slash + 1);
            boolean digits =
                    !length.isEmpty() && length.length() <= 3 && length.chars().allMatch(c -> c >= '0' && c <= '9');
            bits = digits ? Integer.parseInt(length) : -1;
        }
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException("The value " + text + " is not a valid IP address range");
        }
        return new AddressRange(network, bits);
    }

    /** Whether an address, as text, is one of the range; what is not an address is not. */
    public boolean contains(String address) {
        byte[] bytes;
        try {
            bytes = bytes(address);
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
        if (bytes.length != network.length) {
            return false;
        }
        int whole = bits / 8;
        if (!Arrays.equals(bytes, 0, whole, network, 0, whole)) {
            return false;
        }
        int rest = bits % 8;
        return rest == 0 || ((bytes[whole] ^ network[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
    }

    /** 4 or 16 bytes; an IPv4 address written as IPv6 ({@code ::ffff:1.2.3.4}) is an IPv4 address. */
    private static byte[] bytes(String text) {
        byte[] bytes = text.indexOf(':') < 0 ? four(text) : sixteen(text);
        if (bytes.length == 16 && isMapped(bytes)) {
            return Arrays.copyOfRange(bytes, 12, 16);
        }
        return bytes;
    }

    private static boolean isMapped(byte[] bytes) {
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == -1 && bytes[11] == -1;
    }

    private static byte[] four(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] bytes = new byte[4];
        if (parts.length != 4) {
            throw invalid(text);
        }
        for (int i = 0; i < 4; i++) {
            String part = parts[i];
            if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw invalid(text);
            }
            int value = Integer.parseInt(part);
            if (value > 255) {
                throw invalid(text);
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static byte[] sixteen(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] all = groups(text, text);
            if (all.length != 16) {
                throw invalid(text);
            }
            return all;
        }
        byte[] head = groups(text.substring(0, gap), text);
        byte[] tail = groups(text.substring(gap + 2), text);
        if (head.length + tail.length > 14) {
            throw invalid(text);
        }
        byte[] all = Arrays.copyOf(head, 16);
        System.arraycopy(tail, 0, all, 16 - tail.length, tail.length);
        return all;
    }

    private static byte[] groups(String text, String whole) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = text.split(":", -1);
        byte[] bytes = new byte[parts.length * 2 + 2];
        int length = 0;
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (i == parts.length - 1 && part.indexOf('.') >= 0) {
                System.arraycopy(four(part), 0, bytes, length, 4);
                length += 4;
                continue;
            }
            if (part.isEmpty()
                    || part.length() > 4
                    || !part.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
                throw invalid(whole);
            }
            int value = Integer.parseInt(part, 16);
            bytes[length++] = (byte) (value >> 8);
            bytes[length++] = (byte) value;
        }
        return Arrays.copyOf(bytes, length);
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException("The value " + text + " is not a valid IP address");
    }
}
