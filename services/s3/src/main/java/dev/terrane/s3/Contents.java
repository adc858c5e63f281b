package dev.terrane.s3;

import dev.terrane.kernel.blob.Blobs;
import dev.terrane.kernel.checksum.Checksum;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.s3.ContentRecord.Piece;
import dev.terrane.s3.ObjectRecord.Place;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;

/**
 * The bytes of objects: taken in before anything of them is published, and read by ranges. Up to {@value #INLINE} bytes stand in a row of the
 * store, so that a small object costs one commit and no file; more stand in blobs.
 */
final class Contents {
    static final int INLINE = 4096;
    private static final int BUFFER = 64 * 1024;

    private final S3Tables tables;
    private final Blobs blobs;
    private final Garbage garbage;
    private final Clock clock;
    private final Readers readers = new Readers();

    Contents(S3Tables tables, Blobs blobs, Garbage garbage, Clock clock) {
        this.tables = tables;
        this.blobs = blobs;
        this.garbage = garbage;
        this.clock = clock;
    }

    /** Ids rise with the time, so that rows written together stand together: a commit touches few pages. */
    private String newId() {
        return Long.toHexString(clock.instant().toEpochMilli()) + Ids.hex(16);
    }

    /** Takes a body in. What is taken is to be settled, or discarded.
     *
     * @param mayInline whether few bytes may stand in a row */
    Received receive(InputStream body, Checksum algorithm, Optional<DataKey> key, boolean mayInline) {
        Checksum.Running md5 = Checksum.MD5.start();
        Checksum.Running checksum = algorithm.start();
        byte[] iv = key.isPresent() ? DataKey.freshIv() : new byte[0];
        Optional<Cipher> cipher = key.map(k -> k.encrypting(iv));
        try {
            byte[] first = body.readNBytes(mayInline ? INLINE + 1 : BUFFER);
            if (mayInline && first.length <= INLINE) {
                md5.update(first, 0, first.length);
                checksum.update(first, 0, first.length);
                byte[] kept = cipher.isPresent() ? encrypted(cipher.get(), first, first.length) : first;
                return new Received(
                        Optional.empty(), kept, first.length, md5.value(), algorithm, checksum.base64(), iv);
            }
            try (Blobs.Writing writing = blobs.create()) {
                OutputStream out = writing.stream();
                long size = 0;
                byte[] buffer = first;
                for (int count = first.length; count >= 0; count = body.read(buffer)) {
                    md5.update(buffer, 0, count);
                    checksum.update(buffer, 0, count);
                    if (cipher.isPresent()) {
                        out.write(encrypted(cipher.get(), buffer, count));
                    } else {
                        out.write(buffer, 0, count);
                    }
                    size += count;
                    if (buffer.length < BUFFER) {
                        buffer = new byte[BUFFER];
                    }
                }
                return new Received(
                        Optional.of(writing.commit().key()),
                        new byte[0],
                        size,
                        md5.value(),
                        algorithm,
                        checksum.base64(),
                        iv);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] encrypted(Cipher cipher, byte[] plain, int length) {
        byte[] bytes = cipher.update(plain, 0, length);
        return bytes == null ? new byte[0] : bytes;
    }

    /** Gives received bytes their place, in the transaction that publishes them. */
    Place settle(BucketRecord bucket, Received received) {
        if (received.blob().isPresent()) {
            return new Place(received.blob().get(), "", 0, received.iv());
        }
        if (received.size() == 0) {
            return Place.NOWHERE;
        }
        ContentRecord content = new ContentRecord(newId(), received.inline(), List.of());
        tables.put(bucket, content);
        return new Place("", content.id(), 0, received.iv());
    }

    /** Gives the parts of an upload their place. */
    Place settle(BucketRecord bucket, List<Piece> pieces) {
        ContentRecord content = new ContentRecord(newId(), new byte[0], pieces);
        tables.put(bucket, content);
        return new Place("", content.id(), pieces.size(), new byte[0]);
    }

    /** Gives up received bytes that could not be published. */
    void discard(Received received) {
        received.blob().ifPresent(garbage::remove);
    }

    /** Lets go of a version's bytes, in the transaction that deletes it. */
    void release(BucketRecord bucket, ObjectRecord version) {
        Place place = version.place();
        if (!place.blob().isEmpty()) {
            garbage.note(place.blob());
        } else if (!place.content().isEmpty()) {
            pieces(bucket, version)
                    .forEach(piece -> garbage.note(piece.blob(), work -> readers.whenFree(place.content(), work)));
            tables.deleteContent(bucket, place.content());
        }
    }

    /** The parts of a multipart object; none for others. */
    List<Piece> pieces(BucketRecord bucket, ObjectRecord version) {
        return version.place().parts() == 0
                ? List.of()
                : tables.content(bucket, version.place().content())
                        .map(ContentRecord::pieces)
                        .orElse(List.of());
    }

    /**
     * Opens a range of a version's bytes.
     *
     * @throws Blobs.BlobMissing when the version was deleted meanwhile
     */
    InputStream open(BucketRecord bucket, ObjectRecord version, Optional<DataKey> key, long offset, long length)
            throws IOException {
        Place place = version.place();
        if (length == 0) {
            return InputStream.nullInputStream();
        }
        if (!place.blob().isEmpty()) {
            return decrypted(blobs.open(place.blob(), offset, length), key, place.iv(), offset);
        }
        ContentRecord content =
                tables.content(bucket, place.content()).orElseThrow(() -> new Blobs.BlobMissing(place.content()));
        if (content.pieces().isEmpty()) {
            InputStream bytes = new ByteArrayInputStream(content.bytes(), (int) offset, (int) length);
            return decrypted(bytes, key, place.iv(), offset);
        }
        return new Pieces(content, key, offset, length);
    }

    private static InputStream decrypted(InputStream bytes, Optional<DataKey> key, byte[] iv, long offset) {
        return key.isPresent() ? key.get().decrypting(bytes, iv, offset) : bytes;
    }

    /** A range over several parts, each opened when its turn comes. */
    private final class Pieces extends InputStream {
        private final String content;
        private final List<Piece> pieces = new ArrayList<>();
        private final Optional<DataKey> key;
        private int next;
        private long offset;
        private long left;
        private boolean closed;
        private InputStream open = InputStream.nullInputStream();

        Pieces(ContentRecord content, Optional<DataKey> key, long offset, long length) throws IOException {
            this.content = content.id();
            this.key = key;
            this.left = length;
            this.offset = offset;
            for (Piece piece : content.pieces()) {
                if (pieces.isEmpty() && piece.size() <= this.offset) {
                    this.offset -= piece.size();
                } else {
                    pieces.add(piece);
                }
            }
            readers.enter(this.content);
            try {
                advance();
            } catch (IOException e) {
                close();
                throw e;
            }
        }

        private void advance() throws IOException {
            open.close();
            Piece piece = pieces.get(next++);
            long length = Math.min(left, piece.size() - offset);
            open = decrypted(blobs.open(piece.blob(), offset, length), key, piece.iv(), offset);
            offset = 0;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (left > 0) {
                int count = open.read(bytes, from, (int) Math.min(length, left));
                if (count >= 0) {
                    left -= count;
                    return count;
                }
                if (next == pieces.size()) {
                    throw new IOException("A part is shorter than recorded");
                }
                advance();
            }
            return -1;
        }

        @Override
        public void close() throws IOException {
            left = 0;
            if (!closed) {
                closed = true;
                readers.leave(content);
            }
            open.close();
        }
    }

    /** An ETag of a multipart object: the MD5 of its parts' MD5s, a hyphen and how many they are. */
    static String multipartEtag(List<String> etags) {
        Checksum.Running md5 = Checksum.MD5.start();
        for (String etag : etags) {
            byte[] part = java.util.HexFormat.of().parseHex(etag);
            md5.update(part, 0, part.length);
        }
        return Checksums.hex(Arrays.copyOf(md5.value(), Checksum.MD5.length())) + "-" + etags.size();
    }
}
