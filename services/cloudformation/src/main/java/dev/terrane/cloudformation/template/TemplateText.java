package dev.terrane.cloudformation.template;

import dev.terrane.kernel.resource.Nearest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the text of a template, JSON or YAML, into values. */
final class TemplateText {
    /** The longest template, in bytes of UTF-8, as CloudFormation takes it from S3. */
    static final int LONGEST = 1_000_000;
    /** How deep values may stand in one another. */
    static final int DEEPEST = 100;

    private TemplateText() {}

    /** Reads a template, or a part of one.
     *
     * @throws TemplateException when it is neither JSON nor YAML, is too long or deep, or has a name twice in one object
     */
    static Value read(String text) {
        if (text.length() > LONGEST || text.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw new TemplateException("Template may not exceed " + LONGEST + " bytes in size.");
        }
        String shown = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return shown.stripLeading().startsWith("{") ? JsonText.read(shown) : YamlText.read(shown);
    }

    /** Where a reader stands: names and indexes from the root. */
    static final class Path {
        private final Deque<String> steps = new ArrayDeque<>();

        void enter(String step, Position at) {
            steps.addLast(step);
            if (steps.size() > DEEPEST) {
                throw new TemplateException(
                        "Template format error: values stand in one another more than " + DEEPEST + " levels deep", at);
            }
        }

        void leave() {
            steps.removeLast();
        }

        TemplateException noNulls(Position at) {
            return new TemplateException(
                    "Template format error: [/" + String.join("/", steps)
                            + "] 'null' values are not allowed in templates",
                    at);
        }
    }

    /** An object in the making. */
    static final class Fields {
        private final Map<String, Value> fields = new LinkedHashMap<>();
        private final Map<String, Position> names = new LinkedHashMap<>();

        /** Notes a name.
         *
         * @param language of the text, for the error when the name is there already */
        void name(String name, Position at, String language) {
            if (names.putIfAbsent(name, at) != null) {
                throw new TemplateException(
                        "Template format error: " + language + " not well-formed. (line " + at.line() + ", column "
                                + at.column() + "): duplicate key " + shown(name),
                        Position.NONE);
            }
        }

        void put(String name, Value value) {
            fields.put(name, value);
        }

        Value.Fields done(Position at) {
            return new Value.Fields(fields, names, at);
        }
    }

    /** A name as messages show it: not longer than a line. */
    static String shown(String name) {
        return Nearest.shown(name);
    }
}
