package dev.terrane.codebuild;

import java.time.Instant;

/** A build that was started under an idempotency token. */
record TokenRecord(String token, String buildId, Instant time) {}
