package dev.terrane.codebuild;

import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.compute.TarWriter;
import dev.terrane.kernel.service.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.codebuild.model.ProjectSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sts.model.Credentials;

/** Brings sources into the build's environment, as the service role. */
final class Sources {
    private static final Pattern REPOSITORY = Pattern.compile("/v1/repos/([A-Za-z0-9._-]+?)/?$");
    private static final Pattern REGIONAL_HOST = Pattern.compile("//git-codecommit(?:-fips)?\\.([^./]+)\\.");
    private static final long MOST_BYTES = 20L << 30;
    private static final int MOST_FILES = 500_000;
    /** No honest archive is compressed better over all; a bomb is. */
    private static final long MOST_RATIO = 250;

    private static final long FREE_BYTES = 256L << 20;
    private static final String GIT_SECRET = BuildShell.STATE + "/git";
    private static final String CLONE = """
            set -e
            umask 022
            mkdir -p "$1"
            cd "$1"
            git init -q .
            git remote add origin "$2"
            depth=
            if [ "$4" -gt 0 ]; then depth="--depth=$4"; fi
            git fetch -q $depth --tags origin '+refs/heads/*:refs/remotes/origin/*'
            version="$3"
            if [ -z "$version" ]; then
                version=$(git ls-remote --symref origin HEAD | sed -n 's#^ref: refs/heads/\\([^\\t ]*\\).*#\\1#p')
            fi
            if git rev-parse -q --verify "refs/remotes/origin/$version^{commit}" >/dev/null; then
                at="refs/remotes/origin/$version"
            elif git rev-parse -q --verify "refs/tags/$version^{commit}" >/dev/null; then
                at="refs/tags/$version"
            else
                git cat-file -e "$version^{commit}" 2>/dev/null || git fetch -q $depth origin "$version"
                at="$version"
            fi
            git checkout -q --detach "$at^{commit}"
            if [ "$5" = yes ]; then git submodule -q update --init --recursive; fi
            git rev-parse HEAD
            """;

    private final Platform platform;
    private final BuildShell shell;
    private final S3Client s3;
    private final ContainerCredentials.Holder credentials;
    private final String region;

    Sources(Platform platform, BuildShell shell, S3Client s3, ContainerCredentials.Holder credentials, String region) {
        this.platform = platform;
        this.shell = shell;
        this.s3 = s3;
        this.credentials = credentials;
        this.region = region;
    }

    /** Downloads a source into a folder.
     *
     * @return the version that it turned out to be: a commit, or an object's version; empty for none */
    String download(ProjectSource source, @Nullable String version, String folder)
            throws IOException, InterruptedException {
        String wanted = version == null ? "" : version;
        return switch (source.typeAsString()) {
            case "NO_SOURCE" -> "";
            case "S3" -> fromS3(source.location(), wanted, folder);
            case "CODECOMMIT" -> fromCodeCommit(source, wanted, folder);
            default -> fromGit(source, source.location(), wanted, folder);
        };
    }

    private String fromCodeCommit(ProjectSource source, String version, String folder)
            throws IOException, InterruptedException {
        Matcher path = REPOSITORY.matcher(source.location());
        if (!path.find()) {
            throw BuildFailure.client("Not the clone URL of a CodeCommit repository: " + source.location());
        }
        String repository = "/v1/repos/" + path.group(1);
        String base = platform.endpoint().workloadUrl();
        Matcher host = REGIONAL_HOST.matcher(source.location());
        Credentials signer = credentials.credentials();
        String password = GitSignature.password(
                signer.secretAccessKey(),
                host.find() ? host.group(1) : region,
                URI.create(base).getHost(),
                repository,
                platform.clock().instant());
        shell.write(
                GIT_SECRET,
                "username=" + signer.accessKeyId() + "%" + signer.sessionToken() + "\npassword=" + password + "\n",
                0600);
        try {
            return fromGit(source, base + repository, version, folder);
        } finally {
            shell.write(GIT_SECRET, "", 0600);
        }
    }

    private String fromGit(ProjectSource source, String url, String version, String folder)
            throws IOException, InterruptedException {
        if (!url.startsWith("https://") && !url.startsWith("http://")) {
            throw BuildFailure.client("Git sources are read by HTTP: " + url);
        }
        String wanted = version.replaceFirst("^refs/heads/.*\\^\\{([0-9a-f]{40})}$", "$1")
                .replaceFirst("^refs/(heads|tags)/", "");
        if (wanted.startsWith("-")) {
            throw BuildFailure.client("Not a source version: " + version);
        }
        int depth = source.gitCloneDepth() == null ? 0 : source.gitCloneDepth();
        boolean submodules = source.gitSubmodulesConfig() != null
                && Boolean.TRUE.equals(source.gitSubmodulesConfig().fetchSubmodules());
        Map<String, String> environment = new java.util.HashMap<>(shell.environment());
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("GIT_ALLOW_PROTOCOL", "https:http");
        environment.put("GIT_CONFIG_COUNT", "2");
        environment.put("GIT_CONFIG_KEY_0", "credential.helper");
        environment.put("GIT_CONFIG_VALUE_0", "!f() { [ -s " + GIT_SECRET + " ] && cat " + GIT_SECRET + "; }; f");
        environment.put("GIT_CONFIG_KEY_1", "http.sslVerify");
        environment.put("GIT_CONFIG_VALUE_1", String.valueOf(!Boolean.TRUE.equals(source.insecureSsl())));
        try {
            String answer = shell.ask(Command.of(
                            "/bin/sh",
                            "-c",
                            CLONE,
                            "sh",
                            folder,
                            url,
                            wanted,
                            String.valueOf(depth),
                            submodules ? "yes" : "no")
                    .withEnvironment(environment));
            return answer.strip().lines().reduce("", (first, last) -> last);
        } catch (BuildFailure e) {
            throw BuildFailure.client("Unable to get the source " + url + (wanted.isEmpty() ? "" : " at " + wanted)
                    + ". Reason: " + e.words());
        }
    }

