package dev.terrane.cloudwatch;

import java.time.Instant;

/**
 * A dashboard.
 *
 * @param body its JSON as it was given
 */
record DashboardRecord(String name, String body, Instant modified) {}
