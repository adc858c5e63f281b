package dev.terrane.iam;

import java.util.Locale;

/** The names of IAM's resources, which keep their case and are unique without regard to it. */
final class Names {
    private Names() {}

    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
