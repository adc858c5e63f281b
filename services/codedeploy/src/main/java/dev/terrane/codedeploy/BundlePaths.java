package dev.terrane.codedeploy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** The names in one bundle: none leads out of the folder that it is unpacked in, by itself or through a link. */
final class BundlePaths {
    private static final int MOST = 200_000;
    private static final int LONGEST = 4096;
    private final Set<String> links = new HashSet<>();
    private int entries;

    /** A name as it is to be unpacked; empty for the root itself. */
    String entry(String name) throws BundleException {
        if (++entries > MOST) {
            throw new BundleException("The bundle has more than " + MOST + " entries");
        }
        if (name.length() > LONGEST || name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new BundleException("The bundle has an entry whose name is too long or has a control character");
        }
        if (name.startsWith("/")) {
            throw new BundleException("The bundle has an entry with an absolute path: " + name);
        }
        Deque<String> path = new ArrayDeque<>();
        for (String part : name.split("/")) {
            if (part.equals("..")) {
                throw new BundleException("The bundle has an entry that leads out of its folder: " + name);
            }
            if (!part.isEmpty() && !part.equals(".")) {
                path.addLast(part);
            }
        }
        String clean = String.join("/", path);
        for (int at = clean.indexOf('/'); at >= 0; at = clean.indexOf('/', at + 1)) {
            if (links.contains(clean.substring(0, at))) {
                throw new BundleException("The bundle has an entry that lies behind a symbolic link: " + name);
            }
        }
        // What replaces a link is no link any more.
        links.remove(clean);
        return clean;
    }

    /**
     * Admits a symbolic link whose target lies within the bundle: it goes up no farther than the root, and then only down, so
     * that it stays inside also where it passes through other links.
     */
    void link(String entry, String target) throws BundleException {
        int depth = (int) entry.chars().filter(c -> c == '/').count();
        boolean inside =
                !target.isEmpty() && !target.startsWith("/") && target.chars().noneMatch(c -> c < ' ');
        boolean down = false;
        for (String part : target.split("/")) {
            if (part.equals("..")) {
                inside &= !down && --depth >= 0;
            } else if (!part.isEmpty() && !part.equals(".")) {
                down = true;
            }
        }
        if (!inside || entry.isEmpty()) {
            throw new BundleException(
                    "The bundle has a symbolic link that leads out of it: " + entry + " -> " + target);
        }
        links.add(entry);
    }
}
