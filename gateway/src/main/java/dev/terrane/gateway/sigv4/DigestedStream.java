package dev.terrane.gateway.sigv4;

import dev.terrane.kernel.checksum.Checksum;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** A body whose declared checksums are compared when its last byte was read. */
final class DigestedStream extends FilterInputStream {
    private final Map<Checksum, byte[]> declared;
    private final Optional<String> sha256;
    private final Map<Checksum, Checksum.Running> running = new EnumMap<>(Checksum.class);
    private boolean ended;

    DigestedStream(InputStream raw, Map<Checksum, byte[]> declared, Optional<String> sha256) {
        super(raw);
        this.declared = declared;
        this.sha256 = sha256;
        declared.keySet().forEach(algorithm -> running.put(algorithm, algorithm.start()));
        if (sha256.isPresent()) {
            running.computeIfAbsent(Checksum.SHA256, Checksum::start);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (ended) {
            return -1;
        }
        int count = in.read(into, offset, length);
        if (count > 0) {
            for (Checksum.Running each : running.values()) {
                each.update(into, offset, count);
            }
        } else if (count < 0) {
            compare();
            ended = true;
        }
        return count;
    }

    private void compare() {
        Map<Checksum, byte[]> computed = new EnumMap<>(Checksum.class);
        running.forEach((algorithm, each) -> computed.put(algorithm, each.value()));
        running.clear();
        sha256.ifPresent(hex -> SignedBody.requireSameHash(hex, value(computed, Checksum.SHA256)));
        declared.forEach((algorithm, value) -> {
            if (!MessageDigest.isEqual(value, value(computed, algorithm))) {
                throw SignedBody.differs(algorithm);
            }
        });
    }

    private static byte[] value(Map<Checksum, byte[]> computed, Checksum algorithm) {
        byte[] value = computed.get(algorithm);
        if (value == null) {
            throw new IllegalStateException("A body is read no further after it was refused");
        }
        return value;
    }

    /** Reads over, since what is skipped counts for the checksums too. */
    @Override
    public long skip(long count) throws IOException {
        byte[] waste = new byte[(int) Math.min(8192, Math.max(count, 1))];
        long skipped = 0;
        while (skipped < count) {
            int read = read(waste, 0, (int) Math.min(waste.length, count - skipped));
            if (read < 0) {
                break;
            }
            skipped += read;
        }
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
