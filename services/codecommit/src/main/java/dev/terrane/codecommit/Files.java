package dev.terrane.codecommit;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.codecommit.model.*;

/** Files, folders and blobs as they are read. */
final class Files {
    /** The greatest file that the API gives or takes. See "Quotas in AWS CodeCommit". */
    static final int LIMIT = 6 << 20;

    /** The greatest file that goes into an archive of a commit. */
    private static final int ARCHIVED_LIMIT = 128 << 20;

    private final GitWork work;

    Files(GitWork work) {
        this.work = work;
    }

    GetFileResponse get(GetFileRequest request) {
        String path = Names.path(request.filePath());
        return work.in(request.repositoryName(), (git, walk) -> {
            RevCommit commit = Specifiers.resolve(git, walk, request.commitSpecifier());
            try (TreeWalk file = TreeWalk.forPath(git, path, commit.getTree())) {
                if (file == null || !isFile(file.getFileMode(0))) {
                    throw missing(path);
                }
                byte[] content = content(git.open(file.getObjectId(0)));
                return GetFileResponse.builder()
                        .commitId(commit.name())
                        .blobId(file.getObjectId(0).name())
                        .filePath(path)
                        .fileMode(mode(file.getFileMode(0)))
                        .fileSize((long) content.length)
                        .fileContent(SdkBytes.fromByteArray(content))
                        .build();
            }
        });
    }

    static FileDoesNotExistException missing(String path) {
        return FileDoesNotExistException.builder()
                .message("File " + path + " does not exist")
                .build();
    }

    static boolean isFile(FileMode mode) {
        return mode.getObjectType() == Constants.OBJ_BLOB;
    }

    /** Git's mode in CodeCommit's words. */
    static FileModeTypeEnum mode(FileMode mode) {
        if (mode.equals(FileMode.EXECUTABLE_FILE)) {
            return FileModeTypeEnum.EXECUTABLE;
        }
        return mode.equals(FileMode.SYMLINK) ? FileModeTypeEnum.SYMLINK : FileModeTypeEnum.NORMAL;
    }

    private static byte[] content(ObjectLoader blob) throws IOException {
        int limit = forThePlatform() ? ARCHIVED_LIMIT : LIMIT;
        if (blob.getSize() > limit) {
            throw FileTooLargeException.builder()
                    .message("The file is larger than 6 MB: read it with a Git client")
                    .build();
        }
        return blob.getBytes(limit);
    }

    /** Whether the platform itself reads, as it does to archive a commit for a pipeline. */
    private static boolean forThePlatform() {
        return Call.current().principal() instanceof Principal.Service caller
                && caller.name().equals("terrane.internal");
    }

    GetBlobResponse blob(GetBlobRequest request) {
        String id = request.blobId();
        return work.in(request.repositoryName(), (git, walk) -> {
            if (id == null || id.isEmpty()) {
                throw BlobIdRequiredException.builder()
                        .message("A blob ID is required")
                        .build();
            }
            if (!Names.isObjectId(id)) {
                throw InvalidBlobIdException.builder()
                        .message("The blob ID " + id + " is not valid")
                        .build();
            }
            return GetBlobResponse.builder()
                    .content(SdkBytes.fromByteArray(content(open(git, id))))
                    .build();
        });
    }

    private static ObjectLoader open(GitRepository git, String id) throws IOException {
        try {
            ObjectLoader object = git.open(ObjectId.fromString(id));
            if (object.getType() == Constants.OBJ_BLOB) {
                return object;
            }
        } catch (MissingObjectException e) {
            // answered below
        }
        throw BlobIdDoesNotExistException.builder()
                .message("Blob " + id + " does not exist")
                .build();
    }

    GetFolderResponse folder(GetFolderRequest request) {
        if (request.folderPath() == null) {
            throw PathRequiredException.builder().message("A path is required").build();
        }
        String path = Names.folder(request.folderPath());
        return work.in(request.repositoryName(), (git, walk) -> {
            RevCommit commit = Specifiers.resolve(git, walk, request.commitSpecifier());
            ObjectId tree = tree(git, commit, path);
            GetFolderResponse.Builder folder = GetFolderResponse.builder()
                    .commitId(commit.name())
                    .folderPath(path)
                    .treeId(tree.name());
            list(git, tree, path, folder);
            return folder.build();
        });
    }

    private static ObjectId tree(GitRepository git, RevCommit commit, String path) throws IOException {
        if (path.isEmpty()) {
            return commit.getTree();
        }
        try (TreeWalk found = TreeWalk.forPath(git, path, commit.getTree())) {
            if (found == null || !found.isSubtree()) {
                throw FolderDoesNotExistException.builder()
                        .message("Folder " + path + " does not exist")
                        .build();
            }
            return found.getObjectId(0);
        }
    }

    private static void list(GitRepository git, ObjectId tree, String path, GetFolderResponse.Builder folder)
            throws IOException {
        List<Folder> folders = new ArrayList<>();
        List<File> files = new ArrayList<>();
        List<SymbolicLink> links = new ArrayList<>();
        List<SubModule> modules = new ArrayList<>();
        try (TreeWalk entries = new TreeWalk(git)) {
            entries.addTree(tree);
            while (entries.next()) {
                String name = entries.getNameString();
                String absolute = path.isEmpty() ? name : path + "/" + name;
                String id = entries.getObjectId(0).name();
                FileMode mode = entries.getFileMode(0);
                if (mode.equals(FileMode.TREE)) {
                    folders.add(Folder.builder()
                            .treeId(id)
                            .absolutePath(absolute)
                            .relativePath(name)
                            .build());
                } else if (mode.equals(FileMode.GITLINK)) {
                    modules.add(SubModule.builder()
                            .commitId(id)
                            .absolutePath(absolute)
                            .relativePath(name)
                            .build());
                } else if (mode.equals(FileMode.SYMLINK)) {
                    links.add(SymbolicLink.builder()
                            .blobId(id)
                            .absolutePath(absolute)
                            .relativePath(name)
                            .fileMode(FileModeTypeEnum.SYMLINK)
                            .build());
                } else {
                    files.add(File.builder()
                            .blobId(id)
                            .absolutePath(absolute)
                            .relativePath(name)
                            .fileMode(mode(mode))
                            .build());
                }
            }
        }
        folder.subFolders(folders).files(files).symbolicLinks(links).subModules(modules);
    }
}
