package dev.terrane.kernel.policy;

/** A policy document that AWS would refuse with {@code MalformedPolicyDocument}. */
public final class MalformedPolicy extends RuntimeException {
    private final String problem;
    private final String position;

    MalformedPolicy(String position, String problem) {
        super(position.isEmpty() ? problem : problem + " (at " + position + ")");
        this.problem = problem;
        this.position = position;
    }

    /** What is wrong, in IAM's words where IAM has any. */
    public String problem() {
        return problem;
    }

    /** Where: a path such as {@code Statement[1].Condition}, or line and column of text that is not JSON. */
    public String position() {
        return position;
    }
}
