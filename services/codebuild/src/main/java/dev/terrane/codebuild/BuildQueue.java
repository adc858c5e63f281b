package dev.terrane.codebuild;

import java.util.ArrayList;
import java.util.List;

/** Lets so many builds run at once, and the others wait in the order of their starting. All within a transaction of the caller. */
final class BuildQueue {
    private final CodeBuildTables tables;
    private final int most;

    BuildQueue(CodeBuildTables tables, int most) {
        this.tables = tables;
        this.most = most;
    }

    void add(String id) {
        QueueRecord queue = tables.queue();
        List<String> waiting = new ArrayList<>(queue.waiting());
        waiting.add(id);
        tables.put(new QueueRecord(queue.name(), queue.running(), waiting));
    }

    /** Whether a build runs from now on, or did already. */
    boolean enter(String id) {
        QueueRecord queue = tables.queue();
        if (queue.running().contains(id)) {
            return true;
        }
        int place = queue.waiting().indexOf(id);
        if (place < 0 || place >= most - queue.running().size()) {
            return false;
        }
        List<String> waiting = new ArrayList<>(queue.waiting());
        waiting.remove(id);
        List<String> running = new ArrayList<>(queue.running());
        running.add(id);
        tables.put(new QueueRecord(queue.name(), running, waiting));
        return true;
    }

    /** Takes a build out.
     *
     * @return those that may enter now */
    List<String> leave(String id) {
        QueueRecord queue = tables.queue();
        List<String> waiting = new ArrayList<>(queue.waiting());
        List<String> running = new ArrayList<>(queue.running());
        waiting.remove(id);
        running.remove(id);
        tables.put(new QueueRecord(queue.name(), running, waiting));
        return List.copyOf(waiting.subList(0, Math.max(0, Math.min(waiting.size(), most - running.size()))));
    }
}
