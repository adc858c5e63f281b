package dev.terrane.codebuild;

import java.util.List;

/** Which builds of the server run and which wait, in the order of their starting. */
record QueueRecord(String name, List<String> running, List<String> waiting) {
    QueueRecord {
        running = List.copyOf(running);
        waiting = List.copyOf(waiting);
    }
}
