package dev.terrane.ec2;

import java.util.List;

/**
 * A launch that carried a client token, so that repeating it gives the same answer.
 *
 * @param digest of the request, which must be the same again
 */
record LaunchTokenRecord(String token, String digest, String reservationId, List<String> instanceIds) {
    LaunchTokenRecord {
        instanceIds = List.copyOf(instanceIds);
    }
}
