package dev.terrane.gateway.protocol;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the bucket that a host name carries in S3's virtual-host style.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
final class BucketHosts {

    private final List<String> suffixes;

    BucketHosts(Collection<String> baseHosts) {
        this.suffixes = baseHosts.stream()
                .map(host -> "." + host.toLowerCase(Locale.ROOT))
                .toList();
    }

    /** The request with the bucket of its host, if any, as the first part of its path. */
    WireRequest pathStyle(WireRequest request) {
        String host = request.headers().find("Host");
        String bucket = host == null ? null : bucket(host.toLowerCase(Locale.ROOT));
        return bucket == null ? request : request.withPath("/" + bucket + request.path());
    }

    /** The bucket of a website's host, such as {@code BUCKET.s3-website-us-east-1.amazonaws.com} or {@code BUCKET.s3-website.localhost}. */
    Optional<String> website(WireRequest request) {
        String host =
                Optional.ofNullable(request.headers().find("Host")).orElse("").toLowerCase(Locale.ROOT);
        int mark = host.indexOf(".s3-website");
        int after = mark + ".s3-website".length();
        return mark <= 0 || after >= host.length() || ".-".indexOf(host.charAt(after)) < 0
                ? Optional.empty()
                : Optional.of(host.substring(0, mark));
    }

    private @Nullable String bucket(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        String host = colon > hostAndPort.lastIndexOf(']') ? hostAndPort.substring(0, colon) : hostAndPort;
        if (host.startsWith("s3.") || host.startsWith("s3-")) {
            return null;
        }
        // A bucket's name may hold dots, but ".s3." inside of one is not worth the ambiguity.
        int s3 = Math.max(host.lastIndexOf(".s3."), host.lastIndexOf(".s3-"));
        if (s3 > 0) {
            return host.substring(0, s3);
        }
        for (String suffix : suffixes) {
            if (host.endsWith(suffix) && host.length() > suffix.length()) {
                return host.substring(0, host.length() - suffix.length());
            }
        }
        return null;
    }
}
