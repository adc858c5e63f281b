package dev.terrane.cloudtrail;

import java.util.List;

/** Where a trail's events go, each on its own: what one refuses, the other has nevertheless. */
enum Sink {
    /** Files in the bucket. */
    FILES(5_000, 8 << 20),
    /** The log group, whose requests are limited to one megabyte. */
    LOGS(5_000, 900 << 10);

    private final int mostEvents;
    private final long mostBytes;

    Sink(int mostEvents, long mostBytes) {
        this.mostEvents = mostEvents;
        this.mostBytes = mostBytes;
    }

    static List<Sink> of(TrailRecord trail) {
        return trail.writesLogs() ? List.of(FILES, LOGS) : List.of(FILES);
    }

    int mostEvents() {
        return mostEvents;
    }

    /** Of JSON, not compressed. */
    long mostBytes() {
        return mostBytes;
    }

    /** The queue of a trail's events of a region. */
    String queue(String trailId, String region) {
        return prefix(trailId) + region;
    }

    /** What the queues of all regions begin with. */
    String prefix(String trailId) {
        return trailId + "/" + this + "/";
    }
}
