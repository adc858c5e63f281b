package dev.terrane.s3;

import dev.terrane.kernel.checksum.Checksum;
import dev.terrane.s3.ObjectRecord.StoredChecksum;
import java.util.Optional;

/**
 * Bytes that have arrived and wait to be published.
 *
 * @param blob the blob that holds them, or empty when there are few
 * @param inline they themselves, encrypted where a data key is, when there are few
 * @param size how many, before encryption
 * @param md5 of what arrived
 * @param checksum of what arrived, in base64
 * @param iv what the data key's counter began with, empty without one
 */
record Received(
        Optional<String> blob, byte[] inline, long size, byte[] md5, Checksum algorithm, String checksum, byte[] iv) {
    String etag() {
        return Checksums.hex(md5);
    }

    Optional<StoredChecksum> stored() {
        return Optional.of(new StoredChecksum(algorithm.name(), checksum, false));
    }
}
