package dev.terrane.codecommit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.internal.storage.dfs.DfsRefDatabase;
import org.eclipse.jgit.lib.BatchRefUpdate;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.ReflogReader;
import org.eclipse.jgit.lib.SymbolicRef;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceiveCommand.Result;
import org.eclipse.jgit.util.RefList;
import org.jspecify.annotations.Nullable;

/**
 * The references of a repository, and HEAD, which names the default branch. However many a push changes, they change in one
 * transaction.
 */
final class GitRefs extends DfsRefDatabase {
    private final GitRepository git;
    private final GitStorage storage;

    GitRefs(GitRepository git, GitStorage storage) {
        super(git);
        this.git = git;
        this.storage = storage;
    }

    @Override
    public boolean performsAtomicTransactions() {
        return true;
    }

    @Override
    protected RefCache scanAllRefs() throws IOException {
        RefList.Builder<Ref> ids = new RefList.Builder<>();
        for (RefRecord ref : storage.tables().refs(git.scope(), git.repository().repositoryId(), "refs/")) {
            ids.add(asRef(ref));
        }
        ids.sort();
        Ref head = head(ids.toRefList());
        RefList.Builder<Ref> symbolic = new RefList.Builder<>();
        symbolic.add(head);
        ids.add(head);
        ids.sort();
        git.getObjectDatabase().rescan();
        return new RefCache(ids.toRefList(), symbolic.toRefList());
    }

    private Ref head(RefList<Ref> refs) {
        String branch = git.repository().defaultBranch();
        String name = RefRecord.HEADS + (branch.isEmpty() ? "main" : branch);
        Ref target = refs.get(name);
        return new SymbolicRef(
                Constants.HEAD, target != null ? target : new ObjectIdRef.Unpeeled(Ref.Storage.NEW, name, null));
    }

    private static Ref asRef(RefRecord ref) {
        ObjectId id = ObjectId.fromString(ref.objectId());
        return ref.peeled().isEmpty()
                ? new ObjectIdRef.PeeledNonTag(Ref.Storage.PACKED, ref.name(), id)
                : new ObjectIdRef.PeeledTag(Ref.Storage.PACKED, ref.name(), id, ObjectId.fromString(ref.peeled()));
    }

    @Override
    public @Nullable ReflogReader getReflogReader(Ref ref) {
        return null; // as JGit words it: this repository keeps no reflogs
    }

    @Override
    public BatchRefUpdate newBatchUpdate() {
        return new Batch();
    }

    @Override
    protected boolean compareAndPut(@Nullable Ref before, Ref after) throws IOException {
        return after.getObjectId() != null && change(after.getName(), id(before), after.getObjectId());
    }

    @Override
    protected boolean compareAndRemove(Ref before) throws IOException {
        return change(before.getName(), id(before), ObjectId.zeroId());
    }

    private boolean change(String name, ObjectId from, ObjectId to) throws IOException {
        List<RefChange> change = List.of(RefChange.of(git, name, from, to));
        return new Publication(storage, git).publish(change, true).getFirst() == Publication.Outcome.DONE;
    }

    private static ObjectId id(@Nullable Ref ref) {
        return ref == null || ref.getObjectId() == null ? ObjectId.zeroId() : ref.getObjectId();
    }

    /** All commands of one push. */
    private final class Batch extends BatchRefUpdate {
        Batch() {
            super(GitRefs.this);
        }

        @Override
        public void execute(RevWalk walk, ProgressMonitor monitor, @Nullable List<String> options) throws IOException {
            execute(walk, monitor);
        }

        @Override
        public void execute(RevWalk walk, ProgressMonitor monitor) throws IOException {
            List<ReceiveCommand> pending = ReceiveCommand.filter(getCommands(), Result.NOT_ATTEMPTED);
            if (isAtomic() && pending.size() < getCommands().size()) {
                ReceiveCommand.abort(getCommands());
                return;
            }
            List<ReceiveCommand> allowed = new ArrayList<>();
            List<RefChange> changes = new ArrayList<>();
            for (ReceiveCommand command : pending) {
                command.updateType(walk);
                if (command.getType() == ReceiveCommand.Type.UPDATE_NONFASTFORWARD && !isAllowNonFastForwards()) {
                    command.setResult(Result.REJECTED_NONFASTFORWARD);
                } else {
                    allowed.add(command);
                    changes.add(RefChange.of(git, command.getRefName(), command.getOldId(), command.getNewId()));
                }
            }
            if (isAtomic() && allowed.size() < pending.size()) {
                ReceiveCommand.abort(getCommands());
                return;
            }
            List<Publication.Outcome> outcomes = new Publication(storage, git).publish(changes, isAtomic());
            for (int i = 0; i < allowed.size(); i++) {
                report(allowed.get(i), outcomes.get(i));
            }
            refresh();
        }

        private static void report(ReceiveCommand command, Publication.Outcome outcome) {
            switch (outcome) {
                case DONE -> command.setResult(Result.OK);
                case STALE ->
                    command.setResult(Result.LOCK_FAILURE, "the reference was changed by someone else meanwhile");
                case NAME_CONFLICT ->
                    command.setResult(
                            Result.REJECTED_OTHER_REASON, "another reference's name begins or ends this one's");
                case GONE -> command.setResult(Result.REJECTED_OTHER_REASON, "the repository was deleted");
                case ABORTED -> command.setResult(Result.REJECTED_OTHER_REASON, "transaction aborted");
            }
        }
    }
}
