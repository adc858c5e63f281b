package dev.terrane.codecommit;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codecommit.model.*;

/** A commit being made by API on the tip of a branch: where it begins, and how it is published. */
final class CommitDraft {
    private static final int NAME_LENGTH = 256;
    private static final int EMAIL_LENGTH = 254;
    private static final int MESSAGE_BYTES = 6 << 20;

    private final GitStorage storage;
    private final GitRepository git;
    private final String ref;
    private final Optional<RevCommit> parent;

    private CommitDraft(GitStorage storage, GitRepository git, String ref, Optional<RevCommit> parent) {
        this.storage = storage;
        this.git = git;
        this.ref = ref;
        this.parent = parent;
    }

    /** Begins on a branch, whose tip the caller must name; only in an empty repository is the branch made. */
    static CommitDraft on(
            GitStorage storage, GitRepository git, RevWalk walk, @Nullable String branchName, @Nullable String parentId)
            throws IOException {
        String branch = Names.branch(branchName);
        String ref = RefRecord.HEADS + branch;
        CodeCommitTables tables = storage.tables();
        String repositoryId = git.repository().repositoryId();
        Optional<RefRecord> tip = tables.ref(git.scope(), repositoryId, ref);
        if (tip.isEmpty()) {
            if (tables.ref(git.scope(), repositoryId, RefRecord.TAGS + branch).isPresent()) {
                throw BranchNameIsTagNameException.builder()
                        .message(branch + " is the name of a tag")
                        .build();
            }
            if (!tables.refs(git.scope(), repositoryId, RefRecord.HEADS, Optional.empty(), 1)
                    .values()
                    .isEmpty()) {
                throw Branches.missing(branch);
            }
            if (parentId != null) {
                throw noParent(parentId);
            }
            return new CommitDraft(storage, git, ref, Optional.empty());
        }
        if (parentId == null || parentId.isEmpty()) {
            throw ParentCommitIdRequiredException.builder()
                    .message("A parent commit ID is required, for the branch " + branch + " has commits")
                    .build();
        }
        if (!Names.isObjectId(parentId)) {
            throw InvalidParentCommitIdException.builder()
                    .message("The parent commit ID " + parentId + " is not valid")
                    .build();
        }
        RevCommit parent = Specifiers.find(walk, ObjectId.fromString(parentId)).orElseThrow(() -> noParent(parentId));
        if (!tip.get().objectId().equals(parentId)) {
            throw outdated(branch);
        }
        return new CommitDraft(storage, git, ref, Optional.of(parent));
    }

    private static ParentCommitDoesNotExistException noParent(String id) {
        return ParentCommitDoesNotExistException.builder()
                .message("The parent commit " + id + " does not exist")
                .build();
    }

    private static ParentCommitIdOutdatedException outdated(String branch) {
        return ParentCommitIdOutdatedException.builder()
                .message("The parent commit ID is outdated: it is not the tip of the branch " + branch)
                .build();
    }

    Optional<RevCommit> parent() {
        return parent;
    }

    /** Who makes it. Where the request does not say, the caller's own name. */
    static PersonIdent author(@Nullable String name, @Nullable String email, Instant now) {
        if (name != null && name.length() > NAME_LENGTH) {
            throw NameLengthExceededException.builder()
                    .message("A name has at most " + NAME_LENGTH + " characters")
                    .build();
        }
        String address = email == null ? "" : email;
        if (address.length() > EMAIL_LENGTH || address.chars().anyMatch(c -> c < ' ' || c == '<' || c == '>')) {
            throw InvalidEmailException.builder()
                    .message("The email address is not valid")
                    .build();
        }
        String caller = name == null || name.isEmpty() ? callerName() : name;
        return new PersonIdent(caller, address, now, ZoneOffset.UTC);
    }

    private static String callerName() {
        return switch (Call.current().principal()) {
            case Principal.User user -> user.name();
            case Principal.AssumedRole role -> role.sessionName();
            case Principal.FederatedUser user -> user.name();
            case Principal.Federated user -> user.userName();
            case Principal.Root root -> "root";
            case Principal.Service service -> service.name();
            case Principal.Anonymous anonymous -> "anonymous";
        };
    }

    /** Writes the commit and moves the branch to it.
     *
     * @throws NoChangeException when nothing differs from the parent */
    ObjectId publish(ObjectInserter inserter, ObjectId tree, PersonIdent author, String message) throws IOException {
        if (parent.isPresent() && parent.get().getTree().equals(tree)) {
            throw NoChangeException.builder()
                    .message("The commit would change nothing")
                    .build();
        }
        if (message.length() > MESSAGE_BYTES) {
            throw CommitMessageLengthExceededException.builder()
                    .message("The commit message is too long")
                    .build();
        }
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        parent.ifPresent(commit::setParentId);
        commit.setAuthor(author);
        commit.setCommitter(author);
        commit.setMessage(message);
        ObjectId id = inserter.insert(commit);
        inserter.flush();
        ObjectId from = parent.<ObjectId>map(tip -> tip).orElse(ObjectId.zeroId());
        RefChange change = RefChange.of(git, ref, from, id);
        return switch (new Publication(storage, git)
                .publish(List.of(change), true)
                .getFirst()) {
            case DONE -> id;
            case STALE -> throw outdated(change.branch());
            case NAME_CONFLICT ->
                throw InvalidBranchNameException.builder()
                        .message("Branch " + change.branch() + " conflicts with another branch's name")
                        .build();
            case GONE, ABORTED -> throw Repositories.missing(git.repository().name());
        };
    }
}
