package dev.terrane.kernel.compute;

/** No workload has this id, or it does not run where a running one is needed. */
public final class NoSuchWorkloadException extends ComputeException {
    public NoSuchWorkloadException(String id) {
        super("No running workload " + id);
    }
}
