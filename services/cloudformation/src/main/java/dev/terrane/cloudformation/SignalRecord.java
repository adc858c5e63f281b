package dev.terrane.cloudformation;

import java.time.Instant;

/**
 * What was told to a wait condition's handle, or that a wait condition has begun to wait.
 *
 * @param key the handle's id and the signal's unique id
 * @param status {@code SUCCESS}, {@code FAILURE}, or {@code WAITING} of the wait condition itself
 */
record SignalRecord(String key, String status, String reason, String data, Instant time) {}
