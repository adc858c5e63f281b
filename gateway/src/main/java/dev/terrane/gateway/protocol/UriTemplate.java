package dev.terrane.gateway.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The URI of a REST operation: literals, labels, one greedy label at most, and static query parameters.
 * https://smithy.io/2.0/spec/http-bindings.html#http-trait
 */
final class UriTemplate {

    private static final Map<String, UriTemplate> TEMPLATES = new ConcurrentHashMap<>();

    /** A part of the path between slashes. */
    private record Segment(String text, boolean label, boolean greedy) {}

    private final List<Segment> segments = new ArrayList<>();
    private final int greedyAt;

    /** Static query parameters; an empty value asks for presence alone. */
    final Map<String, String> query = new LinkedHashMap<>();

    private UriTemplate(String uri) {
        int question = uri.indexOf('?');
        String path = question < 0 ? uri : uri.substring(0, question);
        for (String part : split(path)) {
            boolean label = part.startsWith("{");
            boolean greedy = part.endsWith("+}");
            String text = label ? part.substring(1, part.length() - (greedy ? 2 : 1)) : part;
            segments.add(new Segment(text, label, greedy));
        }
        int at = -1;
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).greedy) {
                at = i;
            }
        }
        greedyAt = at;
        if (question >= 0) {
            for (String parameter : uri.substring(question + 1).split("&")) {
                int equals = parameter.indexOf('=');
                String name = equals < 0 ? parameter : parameter.substring(0, equals);
                // x-id only repeats the operation's name, and clients leave it out.
                if (!name.equals("x-id")) {
                    query.put(name, equals < 0 ? "" : parameter.substring(equals + 1));
                }
            }
        }
    }

    static UriTemplate of(String uri) {
        return TEMPLATES.computeIfAbsent(uri, UriTemplate::new);
    }

    /** How many literals the path has: a template with more is the closer match. */
    int literals() {
        return (int) segments.stream().filter(segment -> !segment.label).count();
    }

    boolean greedy() {
        return greedyAt >= 0;
    }

    int length() {
        return segments.size();
    }

    /** The labels of a path, decoded; null if the path is not of this template. */
    @Nullable
    Map<String, String> match(String path) {
        List<String> parts = split(path);
        int surplus = parts.size() - segments.size();
        if (surplus == 1 && greedyAt < 0 && parts.getLast().isEmpty()) {
            parts.removeLast();
            surplus = 0;
        }
        if (surplus < 0 || (surplus > 0 && greedyAt < 0)) {
            return null;
        }
        Map<String, String> labels = new LinkedHashMap<>();
        int at = 0;
        for (Segment segment : segments) {
            int span = segment.greedy ? surplus + 1 : 1;
            String part = span == 1 ? parts.get(at) : String.join("/", parts.subList(at, at + span));
            if (segment.label) {
                if (part.isEmpty()) {
                    return null;
                }
                labels.put(segment.text, Form.decode(part, 0, part.length(), false));
            } else if (!segment.text.equals(part)) {
                return null;
            }
            at += span;
        }
        return labels;
    }

    // "/a//b/" has the parts a, "", b and "": empty parts belong to S3's keys.
    private static List<String> split(String path) {
        List<String> parts = new ArrayList<>();
        int from = path.startsWith("/") ? 1 : 0;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            if (slash < 0) {
                slash = path.length();
            }
            parts.add(path.substring(from, slash));
            from = slash + 1;
        }
        if (parts.size() == 1 && parts.getFirst().isEmpty()) {
            parts.clear();
        }
        return parts;
    }
}
