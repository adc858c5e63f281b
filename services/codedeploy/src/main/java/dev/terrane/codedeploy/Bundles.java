package dev.terrane.codedeploy;

import dev.terrane.kernel.blob.Blobs;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.compute.TarWriter;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.codedeploy.model.BundleType;
import software.amazon.awssdk.services.codedeploy.model.S3Location;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Turns a revision's bundle in S3 (zip, tar, compressed tar) into a tar stream that is safe to unpack. It is read to its end and
 * checked before anything of it reaches an instance.
 */
final class Bundles {
    private static final String OWNER = "root";
    private static final int LONGEST_LINK = 4096;

    private final Blobs blobs;
    private final Clock clock;

    Bundles(Blobs blobs, Clock clock) {
        this.blobs = blobs;
        this.clock = clock;
    }

    /** Takes a checked tar stream. */
    interface Unpacking {
        void unpack(InputStream tar) throws IOException, InterruptedException;
    }

    /**
     * Fetches a bundle.
     *
     * @param s3 as whom it is read
     * @throws BundleException when the bundle is broken or not safe
     */
    void fetch(S3Client s3, S3Location location, Unpacking unpacking) throws IOException, InterruptedException {
        Blobs.Blob checked;
        try (Blobs.Writing writing = blobs.create()) {
            try (TarWriter tar = new TarWriter(new Kept(writing.stream()), clock.instant())) {
                Source source = new Source(s3, location);
                if (location.bundleType() == BundleType.ZIP) {
                    zip(source, tar);
                } else {
                    tar(source, location.bundleType() == BundleType.TGZ, tar);
                }
            } catch (ZipException e) {
                throw new BundleException("The bundle is broken: " + e.getMessage());
            }
            checked = writing.commit();
        }
        try (InputStream tar = blobs.open(checked.key())) {
            unpacking.unpack(tar);
        } finally {
            blobs.delete(checked.key());
        }
    }

    private static void zip(Source source, TarWriter tar) throws IOException {
        Map<String, ZipDirectory.Entry> entries = source.directory();
        BundlePaths paths = new BundlePaths();
        BundleSize size = new BundleSize(source.size);
        for (ZipDirectory.Entry entry : entries.values()) {
            size.add(entry.size());
        }
        int met = 0;
        try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(source.open()))) {
            for (ZipEntry next = zip.getNextEntry(); next != null; next = zip.getNextEntry()) {
                ZipDirectory.Entry entry = entries.get(next.getName());
                if (entry == null) {
                    throw new BundleException("The bundle has an entry that its directory lacks: " + next.getName());
                }
                zipEntry(zip, next, entry, paths, tar);
                met++;
            }
        }
        if (met != entries.size()) {
            throw new BundleException("The bundle has " + entries.size() + " entries, of which " + met + " are there");
        }
    }

    private static void zipEntry(
            ZipInputStream zip, ZipEntry next, ZipDirectory.Entry entry, BundlePaths paths, TarWriter tar)
            throws IOException {
        String name = paths.entry(next.getName());
        if (entry.link()) {
            String target = new String(zip.readNBytes(LONGEST_LINK), StandardCharsets.UTF_8);
            paths.link(name, target);
            tar.link(name, target, OWNER, OWNER);
        } else if (next.isDirectory()) {
            folder(tar, name, entry.mode());
        } else {
            tar.file(name, entry.mode(), OWNER, OWNER, entry.size(), zip);
        }
        if (zip.read() >= 0) {
            throw new BundleException("The bundle has an entry that is longer than it says: " + name);
        }
    }

    private static void tar(Source source, boolean compressed, TarWriter tar) throws IOException {
        BundlePaths paths = new BundlePaths();
        try (ResponseInputStream<GetObjectResponse> object = source.open();
                InputStream in = new BufferedInputStream(compressed ? new GZIPInputStream(object) : object)) {
            BundleSize size = new BundleSize(object.response().contentLength());
            TarReader reader = new TarReader(in);
            for (Optional<TarReader.Entry> next = reader.next(); next.isPresent(); next = reader.next()) {
                TarReader.Entry entry = next.get();
                size.add(entry.size());
                String name = paths.entry(entry.name());
                switch (entry.kind()) {
                    case FOLDER -> folder(tar, name, entry.mode());
                    case LINK -> {
                        paths.link(name, entry.target());
                        tar.link(name, entry.target(), OWNER, OWNER);
                    }
                    case FILE -> tar.file(name, entry.mode(), OWNER, OWNER, entry.size(), reader.content());
                }
            }
        }
    }

    private static void folder(TarWriter tar, String name, int mode) throws IOException {
        if (!name.isEmpty()) {
            tar.folder(name, mode, OWNER, OWNER);
        }
    }

    /** Leaves the stream open whose end is the blob's commit. */
    private static final class Kept extends FilterOutputStream {
        Kept(OutputStream target) {
            super(target);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }

    /** One version of an object, read several times. */
    private static final class Source {
        private final S3Client s3;
        private final S3Location location;
        private GetObjectRequest request;
        private long size;

        Source(S3Client s3, S3Location location) {
            this.s3 = s3;
            this.location = location;
            request = GetObjectRequest.builder()
                    .bucket(location.bucket())
                    .key(location.key())
                    .versionId(location.version())
                    .build();
        }

        ResponseInputStream<GetObjectResponse> open() throws BundleException {
            return admit(s3.getObject(request));
        }

        /** Holds on to the object that was met first: another one may be put in its place at any time. */
        private ResponseInputStream<GetObjectResponse> admit(ResponseInputStream<GetObjectResponse> opened)
                throws BundleException {
            String actual = unquoted(opened.response().eTag());
            String expected = location.eTag();
            if (expected != null && !unquoted(expected).equals(actual)) {
                opened.abort();
                throw new BundleException("Expected deployment artifact bundle etag " + unquoted(expected)
                        + " but was actually " + actual);
            }
            request = request.toBuilder().ifMatch(opened.response().eTag()).build();
            return opened;
        }

        Map<String, ZipDirectory.Entry> directory() throws IOException {
            byte[] tail;
            try (ResponseInputStream<GetObjectResponse> end = admit(s3.getObject(
                    request.toBuilder().range("bytes=-" + ZipDirectory.TAIL).build()))) {
                tail = end.readNBytes(ZipDirectory.TAIL);
                size = total(end.response());
            }
            ZipDirectory.Place place = ZipDirectory.find(tail);
            long inTail = place.offset() - (size - tail.length);
            if (place.offset() + place.size() > size) {
                throw new BundleException("The bundle's directory is broken");
            }
            if (place.size() == 0) {
                return Map.of();
            }
            byte[] directory = inTail >= 0
                    ? new ByteArrayInputStream(tail, (int) inTail, place.size()).readAllBytes()
                    : range(place);
            return ZipDirectory.entries(directory);
        }

        private byte[] range(ZipDirectory.Place place) throws IOException {
            String range = "bytes=" + place.offset() + "-" + (place.offset() + place.size() - 1);
            try (InputStream bytes =
                    s3.getObject(request.toBuilder().range(range).build())) {
                return bytes.readNBytes(place.size());
            }
        }

        /** The whole object's length: "bytes 0-9/10" says it. */
        private static long total(GetObjectResponse response) {
            String range = response.contentRange();
            return range == null
                    ? response.contentLength()
                    : Long.parseLong(range.substring(range.lastIndexOf('/') + 1));
        }

        private static String unquoted(String eTag) {
            return eTag.replace("\"", "");
        }
    }
}
