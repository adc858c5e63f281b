package dev.terrane.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A template of the corpus. What is done with it, and what is to come of that, stands at its head: in YAML in the comments with which it begins, {@code # Update:
 * Seconds=60}, in JSON in {@code Metadata/Corpus}, a list of such lines without the {@code #}. A name may come more than once.
 *
 * @param name of the file, and of the stack
 * @param second the template that the stack is changed to: {@code NAME.update.yaml} beside it; the first where there is none
 * @param head what stands at the head, by name
 */
record CorpusTemplate(String name, String body, String second, Map<String, List<String>> head) {
    private static final Path FOLDER = Path.of("src", "test", "resources", "corpus");
    private static final Pattern COMMENT = Pattern.compile("^# ([A-Z]\\w+): (.*)$", Pattern.MULTILINE);
    private static final Pattern METADATA = Pattern.compile("\"Corpus\": \\[(.*?)\\]\\s*}", Pattern.DOTALL);
    private static final Pattern LINE = Pattern.compile("\"([A-Z]\\w+): ((?:[^\"\\\\]|\\\\.)*)\"");

    /** The templates of a folder of the corpus, in the order of their names. */
    static List<CorpusTemplate> all(String folder) {
        try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
            return files.filter(file -> !file.getFileName().toString().contains(".update."))
                    .sorted()
                    .map(CorpusTemplate::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A template that works, by its name. */
    static CorpusTemplate good(String name) {
        return all("good").stream()
                .filter(template -> template.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no template " + name));
    }

    /** The files that templates refer to, such as those of nested stacks. */
    static List<Path> files() {
        try (Stream<Path> files = Files.list(FOLDER.resolve("files"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CorpusTemplate read(Path file) {
        String fileName = file.getFileName().toString();
        int dot = fileName.lastIndexOf('.');
        String name = fileName.substring(0, dot);
        Path second = file.resolveSibling(name + ".update" + fileName.substring(dot));
        String body = text(file);
        return new CorpusTemplate(name, body, Files.exists(second) ? text(second) : body, head(body));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, List<String>> head(String body) {
        Map<String, List<String>> head = new TreeMap<>();
        if (body.startsWith("{")) {
            Matcher metadata = METADATA.matcher(body);
            if (metadata.find()) {
                LINE.matcher(metadata.group(1))
                        .results()
                        .forEach(line -> head.computeIfAbsent(line.group(1), key -> new ArrayList<>())
                                .add(line.group(2).replace("\\\"", "\"")));
            }
            return head;
        }
        String comments =
                body.lines().takeWhile(line -> line.startsWith("#")).reduce("", (all, line) -> all + line + "\n");
        COMMENT.matcher(comments)
                .results()
                .forEach(line -> head.computeIfAbsent(line.group(1), key -> new ArrayList<>())
                        .add(line.group(2)));
        return head;
    }

    /** What stands at the head under a name, once or more; empty where nothing does. */
    List<String> lines(String key) {
        return head.getOrDefault(key, List.of());
    }

    /** What stands at the head under a name. */
    Optional<String> line(String key) {
        return lines(key).stream().findFirst();
    }

    /** Items that stand at the head under a name, with commas between them. */
    List<String> items(String key) {
        return lines(key).stream()
                .flatMap(line -> Stream.of(line.split(", ")))
                .map(String::strip)
                .toList();
    }

    /** Values that stand at the head under a name, a line each. */
    Map<String, String> values(String key) {
        Map<String, String> values = new TreeMap<>();
        for (String line : lines(key)) {
            int equals = line.indexOf('=');
            values.put(line.substring(0, equals), line.substring(equals + 1));
        }
        return values;
    }
}
