package dev.terrane.codecommit;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceWork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codecommit.model.CodeCommitException;
import software.amazon.awssdk.services.codecommit.model.FileModeTypeEnum;
import software.amazon.awssdk.services.codecommit.model.PutFileEntry;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * The code that a template gives a new repository: a ZIP archive in S3, committed to its first branch. What is too much for one commit by API (100 files, 6 MB)
 * becomes several commits, one after the other.
 */
final class InitialCode {
    private static final String BRANCH = "main";
    private static final int FILES_A_COMMIT = 100;
    private static final long BYTES_A_COMMIT = 6L << 20;
    /** Beyond this, an archive is not for a template: it is pushed. */
    private static final long MOST_BYTES = 128L << 20;

    private static final int MOST_FILES = 10_000;

    private InitialCode() {}

    static void commit(ResourceWork work, String repository, Properties code) {
        Properties s3 = code.object("S3");
        GetObjectRequest from = GetObjectRequest.builder()
                .bucket(s3.required("Bucket"))
                .key(s3.required("Key"))
                .versionId(s3.text("ObjectVersion").orElse(null))
                .build();
        String branch = code.text("BranchName").orElse(BRANCH);
        try {
            Path zip = Files.createTempFile("terrane-code", ".zip");
            try {
                Files.delete(zip);
                work.client(S3Client.class).getObject(from, ResponseTransformer.toFile(zip));
                commit(work.client(CodeCommitClient.class), repository, branch, zip);
            } finally {
                Files.deleteIfExists(zip);
            }
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("The archive was deleted while it was read", e);
        } catch (IOException e) {
            throw invalid("The object " + from.key() + " in the bucket " + from.bucket() + " is no ZIP archive: "
                    + e.getMessage());
        }
    }

    private static void commit(CodeCommitClient codecommit, String repository, String branch, Path zip)
            throws IOException {
        try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("enablePosixFileAttributes", "true"))) {
            Commits commits = new Commits(codecommit, repository, branch);
            for (Path file : files(archive.getPath("/"))) {
                commits.add(file);
            }
            commits.flush();
        }
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            List<Path> files = all.filter(Files::isRegularFile)
                    .sorted()
                    .limit(MOST_FILES + 1L)
                    .toList();
            long bytes = 0;
            for (Path file : files) {
                bytes += Files.size(file);
            }
            if (files.isEmpty() || files.size() > MOST_FILES || bytes > MOST_BYTES) {
                throw invalid("The code of a new repository is an archive of 1 to " + MOST_FILES + " files of "
                        + (MOST_BYTES >> 20) + " MB together at the most: push more with a Git client.");
            }
            return files;
        }
    }

    private static RuntimeException invalid(String message) {
        return CodeCommitException.builder().message(message).statusCode(400).build();
    }

    /** Commits in the making: files are added until one is full. */
    private static final class Commits {
        private final CodeCommitClient codecommit;
        private final String repository;
        private final String branch;
        private final List<PutFileEntry> files = new ArrayList<>();
        private long bytes;
        private String parent = "";

        Commits(CodeCommitClient codecommit, String repository, String branch) {
            this.codecommit = codecommit;
            this.repository = repository;
            this.branch = branch;
        }

        void add(Path file) throws IOException {
            long size = Files.size(file);
            if (files.size() == FILES_A_COMMIT || (bytes + size > BYTES_A_COMMIT && !files.isEmpty())) {
                flush();
            }
            boolean executable = Files.readAttributes(file, PosixFileAttributes.class)
                    .permissions()
                    .contains(PosixFilePermission.OWNER_EXECUTE);
            bytes += size;
            files.add(PutFileEntry.builder()
                    .filePath(file.toString().substring(1))
                    .fileMode(executable ? FileModeTypeEnum.EXECUTABLE : FileModeTypeEnum.NORMAL)
                    .fileContent(SdkBytes.fromByteArrayUnsafe(Files.readAllBytes(file)))
                    .build());
        }

        void flush() {
            if (!files.isEmpty()) {
                parent = codecommit
                        .createCommit(r -> r.repositoryName(repository)
                                .branchName(branch)
                                .parentCommitId(parent.isEmpty() ? null : parent)
                                .authorName("AWS CloudFormation")
                                .commitMessage("Initial commit")
                                .putFiles(List.copyOf(files)))
                        .commitId();
                files.clear();
                bytes = 0;
            }
        }
    }
}
