package dev.terrane.ec2;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ec2.model.*;

/** Key pairs: made here, when the private half is shown once and not kept, or imported ("Amazon EC2 key pairs and Amazon EC2 instances"). */
final class KeyPairs {
    private static final int RSA_BITS = 2048;
    private static final String RSA = "ssh-rsa";
    private static final String ED25519 = "ssh-ed25519";
    private static final int ED25519_PREFIX_PUBLIC = 12;
    private static final int ED25519_PREFIX_PRIVATE = 16;

    private final Ec2Tables tables;
    private final Clock clock;
    private final Filters<KeyPairRecord> filters;

    KeyPairs(Ec2Tables tables, Clock clock) {
        this.tables = tables;
        this.clock = clock;
        filters = new Filters<KeyPairRecord>()
                .by("key-name", KeyPairRecord::name)
                .by("key-pair-id", KeyPairRecord::id)
                .by("fingerprint", KeyPairRecord::fingerprint)
                .tagged(pair -> tables.tags(pair.id()));
    }

    CreateKeyPairResponse create(CreateKeyPairRequest request) {
        Supported.only("", request, Set.of("KeyName", "KeyType", "TagSpecifications", "KeyFormat"));
        if (request.keyFormat() == KeyFormat.PPK) {
            throw Refusals.unsupported("Keys are given in the format pem; puttygen makes a ppk of it.");
        }
        requireFree(request.keyName());
        Map<String, String> tags = tags(request.tagSpecifications());
        Supported.wet(request.dryRun());
        try {
            boolean edwards = request.keyType() == KeyType.ED25519;
            KeyPairGenerator generator = KeyPairGenerator.getInstance(edwards ? "Ed25519" : "RSA");
            if (!edwards) {
                generator.initialize(RSA_BITS);
            }
            KeyPair pair = generator.generateKeyPair();
            byte[] blob = edwards ? edwardsBlob(pair) : rsaBlob((RSAPublicKey) pair.getPublic());
            String fingerprint = edwards
                    ? sha256(blob)
                    : colons(digest("SHA-1", pair.getPrivate().getEncoded()));
            KeyPairRecord made = record(
                    request.keyName(),
                    edwards ? "ed25519" : "rsa",
                    fingerprint,
                    (edwards ? ED25519 : RSA) + " " + Base64.getEncoder().encodeToString(blob));
            tables.put(made);
            tables.tag(made.id(), tags);
            return CreateKeyPairResponse.builder()
                    .keyName(made.name())
                    .keyPairId(made.id())
                    .keyFingerprint(made.fingerprint())
                    .keyMaterial(edwards ? opensshPem(pair, blob, made.name()) : rsaPem(pair))
                    .tags(TagsRecord.list(tags))
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    ImportKeyPairResponse importOne(ImportKeyPairRequest request) {
        Supported.only("", request, Set.of("KeyName", "PublicKeyMaterial", "TagSpecifications"));
        requireFree(request.keyName());
        Map<String, String> tags = tags(request.tagSpecifications());
        String text = request.publicKeyMaterial().asUtf8String().strip();
        String[] words = text.split("\\s+", 3);
        byte[] blob = words.length < 2 ? new byte[0] : decode(words[1]);
        String fingerprint = switch (words[0]) {
            case RSA -> colons(digest("MD5", rsaPublicKey(blob)));
            case ED25519 -> sha256(blob);
            default -> throw malformed();
        };
        Supported.wet(request.dryRun());
        KeyPairRecord made = record(
                request.keyName(), words[0].equals(RSA) ? "rsa" : "ed25519", fingerprint, words[0] + " " + words[1]);
        tables.put(made);
        tables.tag(made.id(), tags);
        return ImportKeyPairResponse.builder()
                .keyName(made.name())
                .keyPairId(made.id())
                .keyFingerprint(made.fingerprint())
                .tags(TagsRecord.list(tags))
                .build();
    }

    private static Map<String, String> tags(List<TagSpecification> specifications) {
        Tagging.onlyFor(specifications, Set.of(ResourceType.KEY_PAIR));
        return Tagging.specified(specifications, ResourceType.KEY_PAIR);
    }

    private KeyPairRecord record(String name, String type, String fingerprint, String publicKey) {
        return new KeyPairRecord(
                "key-0" + Ids.hex(16), name, type, fingerprint, publicKey + " " + name, clock.instant());
    }

    private void requireFree(String name) {
        if (name.isBlank() || name.length() > 255) {
            throw Refusals.of("InvalidKeyPair.Format", "A key pair's name has 1 to 255 characters");
        }
        if (tables.keyPair(name).isPresent()) {
            throw Refusals.of("InvalidKeyPair.Duplicate", "The keypair already exists");
        }
    }

    DeleteKeyPairResponse delete(DeleteKeyPairRequest request) {
        if (request.keyName() == null && request.keyPairId() == null) {
            throw Refusals.missing("KeyName");
        }
        Supported.wet(request.dryRun());
        List<KeyPairRecord> found = tables.keyPairs().stream()
                .filter(pair ->
                        pair.name().equals(request.keyName()) || pair.id().equals(request.keyPairId()))
                .toList();
        found.forEach(tables::delete);
        return DeleteKeyPairResponse.builder()
                .returnValue(true)
                .keyPairId(found.isEmpty() ? null : found.getFirst().id())
                .build();
    }

    DescribeKeyPairsResponse describe(DescribeKeyPairsRequest request) {
        Supported.wet(request.dryRun());
        for (String name : request.keyNames()) {
            if (tables.keyPair(name).isEmpty()) {
                throw Refusals.of("InvalidKeyPair.NotFound", "The key pair '" + name + "' does not exist");
            }
        }
        List<KeyPairRecord> all = tables.keyPairs();
        for (String id : request.keyPairIds()) {
            if (all.stream().noneMatch(pair -> pair.id().equals(id))) {
                throw Refusals.of("InvalidKeyPair.NotFound", "The key pair '" + id + "' does not exist");
            }
        }
        Predicate<KeyPairRecord> wanted = filters.of(request.filters());
        return DescribeKeyPairsResponse.builder()
                .keyPairs(all.stream()
                        .filter(pair -> request.keyNames().isEmpty()
                                || request.keyNames().contains(pair.name()))
                        .filter(pair -> request.keyPairIds().isEmpty()
                                || request.keyPairIds().contains(pair.id()))
                        .filter(wanted)
                        .map(pair -> KeyPairInfo.builder()
                                .keyPairId(pair.id())
                                .keyName(pair.name())
                                .keyType(pair.type())
                                .keyFingerprint(pair.fingerprint())
                                .publicKey(Boolean.TRUE.equals(request.includePublicKey()) ? pair.publicKey() : null)
                                .createTime(pair.created())
                                .tags(TagsRecord.list(tables.tags(pair.id())))
                                .build())
                        .toList())
                .build();
    }

    private static RuntimeException malformed() {
        return Refusals.of("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
    }

    private static byte[] decode(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    /** The DER form of an RSA key that is given in SSH's form (RFC 4253, section 6.6). */
    private static byte[] rsaPublicKey(byte[] blob) {
        try {
            java.nio.ByteBuffer in = java.nio.ByteBuffer.wrap(blob);
            byte[] kind = part(in);
            BigInteger exponent = new BigInteger(part(in));
            BigInteger modulus = new BigInteger(part(in));
            if (!Arrays.equals(kind, RSA.getBytes(StandardCharsets.US_ASCII))) {
                throw malformed();
            }
            return KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(modulus, exponent))
                    .getEncoded();
        } catch (GeneralSecurityException | java.nio.BufferUnderflowException | IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static byte[] part(java.nio.ByteBuffer in) {
        int length = in.getInt();
        if (length < 1 || length > in.remaining()) {
            throw malformed();
        }
        byte[] part = new byte[length];
        in.get(part);
        return part;
    }

    private static byte[] rsaBlob(RSAPublicKey key) {
        return parts(
                RSA.getBytes(StandardCharsets.US_ASCII),
                key.getPublicExponent().toByteArray(),
                key.getModulus().toByteArray());
    }

    private static byte[] edwardsBlob(KeyPair pair) {
        return parts(ED25519.getBytes(StandardCharsets.US_ASCII), edwardsPublic(pair));
    }

    /** The 32 bytes of the key at the end of its DER form (RFC 8410). */
    private static byte[] edwardsPublic(KeyPair pair) {
        byte[] der = pair.getPublic().getEncoded();
        return Arrays.copyOfRange(der, ED25519_PREFIX_PUBLIC, der.length);
    }

    /** PKCS #1, which is within PKCS #8 (RFC 8017, appendix A.1.2), as ssh-keygen and EC2 write it. */
    private static String rsaPem(KeyPair pair) {
        byte[] wrapped = pair.getPrivate().getEncoded();
        int at = 0;
        for (int i = 0; i < wrapped.length - 1; i++) {
            // OCTET STRING with a length of two bytes: what holds the key itself.
            if (wrapped[i] == 0x04 && wrapped[i + 1] == (byte) 0x82) {
                at = i + 4;
                break;
            }
        }
        return pem("RSA PRIVATE KEY", Arrays.copyOfRange(wrapped, at, wrapped.length));
    }

    /** OpenSSH's own form, without a passphrase (PROTOCOL.key of OpenSSH). */
    private static String opensshPem(KeyPair pair, byte[] blob, String comment) {
        byte[] seed = Arrays.copyOfRange(
                pair.getPrivate().getEncoded(),
                ED25519_PREFIX_PRIVATE,
                pair.getPrivate().getEncoded().length);
        byte[] secret = Arrays.copyOf(seed, 64);
        System.arraycopy(edwardsPublic(pair), 0, secret, 32, 32);
        byte[] check = Ids.bytes(4);
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        inner.writeBytes(check);
        inner.writeBytes(check);
        inner.writeBytes(parts(
                ED25519.getBytes(StandardCharsets.US_ASCII),
                edwardsPublic(pair),
                secret,
                comment.getBytes(StandardCharsets.UTF_8)));
        for (int i = 1; inner.size() % 8 != 0; i++) {
            inner.write(i);
        }
        ByteArrayOutputStream outer = new ByteArrayOutputStream();
        outer.writeBytes("openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII));
        byte[] none = "none".getBytes(StandardCharsets.US_ASCII);
        outer.writeBytes(parts(none, none, new byte[0]));
        outer.writeBytes(new byte[] {0, 0, 0, 1});
        outer.writeBytes(parts(blob, inner.toByteArray()));
        return pem("OPENSSH PRIVATE KEY", outer.toByteArray());
    }

    private static byte[] parts(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (byte[] part : parts) {
                out.writeInt(part.length);
                out.write(part);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String pem(String kind, byte[] content) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----";
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String colons(byte[] digest) {
        return Objects.requireNonNull(HexFormat.ofDelimiter(":").formatHex(digest));
    }

    private static String sha256(byte[] blob) {
        return Base64.getEncoder().encodeToString(digest("SHA-256", blob));
    }
}
