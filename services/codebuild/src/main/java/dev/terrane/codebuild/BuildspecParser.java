package dev.terrane.codebuild;

import dev.terrane.codebuild.Buildspec.ArtifactSet;
import dev.terrane.codebuild.Buildspec.Env;
import dev.terrane.codebuild.Buildspec.OnFailure;
import dev.terrane.codebuild.Buildspec.Phase;
import dev.terrane.codebuild.Buildspec.ReportFiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** Reads a build specification. All scalars are text, so that a version 1.10 stays what it is. */
final class BuildspecParser {
    private static final int LARGEST = 1 << 20;
    private static final int DEEPEST = 30;
    private static final Set<String> PHASES = Set.of("install", "pre_build", "build", "post_build");

    private BuildspecParser() {}

    /** Reads a specification.
     *
     * @throws BuildFailure as the build's context is to tell it */
    static Buildspec parse(String text) {
        Map<String, Object> root = map(load(text), "buildspec");
        String version = text(root.get("version"));
        if (!version.equals("0.2")) {
            throw BuildFailure.yaml(
                    version.isEmpty()
                            ? "buildspec version is missing"
                            : "buildspec version " + version + " is not supported; supported is 0.2");
        }
        if (!(root.get("phases") instanceof Map)) {
            throw BuildFailure.yaml("buildspec requires phases");
        }
        Map<String, Phase> phases = new LinkedHashMap<>();
        map(root.get("phases"), "phases").forEach((name, value) -> {
            if (!PHASES.contains(name)) {
                throw BuildFailure.yaml("Unknown phase: " + name);
            }
            phases.put(name, phase(name, map(value, "phase " + name)));
        });
        Map<String, ArtifactSet> secondary = new LinkedHashMap<>();
        Map<String, Object> artifacts = map(root.get("artifacts"), "artifacts");
        map(artifacts.get("secondary-artifacts"), "secondary-artifacts")
                .forEach((id, value) -> secondary.put(id, artifact(map(value, "secondary-artifacts " + id))));
        Map<String, ReportFiles> reports = new LinkedHashMap<>();
        map(root.get("reports"), "reports")
                .forEach((name, value) -> reports.put(name, report(map(value, "reports " + name))));
        return new Buildspec(
                optional(root.get("run-as")),
                env(map(root.get("env"), "env")),
                phases,
                reports,
                artifacts.get("files") == null ? Optional.empty() : Optional.of(artifact(artifacts)),
                secondary,
                texts(map(root.get("cache"), "cache").get("paths"), "cache paths"));
    }

