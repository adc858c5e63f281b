package dev.terrane.iam;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import software.amazon.awssdk.services.iam.model.InvalidPublicKeyException;
import software.amazon.awssdk.services.iam.model.UnrecognizedPublicKeyEncodingException;

/**
 * An RSA public key as users upload it: as a line of OpenSSH ({@code ssh-rsa …}) or in PEM. IAM takes no other kind.
 *
 * @param line as OpenSSH writes it, with the comment that it was uploaded with
 */
record SshPublicKey(RSAPublicKey key, String line) {
    private static final String RSA = "ssh-rsa";
    private static final int LEAST_BITS = 2_048;
    private static final int MOST_BITS = 16_384;

    /** @throws software.amazon.awssdk.awscore.exception.AwsServiceException InvalidPublicKey, or UnrecognizedPublicKeyEncoding for another kind of key */
    static SshPublicKey parse(String text) {
        String stripped = text.strip();
        try {
            SshPublicKey parsed = stripped.startsWith("-----BEGIN ") ? pem(stripped) : openSsh(stripped);
            int bits = parsed.key().getModulus().bitLength();
            if (bits < LEAST_BITS || bits > MOST_BITS) {
                throw invalid("The public key must have at least " + LEAST_BITS + " bits.");
            }
            return parsed;
        } catch (GeneralSecurityException | IllegalArgumentException | BufferUnderflowException e) {
            throw invalid("The public key is malformed or otherwise invalid.");
        }
    }

    private static SshPublicKey pem(String text) throws GeneralSecurityException {
        List<Pem> blocks = Pem.read(text);
        if (blocks.size() != 1) {
            throw invalid("The public key is malformed or otherwise invalid.");
        }
        Pem block = blocks.getFirst();
        byte[] der = switch (block.label()) {
            case "PUBLIC KEY" -> block.der();
            case "RSA PUBLIC KEY" -> Der.rsaPublicKey(block.der());
            default -> throw unrecognized();
        };
        RSAPublicKey key = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
        return new SshPublicKey(key, RSA + " " + Base64.getEncoder().encodeToString(blob(key)));
    }

    private static SshPublicKey openSsh(String line) throws GeneralSecurityException {
        String[] parts = line.split("\\s+", 3);
        if (!parts[0].equals(RSA) || parts.length < 2) {
            throw unrecognized();
        }
        ByteBuffer blob = ByteBuffer.wrap(Base64.getDecoder().decode(parts[1]));
        String kind = new String(next(blob), StandardCharsets.US_ASCII);
        BigInteger exponent = new BigInteger(next(blob));
        BigInteger modulus = new BigInteger(next(blob));
        if (!kind.equals(RSA) || blob.hasRemaining()) {
            throw invalid("The public key is malformed or otherwise invalid.");
        }
        return new SshPublicKey(
                (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent)),
                line);
    }

    /** A part of a blob, which its length goes before (RFC 4251, section 5). */
    private static byte[] next(ByteBuffer blob) {
        int length = blob.getInt();
        if (length <= 0 || length > blob.remaining()) {
            throw new IllegalArgumentException("A part is longer than the key");
        }
        byte[] part = new byte[length];
        blob.get(part);
        return part;
    }

    private static byte[] blob(RSAPublicKey key) {
        byte[] kind = RSA.getBytes(StandardCharsets.US_ASCII);
        byte[] exponent = key.getPublicExponent().toByteArray();
        byte[] modulus = key.getModulus().toByteArray();
        return ByteBuffer.allocate(3 * Integer.BYTES + kind.length + exponent.length + modulus.length)
                .putInt(kind.length)
                .put(kind)
                .putInt(exponent.length)
                .put(exponent)
                .putInt(modulus.length)
                .put(modulus)
                .array();
    }

    /** The key in PEM. */
    String pem() {
        return new Pem("PUBLIC KEY", key.getEncoded()).toString();
    }

    /** The MD5 digest of the key's DER form, in hexadecimal with colons. */
    String fingerprint() {
        try {
            return HexFormat.ofDelimiter(":")
                    .formatHex(MessageDigest.getInstance("MD5").digest(key.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InvalidPublicKeyException invalid(String message) {
        return InvalidPublicKeyException.builder().message(message).build();
    }

    private static UnrecognizedPublicKeyEncodingException unrecognized() {
        return UnrecognizedPublicKeyEncodingException.builder()
                .message("The public key encoding format is unsupported or unrecognized.")
                .build();
    }
}
