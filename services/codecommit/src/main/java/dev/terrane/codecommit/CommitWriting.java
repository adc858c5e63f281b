package dev.terrane.codecommit;

import dev.terrane.kernel.clock.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.codecommit.model.*;

/** Commits made by API: of many changes, or of one file. */
final class CommitWriting {
    private static final int CHANGES = 100;

    private final GitWork work;
    private final GitStorage storage;
    private final Upkeep upkeep;
    private final Clock clock;

    CommitWriting(GitWork work, GitStorage storage, Upkeep upkeep, Clock clock) {
        this.work = work;
        this.storage = storage;
        this.upkeep = upkeep;
        this.clock = clock;
    }

    PutFileResponse putFile(PutFileRequest request) {
        String path = Names.path(request.filePath());
        if (request.fileContent() == null) {
            throw FileContentRequiredException.builder()
                    .message("The content of the file is required")
                    .build();
        }
        byte[] content = bounded(request.fileContent());
        return work.in(request.repositoryName(), (git, walk) -> {
            CommitDraft draft = CommitDraft.on(storage, git, walk, request.branchName(), request.parentCommitId());
            PersonIdent author = CommitDraft.author(request.name(), request.email(), clock.instant());
            try (ObjectInserter inserter = git.newObjectInserter()) {
                TreeEdit tree = new TreeEdit(git, draft.parent(), inserter);
                Optional<TreeEdit.Entry> before = tree.file(path);
                ObjectId blob = tree.insert(content);
                TreeEdit.Entry after = new TreeEdit.Entry(mode(request.fileMode(), before), blob);
                if (before.equals(Optional.of(after))) {
                    throw SameFileContentException.builder()
                            .message("The file " + path + " has this content already")
                            .build();
                }
                tree.put(path, after);
                ObjectId treeId = tree.write();
                ObjectId commit = publish(git, draft, inserter, treeId, author, text(request.commitMessage(), ""));
                return PutFileResponse.builder()
                        .commitId(commit.name())
                        .blobId(blob.name())
                        .treeId(treeId.name())
                        .build();
            }
        });
    }

    DeleteFileResponse deleteFile(DeleteFileRequest request) {
        String path = Names.path(request.filePath());
        return work.in(request.repositoryName(), (git, walk) -> {
            CommitDraft draft = CommitDraft.on(storage, git, walk, request.branchName(), request.parentCommitId());
            PersonIdent author = CommitDraft.author(request.name(), request.email(), clock.instant());
            try (ObjectInserter inserter = git.newObjectInserter()) {
                TreeEdit tree = new TreeEdit(git, draft.parent(), inserter);
                TreeEdit.Entry deleted = tree.remove(path);
                if (Boolean.TRUE.equals(request.keepEmptyFolders())) {
                    var _ = tree.keepFolder(path);
                }
                ObjectId treeId = tree.write();
                String message = text(request.commitMessage(), "Deleted " + path);
                ObjectId commit = publish(git, draft, inserter, treeId, author, message);
                return DeleteFileResponse.builder()
                        .commitId(commit.name())
                        .blobId(deleted.id().name())
                        .treeId(treeId.name())
                        .filePath(path)
                        .build();
            }
        });
    }

    CreateCommitResponse create(CreateCommitRequest request) {
        checkChanges(request);
        return work.in(request.repositoryName(), (git, walk) -> {
            CommitDraft draft = CommitDraft.on(storage, git, walk, request.branchName(), request.parentCommitId());
            PersonIdent author = CommitDraft.author(request.authorName(), request.email(), clock.instant());
            try (ObjectInserter inserter = git.newObjectInserter()) {
                TreeEdit before = new TreeEdit(git, draft.parent(), inserter);
                TreeEdit tree = new TreeEdit(git, draft.parent(), inserter);
                List<FileMetadata> added = new ArrayList<>();
                List<FileMetadata> updated = new ArrayList<>();
                List<FileMetadata> deleted = new ArrayList<>();
                for (String path : deletions(request)) {
                    deleted.add(describe(path, tree.remove(path)));
                }
                for (PutFileEntry put : request.putFiles()) {
                    String path = Names.path(put.filePath());
                    Optional<TreeEdit.Entry> old = before.file(path);
                    TreeEdit.Entry file = source(put, before, tree, old);
                    tree.put(path, file);
                    (old.isPresent() ? updated : added).add(describe(path, file));
                }
                for (SetFileModeEntry change : request.setFileModes()) {
                    String path = Names.path(change.filePath());
                    TreeEdit.Entry old = tree.remove(path);
                    TreeEdit.Entry file = new TreeEdit.Entry(required(change.fileMode()), old.id());
                    tree.put(path, file);
                    updated.add(describe(path, file));
                }
                if (Boolean.TRUE.equals(request.keepEmptyFolders())) {
                    for (String path : deletions(request)) {
                        tree.keepFolder(path)
                                .ifPresent(keep ->
                                        added.add(describe(keep, tree.file(keep).orElseThrow())));
                    }
                }
                ObjectId treeId = tree.write();
                ObjectId commit = publish(git, draft, inserter, treeId, author, text(request.commitMessage(), ""));
                return CreateCommitResponse.builder()
                        .commitId(commit.name())
                        .treeId(treeId.name())
                        .filesAdded(added)
                        .filesUpdated(updated)
                        .filesDeleted(deleted)
                        .build();
            }
        });
    }

