package dev.terrane.kernel.call;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Tags that AWS's services set themselves, whose keys begin with {@code aws:}. Everybody who may read tags reads them, and policies may name them; users
 * neither set, change nor remove them, and they do not count towards a resource's limit ("Tag naming limits and requirements").
 */
public final class SystemTags {
    private static final String PREFIX = "aws:";

    private SystemTags() {}

    /** Whether a tag of this key is one of AWS's own. */
    public static boolean is(String key) {
        return key.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
    }

    /** Refuses a request that names tags of AWS's own, to set or to remove them. */
    public static void refuse(Collection<String> keys, Function<String, ? extends RuntimeException> refusal) {
        keys.stream().filter(SystemTags::is).findFirst().ifPresent(key -> {
            throw refusal.apply(key);
        });
    }

    /** What a resource is tagged with when the current call gives it these tags: {@link Call#systemTags} as well. */
    public static Map<String, String> with(Map<String, String> tags) {
        Map<String, String> system = Call.current().systemTags();
        if (system.isEmpty()) {
            return tags;
        }
        Map<String, String> all = new LinkedHashMap<>(tags);
        all.putAll(system);
        return all;
    }

    /** Those of AWS's own among the tags of a resource. */
    public static Map<String, String> of(Map<String, String> tags) {
        Map<String, String> system = new LinkedHashMap<>(tags);
        system.keySet().removeIf(key -> !is(key));
        return system;
    }

    /** The tags of a resource without those of AWS's own. */
    public static Map<String, String> without(Map<String, String> tags) {
        Map<String, String> own = new LinkedHashMap<>(tags);
        own.keySet().removeIf(SystemTags::is);
        return own;
    }

    /** How many tags of a resource count towards its limit. */
    public static long counted(Map<String, String> tags) {
        return tags.keySet().stream().filter(key -> !is(key)).count();
    }
}
