package dev.terrane.cloudwatch;

import java.time.Instant;

/**
 * A metric that data was put to.
 *
 * @param hash see {@link MetricKey#hash()}
 * @param seen when data came last, to some minutes
 */
record MetricRecord(String hash, MetricKey metric, Instant seen) {}
