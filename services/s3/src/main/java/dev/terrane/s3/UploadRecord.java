package dev.terrane.s3;

import dev.terrane.s3.ObjectRecord.Attributes;
import dev.terrane.s3.ObjectRecord.Sse;
import java.time.Instant;
import java.util.Map;

/**
 * A multipart upload that is neither completed nor aborted.
 *
 * @param algorithm the checksum of its parts
 * @param fullObject whether the object gets one checksum of all its bytes, rather than one of its parts' checksums
 * @param asked whether the client named the algorithm
 * @param initiator the ARN of who began it
 */
record UploadRecord(
        String bucket,
        String key,
        String uploadId,
        Instant initiated,
        String initiator,
        Attributes attributes,
        Map<String, String> tags,
        String algorithm,
        boolean fullObject,
        boolean asked,
        Sse sse) {
    /**
     * A part.
     *
     * @param etag the MD5 in hexadecimal
     * @param algorithm of the checksum
     * @param checksum in base64
     */
    record PartRecord(
            String uploadId,
            int number,
            String blob,
            byte[] iv,
            long size,
            String etag,
            String algorithm,
            String checksum,
            Instant modified) {}
}
