package dev.terrane.compute.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** What {@code sandbox.pl} is told: a line an entry, a key and fields between tabs. */
final class Plan {
    private final StringBuilder lines = new StringBuilder();

    Plan add(String key, Object... fields) {
        lines.append(key);
        for (Object field : fields) {
            String text = field.toString();
            if (text.indexOf('\t') >= 0 || text.indexOf('\n') >= 0 || text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("Not allowed in a path or name: " + text);
            }
            lines.append('\t').append(text);
        }
        lines.append('\n');
        return this;
    }

    /** Adds a word of a command, which may hold any character but NUL. */
    Plan addWord(String key, String word) {
        if (word.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("A command's argument holds a NUL");
        }
        return add(key, HexFormat.of().formatHex(word.getBytes(StandardCharsets.UTF_8)));
    }

    Path write(Path file) throws IOException {
        return Files.writeString(file, lines);
    }
}
