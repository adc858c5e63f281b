package dev.terrane.app.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real git, in one work tree, with a user name and password for its remote. */
final class Git {
    private final Path tree;
    private final String userName;
    private final String password;

    Git(Path tree, String userName, String password) {
        this.tree = tree;
        this.userName = userName;
        this.password = password;
    }

    /** Runs a git command.
     *
     * @throws IOException with what git printed, when it fails */
    String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "git",
                "-c",
                "credential.helper=",
                "-c",
                "credential.helper=!f() { echo \"username=$DEMO_GIT_USER\"; echo \"password=$DEMO_GIT_PASSWORD\"; }; f",
                "-c",
                "user.name=Demo",
                "-c",
                "user.email=demo@example.com",
                "-c",
                "init.defaultBranch=main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(tree.toFile()).redirectErrorStream(true);
        builder.environment().put("DEMO_GIT_USER", userName);
        builder.environment().put("DEMO_GIT_PASSWORD", password);
        builder.environment().put("GIT_TERMINAL_PROMPT", "0");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("git " + String.join(" ", arguments) + " failed:\n" + output);
        }
        return output;
    }

    /** Commits all changes and pushes them.
     *
     * @return the commit's id */
    String push(String message) throws IOException, InterruptedException {
        run("add", "-A");
        run("commit", "-q", "-m", message);
        run("push", "-q", "origin", "main");
        return run("rev-parse", "HEAD").strip();
    }
}
