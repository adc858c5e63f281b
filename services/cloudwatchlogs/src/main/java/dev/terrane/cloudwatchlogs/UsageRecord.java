package dev.terrane.cloudwatchlogs;

/** How many bytes a group holds, written now and then. */
record UsageRecord(String groupId, long bytes) {}
