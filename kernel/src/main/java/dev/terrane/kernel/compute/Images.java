package dev.terrane.kernel.compute;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Root file systems by name. */
public interface Images {
    /** The server machine's own root file system, without its users' homes and secrets, with its tool chains. */
    String HOST = "host";

    /** All names, {@link #HOST} first. */
    List<String> list();

    boolean exists(String name);

    /**
     * Makes an image of a root file system, such as {@code mmdebstrap} or {@code docker export} write: a tar stream, plain or
     * compressed by gzip.
     *
     * @param name letters, digits, {@code . _ -}
     * @throws IllegalArgumentException when the name is malformed or taken, or the stream is no root file system
     */
    void load(String name, InputStream tar) throws IOException, InterruptedException;

    /** Deletes an image that no workload uses; unknown names are ignored. */
    void remove(String name) throws IOException;
}
