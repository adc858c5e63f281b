package dev.terrane.codecommit;

import java.io.IOException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevTag;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * A reference to be changed, from what it must be now to what it shall be. The zero id stands for a reference that is not there.
 *
 * @param peeled what an annotated tag names in the end; the zero id for all else
 */
record RefChange(String name, ObjectId from, ObjectId to, ObjectId peeled) {
    /** Reads what is to be referred to.
     *
     * @throws org.eclipse.jgit.errors.MissingObjectException when it is not there
     */
    static RefChange of(Repository git, String name, ObjectId from, ObjectId to) throws IOException {
        ObjectId peeled = ObjectId.zeroId();
        if (!ObjectId.zeroId().equals(to)) {
            try (RevWalk walk = new RevWalk(git)) {
                RevObject object = walk.parseAny(to);
                if (object instanceof RevTag) {
                    peeled = walk.peel(object).copy();
                }
            }
        }
        return new RefChange(name, from.copy(), to.copy(), peeled);
    }

    boolean creates() {
        return ObjectId.zeroId().equals(from);
    }

    boolean deletes() {
        return ObjectId.zeroId().equals(to);
    }

    /** The branch's name where it is one, or empty. */
    String branch() {
        return name.startsWith(RefRecord.HEADS) ? name.substring(RefRecord.HEADS.length()) : "";
    }
}
