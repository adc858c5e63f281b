package dev.terrane.kernel.arn;

import java.util.Optional;

/**
 * An Amazon Resource Name: {@code arn:partition:service:region:account:resource}. Region and account may be empty, as
 * they are for S3 buckets and IAM. See "Amazon Resource Names (ARNs)" in the IAM user guide.
 *
 * @param resource all after the fifth colon, such as {@code role/path/name} or {@code function:name:alias}
 */
public record Arn(String partition, String service, String region, String account, String resource) {
    /** The partition of every resource here. */
    public static final String AWS = "aws";

    public static Arn of(String service, String region, String account, String resource) {
        return new Arn(AWS, service, region, account, resource);
    }

    /** An IAM or STS resource: global, so without a region. */
    public static Arn iam(String account, String resource) {
        return of("iam", "", account, resource);
    }

    /** An S3 bucket or object: globally named, so without region and account. */
    public static Arn s3(String resource) {
        return of("s3", "", "", resource);
    }

    /** Reads an ARN.
     *
     * @throws IllegalArgumentException when the text is not an ARN
     */
    public static Arn parse(String text) {
        return find(text).orElseThrow(() -> new IllegalArgumentException("Not an ARN: " + text));
    }

    /** Reads an ARN, or answers empty when the text is none. */
    public static Optional<Arn> find(String text) {
        String[] parts = text.split(":", 6);
        return parts.length == 6 && parts[0].equals("arn") && !parts[5].isEmpty()
                ? Optional.of(new Arn(parts[1], parts[2], parts[3], parts[4], parts[5]))
                : Optional.empty();
    }

    /** Whether the text has the form of an ARN. */
    public static boolean isArn(String text) {
        return find(text).isPresent();
    }

    /** Whether the text has the form of a pattern for ARNs, as policies use it: six parts, or fewer with a wildcard last. */
    public static boolean isPattern(String text) {
        return text.startsWith("arn:") && (text.split(":", 6).length == 6 || text.endsWith("*"));
    }

    /** The last part of the resource after a slash or colon: {@code name} of {@code role/path/name}. */
    public String name() {
        int at = Math.max(resource.lastIndexOf('/'), resource.lastIndexOf(':'));
        return resource.substring(at + 1);
    }

    /** The resource type before the first slash or colon, or empty where the resource has none: {@code role}. */
    public String type() {
        for (int i = 0; i < resource.length(); i++) {
            if (resource.charAt(i) == '/' || resource.charAt(i) == ':') {
                return resource.substring(0, i);
            }
        }
        return "";
    }

    @Override
    public String toString() {
        return "arn:" + partition + ":" + service + ":" + region + ":" + account + ":" + resource;
    }
}
