package dev.terrane.s3;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who reads a multipart object now. Its parts are opened one after the other, so that one who overwrites the object meanwhile must leave
 * them until the last reader is through.
 */
final class Readers {
    private static final class Reading {
        private int readers;
        private final List<Runnable> afterwards = new ArrayList<>();
    }

    private final Map<String, Reading> readings = new HashMap<>();

    /** Somebody begins to read. */
    synchronized void enter(String content) {
        readings.computeIfAbsent(content, id -> new Reading()).readers++;
    }

    /** Somebody has read. The last one does what waited for it. */
    void leave(String content) {
        List<Runnable> due = List.of();
        synchronized (this) {
            Reading reading = readings.get(content);
            if (reading != null && --reading.readers == 0) {
                readings.remove(content);
                due = reading.afterwards;
            }
        }
        due.forEach(Runnable::run);
    }

    /** Does work now, or once nobody reads. */
    void whenFree(String content, Runnable work) {
        synchronized (this) {
            Reading reading = readings.get(content);
            if (reading != null) {
                reading.afterwards.add(work);
                return;
            }
        }
        work.run();
    }
}
