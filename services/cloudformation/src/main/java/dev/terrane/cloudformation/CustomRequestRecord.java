package dev.terrane.cloudformation;

import java.time.Instant;

/**
 * A request to a custom resource's provider, kept until the change that it is for is over.
 *
 * @param id the request's id
 * @param message what the provider is told, as JSON
 * @param answer what it answered, as JSON; empty as long as it has not
 */
record CustomRequestRecord(String id, String message, String answer, Instant time) {
    CustomRequestRecord answered(String by) {
        return new CustomRequestRecord(id, message, by, time);
    }
}
