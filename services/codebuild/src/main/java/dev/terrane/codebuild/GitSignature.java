package dev.terrane.codebuild;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The password by which Git proves an access key to CodeCommit, as AWS's credential helper makes it: a time and a Signature Version 4 of a request
 * with the method GIT.
 */
final class GitSignature {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

    private GitSignature() {}

    /** The password.
     *
     * @param host without its port
     * @param path the repository's, such as {@code /v1/repos/name} */
    static String password(String secret, String region, String host, String path, Instant now) {
        try {
            String time = TIME.format(now);
            String scope = time.substring(0, 8) + "/" + region + "/codecommit/aws4_request";
            String canonical = "GIT\n" + path + "\n\nhost:" + host + "\n\nhost\n";
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8)));
            String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + digest;
            byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
            for (String part : scope.split("/")) {
                key = hmac(key, part);
            }
            return time + "Z" + HexFormat.of().formatHex(hmac(key, toSign));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has these algorithms", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
}
