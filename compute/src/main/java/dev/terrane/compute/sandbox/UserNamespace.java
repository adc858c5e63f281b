package dev.terrane.compute.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Whether this server is the machine's root, or an ordinary user's whom {@code sandbox.pl rootless} has made root of a user
 * namespace: then its powers end at what that user owns.
 *
 * @param rootless whether it is root of a user namespace only
 * @param users whether other users than root exist inside
 */
record UserNamespace(boolean rootless, boolean users) {
    /** Set by {@code sandbox.pl rootless}. */
    static final String MARK = "TERRANE_ROOTLESS";

    static UserNamespace current(Map<String, String> environment) throws IOException {
        boolean rootless = environment.containsKey(MARK);
        List<String> map = Files.readAllLines(Path.of("/proc/self/uid_map"));
        boolean single =
                map.size() == 1 && map.getFirst().strip().split("\\s+")[2].equals("1");
        return new UserNamespace(rootless, !single);
    }
}
