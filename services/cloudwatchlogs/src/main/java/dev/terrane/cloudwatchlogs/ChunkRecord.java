package dev.terrane.cloudwatchlogs;

/**
 * Events of one batch that lie within ten minutes, so that a reader knows how far before a time it must begin to look.
 *
 * @param sequence rises with every chunk of the server; orders events of equal time
 * @param ingested in milliseconds of the epoch, likewise the next two
 * @param bytes of the events as AWS counts them: UTF-8 and 26 for each
 * @param packed see {@link PackedEvents}
 */
record ChunkRecord(
        String groupId,
        String streamId,
        String stream,
        long sequence,
        long ingested,
        long first,
        long last,
        int count,
        long bytes,
        byte[] packed) {
    /** The longest time between the first and the last event of a chunk, in milliseconds. */
    static final long LONGEST = 600_000;

    String key() {
        return LogTables.joined(streamId, "%020d".formatted(sequence));
    }
}
