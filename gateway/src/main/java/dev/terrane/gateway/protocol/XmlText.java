package dev.terrane.gateway.protocol;

import java.nio.charset.StandardCharsets;

/** Writes XML, escaped. Not thread-safe. */
final class XmlText {

    static final String XSI = "http://www.w3.org/2001/XMLSchema-instance";

    private final StringBuilder out = new StringBuilder(512);
    private boolean open;

    XmlText declaration() {
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        return this;
    }

    XmlText start(String name) {
        close();
        out.append('<').append(name);
        open = true;
        return this;
    }

    /** Adds an attribute to the element just started. */
    XmlText attribute(String name, String value) {
        out.append(' ').append(name).append("=\"");
        escape(value, true);
        out.append('"');
        return this;
    }

    XmlText text(String text) {
        close();
        escape(text, false);
        return this;
    }

    XmlText end(String name) {
        if (open) {
            out.append("/>");
            open = false;
        } else {
            out.append("</").append(name).append('>');
        }
        return this;
    }

    XmlText element(String name, String text) {
        return start(name).text(text).end(name);
    }

    private void close() {
        if (open) {
            out.append('>');
            open = false;
        }
    }

    private void escape(String text, boolean attribute) {
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String escaped = switch (c) {
                case '&' -> "&amp;";
                case '<' -> "&lt;";
                case '>' -> "&gt;";
                case '"' -> "&quot;";
                case '\r' -> "&#xD;";
                case '\n', '\t' -> attribute ? "&#x" + Integer.toHexString(c) + ";" : "";
                case '\u0085' -> "&#x85;";
                case '\u2028' -> "&#x2028;";
                default -> c < ' ' ? "&#x" + Integer.toHexString(c) + ";" : "";
            };
            if (!escaped.isEmpty()) {
                out.append(text, from, i).append(escaped);
                from = i + 1;
            }
        }
        out.append(text, from, text.length());
    }

    WireBody.Bytes body() {
        return WireBody.of(out.toString().getBytes(StandardCharsets.UTF_8));
    }
}
