package dev.terrane.codecommit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.AndTreeFilter;
import org.eclipse.jgit.treewalk.filter.PathFilter;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codecommit.model.*;

/** Commits as they are read. */
final class Commits {
    private static final int BATCH = 100;
    private static final int HISTORY_PAGE = 100;
    private static final Set<String> OWN_MEMBERS = Set.of("tree", "parent", "author", "committer");
    private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xx");

    private final GitWork work;
    private final Repositories repositories;

    Commits(GitWork work, Repositories repositories) {
        this.work = work;
        this.repositories = repositories;
    }

    GetCommitResponse get(GetCommitRequest request) {
        return work.in(request.repositoryName(), (git, walk) -> {
            ObjectId id = Specifiers.commitId(request.commitId());
            RevCommit commit = Specifiers.find(walk, id)
                    .orElseThrow(() -> CommitIdDoesNotExistException.builder()
                            .message("Commit " + request.commitId() + " does not exist")
                            .build());
            return GetCommitResponse.builder().commit(describe(commit)).build();
        });
    }

    BatchGetCommitsResponse batchGet(BatchGetCommitsRequest request) {
        if (request.commitIds().isEmpty()) {
            throw CommitIdsListRequiredException.builder()
                    .message("A list of commit IDs is required")
                    .build();
        }
        if (request.commitIds().size() > BATCH) {
            throw CommitIdsLimitExceededException.builder()
                    .message("At most " + BATCH + " commit IDs are allowed")
                    .build();
        }
        return work.in(request.repositoryName(), (git, walk) -> {
            List<Commit> found = new ArrayList<>();
            List<BatchGetCommitsError> errors = new ArrayList<>();
            for (String id : request.commitIds()) {
                boolean valid = Names.isObjectId(id);
                Optional<RevCommit> commit = valid ? Specifiers.find(walk, ObjectId.fromString(id)) : Optional.empty();
                if (commit.isPresent()) {
                    found.add(describe(commit.get()));
                } else {
                    errors.add(BatchGetCommitsError.builder()
                            .commitId(id)
                            .errorCode(valid ? "CommitDoesNotExistException" : "InvalidCommitIdException")
                            .errorMessage(
                                    valid ? "Commit " + id + " does not exist" : "Commit ID " + id + " is not valid")
                            .build());
                }
            }
            return BatchGetCommitsResponse.builder()
                    .commits(found)
                    .errors(errors)
                    .build();
        });
    }

    /** The versions of one file, newest first. */
    ListFileCommitHistoryResponse history(ListFileCommitHistoryRequest request) {
        String path = Names.path(request.filePath());
        int most = most(request.maxResults(), HISTORY_PAGE);
        return work.in(request.repositoryName(), (git, walk) -> {
            RevCommit from = Specifiers.resolve(git, walk, request.commitSpecifier());
            String listing = "history/" + git.repository().repositoryId() + "/" + from.name() + "/" + path;
            int skip = repositories
                    .cursor(listing, request.nextToken())
                    .map(Integer::parseInt)
                    .orElse(0);
            List<FileVersion> versions = versions(git, walk, from, path);
            if (versions.isEmpty()) {
                throw FileDoesNotExistException.builder()
                        .message("File " + path + " does not exist")
                        .build();
            }
            int end = Math.min(versions.size(), skip + most);
            return ListFileCommitHistoryResponse.builder()
                    .revisionDag(versions.subList(Math.min(skip, end), end))
                    .nextToken(repositories.token(
                            listing, end < versions.size() ? Optional.of(String.valueOf(end)) : Optional.empty()))
                    .build();
        });
    }

    private static List<FileVersion> versions(GitRepository git, RevWalk walk, RevCommit from, String path)
            throws IOException {
        walk.sort(RevSort.TOPO);
        walk.sort(RevSort.COMMIT_TIME_DESC, true);
        walk.setTreeFilter(AndTreeFilter.create(PathFilter.create(path), TreeFilter.ANY_DIFF));
        walk.markStart(from);
        List<FileVersion> versions = new ArrayList<>();
        Map<String, List<String>> children = new java.util.HashMap<>();
        for (RevCommit commit : walk) {
            for (RevCommit parent : commit.getParents()) {
                children.computeIfAbsent(parent.name(), id -> new ArrayList<>()).add(commit.name());
            }
            try (TreeWalk file = TreeWalk.forPath(git, path, commit.getTree())) {
                if (file != null && !file.isSubtree()) {
                    // Parents were rewritten to the next versions of the file; whole ones are read again.
                    try (RevWalk whole = new RevWalk(git)) {
                        versions.add(FileVersion.builder()
                                .commit(describe(whole.parseCommit(commit)))
                                .blobId(file.getObjectId(0).name())
                                .path(path)
                                .revisionChildren(children.getOrDefault(commit.name(), List.of()))
                                .build());
                    }
                }
            }
        }
        return versions;
    }

    /** How many results a page has. */
    static int most(@Nullable Integer asked, int limit) {
        if (asked != null && asked < 1) {
            throw InvalidMaxResultsException.builder()
                    .message("maxResults is a positive number")
                    .build();
        }
        return asked == null ? limit : Math.min(asked, limit);
    }

    private static Commit describe(RevCommit commit) {
        return Commit.builder()
                .commitId(commit.name())
                .treeId(commit.getTree().name())
                .parents(java.util.Arrays.stream(commit.getParents())
                        .map(RevCommit::name)
                        .toList())
                .message(commit.getFullMessage())
                .author(describe(commit.getAuthorIdent()))
                .committer(describe(commit.getCommitterIdent()))
                .additionalData(additional(commit))
                .build();
    }

    /** A person, with the time as Git writes it: {@code 1484167798 -0800}. */
    private static UserInfo describe(PersonIdent person) {
        ZoneId zone = person.getZoneId();
        return UserInfo.builder()
                .name(person.getName())
                .email(person.getEmailAddress())
                .date(person.getWhenAsInstant().getEpochSecond() + " "
                        + OFFSET.format(person.getWhenAsInstant().atZone(zone)))
                .build();
    }

    /** The commit's header lines that have no member of their own, such as its signature. */
    private static String additional(RevCommit commit) {
        String raw = new String(commit.getRawBuffer(), UTF_8);
        int end = raw.indexOf("\n\n");
        StringBuilder rest = new StringBuilder();
        boolean own = false;
        for (String line : (end < 0 ? raw : raw.substring(0, end)).split("\n")) {
            if (!line.startsWith(" ")) {
                own = OWN_MEMBERS.contains(line.split(" ", 2)[0]);
            }
            if (!own) {
                rest.append(line).append('\n');
            }
        }
        return rest.toString();
    }
}
