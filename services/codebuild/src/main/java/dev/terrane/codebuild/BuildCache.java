package dev.terrane.codebuild;

import dev.terrane.kernel.blob.Blobs;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.service.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.CacheType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * What a build leaves for the next one of its project: files under the cache paths of its specification, in a blob of the server (LOCAL) or
 * an object in S3. A cache that is missing or cannot be used is no error.
 */
final class BuildCache {
    private static final String ARCHIVE = "/codebuild/cache.tar.gz";
    private static final String PACK = """
            cd "$1" && shift
            list=/codebuild/cache.list
            : >$list
            IFS=
            for p in "$@"; do
                for e in $p; do
                    if [ -e "$e" ]; then readlink -f "$e" | sed 's#^/##' >>$list; fi
                done
            done
            cd / && tar -czf %s -T $list
            """.formatted(ARCHIVE);

    /** Each build has a source folder of its own name: what was kept under that of another one belongs under this one's. */
    private static final String MOVE = """
            for old in /codebuild/output/src*/src; do
                if [ -d "$old" ] && [ "$old" != "$1" ]; then cp -a "$old/." "$1/" && rm -rf "${old%/src}"; fi
            done
            """;

    private final Platform platform;
    private final CodeBuildTables tables;
    private final BuildShell shell;
    private final BuildLog log;
    private final S3Client s3;
    private final Scope scope;
    private final Build build;

    BuildCache(
            Platform platform,
            CodeBuildTables tables,
            BuildShell shell,
            BuildLog log,
            S3Client s3,
            Scope scope,
            Build build) {
        this.platform = platform;
        this.tables = tables;
        this.shell = shell;
        this.log = log;
        this.s3 = s3;
        this.scope = scope;
        this.build = build;
    }

    private boolean none() {
        return build.cache().type() == CacheType.NO_CACHE;
    }

    private boolean inS3() {
        return build.cache().type() == CacheType.S3;
    }

    private String[] place() {
        String[] at = BuildLog.bucketAndPath(build.cache().location());
        String name = build.cache().cacheNamespace() == null
                ? build.projectName()
                : build.cache().cacheNamespace();
        return new String[] {at[0], (at[1].isEmpty() ? "" : at[1].replaceAll("/+$", "") + "/") + name + ".tar.gz"};
    }

    /** Unpacks what an earlier build left. */
    void restore(List<String> paths) throws InterruptedException {
        if (none() || paths.isEmpty()) {
            return;
        }
        try (Blobs.Writing copy = platform.blobs().create()) {
            Optional<String> blob = inS3()
                    ? fromS3(copy)
                    : tables.cache(scope, build.projectName()).map(CacheRecord::blob);
            if (blob.isEmpty()) {
                log.say("No cache to restore");
                return;
            }
            try (InputStream in = new GZIPInputStream(platform.blobs().open(blob.get()))) {
                shell.compute().copyIn(shell.workload(), "/", in);
            }
            shell.ask(Command.of("/bin/sh", "-c", MOVE, "sh", sourceFolder()));
            if (inS3()) {
                platform.blobs().delete(blob.get());
            }
            log.say("Cache restored");
        } catch (IOException | RuntimeException e) {
            log.say("Unable to restore the cache: " + e.getMessage());
        }
    }

    private Optional<String> fromS3(Blobs.Writing copy) throws IOException {
        String[] at = place();
        try {
            ResponseTransformer<GetObjectResponse, Boolean> into = (response, in) -> {
                in.transferTo(copy.stream());
                return true;
            };
            s3.getObject(GetObjectRequest.builder().bucket(at[0]).key(at[1]).build(), into);
            return Optional.of(copy.commit().key());
        } catch (SdkException e) {
            log.say("Unable to download cache: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Keeps the files under paths. */
    void keep(List<String> paths) throws InterruptedException {
        if (none() || paths.isEmpty()) {
            return;
        }
        try {
            Blobs.Blob blob = pack(paths);
            if (inS3()) {
                toS3(blob);
                return;
            }
            String before = tables.store().<String>transact(() -> {
                String old = tables.cache(scope, build.projectName())
                        .map(CacheRecord::blob)
                        .orElse("");
                tables.put(scope, new CacheRecord(build.projectName(), blob.key()));
                return old;
            });
            if (!before.isEmpty()) {
                platform.blobs().delete(before);
            }
            log.say("Cache kept: " + blob.size() + " bytes");
        } catch (IOException | RuntimeException e) {
            log.say("Unable to keep the cache: " + e.getMessage());
        }
    }

    private String sourceFolder() {
        return shell.environment().getOrDefault("CODEBUILD_SRC_DIR", "/");
    }

    private Blobs.Blob pack(List<String> paths) throws IOException, InterruptedException {
        // A path such as dir/**/* is kept as its folder; wildcards within are expanded by the shell.
        List<String> arguments = new ArrayList<>(List.of("/bin/sh", "-c", PACK, "sh", sourceFolder()));
        for (String path : paths) {
            String folder = path.replaceFirst("/\\*\\*/\\*$|/\\*\\*$|/\\*$", "");
            arguments.add(folder.startsWith("~/") ? "/root" + folder.substring(1) : folder);
        }
        shell.ask(Command.of(arguments.toArray(String[]::new)).withEnvironment(shell.environment()));
        try (Blobs.Writing outer = platform.blobs().create()) {
            shell.compute().copyOut(shell.workload(), ARCHIVE, outer.stream());
            Blobs.Blob tar = outer.commit();
            try (InputStream in = platform.blobs().open(tar.key())) {
                TarReader reader = new TarReader(in);
                if (reader.next().isEmpty()) {
                    throw new IOException("the archive was not made");
                }
                return platform.blobs().put(reader.content());
            } finally {
                platform.blobs().delete(tar.key());
            }
        }
    }

    private void toS3(Blobs.Blob blob) throws IOException {
        String[] at = place();
        try (InputStream in = platform.blobs().open(blob.key())) {
            s3.putObject(r -> r.bucket(at[0]).key(at[1]), RequestBody.fromInputStream(in, blob.size()));
            log.say("Cache uploaded to " + at[0] + "/" + at[1]);
        } finally {
            platform.blobs().delete(blob.key());
        }
    }
}
