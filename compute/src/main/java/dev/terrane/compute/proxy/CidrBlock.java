package dev.terrane.compute.proxy;

import java.net.InetAddress;

/** A block of addresses such as {@code 10.0.0.0/8}. */
final class CidrBlock {
    private final byte[] network;
    private final int prefix;

    /** @throws IllegalArgumentException when the text is no block; host names are not looked up */
    CidrBlock(String text) {
        int slash = text.indexOf('/');
        try {
            network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash))
                    .getAddress();
            prefix = slash < 0 ? network.length * 8 : Integer.parseInt(text.substring(slash + 1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Not a CIDR block: " + text, e);
        }
        if (prefix < 0 || prefix > network.length * 8) {
            throw new IllegalArgumentException("Not a CIDR block: " + text);
        }
    }

    boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != network.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit += 8) {
            int mask = prefix - bit >= 8 ? 0xff : 0xff << (8 - (prefix - bit)) & 0xff;
            if (((bytes[bit / 8] ^ network[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
