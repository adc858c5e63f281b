package dev.terrane.codedeploy;

import dev.terrane.codedeploy.AppSpec.FileMapping;
import dev.terrane.codedeploy.AppSpec.Permission;
import dev.terrane.codedeploy.AppSpec.Script;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.FileExistsBehavior;

/** Reads AppSpec files, and words what is wrong with one as AWS's agent does. */
final class AppSpecParser {
    private static final int LONGEST = 3600;
    private static final String AGAIN = " of the AppSpec file, and then try again.";
    private static final String FAILED = "The deployment failed because ";

    private AppSpecParser() {}

    /** Reads a file's text.
     *
     * @throws AppSpecException when it is no AppSpec file for Linux instances
     */
    static AppSpec parse(String text) {
        Map<?, ?> root = map(YamlText.read(new StringReader(text)), "the AppSpec file");
        version(text(root.get("version")));
        operatingSystem(text(root.get("os")));
        return new AppSpec(
                files(root.get("files")),
                existing(text(root.get("file_exists_behavior"))),
                permissions(root.get("permissions")),
                hooks(root.get("hooks")));
    }

    private static void version(String version) {
        boolean known;
        try {
            known = Double.parseDouble(version) == 0;
        } catch (NumberFormatException e) {
            known = false;
        }
        if (!known) {
            throw new AppSpecException(FAILED + "an invalid version value (" + version
                    + ") was entered in the application specification file. Make sure your AppSpec file specifies "
                    + "\"0.0\" as the version, and then try again.");
        }
    }

    private static void operatingSystem(String os) {
        if (!os.equals("linux")) {
            throw new AppSpecException(FAILED + "the application specification file specifies an unsupported operating "
                    + "system (" + os + "). Specify either \"linux\" or \"windows\" in the os section" + AGAIN
                    + (os.equals("windows") ? " Instances of this platform run Linux." : ""));
        }
    }

