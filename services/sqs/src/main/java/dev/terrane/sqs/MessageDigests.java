package dev.terrane.sqs;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** The MD5 digests by which clients check what was stored ("Calculating the MD5 message digest for message attributes"). */
final class MessageDigests {
    private static final byte STRING = 1;
    private static final byte BINARY = 2;

    private MessageDigests() {}

    static String ofText(String text) {
        return hex("MD5", text.getBytes(StandardCharsets.UTF_8));
    }

    /** The deduplication id of a body. */
    static String sha256(String text) {
        return hex("SHA-256", text.getBytes(StandardCharsets.UTF_8));
    }

    /** The digest of attributes in the order of their names: each name, type and value with its length before it. */
    static String ofAttributes(Map<String, MessageAttributeValue> attributes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new TreeMap<>(attributes).forEach((name, value) -> {
            append(bytes, name.getBytes(StandardCharsets.UTF_8));
            append(bytes, value.dataType().getBytes(StandardCharsets.UTF_8));
            if (value.stringValue() != null) {
                bytes.write(STRING);
                append(bytes, value.stringValue().getBytes(StandardCharsets.UTF_8));
            } else {
                bytes.write(BINARY);
                append(bytes, value.binaryValue().asByteArrayUnsafe());
            }
        });
        return hex("MD5", bytes.toByteArray());
    }

    private static void append(ByteArrayOutputStream bytes, byte[] part) {
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(part.length).array());
        bytes.writeBytes(part);
    }

    private static String hex(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
