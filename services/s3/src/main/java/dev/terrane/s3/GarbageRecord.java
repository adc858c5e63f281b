package dev.terrane.s3;

import java.time.Instant;

/**
 * A blob that no object has, or has not yet: noted in the commit that let go of it, or before the one that is to take it.
 *
 * @param staged whether it waits for a commit that takes it
 */
record GarbageRecord(String blob, boolean staged, Instant since) {}
