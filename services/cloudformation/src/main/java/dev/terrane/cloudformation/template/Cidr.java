package dev.terrane.cloudformation.template;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code Fn::Cidr}: cuts a block of addresses into smaller ones. */
final class Cidr {
    private static final Pattern V4 = Pattern.compile("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private Cidr() {}

    /** The first blocks of a block.
     *
     * @param bits those of an address that are left within each */
    static List<String> blocks(String block, String count, String bits) {
        int slash = block.indexOf('/');
        Optional<InetAddress> parsed = slash < 0 ? Optional.empty() : address(block.substring(0, slash));
        if (parsed.isEmpty()) {
            throw wrong("the IP block " + TemplateText.shown(block) + " is not of CIDR notation");
        }
        byte[] bytes = parsed.get().getAddress();
        int width = bytes.length * 8;
        int prefix = number(block.substring(slash + 1), 0, width, "the prefix");
        int number = number(count, 1, 256, "the count");
        int left = number(bits, 1, width, "the number of CIDR bits");
        int longer = width - left;
        if (longer < prefix || BigInteger.valueOf(number).compareTo(BigInteger.ONE.shiftLeft(longer - prefix)) > 0) {
            throw wrong(number + " blocks of " + left + " bits do not fit into " + block);
        }
        BigInteger mask = BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE.shiftLeft(width - prefix));
        BigInteger first = new BigInteger(1, bytes).and(mask);
        List<String> blocks = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            BigInteger start = first.add(BigInteger.ONE.shiftLeft(left).multiply(BigInteger.valueOf(i)));
            blocks.add(shown(start, bytes.length) + "/" + longer);
        }
        return blocks;
    }

    /** An address without asking any server for it. */
    private static Optional<InetAddress> address(String text) {
        boolean form = V4.matcher(text).matches() || V6.matcher(text).matches();
        if (text.length() > 45 || !form) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            return Optional.of(address);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int number(String text, int least, int most, String what) {
        Optional<Integer> number = text.matches("\\d{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
        return number.filter(n -> n >= least && n <= most)
                .orElseThrow(() -> wrong(what + " must be a number from " + least + " to " + most));
    }

    private static TemplateException wrong(String why) {
        return new TemplateException("Template error: Fn::Cidr: " + why);
    }

    private static String shown(BigInteger address, int length) {
        byte[] bytes = new byte[length];
        byte[] given = address.toByteArray();
        int from = Math.max(0, given.length - length);
        System.arraycopy(given, from, bytes, length - (given.length - from), given.length - from);
        if (length == 4) {
            return (bytes[0] & 255) + "." + (bytes[1] & 255) + "." + (bytes[2] & 255) + "." + (bytes[3] & 255);
        }
        try {
            return compressed(((Inet6Address) Inet6Address.getByAddress(bytes)).getHostAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        } catch (ClassCastException mapped) {
            throw wrong("an IPv4 address within IPv6 is not supported");
        }
    }

    /** The longest run of zeros as {@code ::}. */
    private static String compressed(String address) {
        String longest = "";
        var runs = Pattern.compile("(?<![0-9a-f])0(:0)+(?![0-9a-f])").matcher(address);
        while (runs.find()) {
            if (runs.group().length() > longest.length()) {
                longest = runs.group();
            }
        }
        if (longest.isEmpty()) {
            return address;
        }
        int at = Pattern.compile("(?<![0-9a-f])" + longest + "(?![0-9a-f])")
                .matcher(address)
                .results()
                .findFirst()
                .orElseThrow()
                .start();
        String before = address.substring(0, at);
        String after = address.substring(at + longest.length());
        return (before.isEmpty() ? ":" : before) + (after.isEmpty() ? ":" : after);
    }
}
