package dev.terrane.compute.sandbox;

import java.util.List;

/** Where there are no control groups, what a command has started is found by who is whose parent. */
final class ProcessTree {
    private static final int PASSES = 1000;

    private ProcessTree() {}

    /**
     * Kills what a process has started. Its one child, to which orphans are handed ({@code reap} in the script), goes last, so
     * that none gets out of sight; again until a pass finds nobody, since a process may fork meanwhile.
     */
    static void kill(ProcessHandle top) {
        for (int pass = 0; pass < PASSES; pass++) {
            List<ProcessHandle> reapers = top.children().toList();
            List<ProcessHandle> below =
                    reapers.stream().flatMap(ProcessHandle::descendants).toList();
            below.forEach(ProcessHandle::destroyForcibly);
            if (below.isEmpty()) {
                reapers.forEach(ProcessHandle::destroyForcibly);
                return;
            }
        }
    }
}
