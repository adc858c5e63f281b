package dev.terrane.kernel.identity;

import dev.terrane.kernel.secret.MasterKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The reasons of a denial as EC2 gives them to the caller: sealed, since they tell what policies say. Who may call {@code DecodeAuthorizationMessage} reads
 * those of its own account.
 */
public final class AuthorizationMessages {
    /** The longest message that {@code DecodeAuthorizationMessage} takes. */
    private static final int LONGEST = 10_240;

    private static final int MOST_PLAIN = 1 << 20;

    private final MasterKey.Sealer sealer;

    public AuthorizationMessages(MasterKey key) {
        sealer = key.sealer("authorization-messages");
    }

    /** Seals the reasons of a denial; empty when the message would be too long to be decoded.
     *
     * @param account the account of the principal that was denied */
    public Optional<String> encode(String account, String reasons) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
            out.write(reasons.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String message = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(sealer.seal(packed.toByteArray(), account.getBytes(StandardCharsets.UTF_8)));
        return message.length() > LONGEST ? Optional.empty() : Optional.of(message);
    }

    /** The reasons; empty when the message is forged or is another account's. */
    public Optional<String> decode(String account, String message) {
        try {
            byte[] packed =
                    sealer.open(Base64.getUrlDecoder().decode(message), account.getBytes(StandardCharsets.UTF_8));
            try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
                return Optional.of(new String(in.readNBytes(MOST_PLAIN), StandardCharsets.UTF_8));
            }
        } catch (IllegalArgumentException | MasterKey.SealBroken e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
