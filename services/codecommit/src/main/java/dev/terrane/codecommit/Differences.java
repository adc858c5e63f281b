package dev.terrane.codecommit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codecommit.model.*;

/** What differs between two commits. */
final class Differences {
    private static final int PAGE = 400;

    private final GitWork work;
    private final Repositories repositories;

    Differences(GitWork work, Repositories repositories) {
        this.work = work;
        this.repositories = repositories;
    }

    /** What a path names in one of the commits. */
    private record Side(String path, FileMode mode, ObjectId id) {
        boolean isFolder() {
            return mode.equals(FileMode.TREE);
        }

        String below(String relative) {
            return path.isEmpty() ? relative : path + "/" + relative;
        }

        BlobMetadata describe() {
            return metadata(path, mode, id);
        }
    }

    GetDifferencesResponse get(GetDifferencesRequest request) {
        if (request.afterCommitSpecifier() == null) {
            throw CommitRequiredException.builder()
                    .message("A commit is required")
                    .build();
        }
        int most = Commits.most(request.maxResults(), PAGE);
        String beforePath = path(request.beforePath(), request.afterPath());
        String afterPath = path(request.afterPath(), request.beforePath());
        return work.in(request.repositoryName(), (git, walk) -> {
            RevCommit after = Specifiers.resolve(git, walk, request.afterCommitSpecifier());
            Optional<RevCommit> before = request.beforeCommitSpecifier() == null
                    ? Optional.empty()
                    : Optional.of(Specifiers.resolve(git, walk, request.beforeCommitSpecifier()));
            String listing = "differences/" + git.repository().repositoryId() + "/"
                    + before.map(RevCommit::name).orElse("") + "/" + after.name() + "/" + beforePath + "\n"
                    + afterPath;
            int skip = repositories
                    .cursor(listing, request.nextToken())
                    .map(Integer::parseInt)
                    .orElse(0);
            Optional<Side> old = before.isPresent() ? side(git, before.get(), beforePath) : Optional.empty();
            Optional<Side> now = side(git, after, afterPath);
            if (old.isEmpty() && now.isEmpty()) {
                throw PathDoesNotExistException.builder()
                        .message("Path " + afterPath + " does not exist")
                        .build();
            }
            List<Difference> found = new ArrayList<>();
            boolean more = collect(git, old, now, skip, most, found);
            return GetDifferencesResponse.builder()
                    .differences(found)
                    .nextToken(repositories.token(
                            listing, more ? Optional.of(String.valueOf(skip + most)) : Optional.empty()))
                    .build();
        });
    }

    private static String path(@Nullable String own, @Nullable String other) {
        String named = own != null ? own : other;
        return named == null ? "" : Names.folder(named);
    }

    private static Optional<Side> side(GitRepository git, RevCommit commit, String path) throws IOException {
        if (path.isEmpty()) {
            return Optional.of(new Side("", FileMode.TREE, commit.getTree()));
        }
        try (TreeWalk found = TreeWalk.forPath(git, path, commit.getTree())) {
            return found == null
                    ? Optional.empty()
                    : Optional.of(new Side(path, found.getFileMode(0), found.getObjectId(0)));
        }
    }

    /** Gathers one page.
     *
     * @return whether there are more */
    private static boolean collect(
            GitRepository git, Optional<Side> old, Optional<Side> now, int skip, int most, List<Difference> found)
            throws IOException {
        int seen = 0;
        Optional<BlobMetadata> oldFile = old.filter(side -> !side.isFolder()).map(Side::describe);
        Optional<BlobMetadata> newFile = now.filter(side -> !side.isFolder()).map(Side::describe);
        if ((oldFile.isPresent() || newFile.isPresent()) && !same(oldFile, newFile) && seen++ >= skip) {
            found.add(difference(oldFile, newFile));
        }
        Optional<Side> oldFolder = old.filter(Side::isFolder);
        Optional<Side> newFolder = now.filter(Side::isFolder);
        try (TreeWalk entries = new TreeWalk(git)) {
            entries.setRecursive(true);
            add(entries, oldFolder);
            add(entries, newFolder);
            entries.setFilter(TreeFilter.ANY_DIFF);
            while (entries.next()) {
                if (seen++ < skip) {
                    continue;
                }
                if (found.size() == most) {
                    return true;
                }
                found.add(difference(entry(entries, 0, oldFolder), entry(entries, 1, newFolder)));
            }
        }
        return false;
    }

    private static boolean same(Optional<BlobMetadata> old, Optional<BlobMetadata> now) {
        return old.isPresent()
                && now.isPresent()
                && old.get().blobId().equals(now.get().blobId())
                && old.get().mode().equals(now.get().mode());
    }

    private static void add(TreeWalk entries, Optional<Side> folder) throws IOException {
        if (folder.isPresent()) {
            entries.addTree(folder.get().id());
        } else {
            entries.addTree(new EmptyTreeIterator());
        }
    }

    private static Optional<BlobMetadata> entry(TreeWalk entries, int side, Optional<Side> folder) {
        return folder.filter(there -> !entries.getFileMode(side).equals(FileMode.MISSING))
                .map(there -> metadata(
                        there.below(entries.getPathString()), entries.getFileMode(side), entries.getObjectId(side)));
    }

    private static BlobMetadata metadata(String path, FileMode mode, ObjectId id) {
        return BlobMetadata.builder()
                .path(path)
                .mode(mode.toString())
                .blobId(id.name())
                .build();
    }

    private static Difference difference(Optional<BlobMetadata> old, Optional<BlobMetadata> now) {
        return Difference.builder()
                .beforeBlob(old.orElse(null))
                .afterBlob(now.orElse(null))
                .changeType(old.isEmpty() ? ChangeTypeEnum.A : now.isEmpty() ? ChangeTypeEnum.D : ChangeTypeEnum.M)
                .build();
    }
}
