package dev.terrane.gateway.protocol;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a form as a tree: {@code Tags.member.1.Key=x} is a leaf four levels deep. Also reads queries and
 * percent-encoding.
 */
final class Form {

    /** A level of the tree: a value, or what lies below, or both. */
    static final class Node {
        @Nullable
        String value;

        private @Nullable Map<String, Node> children;

        @Nullable
        Node child(String name) {
            return children == null ? null : children.get(name);
        }

        boolean hasChildren() {
            return children != null;
        }

        /** Children with numbers for names, in the order of the numbers. */
        Iterable<Node> numbered() {
            TreeMap<Integer, Node> ordered = new TreeMap<>();
            if (children != null) {
                children.forEach((name, node) -> {
                    int number = number(name);
                    if (number >= 0) {
                        ordered.put(number, node);
                    }
                });
            }
            return ordered.values();
        }

        private Node grow(String name) {
            if (children == null) {
                children = new LinkedHashMap<>();
            }
            return children.computeIfAbsent(name, key -> new Node());
        }

        private static int number(String name) {
            if (name.isEmpty() || name.length() > 9) {
                return -1;
            }
            int number = 0;
            for (int i = 0; i < name.length(); i++) {
                int digit = name.charAt(i) - '0';
                if (digit < 0 || digit > 9) {
                    return -1;
                }
                number = number * 10 + digit;
            }
            return number;
        }
    }

    /** Receives parameters, decoded. */
    interface Parameters {
        void accept(String name, String value);
    }

    private Form() {}

    static Node tree(String form, WireLimits limits) {
        Node root = new Node();
        parse(form, limits, (name, value) -> {
            Node node = root;
            int from = 0;
            int depth = 0;
            for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', from)) {
                if (++depth > limits.depth() * 2) {
                    throw new MalformedInputException("Parameters are nested too deeply");
                }
                node = node.grow(name.substring(from, dot));
                from = dot + 1;
            }
            node.grow(name.substring(from)).value = value;
        });
        return root;
    }

    /** Calls with each parameter of a form or query. */
    static void parse(String form, WireLimits limits, Parameters parameters) {
        int count = 0;
        int from = 0;
        while (from < form.length()) {
            int end = form.indexOf('&', from);
            if (end < 0) {
                end = form.length();
            }
            if (end > from) {
                if (++count > limits.parameters()) {
                    throw new MalformedInputException("Too many parameters");
                }
                int equals = form.indexOf('=', from);
                boolean valued = equals >= 0 && equals < end;
                parameters.accept(
                        decode(form, from, valued ? equals : end, true),
                        valued ? decode(form, equals + 1, end, true) : "");
            }
            from = end + 1;
        }
    }

    /** The first value of a parameter whose name needs no decoding. */
    static @Nullable String first(String form, String name) {
        int from = 0;
        while (from < form.length()) {
            int end = form.indexOf('&', from);
            if (end < 0) {
                end = form.length();
            }
            int equals = from + name.length();
            if (form.startsWith(name, from) && equals < end && form.charAt(equals) == '=') {
                return decode(form, equals + 1, end, true);
            }
            from = end + 1;
        }
        return null;
    }

    /**
     * Undoes percent-encoding; UTF-8.
     *
     * @param plus whether a plus sign stands for a space, as in forms and queries, not in paths
     */
    static String decode(String text, int from, int to, boolean plus) {
        boolean plain = true;
        for (int i = from; i < to && plain; i++) {
            char c = text.charAt(i);
            plain = c != '%' && c < 0x80 && !(plus && c == '+');
        }
        if (plain) {
            return text.substring(from, to);
        }
        byte[] source = text.substring(from, to).getBytes(StandardCharsets.UTF_8);
        byte[] target = new byte[source.length];
        int length = 0;
        for (int i = 0; i < source.length; i++) {
            byte b = source[i];
            if (b == '%') {
                if (i + 2 >= source.length) {
                    throw new MalformedInputException("Incomplete percent-encoding");
                }
                int high = Character.digit(source[i + 1], 16);
                int low = Character.digit(source[i + 2], 16);
                if (high < 0 || low < 0) {
                    throw new MalformedInputException("Wrong percent-encoding");
                }
                b = (byte) (high << 4 | low);
                i += 2;
            } else if (plus && b == '+') {
                b = ' ';
            }
            target[length++] = b;
        }
        return new String(target, 0, length, StandardCharsets.UTF_8);
    }
}
