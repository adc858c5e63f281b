package dev.terrane.kernel.identity;

import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.store.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * Temporary credentials. All that is known of a session is sealed in its token, so none needs to be stored and all survive a restart.
 */
public final class SessionTokens {
    private static final byte[] CONTEXT = "session-token".getBytes(StandardCharsets.UTF_8);
    private final MasterKey.Sealer sealer;

    public SessionTokens(MasterKey key) {
        sealer = key.sealer("session-tokens");
    }

    /** What a token says. */
    record Session(
            String accessKeyId,
            String secret,
            Principal principal,
            Optional<Instant> issued,
            Instant expires,
            boolean mfa) {
        Session {
            // Tokens did not always carry it.
            issued = Objects.requireNonNullElse(issued, Optional.empty());
        }
    }

    /**
     * Credentials as they are given out.
     *
     * @param token the session token, to be sent with every request
     */
    public record Issued(String accessKeyId, String secret, String token, Instant expires) {
        @Override
        public String toString() {
            return "Issued[" + accessKeyId + "]";
        }
    }

    /** Makes credentials for a principal. */
    public Issued issue(Principal principal, Instant issued, Instant expires, boolean mfa) {
        Session session = new Session(
                AccessKeyIds.make(AccessKeyIds.TEMPORARY, principal.account()),
                Base64.getEncoder().encodeToString(Ids.bytes(30)),
                principal,
                Optional.of(issued),
                expires,
                mfa);
        byte[] plain = RecordCodec.json().writeValueAsBytes(session);
        String token = Base64.getEncoder().encodeToString(sealer.seal(plain, CONTEXT));
        return new Issued(session.accessKeyId(), session.secret(), token, expires);
    }

    /** The credential of a token; empty when the token is forged or belongs to another access key. Expiry is the caller's to check. */
    public Optional<Credential> open(String accessKeyId, String token) {
        try {
            byte[] plain = sealer.open(Base64.getDecoder().decode(token), CONTEXT);
            Session session = RecordCodec.json().readValue(plain, Session.class);
            return session.accessKeyId().equals(accessKeyId)
                    ? Optional.of(new Credential(
                            session.accessKeyId(),
                            session.secret(),
                            session.principal(),
                            session.issued(),
                            Optional.of(session.expires()),
                            session.mfa()))
                    : Optional.empty();
        } catch (IllegalArgumentException | MasterKey.SealBroken e) {
            return Optional.empty();
        }
    }
}