    private ObjectId publish(
            GitRepository git,
            CommitDraft draft,
            ObjectInserter inserter,
            ObjectId tree,
            PersonIdent author,
            String message)
            throws IOException {
        ObjectId commit = draft.publish(inserter, tree, author, message);
        storage.tables().afterCommit(() -> upkeep.considerSoon(git.scope(), git.repository()));
        return commit;
    }

    /** What is deleted: files named, and those that are moved away. */
    private static List<String> deletions(CreateCommitRequest request) {
        List<String> paths = new ArrayList<>();
        request.deleteFiles().forEach(entry -> paths.add(Names.path(entry.filePath())));
        for (PutFileEntry put : request.putFiles()) {
            if (put.sourceFile() != null && Boolean.TRUE.equals(put.sourceFile().isMove())) {
                paths.add(Names.path(put.sourceFile().filePath()));
            }
        }
        return paths;
    }

    private static void checkChanges(CreateCommitRequest request) {
        int count = request.putFiles().size()
                + request.deleteFiles().size()
                + request.setFileModes().size();
        if (count == 0) {
            throw FileEntryRequiredException.builder()
                    .message("At least one change to a file is required")
                    .build();
        }
        if (count > CHANGES) {
            throw MaximumFileEntriesExceededException.builder()
                    .message("A commit has at most " + CHANGES + " changes")
                    .build();
        }
        Set<String> paths = new HashSet<>();
        Map<String, Long> folders = new HashMap<>();
        for (PutFileEntry put : request.putFiles()) {
            String path = Names.path(put.filePath());
            once(paths, path);
            if (put.fileContent() != null) {
                String folder = path.substring(0, Math.max(0, path.lastIndexOf('/')));
                long size = folders.merge(folder, (long) bounded(put.fileContent()).length, Long::sum);
                if (size > Files.LIMIT) {
                    throw FolderContentSizeLimitExceededException.builder()
                            .message("The changes to the folder " + folder + " are larger than 6 MB")
                            .build();
                }
            }
        }
        deletions(request).forEach(path -> once(paths, path));
        request.setFileModes().forEach(change -> once(paths, Names.path(change.filePath())));
        for (PutFileEntry put : request.putFiles()) {
            String folder = Names.path(put.filePath()) + "/";
            if (request.putFiles().stream()
                    .anyMatch(other -> Names.path(other.filePath()).startsWith(folder))) {
                throw PutFileEntryConflictException.builder()
                        .message(put.filePath() + " is put both as a file and as a folder")
                        .build();
            }
        }
    }

    private static void once(Set<String> paths, String path) {
        if (!paths.add(path)) {
            throw SamePathRequestException.builder()
                    .message("The file " + path + " is changed more than once")
                    .build();
        }
    }

    private static TreeEdit.Entry source(PutFileEntry put, TreeEdit before, TreeEdit tree, Optional<TreeEdit.Entry> old)
            throws IOException {
        SourceFileSpecifier source = put.sourceFile();
        if (source == null && put.fileContent() == null) {
            throw SourceFileOrContentRequiredException.builder()
                    .message("The content of " + put.filePath() + " or a source file is required")
                    .build();
        }
        if (source == null) {
            return new TreeEdit.Entry(
                    mode(put.fileMode(), old), tree.insert(put.fileContent().asByteArray()));
        }
        if (put.fileContent() != null) {
            throw FileContentAndSourceFileSpecifiedException.builder()
                    .message("Both the content of " + put.filePath() + " and a source file are given")
                    .build();
        }
        String path = Names.path(source.filePath());
        if (path.equals(TreeEdit.KEEP) || path.endsWith("/" + TreeEdit.KEEP)) {
            throw RestrictedSourceFileException.builder()
                    .message(path + " is neither copied nor moved")
                    .build();
        }
        TreeEdit.Entry from =
                before.file(path).filter(file -> Files.isFile(file.mode())).orElseThrow(() -> Files.missing(path));
        return new TreeEdit.Entry(mode(put.fileMode(), Optional.of(from)), from.id());
    }

    private static byte[] bounded(SdkBytes content) {
        byte[] bytes = content.asByteArrayUnsafe();
        if (bytes.length > Files.LIMIT) {
            throw FileContentSizeLimitExceededException.builder()
                    .message("A file put by API has at most 6 MB: push larger ones with a Git client")
                    .build();
        }
        return bytes;
    }

    /** The mode asked for, or else the one that the file has, or else that of a normal file. */
    private static FileMode mode(@Nullable FileModeTypeEnum asked, Optional<TreeEdit.Entry> old) {
        return asked == null ? old.map(TreeEdit.Entry::mode).orElse(FileMode.REGULAR_FILE) : required(asked);
    }

    private static FileMode required(@Nullable FileModeTypeEnum asked) {
        return switch (asked) {
            case EXECUTABLE -> FileMode.EXECUTABLE_FILE;
            case NORMAL -> FileMode.REGULAR_FILE;
            case SYMLINK -> FileMode.SYMLINK;
            case UNKNOWN_TO_SDK_VERSION ->
                throw InvalidFileModeException.builder()
                        .message("A file mode is EXECUTABLE, NORMAL or SYMLINK")
                        .build();
            case null ->
                throw FileModeRequiredException.builder()
                        .message("A file mode is required")
                        .build();
        };
    }

    private static String text(@Nullable String given, String otherwise) {
        return given == null || given.isEmpty() ? otherwise : given;
    }

    private static FileMetadata describe(String path, TreeEdit.Entry file) {
        return FileMetadata.builder()
                .absolutePath(path)
                .blobId(file.id().name())
                .fileMode(Files.mode(file.mode()))
                .build();
    }
}
