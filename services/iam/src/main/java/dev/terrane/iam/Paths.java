package dev.terrane.iam;

import org.jspecify.annotations.Nullable;

/** Paths of users, groups, roles, policies and instance profiles. */
final class Paths {
    private Paths() {}

    /** The path as asked for, or the root. */
    static String of(@Nullable String path) {
        return path == null ? "/" : path;
    }

    /** What a listing's paths begin with. */
    static String prefix(@Nullable String prefix) {
        return prefix == null ? "/" : prefix;
    }
}
