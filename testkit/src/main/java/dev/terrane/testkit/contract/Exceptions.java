package dev.terrane.testkit.contract;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where a service is other than the suite expects, each by a rule and what it is about, with the reason: AWS documents it so, or it is a
 * fault that is known. An exception that is not needed any more is itself a finding.
 */
public final class Exceptions {
    private final Map<String, String> reasons = new TreeMap<>();
    private final Set<String> used = new TreeSet<>();

    Exceptions() {}

    /** Excepts something of a rule, such as {@code ("not-found", "DeleteQueue", "…")}; the rule is the word that a finding begins with. */
    public Exceptions to(String rule, String about, String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("An exception has a reason");
        }
        reasons.put(rule + " " + about, reason);
        return this;
    }

    /** Excepts what is found at times only, because it depends on how far something in the background has come. */
    public Exceptions atTimes(String rule, String about, String reason) {
        used.add(rule + " " + about);
        return to(rule, about, reason);
    }

    boolean has(String rule, String about) {
        String key = rule + " " + about;
        if (reasons.containsKey(key)) {
            used.add(key);
            return true;
        }
        return false;
    }

    Set<String> unused() {
        Set<String> unused = new TreeSet<>(reasons.keySet());
        unused.removeAll(used);
        return unused;
    }
}
