package dev.terrane.cloudtrail;

import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the store holds for the digests of trails' files. */
final class DigestTables {
    private static final Table<ChainRecord> CHAINS = Table.of("cloudtrail.digest", ChainRecord.class, ChainRecord::key);
    private static final Table<FileRecord> FILES = Table.of("cloudtrail.file", FileRecord.class, FileRecord::key);

    /**
     * The last digest of a trail's files of a region, which the next one names; before the first one only when that begins.
     *
     * @param end until when files are in digests
     */
    record ChainRecord(
            String trailId, String region, Instant end, String bucket, String object, String hash, String signature) {
        String key() {
            return trailId + "/" + region;
        }
    }

    /** A file that is in no digest yet. */
    record FileRecord(String trailId, String region, Instant delivered, LogFile file) {
        String key() {
            return trailId + "/" + region + "/" + file.key();
        }
    }

    private final Rows<ChainRecord> chains;
    private final Rows<FileRecord> files;

    DigestTables(Store store) {
        chains = store.rows(CHAINS);
        files = store.rows(FILES);
    }

    /** Files are put into digests from now on. */
    void begin(TrailRecord trail, Instant now) {
        begin(trail, trail.region(), now);
    }

    private void begin(TrailRecord trail, String region, Instant now) {
        chains.put(trail.home(), new ChainRecord(trail.id(), region, now, "", "", "", ""));
    }

    /** No more, and a later beginning is a new chain. */
    void end(TrailRecord trail) {
        chains(trail).forEach(chain -> chains.delete(trail.home(), chain.key()));
        files.list(trail.home(), Query.prefix(trail.id() + "/"))
                .values()
                .forEach(file -> files.delete(trail.home(), file.key()));
    }

    /** A file was delivered. */
    void add(TrailRecord trail, String region, Instant now, LogFile file) {
        if (chain(trail, region).isEmpty()) {
            begin(trail, region, file.oldest().isBefore(now) ? file.oldest() : now);
        }
        files.put(trail.home(), new FileRecord(trail.id(), region, now, file));
    }

    List<ChainRecord> chains(TrailRecord trail) {
        return chains.list(trail.home(), Query.prefix(trail.id() + "/")).values();
    }

    Optional<ChainRecord> chain(TrailRecord trail, String region) {
        return chains.get(trail.home(), trail.id() + "/" + region);
    }

    boolean anyFiles(TrailRecord trail) {
        return !files.list(trail.home(), Query.prefix(trail.id() + "/").limit(1))
                .values()
                .isEmpty();
    }

    /** The files of a region that are in no digest, delivered before a time. */
    List<FileRecord> files(TrailRecord trail, String region, Instant end) {
        return files.list(trail.home(), Query.prefix(trail.id() + "/" + region + "/")).values().stream()
                .filter(file -> file.delivered().isBefore(end))
                .toList();
    }

    /** A digest was delivered. */
    void advance(TrailRecord trail, ChainRecord chain, List<String> contained) {
        chains.put(trail.home(), chain);
        contained.forEach(key -> files.delete(trail.home(), key));
    }
}
