package dev.terrane.codecommit;

import java.io.IOException;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.revwalk.RevCommit;
import software.amazon.awssdk.services.codecommit.model.DirectoryNameConflictsWithFileNameException;
import software.amazon.awssdk.services.codecommit.model.FileNameConflictsWithDirectoryNameException;
import software.amazon.awssdk.services.codecommit.model.FilePathConflictsWithSubmodulePathException;

/** All files of a commit, being changed. */
final class TreeEdit {
    /** What stands in the place of a folder that is empty but to be kept. */
    static final String KEEP = ".gitkeep";

    /** A file.
     *
     * @param id its blob's */
    record Entry(FileMode mode, ObjectId id) {}

    private final TreeMap<String, Entry> files = new TreeMap<>();
    private final ObjectInserter inserter;

    /** Begins with the files of a commit, or with none. */
    TreeEdit(GitRepository git, Optional<RevCommit> parent, ObjectInserter inserter) throws IOException {
        this.inserter = inserter;
        if (parent.isPresent()) {
            DirCache all = DirCache.read(git.newObjectReader(), parent.get().getTree());
            for (int i = 0; i < all.getEntryCount(); i++) {
                DirCacheEntry entry = all.getEntry(i);
                files.put(entry.getPathString(), new Entry(entry.getFileMode(), entry.getObjectId()));
            }
        }
    }

    Optional<Entry> file(String path) {
        return Optional.ofNullable(files.get(path));
    }

    ObjectId insert(byte[] content) throws IOException {
        return inserter.insert(Constants.OBJ_BLOB, content);
    }

    /** Puts a file, new or in place of one. */
    void put(String path, Entry file) {
        Optional<Entry> there = file(path);
        if (there.isPresent() && there.get().mode().equals(FileMode.GITLINK)) {
            throw submodule(path);
        }
        if (there.isEmpty() && hasFiles(path)) {
            throw FileNameConflictsWithDirectoryNameException.builder()
                    .message("A folder has the name " + path)
                    .build();
        }
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            Optional<Entry> above = file(path.substring(0, slash));
            if (above.isPresent()) {
                if (above.get().mode().equals(FileMode.GITLINK)) {
                    throw submodule(path);
                }
                throw DirectoryNameConflictsWithFileNameException.builder()
                        .message("A file has the name of the folder " + path.substring(0, slash))
                        .build();
            }
        }
        files.put(path, file);
    }

    private static FilePathConflictsWithSubmodulePathException submodule(String path) {
        return FilePathConflictsWithSubmodulePathException.builder()
                .message("The path " + path + " is that of a submodule, or lies in one")
                .build();
    }

    /** Takes a file away.
     *
     * @return what it was */
    Entry remove(String path) {
        Entry there = files.get(path);
        if (there == null || !Files.isFile(there.mode())) {
            throw Files.missing(path);
        }
        files.remove(path);
        return there;
    }

    /** Whether anything is below a folder. */
    boolean hasFiles(String folder) {
        String first = files.ceilingKey(folder + "/");
        return first != null && first.startsWith(folder + "/");
    }

    /** Puts a file into the folder of a path where none is left in it.
     *
     * @return the path of the file that was put */
    Optional<String> keepFolder(String path) throws IOException {
        int slash = path.lastIndexOf('/');
        if (slash < 0 || hasFiles(path.substring(0, slash))) {
            return Optional.empty();
        }
        String keep = path.substring(0, slash + 1) + KEEP;
        files.put(keep, new Entry(FileMode.REGULAR_FILE, insert(new byte[0])));
        return Optional.of(keep);
    }

    /** Writes the folders that the files make. */
    ObjectId write() throws IOException {
        DirCache index = DirCache.newInCore();
        DirCacheBuilder builder = index.builder();
        files.forEach((path, file) -> {
            DirCacheEntry entry = new DirCacheEntry(path);
            entry.setFileMode(file.mode());
            entry.setObjectId(file.id());
            builder.add(entry);
        });
        builder.finish();
        return index.writeTree(inserter);
    }
}