    private static Optional<FileExistsBehavior> existing(String value) {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!Set.of("DISALLOW", "OVERWRITE", "RETAIN").contains(value)) {
            throw new AppSpecException(FAILED + "an invalid file_exists_behavior value (" + value
                    + ") was entered in the application specification file. Make sure your AppSpec file specifies one of "
                    + "DISALLOW,OVERWRITE,RETAIN as the file_exists_behavior, and then try again.");
        }
        return Optional.of(FileExistsBehavior.fromValue(value));
    }

    private static List<FileMapping> files(@Nullable Object section) {
        List<FileMapping> files = new ArrayList<>();
        for (Object each : list(section, "files")) {
            Map<?, ?> entry = map(each, "the files section");
            String source = text(entry.get("source"));
            String destination = text(entry.get("destination"));
            if (source.isEmpty() && destination.isEmpty()) {
                throw new AppSpecException(
                        FAILED + "the application specification file specifies an entry of files with neither "
                                + "a source nor a destination. Update the files section" + AGAIN);
            }
            if (destination.isEmpty()) {
                throw new AppSpecException(FAILED + "the application specification file specifies only a source file ("
                        + source + "). Add the name of the destination file to the files section" + AGAIN);
            }
            if (source.isEmpty()) {
                throw new AppSpecException(FAILED
                        + "the application specification file specifies only a destination file (" + destination
                        + "). Add the name of the source file to the files section" + AGAIN);
            }
            if (!destination.startsWith("/")) {
                throw new AppSpecException(FAILED + "the destination " + destination
                        + " in the application specification file is not an absolute path. Update the files section"
                        + AGAIN);
            }
            files.add(new FileMapping(line(source), line(destination)));
        }
        return files;
    }

    private static List<Permission> permissions(@Nullable Object section) {
        List<Permission> permissions = new ArrayList<>();
        for (Object each : list(section, "permissions")) {
            Map<?, ?> entry = map(each, "the permissions section");
            String object = text(entry.get("object"));
            if (object.isEmpty()) {
                throw new AppSpecException(FAILED + "a permission listed in the application specification file has no "
                        + "object value. Update the permissions section" + AGAIN);
            }
            for (String refused : List.of("acls", "context")) {
                if (entry.containsKey(refused)) {
                    throw new AppSpecException(FAILED + "the permission of " + object + " has " + refused
                            + ", which instances of this platform do not support. Update the permissions section"
                            + AGAIN);
                }
            }
            permissions.add(permission(entry, object));
        }
        return permissions;
    }

    private static Permission permission(Map<?, ?> entry, String object) {
        List<String> types = texts(entry.get("type"));
        if (!Set.of("file", "directory").containsAll(types)) {
            throw new AppSpecException(FAILED + "the permission of " + object + " has a type that is neither file nor "
                    + "directory. Update the permissions section" + AGAIN);
        }
        String mode = text(entry.get("mode"));
        if (!mode.isEmpty() && !mode.matches("[0-7]{1,4}|0[0-7]{4}")) {
            throw new AppSpecException(FAILED + "the mode (" + mode + ") of " + object
                    + " in the application specification file is not an octal one. Update the permissions section"
                    + AGAIN);
        }
        String pattern = text(entry.get("pattern"));
        return new Permission(
                object.length() > 1 && object.endsWith("/") ? object.substring(0, object.length() - 1) : object,
                pattern.isEmpty() ? "**" : pattern,
                texts(entry.get("except")),
                name(text(entry.get("owner"))),
                name(text(entry.get("group"))),
                present(mode),
                types.isEmpty() || types.contains("file"),
                types.isEmpty() || types.contains("directory"));
    }

    private static Map<String, List<Script>> hooks(@Nullable Object section) {
        Map<String, List<Script>> hooks = new LinkedHashMap<>();
        if (isAbsent(section)) {
            return hooks;
        }
        map(section, "the hooks section").forEach((event, scripts) -> {
            List<Script> of = new ArrayList<>();
            list(scripts, "hooks").forEach(each -> of.add(script(map(each, "the hooks section"))));
            hooks.put(String.valueOf(event), of);
        });
        return hooks;
    }

    private static Script script(Map<?, ?> entry) {
        String location = text(entry.get("location"));
        if (location.isEmpty()) {
            throw new AppSpecException(
                    FAILED + "the application specification file specifies a script with no location "
                            + "value. Specify the location in the hooks section" + AGAIN);
        }
        String timeout = text(entry.get("timeout"));
        int seconds;
        try {
            seconds = timeout.isEmpty() ? LONGEST : Integer.parseInt(timeout);
        } catch (NumberFormatException e) {
            seconds = 0;
        }
        if (seconds <= 0) {
            throw new AppSpecException(FAILED + "an invalid timeout value (" + timeout
                    + ") was provided for a script in the application specification file. Make corrections in the hooks "
                    + "section" + AGAIN);
        }
        if (seconds > LONGEST) {
            throw new AppSpecException(FAILED + "the timeout of the script " + location + " is above " + LONGEST
                    + " seconds. Make corrections in the hooks section" + AGAIN);
        }
        return new Script(line(location), Duration.ofSeconds(seconds), name(text(entry.get("runas"))));
    }

    private static Optional<String> name(String value) {
        if (!value.isEmpty() && !value.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*\\$?")) {
            throw new AppSpecException(
                    FAILED + "(" + value + ") in the application specification file is not the name of "
                            + "a user or group. Make corrections in the AppSpec file, and then try again.");
        }
        return present(value);
    }

    private static String line(String value) {
        if (value.chars().anyMatch(c -> c < ' ')) {
            throw new AppSpecException(FAILED
                    + "a path in the application specification file has a control character. Make corrections in "
                    + "the AppSpec file, and then try again.");
        }
        return value;
    }

    private static Optional<String> present(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    private static boolean isAbsent(@Nullable Object value) {
        return value == null || "".equals(value);
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text.strip() : "";
    }

    /** A list of texts, or one text alone. */
    private static List<String> texts(@Nullable Object value) {
        if (value instanceof List<?> many) {
            return many.stream()
                    .map(AppSpecParser::text)
                    .filter(t -> !t.isEmpty())
                    .toList();
        }
        return text(value).isEmpty() ? List.of() : List.of(text(value));
    }

    private static List<?> list(@Nullable Object value, String section) {
        if (isAbsent(value)) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw new AppSpecException(FAILED + "the " + section
                + " section of the application specification file is not a list. Update the " + section + " section"
                + AGAIN);
    }

    private static Map<?, ?> map(@Nullable Object value, String where) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new AppSpecException(FAILED + "an entry of " + where
                + " is not a mapping of names to values. Make corrections in the AppSpec file, and then try again.");
    }
}
