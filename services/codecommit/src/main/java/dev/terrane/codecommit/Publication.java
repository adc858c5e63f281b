package dev.terrane.codecommit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The commit that makes a push, or a commit by API, visible: new packs, references, the default branch of a repository that had none, and
 * the events, all in one transaction.
 */
final class Publication {
    /** What became of one change. */
    enum Outcome {
        DONE,
        /** The reference is not what it was said to be. */
        STALE,
        /** One of {@code a} and {@code a/b} is there and the other was to be made. */
        NAME_CONFLICT,
        /** The repository is no more. */
        GONE,
        /** Another change of the same, indivisible push could not be made. */
        ABORTED
    }

    private final GitStorage storage;
    private final CodeCommitTables tables;
    private final GitRepository git;
    private final String repositoryId;

    Publication(GitStorage storage, GitRepository git) {
        this.storage = storage;
        this.tables = storage.tables();
        this.git = git;
        this.repositoryId = git.repository().repositoryId();
    }

    /** Makes all changes that can be made, or none where one cannot and they are to be atomic.
     *
     * @return what became of each, in order
     */
    List<Outcome> publish(List<RefChange> changes, boolean atomic) {
        List<Outcome> outcomes = tables.transact(() -> attempt(changes, atomic));
        if (outcomes.contains(Outcome.DONE)) {
            git.getObjectDatabase().published();
        }
        return outcomes;
    }

    /** Exchanges packs for others with the same objects.
     *
     * @return whether the repository is still there
     */
    boolean repack() {
        boolean there = tables.transact(() -> {
            boolean found = current().isPresent();
            if (found) {
                git.getObjectDatabase().publish();
            }
            return found;
        });
        if (there) {
            git.getObjectDatabase().published();
        }
        return there;
    }

    private Optional<RepositoryRecord> current() {
        return tables.repository(git.scope(), git.repository().name())
                .filter(now -> now.repositoryId().equals(repositoryId))
                .or(() -> tables.repositoryById(git.scope(), repositoryId)
                        .flatMap(renamed -> tables.repository(git.scope(), renamed.name())));
    }

    private List<Outcome> attempt(List<RefChange> changes, boolean atomic) {
        Optional<RepositoryRecord> repository = current();
        if (repository.isEmpty()) {
            return changes.stream().map(change -> Outcome.GONE).toList();
        }
        List<Outcome> outcomes =
                new ArrayList<>(changes.stream().map(this::judge).toList());
        if (atomic && outcomes.stream().anyMatch(outcome -> outcome != Outcome.DONE)) {
            outcomes.replaceAll(outcome -> outcome == Outcome.DONE ? Outcome.ABORTED : outcome);
            return outcomes;
        }
        List<RefChange> made = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            if (outcomes.get(i) == Outcome.DONE) {
                // Judged again, for a change before it may be in its way.
                outcomes.set(i, judge(changes.get(i)));
                if (outcomes.get(i) == Outcome.DONE) {
                    write(changes.get(i));
                    made.add(changes.get(i));
                }
            }
        }
        if (!made.isEmpty()) {
            git.getObjectDatabase().publish();
            settle(repository.get(), made);
            git.alongside().run();
            made.forEach(change -> storage.events().referenceChanged(git.scope(), repository.get(), change));
        }
        return outcomes;
    }

    private Outcome judge(RefChange change) {
        Optional<RefRecord> now = tables.ref(git.scope(), repositoryId, change.name());
        ObjectId id = now.map(ref -> ObjectId.fromString(ref.objectId())).orElse(ObjectId.zeroId());
        if (!id.equals(change.from())) {
            return Outcome.STALE;
        }
        return now.isEmpty() && !change.deletes() && conflicts(change.name()) ? Outcome.NAME_CONFLICT : Outcome.DONE;
    }

    private boolean conflicts(String name) {
        if (!tables.refs(git.scope(), repositoryId, name + "/", Optional.empty(), 1)
                .values()
                .isEmpty()) {
            return true;
        }
        for (int slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
            if (tables.ref(git.scope(), repositoryId, name.substring(0, slash)).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private void write(RefChange change) {
        if (change.deletes()) {
            tables.deleteRef(git.scope(), repositoryId, change.name());
        } else {
            String peeled = ObjectId.zeroId().equals(change.peeled())
                    ? ""
                    : change.peeled().name();
            tables.put(
                    git.scope(),
                    new RefRecord(repositoryId, change.name(), change.to().name(), peeled));
        }
    }

    /** Notes the change, and gives a repository its default branch: the first one pushed, of several main or master first. */
    private void settle(RepositoryRecord repository, List<RefChange> made) {
        List<String> branches = made.stream()
                .filter(change -> !change.deletes() && !change.branch().isEmpty())
                .map(RefChange::branch)
                .toList();
        RepositoryRecord settled = repository.modifiedAt(storage.clock().instant());
        if (repository.defaultBranch().isEmpty() && !branches.isEmpty()) {
            String first =
                    branches.contains("main") ? "main" : branches.contains("master") ? "master" : branches.getFirst();
            settled = settled.withDefaultBranch(first, settled.modified());
        }
        tables.update(git.scope(), settled);
    }
}