    private static @Nullable Object load(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LARGEST);
        options.setNestingDepthLimit(DEEPEST);
        options.setMaxAliasesForCollections(DEEPEST);
        options.setAllowDuplicateKeys(false);
        options.setAllowRecursiveKeys(false);
        DumperOptions unused = new DumperOptions();
        try {
            return new Yaml(new SafeConstructor(options), new Representer(unused), unused, options, new TextResolver())
                    .load(text);
        } catch (YAMLException e) {
            throw BuildFailure.yaml(String.valueOf(e.getMessage())
                    .lines()
                    .limit(3)
                    .reduce((a, b) -> a + " " + b)
                    .orElse("not YAML"));
        }
    }

    /** Gives no scalar a type of its own but null and merge keys. */
    private static final class TextResolver extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.MERGE, MERGE, "<");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }

        @Override
        public Tag resolve(NodeId kind, String value, boolean implicit) {
            return super.resolve(kind, value, implicit);
        }
    }

    private static Env env(Map<String, Object> env) {
        String shell = text(env.get("shell"));
        if (!Set.of("", "sh", "/bin/sh", "bash", "/bin/bash").contains(shell)) {
            throw BuildFailure.yaml("Unsupported shell: " + shell);
        }
        return new Env(
                shell.contains("bash") ? "/bin/bash" : "/bin/sh",
                variables(env.get("variables"), "variables"),
                variables(env.get("parameter-store"), "parameter-store"),
                variables(env.get("secrets-manager"), "secrets-manager"),
                texts(env.get("exported-variables"), "exported-variables"),
                yes(env.get("git-credential-helper")));
    }

    private static Map<String, String> variables(@Nullable Object value, String where) {
        Map<String, String> found = new LinkedHashMap<>();
        map(value, where).forEach((name, content) -> {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw BuildFailure.yaml("Invalid environment variable name: " + name);
            }
            found.put(name, text(content));
        });
        return found;
    }

    private static Phase phase(String name, Map<String, Object> phase) {
        List<String> commands = texts(phase.get("commands"), "commands of phase " + name);
        List<String> last = texts(phase.get("finally"), "finally of phase " + name);
        Map<String, String> runtimes = new LinkedHashMap<>();
        map(phase.get("runtime-versions"), "runtime-versions")
                .forEach((runtime, version) -> runtimes.put(runtime, text(version)));
        String onFailure = text(phase.get("on-failure"));
        return new Phase(
                optional(phase.get("run-as")),
                switch (onFailure) {
                    case "" -> OnFailure.UNSAID;
                    case "ABORT" -> OnFailure.ABORT;
                    case "CONTINUE" -> OnFailure.CONTINUE;
                    default -> throw BuildFailure.yaml("Unsupported on-failure of phase " + name + ": " + onFailure);
                },
                commands,
                last,
                runtimes);
    }

    private static ArtifactSet artifact(Map<String, Object> artifact) {
        List<String> files = texts(artifact.get("files"), "artifacts files");
        if (files.isEmpty()) {
            throw BuildFailure.yaml("artifacts require files");
        }
        return new ArtifactSet(
                files,
                texts(artifact.get("exclude-paths"), "exclude-paths"),
                text(artifact.get("base-directory")),
                yes(artifact.get("discard-paths")),
                optional(artifact.get("name")));
    }

    private static ReportFiles report(Map<String, Object> report) {
        String format = text(report.get("file-format"));
        return new ReportFiles(
                texts(report.get("files"), "reports files"),
                texts(report.get("exclude-paths"), "exclude-paths"),
                text(report.get("base-directory")),
                yes(report.get("discard-paths")),
                format.isEmpty() ? "JUNITXML" : format.toUpperCase(Locale.ROOT));
    }

    private static Map<String, Object> map(@Nullable Object value, String where) {
        Map<String, Object> found = new LinkedHashMap<>();
        if (value == null) {
            return found;
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw BuildFailure.yaml("Expected a mapping at " + where);
        }
        map.forEach((key, content) -> {
            if (content != null) {
                found.put(String.valueOf(key), content);
            }
        });
        return found;
    }

    private static List<String> texts(@Nullable Object value, String where) {
        if (value == null) {
            return List.of();
        }
        if (value instanceof String text) {
            return List.of(text);
        }
        if (!(value instanceof List<?> list)) {
            throw BuildFailure.yaml("Expected a list at " + where);
        }
        list.forEach(element -> {
            if (!(element instanceof String)) {
                throw BuildFailure.yaml("Expected " + where + "[" + list.indexOf(element)
                        + "] to be of string type: found subkeys instead at this location");
            }
        });
        return list.stream().map(String::valueOf).toList();
    }

    private static String text(@Nullable Object value) {
        if (value != null && !(value instanceof String)) {
            throw BuildFailure.yaml("Expected text, found: " + value);
        }
        return value == null ? "" : (String) value;
    }

    private static Optional<String> optional(@Nullable Object value) {
        return Optional.of(text(value)).filter(text -> !text.isEmpty());
    }

    private static boolean yes(@Nullable Object value) {
        String text = text(value).toLowerCase(Locale.ROOT);
        return text.equals("yes") || text.equals("true");
    }
}
