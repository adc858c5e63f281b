package dev.terrane.cloudwatchlogs;

/** An event as it is read. */
record StoredEvent(String id, String stream, long timestamp, long ingested, String message) {}
