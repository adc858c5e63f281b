package dev.terrane.compute.sandbox;

import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.Exit;
import dev.terrane.kernel.compute.OutputSink;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Files of a workload, always reached by commands that run inside it: whatever its links point to, they end inside, and its own
 * file system decides what names and owners mean.
 */
final class FilesInside {
    private static final int NOT_FOUND = 44;
    private static final int TOO_LONG = 45;

    private final Compute compute;
    private final String id;

    FilesInside(Compute compute, String id) {
        this.compute = compute;
        this.id = id;
    }

    void unpack(String folder, InputStream tar) throws IOException, InterruptedException {
        needAbsolute(folder);
        Source source = new Source(tar);
        run(
                "mkdir -p -- \"$1\" && exec tar -x -p -C \"$1\"",
                folder,
                Command.of("true").reading(source),
                OutputSink.DISCARD,
                "unpacking into " + folder);
        if (source.failure != null) {
            throw source.failure;
        }
    }

    void pack(String path, OutputStream tar) throws IOException, InterruptedException {
        needAbsolute(path);
        run(
                "[ -e \"$1\" ] || [ -L \"$1\" ] || exit " + NOT_FOUND
                        + "; exec tar -c -C \"$(dirname -- \"$1\")\" -- \"$(basename -- \"$1\")\"",
                path,
                Command.of("true"),
                (stream, bytes, length) -> {
                    if (stream == OutputSink.Stream.OUT) {
                        try {
                            tar.write(bytes, 0, length);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                },
                "packing " + path);
    }

    void write(String path, byte[] content, String owner, int mode) throws IOException, InterruptedException {
        needAbsolute(path);
        if (!owner.matches("[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)?") || (mode & ~07777) != 0) {
            throw new IllegalArgumentException("Not an owner or mode: " + owner + " " + Integer.toOctalString(mode));
        }
        run(
                "set -e; d=$(dirname -- \"$1\"); mkdir -p -- \"$d\"; t=$(mktemp -- \"$d/.next.XXXXXX\"); cat > \"$t\"; chown -- "
                        + owner + " \"$t\"; chmod " + Integer.toOctalString(mode) + " \"$t\"; mv -fT -- \"$t\" \"$1\"",
                path,
                Command.of("true").reading(new ByteArrayInputStream(content)),
                OutputSink.DISCARD,
                "writing " + path);
    }

    byte[] read(String path, int limit) throws IOException, InterruptedException {
        needAbsolute(path);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        run(
                "[ -f \"$1\" ] || exit " + NOT_FOUND + "; [ \"$(stat -L -c %s -- \"$1\")\" -le " + limit + " ] || exit "
                        + TOO_LONG + "; exec cat -- \"$1\"",
                path,
                Command.of("true"),
                (stream, bytes, length) -> {
                    if (stream == OutputSink.Stream.OUT) {
                        if (content.size() + length > limit) {
                            throw new UncheckedIOException(new IOException(path + " is longer than " + limit));
                        }
                        content.write(bytes, 0, length);
                    }
                },
                "reading " + path);
        return content.toByteArray();
    }

    private void run(String script, String path, Command base, OutputSink sink, String what)
            throws IOException, InterruptedException {
        StringBuilder errors = new StringBuilder();
        Command command = new Command(
                List.of("/bin/sh", "-c", script, "sh", path),
                base.environment(),
                "root",
                Optional.of("/"),
                base.timeout(),
                base.input(),
                false);
        Exit exit;
        try {
            exit = compute.exec(id, command, (stream, bytes, length) -> {
                if (stream == OutputSink.Stream.ERROR && errors.length() < 2000) {
                    errors.append(new String(bytes, 0, length, StandardCharsets.UTF_8));
                }
                sink.accept(stream, bytes, length);
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        switch (exit.code()) {
            case 0 -> {}
            case NOT_FOUND -> throw new NoSuchFileException(path);
            case TOO_LONG -> throw new IOException(path + " is too long to be read at once");
            default -> throw new ComputeException("In workload " + id + ", " + what + " failed: " + errors);
        }
    }

    private static void needAbsolute(String path) {
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("Not an absolute path: " + path);
        }
    }

    /** Remembers when the source of a stream failed, since the reader on the other side sees only an early end. */
    private static final class Source extends FilterInputStream {
        private volatile @Nullable IOException failure;

        Source(InputStream source) {
            super(source);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return super.read(bytes, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }
}
