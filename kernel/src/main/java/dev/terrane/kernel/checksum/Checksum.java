package dev.terrane.kernel.checksum;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * A checksum algorithm of S3, named as in its API. {@link #MD5} is the one of Content-MD5 and ETags, and has no
 * {@code x-amz-checksum-} header.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html">Object integrity</a>
 */
public enum Checksum {
    CRC32(4, () -> new Cyclic(new CRC32(), 4), 0xEDB88320L),
    CRC32C(4, () -> new Cyclic(new CRC32C(), 4), 0x82F63B78L),
    CRC64NVME(8, () -> new Cyclic(new Crc64Nvme(), 8), Crc64Nvme.POLYNOMIAL),
    SHA1(20, () -> new Digest("SHA-1"), 0),
    SHA256(32, () -> new Digest("SHA-256"), 0),
    MD5(16, () -> new Digest("MD5"), 0);

    private static final String PREFIX = "x-amz-checksum-";

    private final int length;
    private final Supplier<Running> starter;
    private final long polynomial;

    Checksum(int length, Supplier<Running> starter, long polynomial) {
        this.length = length;
        this.starter = starter;
        this.polynomial = polynomial;
    }

    /** A computation in progress. Not safe for several threads. */
    public interface Running {
        /** Takes bytes in. */
        void update(byte[] bytes, int offset, int count);

        /** The value of all bytes taken in, big-endian. Ends the computation. */
        byte[] value();

        /** {@link #value} as AWS writes it in headers: base64 with padding. Ends the computation. */
        default String base64() {
            return Base64.getEncoder().encodeToString(value());
        }
    }

    /** Begins with no bytes. */
    public Running start() {
        return starter.get();
    }

    /** The value of bytes at hand, in base64. */
    public String of(byte[] bytes) {
        Running running = start();
        running.update(bytes, 0, bytes.length);
        return running.base64();
    }

    /** The value's length in bytes. */
    public int length() {
        return length;
    }

    /** The header or trailer that carries it, in lower case: {@code x-amz-checksum-…}, and {@code content-md5} for MD5. */
    public String header() {
        return this == MD5 ? "content-md5" : PREFIX + name().toLowerCase(Locale.ROOT);
    }

    /** The algorithm of an {@code x-amz-checksum-…} header, by its name in lower case. */
    public static Optional<Checksum> ofHeader(String lowerCaseName) {
        return lowerCaseName.startsWith(PREFIX) ? ofName(lowerCaseName.substring(PREFIX.length())) : Optional.empty();
    }

    /** The algorithm by its name in S3's API, in any case; MD5 is none of them. */
    public static Optional<Checksum> ofName(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(algorithm -> algorithm != MD5 && algorithm.name().equals(upper))
                .findFirst();
    }

    /** The bytes of a value in base64; empty if it is not padded base64 of this algorithm's length. */
    public Optional<byte[]> parse(String base64) {
        try {
            byte[] value = Base64.getDecoder().decode(base64);
            boolean exact = value.length == length
                    && Base64.getEncoder().encodeToString(value).equals(base64);
            return exact ? Optional.of(value) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * The COMPOSITE checksum of a multipart object: the checksum of its parts' values, a hyphen and the number of parts.
     *
     * @param parts the parts' values in order
     */
    public String composite(List<byte[]> parts) {
        Running running = start();
        for (byte[] part : parts) {
            running.update(part, 0, part.length);
        }
        return running.base64() + "-" + parts.size();
    }

    /** Whether parts' values can be put together to the value of the whole: FULL_OBJECT in S3's terms. */
    public boolean combinable() {
        return polynomial != 0;
    }

    /**
     * The value of two pieces of bytes, one after the other, from the values of each.
     *
     * @param secondLength the length of the second piece in bytes
     * @throws IllegalStateException if this algorithm is not {@link #combinable}
     */
    public byte[] combine(byte[] first, byte[] second, long secondLength) {
        if (!combinable()) {
            throw new IllegalStateException(name() + " of a whole cannot be made from its parts");
        }
        return bigEndian(CyclicCombination.combine(polynomial, number(first), number(second), secondLength), length);
    }

    private static long number(byte[] bigEndian) {
        long value = 0;
        for (byte b : bigEndian) {
            value = value << 8 | (b & 0xff);
        }
        return value;
    }

    private static byte[] bigEndian(long value, int length) {
        byte[] out = new byte[length];
        for (int i = 0; i < length; i++) {
            out[i] = (byte) (value >>> (8 * (length - 1 - i)));
        }
        return out;
    }

    private record Cyclic(java.util.zip.Checksum state, int length) implements Running {
        @Override
        public void update(byte[] bytes, int offset, int count) {
            state.update(bytes, offset, count);
        }

        @Override
        public byte[] value() {
            return bigEndian(state.getValue(), length);
        }
    }

    private record Digest(MessageDigest state) implements Running {
        Digest(String name) {
            this(named(name));
        }

        private static MessageDigest named(String name) {
            try {
                return MessageDigest.getInstance(name);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every JDK has " + name, e);
            }
        }

        @Override
        public void update(byte[] bytes, int offset, int count) {
            state.update(bytes, offset, count);
        }

        @Override
        public byte[] value() {
            return state.digest();
        }
    }
}
