package dev.terrane.kms;

import java.time.Instant;

/**
 * A name for a key.
 *
 * @param name with its prefix {@code alias/}
 */
record AliasRecord(String name, String keyId, Instant created, Instant updated) {}
