package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;

/** Where a request's unqualified names are looked for: the call's partition, region and account. */
public record ResourceScope(String partition, String region, String account) {
    /** In the usual partition. */
    public static ResourceScope of(String region, String account) {
        return new ResourceScope(Arn.AWS, region, account);
    }
}
