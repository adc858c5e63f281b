package dev.terrane.kernel.identity;

import dev.terrane.kernel.call.Principal;
import java.time.Instant;
import java.util.Optional;

/**
 * A key that signs requests.
 *
 * @param secret the secret access key
 * @param issued when it was issued, for temporary ones
 * @param expires when it ends, for temporary ones
 * @param mfa whether it was issued with a second factor
 */
public record Credential(
        String accessKeyId,
        String secret,
        Principal principal,
        Optional<Instant> issued,
        Optional<Instant> expires,
        boolean mfa) {
    /** A long-term one. */
    public Credential(String accessKeyId, String secret, Principal principal) {
        this(accessKeyId, secret, principal, Optional.empty(), Optional.empty(), false);
    }

    @Override
    public String toString() {
        return "Credential[" + accessKeyId + "]";
    }
}
