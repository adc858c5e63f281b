package dev.terrane.compute.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The host's tool chains as workloads on its image use them. Those under {@code /usr} and {@code /opt} are simply there; those in
 * a home folder, which is hidden, are laid over with a writable layer of the workload's own, one folder each and nothing beside.
 */
final class HostTools {
    private static final List<String> VISIBLE =
            List.of("/usr/", "/opt/", "/bin/", "/sbin/", "/lib/", "/var/lib/", "/etc/");
    private static final Set<String> ROOTS =
            Set.of(".pyenv", ".nvm", ".sdkman", ".rbenv", ".nodenv", ".jenv", ".volta", ".asdf", ".goenv", ".rustup");
    private static final List<String> FOLDER_VARIABLES = List.of(
            "JAVA_HOME",
            "M2_HOME",
            "MAVEN_HOME",
            "GRADLE_HOME",
            "GOROOT",
            "PYENV_ROOT",
            "RUSTUP_HOME",
            "NVM_DIR",
            "SDKMAN_DIR",
            "DOTNET_ROOT");
    private static final List<String> PASSED = List.of(
            "LANG",
            "TZ",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "CURL_CA_BUNDLE",
            "REQUESTS_CA_BUNDLE",
            "PIP_CERT",
            "NODE_EXTRA_CA_CERTS",
            "GIT_SSL_CAINFO",
            "NIX_SSL_CERT_FILE",
            "http_proxy",
            "https_proxy",
            "no_proxy",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "PIP_INDEX_URL",
            "PIP_EXTRA_INDEX_URL",
            "npm_config_registry",
            "NPM_CONFIG_REGISTRY",
            "GOPROXY",
            "GOSUMDB",
            "GOFLAGS",
            "RUSTUP_TOOLCHAIN",
            "PYENV_VERSION",
            "CARGO_REGISTRIES_CRATES_IO_PROTOCOL",
            "PIP_DEFAULT_TIMEOUT",
            "PIP_DISABLE_PIP_VERSION_CHECK");

    private final List<Path> folders;
    private final Map<String, String> environment;

    private HostTools(List<Path> folders, Map<String, String> environment) {
        this.folders = folders;
        this.environment = environment;
    }

    /** Folders in hidden places that are laid over. */
    List<Path> folders() {
        return folders;
    }

    /** Variables for every command: PATH, tool chains' homes, certificates and registries, none of which holds a password. */
    Map<String, String> environment() {
        return environment;
    }

    static HostTools find(Map<String, String> host, Path home) {
        Set<Path> found = new TreeSet<>();
        LinkedHashSet<String> path = new LinkedHashSet<>();
        for (String entry : host.getOrDefault("PATH", "").split(":")) {
            Path folder = Path.of(entry).normalize();
            if (folder.isAbsolute() && Files.isDirectory(folder)) {
                path.add(folder.toString());
                hiddenRoot(folder, home, found);
            }
        }
        path.addAll(List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"));
        Map<String, String> environment = new LinkedHashMap<>();
        for (String name : FOLDER_VARIABLES) {
            Path folder = Path.of(host.getOrDefault(name, ""));
            if (folder.isAbsolute() && Files.isDirectory(folder)) {
                environment.put(name, folder.toString());
                hiddenRoot(folder.normalize(), home, found);
            }
        }
        Path rustup = home.resolve(".rustup");
        if (path.contains(home.resolve(".cargo/bin").toString()) && Files.isDirectory(rustup)) {
            found.add(rustup);
            environment.putIfAbsent("RUSTUP_HOME", rustup.toString());
        }
        for (String name : PASSED) {
            String value = host.get(name);
            if (value != null && value.indexOf('@') < 0 && value.indexOf('\0') < 0) {
                environment.put(name, value);
            }
        }
        environment.put("PATH", String.join(":", path));
        environment.putIfAbsent("LANG", "C.UTF-8");
        return new HostTools(outermost(found), Map.copyOf(environment));
    }

    private static void hiddenRoot(Path folder, Path home, Set<Path> found) {
        String text = folder + "/";
        if (VISIBLE.stream().anyMatch(text::startsWith) || home.startsWith(folder)) {
            return;
        }
        Path root = folder;
        for (Path at = folder; at != null && at.getFileName() != null; at = at.getParent()) {
            if (ROOTS.contains(at.getFileName().toString())) {
                root = at;
            }
        }
        found.add(root);
    }

    private static List<Path> outermost(Set<Path> folders) {
        List<Path> result = new ArrayList<>();
        for (Path folder : folders) {
            if (result.stream().noneMatch(folder::startsWith)) {
                result.add(folder);
            }
        }
        return List.copyOf(result);
    }
}
