package dev.terrane.cloudwatchlogs;

import java.time.Instant;

/** A resource policy of the account, which lets services write to its logs. */
record PolicyRecord(String name, String document, Instant updated) {}
