package dev.terrane.sqs;

import java.time.Instant;

/** That a queue was deleted, for the minute in which no other may take its name. */
record DeletedQueueRecord(String name, Instant deleted) {}
