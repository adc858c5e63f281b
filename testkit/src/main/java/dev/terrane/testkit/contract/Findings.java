package dev.terrane.testkit.contract;

import static org.assertj.core.api.Assertions.fail;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a test found against the contract: all of it, so that a service is mended at once and not finding by finding. */
final class Findings {
    private final Exceptions exceptions;
    private final Map<String, String> found = new LinkedHashMap<>();

    Findings(Exceptions exceptions) {
        this.exceptions = exceptions;
    }

    /** Notes that something is not as it should be; the first about the same is kept. */
    void add(String rule, String about, String what) {
        if (!exceptions.has(rule, about)) {
            found.putIfAbsent(rule + " " + about, what);
        }
    }

    /** Forgets what was found. */
    void clear() {
        found.clear();
    }

    /** Fails with all that was found, and forgets it. */
    void report() {
        if (found.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder(found.size() + " against the contract:");
        found.forEach(
                (key, what) -> text.append("\n  ").append(key).append(": ").append(what));
        found.clear();
        fail(text.toString());
    }
}
