package dev.terrane.codepipeline;

import java.time.Instant;
import software.amazon.awssdk.services.codepipeline.model.JobStatus;

/**
 * Work for a job worker.
 *
 * @param action the action's execution
 * @param type the action type, as {@link CustomActionRecord#key} names it
 * @param number counts the jobs of one action's execution
 * @param nonce that the worker who got it last was told, or empty
 * @param token by which the job before let it go on, or empty
 * @param since when it came into its status
 */
record JobRecord(
        String id,
        String action,
        String type,
        int number,
        JobStatus status,
        String nonce,
        String token,
        Instant since) {
    JobRecord in(JobStatus changed, String told, Instant now) {
        return new JobRecord(id, action, type, number, changed, told, token, now);
    }

    boolean open() {
        return status == JobStatus.QUEUED || status == JobStatus.DISPATCHED;
    }

    /** Finds open jobs of a type, the oldest first. */
    String place() {
        return open() ? type + "\0" + "%014d".formatted(since.toEpochMilli()) + id : "";
    }
}
