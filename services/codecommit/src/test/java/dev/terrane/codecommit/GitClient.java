package dev.terrane.codecommit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The git command, in a folder. */
final class GitClient {
    private final Path folder;

    GitClient(Path folder) {
        this.folder = folder;
    }

    /** What a command did. */
    record Result(int status, String output) {}

    Path folder() {
        return folder;
    }

    /** Runs git and gives its output.
     *
     * @throws AssertionError when it fails */
    String git(String... arguments) {
        Result result = attempt(arguments);
        if (result.status() != 0) {
            throw new AssertionError("git " + String.join(" ", arguments) + "\n" + result.output());
        }
        return result.output().strip();
    }

    /** Runs git and tells how it ended. */
    Result attempt(String... arguments) {
        try {
            Files.createDirectories(folder);
            Path output = Files.createTempFile("git", ".out");
            Process process = start(output, arguments);
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("git " + String.join(" ", arguments) + " hangs");
            }
            String text = Files.readString(output, UTF_8);
            Files.delete(output);
            return new Result(process.exitValue(), text);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Process start(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "git",
                "-c",
                "protocol.version=2",
                "-c",
                "init.defaultBranch=main",
                "-c",
                "gc.auto=0",
                "-c",
                "maintenance.auto=false",
                "-c",
                "advice.detachedHead=false"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("GIT_TERMINAL_PROMPT", "0");
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        builder.environment().put("HOME", folder.toString());
        for (String who : List.of("AUTHOR", "COMMITTER")) {
            builder.environment().put("GIT_" + who + "_NAME", "Alice");
            builder.environment().put("GIT_" + who + "_EMAIL", "alice@example.com");
        }
        return builder.start();
    }

    /** Writes a file, adds and commits it.
     *
     * @return the commit's id */
    String commit(String path, String content) {
        try {
            Path file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        git("add", "-A");
        git("commit", "-q", "-m", "Change " + path);
        return git("rev-parse", "HEAD");
    }

    /** A new repository with a first commit and a remote. */
    static GitClient init(Path folder, String url) {
        GitClient client = new GitClient(folder);
        client.git("init", "-q");
        client.git("remote", "add", "origin", url);
        return client;
    }

    static GitClient clone(Path folder, String url, String... options) {
        GitClient client = new GitClient(folder);
        List<String> arguments = new ArrayList<>(List.of("clone", "-q"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of(url, "."));
        client.git(arguments.toArray(String[]::new));
        return client;
    }
}
