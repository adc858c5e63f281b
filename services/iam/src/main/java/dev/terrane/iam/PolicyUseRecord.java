package dev.terrane.iam;

/**
 * How often a managed policy is used in an account. It is counted apart from the policy, because AWS's own policies have no record in
 * the account; whoever attaches or deletes a policy reads it, so that neither misses the other.
 */
record PolicyUseRecord(String arn, int attachments, int boundaries) {
    int total() {
        return attachments + boundaries;
    }
}
