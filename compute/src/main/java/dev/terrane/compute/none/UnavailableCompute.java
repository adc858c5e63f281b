package dev.terrane.compute.none;

import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.ComputeFeatures;
import dev.terrane.kernel.compute.Exit;
import dev.terrane.kernel.compute.Firewall;
import dev.terrane.kernel.compute.Images;
import dev.terrane.kernel.compute.Network;
import dev.terrane.kernel.compute.NetworkMode;
import dev.terrane.kernel.compute.NoSuchWorkloadException;
import dev.terrane.kernel.compute.OutputSink;
import dev.terrane.kernel.compute.UnsupportedWorkloadException;
import dev.terrane.kernel.compute.Workload;
import dev.terrane.kernel.compute.WorkloadSpec;
import dev.terrane.kernel.compute.WorkloadStats;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A driver that runs nothing and says why. Everything else of the server works; builds and instances fail with the reason, which
 * {@code terrane doctor} and the start-up log give too.
 */
public final class UnavailableCompute implements Compute {
    private final String reason;

    /** @param reason why workloads can't run, and what to do about it */
    public UnavailableCompute(String reason) {
        this.reason = reason;
    }

    private UnsupportedWorkloadException refused() {
        return new UnsupportedWorkloadException(reason);
    }

    @Override
    public Workload start(WorkloadSpec spec) {
        throw refused();
    }

    @Override
    public Optional<Workload> find(String id) {
        return Optional.empty();
    }

    @Override
    public List<Workload> list() {
        return List.of();
    }

    @Override
    public Exit exec(String id, Command command, OutputSink output) {
        throw new NoSuchWorkloadException(id);
    }

    @Override
    public void copyIn(String id, String folder, InputStream tar) {
        throw new NoSuchWorkloadException(id);
    }

    @Override
    public void copyOut(String id, String path, OutputStream tar) {
        throw new NoSuchWorkloadException(id);
    }

    @Override
    public void write(String id, String path, byte[] content, String owner, int mode) {
        throw new NoSuchWorkloadException(id);
    }

    @Override
    public byte[] read(String id, String path, int limit) {
        throw new NoSuchWorkloadException(id);
    }

    @Override
    public Optional<InetSocketAddress> address(String id, int port) {
        return Optional.empty();
    }

    @Override
    public void stop(String id, Duration grace) {
        // Nothing runs, so nothing is to be stopped.
    }

    @Override
    public void remove(String id) {
        // Nothing runs, so nothing is to be removed.
    }

    @Override
    public WorkloadStats stats(String id) {
        throw new NoSuchWorkloadException(id);
    }

    @Override
    public Registration onEnd(Consumer<Workload> listener) {
        return () -> {};
    }

    @Override
    public Images images() {
        throw refused();
    }

    @Override
    public Optional<Network> network() {
        return Optional.empty();
    }

    @Override
    public Registration listen(InetSocketAddress address, ConnectionHandler handler) {
        throw refused();
    }

    @Override
    public Registration publish(int port) {
        throw refused();
    }

    @Override
    public InetSocketAddress serverAddress(NetworkMode mode, int port) {
        throw refused();
    }

    @Override
    public void firewall(String id, Firewall firewall) {
        // Nothing runs, so nothing is to be kept out.
    }

    @Override
    public void serverGroups(Set<String> groups) {
        // As above.
    }

    @Override
    public ComputeFeatures describe() {
        return new ComputeFeatures("none", false, false, false, false, false, false, false, List.of(reason));
    }

    @Override
    public void close() {
        // Nothing runs.
    }
}