    private String fromS3(String location, String version, String folder) throws IOException, InterruptedException {
        String[] at = BuildLog.bucketAndPath(location);
        if (at[1].isEmpty() || at[1].endsWith("/")) {
            return folderFromS3(at[0], at[1], folder);
        }
        Path zip = Files.createTempFile("terrane-source", ".zip");
        try {
            GetObjectResponse object = fetch(at[0], at[1], version, zip);
            unpack(zip, folder);
            return object.versionId() == null ? object.eTag() : object.versionId();
        } finally {
            Files.deleteIfExists(zip);
        }
    }

    private GetObjectResponse fetch(String bucket, String key, String version, Path file) {
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(bucket).key(key);
        if (!version.isEmpty()) {
            request.versionId(version);
        }
        try {
            ResponseTransformer<GetObjectResponse, GetObjectResponse> toFile = (response, in) -> {
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                return response;
            };
            return s3.getObject(request.build(), toFile);
        } catch (SdkException e) {
            throw BuildFailure.client("Unable to get the source " + bucket + "/" + key + " from S3: " + e.getMessage());
        }
    }

    private String folderFromS3(String bucket, String prefix, String folder) throws IOException, InterruptedException {
        try {
            List<S3Object> objects = s3
                    .listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix))
                    .contents()
                    .stream()
                    .filter(object -> !object.key().endsWith("/"))
                    .toList();
            copyIn(folder, tar -> {
                for (S3Object object : objects) {
                    Path file = Files.createTempFile("terrane-source", "");
                    try {
                        fetch(bucket, object.key(), "", file);
                        add(
                                tar,
                                safe(object.key().substring(prefix.length())),
                                Files.size(file),
                                Files.newInputStream(file));
                    } finally {
                        Files.deleteIfExists(file);
                    }
                }
            });
            return "";
        } catch (SdkException e) {
            throw BuildFailure.client("Unable to list the source " + bucket + "/" + prefix + ": " + e.getMessage());
        }
    }

    private void unpack(Path zip, String folder) throws IOException, InterruptedException {
        try (ZipFile archive = new ZipFile(zip.toFile())) {
            check(archive, Files.size(zip));
            copyIn(folder, tar -> {
                Enumeration<? extends ZipEntry> entries = archive.entries();
                while (entries.hasMoreElements()) {
                    ZipEntry entry = entries.nextElement();
                    if (!entry.isDirectory()) {
                        add(tar, safe(entry.getName()), entry.getSize(), archive.getInputStream(entry));
                    }
                }
            });
        } catch (ZipException e) {
            throw BuildFailure.client("The source is not a ZIP archive: " + e.getMessage());
        }
    }

    private static void check(ZipFile archive, long compressed) {
        long bytes = 0;
        Set<String> names = new HashSet<>();
        Enumeration<? extends ZipEntry> entries = archive.entries();
        while (entries.hasMoreElements()) {
            ZipEntry entry = entries.nextElement();
            bytes += Math.max(0, entry.getSize());
            names.add(safe(entry.getName()));
            if (names.size() > MOST_FILES
                    || bytes > MOST_BYTES
                    || bytes > FREE_BYTES + MOST_RATIO * compressed
                    || entry.getSize() < 0) {
                throw BuildFailure.client("The source archive is larger than a source may be.");
            }
        }
    }

    /** A name that stays within the folder that it is unpacked in. */
    private static String safe(String name) {
        List<String> parts = new ArrayList<>();
        for (String part : name.replace('\\', '/').split("/")) {
            if (part.equals("..") || part.indexOf('\0') >= 0) {
                throw BuildFailure.client("The source has a name that leads out of it: " + name);
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        if (name.startsWith("/") || name.toLowerCase(Locale.ROOT).matches("[a-z]:.*")) {
            throw BuildFailure.client("The source has an absolute name: " + name);
        }
        return String.join("/", parts);
    }

    /** Java does not tell a ZIP entry's mode, so scripts are known by their first line. */
    private static void add(TarWriter tar, String name, long size, InputStream content) throws IOException {
        try (InputStream in = new java.io.BufferedInputStream(content)) {
            in.mark(2);
            boolean script = in.read() == '#' && in.read() == '!';
            in.reset();
            tar.file(name, script ? 0755 : 0644, "root", "root", size, in);
        }
    }

    private interface Filling {
        void fill(TarWriter tar) throws IOException;
    }

    /** Streams a tar into the workload while it is made. */
    private void copyIn(String folder, Filling filling) throws IOException, InterruptedException {
        PipedInputStream in = new PipedInputStream(1 << 16);
        PipedOutputStream out = new PipedOutputStream(in);
        List<Exception> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
        Thread filler = platform.threads().start("build-source", () -> {
            try (OutputStream target = out;
                    TarWriter tar = new TarWriter(target, platform.clock().instant())) {
                filling.fill(tar);
            } catch (IOException | RuntimeException e) {
                failures.add(e);
            }
        });
        try (InputStream source = in) {
            shell.compute().copyIn(shell.workload(), folder, source);
        } finally {
            filler.join();
        }
        Optional<Exception> failed = failures.stream().findFirst();
        if (failed.isPresent()) {
            throw failed.get() instanceof BuildFailure failure
                    ? failure
                    : BuildFailure.client(
                            "The source could not be unpacked: " + failed.get().getMessage());
        }
    }
}
