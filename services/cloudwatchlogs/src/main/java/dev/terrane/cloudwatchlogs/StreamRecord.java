package dev.terrane.cloudwatchlogs;

import java.time.Instant;

/** A log stream. What its events tell of it (first, last) is read from its chunks, so that writing events never changes it. */
record StreamRecord(String groupId, String name, String id, Instant created) {
    String key() {
        return LogTables.joined(groupId, name);
    }
}
