package dev.terrane.kernel.compute;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a workload is.
 *
 * @param id unique on this server, such as an instance id; letters, digits, {@code . _ -}, at most 128
 * @param kind a label for lists and logs, such as {@code ec2} or {@code codebuild}
 * @param image {@link Images#HOST} or the name of an imported image
 * @param hostName the name that its processes see
 * @param environment variables of every command in it, on top of the driver's defaults (PATH, HOME, certificates)
 * @param binds folders of the server's machine that it sees
 * @param init a command that is run as root when it starts; the workload does not end with it. Its output goes to a log file
 *     on the workload's disk, {@code /var/log/terrane-init.log}
 * @param keepDisk whether its disk outlives a stop and the server
 */
public record WorkloadSpec(
        String id,
        String kind,
        String image,
        String hostName,
        Map<String, String> environment,
        Limits limits,
        NetworkMode network,
        List<Bind> binds,
        Optional<List<String>> init,
        boolean keepDisk) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,62})");

    public WorkloadSpec {
        environment = Map.copyOf(environment);
        binds = List.copyOf(binds);
        init = init.map(List::copyOf);
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("Not a workload id: " + id);
        }
        if (!HOST_NAME.matcher(hostName).matches()) {
            throw new IllegalArgumentException("Not a host name: " + hostName);
        }
        environment.keySet().forEach(name -> {
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("Not a variable's name: " + name);
            }
        });
    }

    /** A workload on the host's image with a network of its own, no limits and a disk that goes when it stops. */
    public static WorkloadSpec of(String id, String kind) {
        return new WorkloadSpec(
                id,
                kind,
                Images.HOST,
                id.replace('_', '-').substring(0, Math.min(63, id.length())),
                Map.of(),
                Limits.NONE,
                NetworkMode.ISOLATED,
                List.of(),
                Optional.empty(),
                false);
    }

    public WorkloadSpec withImage(String name) {
        return new WorkloadSpec(id, kind, name, hostName, environment, limits, network, binds, init, keepDisk);
    }

    public WorkloadSpec withHostName(String name) {
        return new WorkloadSpec(id, kind, image, name, environment, limits, network, binds, init, keepDisk);
    }

    public WorkloadSpec withEnvironment(Map<String, String> variables) {
        return new WorkloadSpec(id, kind, image, hostName, variables, limits, network, binds, init, keepDisk);
    }

    public WorkloadSpec withLimits(Limits bounds) {
        return new WorkloadSpec(id, kind, image, hostName, environment, bounds, network, binds, init, keepDisk);
    }

    public WorkloadSpec withNetwork(NetworkMode mode) {
        return new WorkloadSpec(id, kind, image, hostName, environment, limits, mode, binds, init, keepDisk);
    }

    public WorkloadSpec withBinds(List<Bind> folders) {
        return new WorkloadSpec(id, kind, image, hostName, environment, limits, network, folders, init, keepDisk);
    }

    public WorkloadSpec withInit(List<String> command) {
        return new WorkloadSpec(
                id, kind, image, hostName, environment, limits, network, binds, Optional.of(command), keepDisk);
    }

    public WorkloadSpec keepingDisk() {
        return new WorkloadSpec(id, kind, image, hostName, environment, limits, network, binds, init, true);
    }
}
