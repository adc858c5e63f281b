package dev.terrane.codedeploy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.codedeploy.model.FileExistsBehavior;

/**
 * An AppSpec file for EC2 and on-premises. See "AppSpec file structure for EC2/on-premises deployments".
 *
 * @param existing what to do with files that are there already, where the file says so
 * @param hooks the scripts of each lifecycle event
 */
record AppSpec(
        List<FileMapping> files,
        Optional<FileExistsBehavior> existing,
        List<Permission> permissions,
        Map<String, List<Script>> hooks) {
    AppSpec {
        files = List.copyOf(files);
        permissions = List.copyOf(permissions);
        hooks = Map.copyOf(hooks);
    }

    /**
     * What is to be copied where.
     *
     * @param source a file or folder, relative to the revision's root
     * @param destination the folder, absolute
     */
    record FileMapping(String source, String destination) {}

    /**
     * Who may do what with installed files.
     *
     * @param object a file or folder that is installed
     * @param pattern of names directly in the folder, or {@code **} for all that is anywhere below it
     * @param except patterns of names that are left out
     * @param onFiles whether it is for files
     * @param onFolders whether it is for folders
     */
    record Permission(
            String object,
            String pattern,
            List<String> except,
            Optional<String> owner,
            Optional<String> group,
            Optional<String> mode,
            boolean onFiles,
            boolean onFolders) {
        Permission {
            except = List.copyOf(except);
        }
    }

    /**
     * A script of a lifecycle event.
     *
     * @param location relative to the revision's root
     * @param runAs the user, or empty for root
     */
    record Script(String location, Duration timeout, Optional<String> runAs) {}

    /** The scripts of an event, in their order. */
    List<Script> scripts(String event) {
        return hooks.getOrDefault(event, List.of());
    }
}
