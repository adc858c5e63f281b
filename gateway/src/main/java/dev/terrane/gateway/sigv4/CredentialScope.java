package dev.terrane.gateway.sigv4;

/**
 * What a signing key is good for.
 *
 * @param date the day, as {@code yyyyMMdd}
 * @param region such as {@code eu-central-1}
 * @param service the signing name, such as {@code s3}
 */
public record CredentialScope(String date, String region, String service) {
    static final String TERMINATOR = "aws4_request";

    /** As it stands in the string to sign. */
    @Override
    public String toString() {
        return date + "/" + region + "/" + service + "/" + TERMINATOR;
    }
}
