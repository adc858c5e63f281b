package dev.terrane.kernel.call;

/**
 * Whose rows: an account in a region. Global services (IAM, S3's bucket names) use the region {@link #GLOBAL}.
 */
public record Scope(String account, String region) {
    /** The region of records that belong to no region. */
    public static final String GLOBAL = "aws-global";

    /** Records of the installation itself, which belong to no account. */
    public static final Scope INSTALLATION = new Scope("000000000000", GLOBAL);

    /** Records of an account that belong to no region. */
    public static Scope global(String account) {
        return new Scope(account, GLOBAL);
    }
}
