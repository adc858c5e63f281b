package dev.terrane.kernel.compute;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Runs workloads: file systems with processes, a network address and limits of their own.
 *
 * <p>A workload lives at most as long as the server: a server that ends, even by SIGKILL, takes every process of its workloads
 * with it. What stays is the disk of a workload whose specification says {@link WorkloadSpec#keepDisk}; after a restart of the
 * server it is listed as stopped and may be started again.
 *
 * <p>All methods may be called from any thread, also at once. Unless said otherwise they throw {@link ComputeException} when
 * the driver fails, and {@link NoSuchWorkloadException} when no workload has the id.
 */
public interface Compute extends AutoCloseable {
    /**
     * Starts a workload and returns when commands can be executed in it. Starting one that runs already changes nothing and
     * returns it; starting one that is stopped runs it again on its kept disk, with the same address where it is still free.
     *
     * @throws UnsupportedWorkloadException when this driver cannot give what the specification asks for
     */
    Workload start(WorkloadSpec spec);

    /** The workload with this id, running or stopped with a kept disk. */
    Optional<Workload> find(String id);

    /** All workloads, running or stopped with a kept disk, ordered by id. */
    List<Workload> list();

    /**
     * Runs a command in a running workload and waits for its end, handing its output on as it comes. Many may run at once.
     *
     * <p>When the time runs out, or the calling thread is interrupted, the command is killed with everything it started.
     * When the command ends by itself, what it left in the background lives on until the workload stops, as on a machine;
     * output that comes later is dropped.
     *
     * @throws InterruptedException when the calling thread was interrupted; the command is dead by then
     */
    Exit exec(String id, Command command, OutputSink output) throws InterruptedException;

    /**
     * Unpacks a tar stream (see {@link TarWriter}) into a folder inside a running workload; the folder is made when absent.
     * Owners are names or numbers of the workload's own; modes are kept. Nothing outside the workload can be reached, whatever
     * names or links the stream has or the workload made.
     */
    void copyIn(String id, String folder, InputStream tar) throws IOException, InterruptedException;

    /**
     * Packs a file or folder of a running workload into a tar stream, with names relative to the path's parent folder.
     *
     * @throws java.nio.file.NoSuchFileException when there is nothing at the path
     */
    void copyOut(String id, String path, OutputStream tar) throws IOException, InterruptedException;

    /**
     * Writes one file inside a running workload, making its folders; an existing file is replaced whole.
     *
     * @param owner {@code user} or {@code user:group} as the workload knows them
     * @param mode octal, such as {@code 0644}
     */
    void write(String id, String path, byte[] content, String owner, int mode) throws IOException, InterruptedException;

    /**
     * Reads one file inside a running workload.
     *
     * @throws java.nio.file.NoSuchFileException when there is no such file
     * @throws IOException when it is longer than the limit in bytes
     */
    byte[] read(String id, String path, int limit) throws IOException, InterruptedException;

    /**
     * Where this server reaches a port of a running workload; callers ask and never assume, since a driver may map ports.
     * Whether anything listens there is not looked at. Empty when the workload has no network or does not run.
     */
    Optional<InetSocketAddress> address(String id, int port);

    /**
     * Ends all processes of a workload: SIGTERM, then after the grace SIGKILL. The disk stays if the specification keeps it and
     * is deleted otherwise. Stopping one that does not run changes nothing.
     */
    void stop(String id, Duration grace) throws InterruptedException;

    /** Ends a workload at once and deletes its disk. Removing an unknown one changes nothing. */
    void remove(String id);

    /** What a running workload has used so far. */
    WorkloadStats stats(String id);

    /** Tells the listener of each workload that ended without {@link #stop} or {@link #remove}; close to end this. */
    Registration onEnd(Consumer<Workload> listener);

    /** The root file systems that workloads can start from. */
    Images images();

    /** The network of isolated workloads; empty when this driver has none here. */
    Optional<Network> network();

    /**
     * Accepts TCP connections that workloads make to an address which only they see, such as 169.254.169.254 port 80 of the
     * EC2 instance metadata service. The handler learns which workload called; the address cannot be forged by a workload.
     * One thread runs for each connection; the connection is closed when the handler returns.
     *
     * @throws UnsupportedWorkloadException when {@link #network} is empty
     */
    Registration listen(InetSocketAddress address, ConnectionHandler handler);

    /**
     * Makes a TCP port of this server's loopback interface reachable from workloads, at {@link #serverAddress}. Nothing else
     * of the server's loopback is reachable from isolated workloads.
     */
    Registration publish(int port);

    /** Where a workload with this kind of network reaches a published port of the server. */
    InetSocketAddress serverAddress(NetworkMode mode, int port);

    /**
     * Sets what a workload may receive and begin, from now on: before it starts, or while it runs, at once for new connections.
     * It is forgotten when the workload is removed. A workload without one is open. Not affected are listeners (see
     * {@link #listen}) and published ports of the server. Without effect where {@link ComputeFeatures#firewall} is false.
     */
    void firewall(String id, Firewall firewall);

    /** The groups of which this server's own address counts as a member, in place of those set before; see {@link Firewall}. */
    void serverGroups(Set<String> groups);

    /** What works on this machine, found by running a throwaway workload. */
    ComputeFeatures describe();

    /** Ends all workloads at once. */
    @Override
    void close();

    /** Something that can be ended. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** Serves one connection from a workload. */
    @FunctionalInterface
    interface ConnectionHandler {
        void handle(String workloadId, java.net.Socket connection) throws IOException, InterruptedException;
    }
}
