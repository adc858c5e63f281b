package dev.terrane.sns;

import dev.terrane.kernel.secret.MasterKey;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** The tokens in confirmation and unsubscribe URLs: a subscription's ARN, sealed, so that none can be made up. */
final class Tokens {
    private static final byte[] CONFIRM = "confirm".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "unsubscribe".getBytes(StandardCharsets.UTF_8);
    private final MasterKey.Sealer sealer;

    Tokens(MasterKey key) {
        sealer = key.sealer("sns-tokens");
    }

    String toConfirm(String subscriptionArn) {
        return seal(subscriptionArn, CONFIRM);
    }

    String toEnd(String subscriptionArn) {
        return seal(subscriptionArn, END);
    }

    Optional<String> confirmed(String token) {
        return open(token, CONFIRM);
    }

    Optional<String> ended(String token) {
        return open(token, END);
    }

    private String seal(String arn, byte[] purpose) {
        return HexFormat.of().formatHex(sealer.seal(arn.getBytes(StandardCharsets.UTF_8), purpose));
    }

    private Optional<String> open(String token, byte[] purpose) {
        try {
            return Optional.of(
                    new String(sealer.open(HexFormat.of().parseHex(token), purpose), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | MasterKey.SealBroken e) {
            return Optional.empty();
        }
    }
}
