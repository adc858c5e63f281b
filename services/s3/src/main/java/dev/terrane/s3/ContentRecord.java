package dev.terrane.s3;

import java.util.List;
import java.util.Optional;

/**
 * Bytes that do not stand in one blob: few enough to stand in the row, or the parts of a multipart upload.
 *
 * @param bytes the content itself, when there are no pieces
 */
record ContentRecord(String id, byte[] bytes, List<Piece> pieces) {
    ContentRecord {
        pieces = List.copyOf(pieces);
    }

    /**
     * One part of a multipart object.
     *
     * @param part the part's number as it was uploaded
     * @param blob the blob's key
     * @param iv what the data key's counter begins with, empty without one
     * @param checksum the part's own checksum in base64
     */
    record Piece(int part, String blob, long size, byte[] iv, Optional<String> checksum) {}
}
