package dev.terrane.cloudwatchlogs;

import java.time.Instant;

/**
 * A subscription filter of a group.
 *
 * @param id names what is still to be sent for it, and its process; kept when the filter is put anew
 * @param destination the ARN of a delivery stream
 * @param role the ARN of the role that sends
 */
record SubscriptionRecord(
        String id,
        String name,
        String pattern,
        String destination,
        String role,
        String distribution,
        Instant created) {}
