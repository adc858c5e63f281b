package dev.terrane.cloudwatchlogs;

/**
 * A group or stream that was deleted, whose chunks are still to be removed.
 *
 * @param id of the group, or of the stream
 * @param group whether it was a group
 */
record RemovedRecord(String id, boolean group) {}
