package dev.terrane.codepipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A path to one value in a JSON document: {@code $.commits[0]['author'].name}. Paths that select several values are not among them. */
final class JsonPath {
    private static final Pattern STEP = Pattern.compile(
            "\\.([A-Za-z0-9_$-]+)|\\[\\s*'([^']*)'\\s*\\]|\\[\\s*\"([^\"]*)\"\\s*\\]|\\[\\s*([0-9]{1,6})\\s*\\]");

    /** One that cannot be read. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String path) {
            super("The JSON path " + path
                    + " is not one to a single value, such as $.repository.name or $.commits[0].id");
        }
    }

    /** A member of an object, or an item of a list. */
    private record Step(String name, int index) {}

    private final List<Step> steps = new ArrayList<>();

    private JsonPath(String text) {
        if (!text.startsWith("$")) {
            throw new Unreadable(text);
        }
        Matcher step = STEP.matcher(text);
        int at = 1;
        while (at < text.length()) {
            if (!step.region(at, text.length()).lookingAt()) {
                throw new Unreadable(text);
            }
            steps.add(step(step));
            at = step.end();
        }
    }

    private static Step step(Matcher found) {
        if (found.group(4) != null) {
            return new Step("", Integer.parseInt(found.group(4)));
        }
        String name =
                found.group(1) != null ? found.group(1) : found.group(2) != null ? found.group(2) : found.group(3);
        return new Step(name, -1);
    }

    /** Reads a path.
     *
     * @throws Unreadable when it is none, or one to several values */
    static JsonPath parse(String text) {
        return new JsonPath(text);
    }

    /** The value there, as text; empty where there is none. */
    Optional<String> in(JsonNode document) {
        JsonNode node = document;
        for (Step step : steps) {
            node = step.index() < 0 ? node.path(step.name()) : node.path(step.index());
        }
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        return Optional.of(node.isValueNode() ? node.asString() : node.toString());
    }
}
