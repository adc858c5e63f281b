package dev.terrane.cloudtrail;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTimeRangeException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTokenException;
import software.amazon.awssdk.services.cloudtrail.model.ListPublicKeysRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListPublicKeysResponse;
import software.amazon.awssdk.services.cloudtrail.model.PublicKey;

/** The keys that digests are signed with: one a region at a time, for all accounts. They are kept for ever, since digests are. */
final class SigningKeys {
    private static final Duration VALIDITY = Duration.ofDays(90);
    private static final int BITS = 2048;
    private static final Table<KeyRecord> KEYS =
            Table.of("cloudtrail.signing-key", KeyRecord.class, KeyRecord::fingerprint);

    /**
     * A key pair.
     *
     * @param privateKey PKCS #8
     * @param publicKey PKCS #1, as ListPublicKeys gives it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record KeyRecord(String fingerprint, byte[] privateKey, byte[] publicKey, Instant start, Instant end) {
        boolean isValid(Instant time) {
            return !time.isBefore(start) && time.isBefore(end);
        }

        /** The signature of a text in hexadecimal digits, by SHA256withRSA. */
        String sign(String text) {
            try {
                Signature signature = Signature.getInstance("SHA256withRSA");
                signature.initSign(KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(privateKey)));
                signature.update(text.getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(signature.sign());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final Store store;
    private final Rows<KeyRecord> keys;
    private final Clock clock;

    SigningKeys(Store store, Clock clock) {
        this.store = store;
        this.keys = store.rows(KEYS);
        this.clock = clock;
    }

    private static Scope scope(String region) {
        return new Scope(Scope.INSTALLATION.account(), region);
    }

    /** Makes a key for a region that has none now; not in a transaction, since it takes long. */
    void provide(String region) {
        if (valid(region).isEmpty()) {
            KeyRecord made = made(clock.instant());
            store.transact(() -> {
                if (valid(region).isEmpty()) {
                    keys.put(scope(region), made);
                }
            });
        }
    }

    /** The key that a region signs with now. */
    KeyRecord current(String region) {
        return valid(region).orElseThrow();
    }

    private Optional<KeyRecord> valid(String region) {
        Instant now = clock.instant();
        return keys.all(scope(region)).stream()
                .filter(key -> key.isValid(now))
                .max(Comparator.comparing(KeyRecord::end));
    }

    private static KeyRecord made(Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            KeyPair pair = generator.generateKeyPair();
            byte[] publicKey = pkcs1((RSAPublicKey) pair.getPublic());
            String fingerprint = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(publicKey), 0, 16);
            return new KeyRecord(fingerprint, pair.getPrivate().getEncoded(), publicKey, now, now.plus(VALIDITY));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code RSAPublicKey} of RFC 8017 in DER: a sequence of modulus and exponent. */
    private static byte[] pkcs1(RSAPublicKey key) {
        ByteArrayOutputStream numbers = new ByteArrayOutputStream();
        numbers.writeBytes(der(0x02, key.getModulus()));
        numbers.writeBytes(der(0x02, key.getPublicExponent()));
        return der(0x30, numbers.toByteArray());
    }

    private static byte[] der(int tag, BigInteger number) {
        return der(tag, number.toByteArray());
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(tag);
        byte[] length = BigInteger.valueOf(content.length).toByteArray();
        if (content.length < 0x80) {
            bytes.write(content.length);
        } else {
            int skipped = length[0] == 0 ? 1 : 0;
            bytes.write(0x80 | (length.length - skipped));
            bytes.write(length, skipped, length.length - skipped);
        }
        bytes.writeBytes(content);
        return bytes.toByteArray();
    }

    /** The keys of the caller's region that were valid at some time between two, which are now where they are not given. */
    ListPublicKeysResponse list(ListPublicKeysRequest request) {
        if (request.nextToken() != null) {
            throw InvalidTokenException.builder()
                    .message("The token is not valid: all keys come at once.")
                    .build();
        }
        Instant from = Optional.ofNullable(request.startTime()).orElseGet(clock::instant);
        Instant to = Optional.ofNullable(request.endTime()).orElseGet(clock::instant);
        if (from.isAfter(to)) {
            throw InvalidTimeRangeException.builder()
                    .message("The start time must be before the end time.")
                    .build();
        }
        List<PublicKey> found = keys.all(scope(Call.current().region())).stream()
                .filter(key ->
                        key.start().isBefore(to.plusMillis(1)) && key.end().isAfter(from))
                .sorted(Comparator.comparing(KeyRecord::start))
                .map(key -> PublicKey.builder()
                        .value(SdkBytes.fromByteArray(key.publicKey()))
                        .fingerprint(key.fingerprint())
                        .validityStartTime(key.start())
                        .validityEndTime(key.end())
                        .build())
                .toList();
        return ListPublicKeysResponse.builder().publicKeyList(found).build();
    }
}
