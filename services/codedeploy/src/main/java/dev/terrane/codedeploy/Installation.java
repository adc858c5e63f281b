package dev.terrane.codedeploy;

import dev.terrane.codedeploy.AppSpec.FileMapping;
import dev.terrane.codedeploy.AppSpec.Permission;
import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.Exit;
import dev.terrane.kernel.compute.OutputSink;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.codedeploy.model.FileExistsBehavior;

/**
 * The Install event: removes what the last installation made, copies files and sets permissions. See "AppSpec 'files' section"
 * and "AppSpec 'permissions' section".
 */
final class Installation {
    private static final String SCRIPT = script();

    private final Compute compute;
    private final String instanceId;
    private final Folders folders;

    Installation(Compute compute, String instanceId, Folders folders) {
        this.compute = compute;
        this.instanceId = instanceId;
        this.folders = folders;
    }

    /** Something that was installed. */
    private record Installed(String path, boolean folder) {}

    private static String script() {
        try (InputStream in = Installation.class.getResourceAsStream("install.sh")) {
            if (in == null) {
                throw new IllegalStateException("install.sh is missing in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Installs.
     *
     * @param behavior of the deployment, which the AppSpec's own goes before
     * @throws LifecycleFailure when that can't be done
     */
    void install(AppSpec spec, FileExistsBehavior behavior) throws InterruptedException {
        for (Permission permission : spec.permissions()) {
            check(permission, spec);
        }
        List<Installed> installed = copy(spec, spec.existing().orElse(behavior));
        for (Permission permission : spec.permissions()) {
            apply(permission, installed);
        }
    }

    /** A permission of one file can't choose among files. */
    private static void check(Permission permission, AppSpec spec) {
        boolean file =
                spec.files().stream().anyMatch(mapping -> permission.object().equals(target(mapping)));
        if (file && !(permission.pattern().equals("**") && permission.except().isEmpty())) {
            throw LifecycleFailure.of(
                    "The deployment failed because the application specification file includes an object ("
                            + permission.object()
                            + ") with a pattern or except, which apply to folders only. Update the permissions section of the "
                            + "AppSpec file, and then try again.");
        }
    }

    private static String target(FileMapping mapping) {
        String source = mapping.source();
        String folder = mapping.destination().endsWith("/") ? mapping.destination() : mapping.destination() + "/";
        return folder + source.substring(source.lastIndexOf('/') + 1);
    }

    private List<Installed> copy(AppSpec spec, FileExistsBehavior behavior) throws InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                "/bin/sh", "-c", SCRIPT, "install", folders.archive(), behavior.toString(), folders.manifest()));
        spec.files().forEach(mapping -> {
            words.add(mapping.source());
            words.add(mapping.destination());
        });
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        run(words, new byte[0], out);
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.length() > 2)
                .map(line -> new Installed(line.substring(2), line.charAt(0) == 'D'))
                .toList();
    }

    private void apply(Permission permission, List<Installed> installed) throws InterruptedException {
        ByteArrayOutputStream paths = new ByteArrayOutputStream();
        installed.stream()
                .filter(each -> matches(permission, each))
                .forEach(each -> paths.writeBytes((each.path() + '\0').getBytes(StandardCharsets.UTF_8)));
        if (paths.size() == 0) {
            return;
        }
        // The owner comes first: changing it clears set-user-id bits, which the mode may set.
        if (permission.owner().isPresent() || permission.group().isPresent()) {
            String who = permission.owner().orElse("")
                    + permission.group().map(group -> ":" + group).orElse("");
            run(List.of("xargs", "-0", "chown", "-h", who, "--"), paths.toByteArray(), new ByteArrayOutputStream());
        }
        if (permission.mode().isPresent()) {
            run(
                    List.of("xargs", "-0", "chmod", permission.mode().get(), "--"),
                    paths.toByteArray(),
                    new ByteArrayOutputStream());
        }
    }

    private static boolean matches(Permission permission, Installed installed) {
        if (!(installed.folder() ? permission.onFolders() : permission.onFiles())) {
            return false;
        }
        if (installed.path().equals(permission.object())) {
            return !installed.folder();
        }
        String folder = permission.object().equals("/") ? "/" : permission.object() + "/";
        if (!installed.path().startsWith(folder)) {
            return false;
        }
        String name = installed.path().substring(folder.length());
        return (permission.pattern().equals("**") || matches(permission.pattern(), name))
                && permission.except().stream().noneMatch(except -> matches(except, name));
    }

    /** A simple pattern is for names directly in the folder. */
    private static boolean matches(String pattern, String name) {
        if (name.contains("/")) {
            return false;
        }
        String expression =
                Stream.of(pattern.split("\\*+", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.matches(expression, name);
    }

    private void run(List<String> words, byte[] input, ByteArrayOutputStream out) throws InterruptedException {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Command command = Command.of(words.toArray(String[]::new)).in("/").reading(new ByteArrayInputStream(input));
        Exit exit = compute.exec(instanceId, command, OutputSink.to(out, errors));
        if (!exit.succeeded()) {
            throw LifecycleFailure.of(errors.toString(StandardCharsets.UTF_8).strip());
        }
    }
}
