package dev.terrane.compute.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.compute.Bind;
import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.ComputeFeatures;
import dev.terrane.kernel.compute.Exit;
import dev.terrane.kernel.compute.Firewall;
import dev.terrane.kernel.compute.Limits;
import dev.terrane.kernel.compute.NetworkMode;
import dev.terrane.kernel.compute.NoSuchWorkloadException;
import dev.terrane.kernel.compute.OutputSink;
import dev.terrane.kernel.compute.TarWriter;
import dev.terrane.kernel.compute.UnsupportedWorkloadException;
import dev.terrane.kernel.compute.Workload;
import dev.terrane.kernel.compute.WorkloadSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The sandbox driver with real namespaces; skipped where the machine does not permit them. */
@TestInstance(Lifecycle.PER_CLASS)
class SandboxComputeTest {
    @TempDir
    static Path data;

    private final Threads threads = new Threads(Clock.system(), Throwable::printStackTrace);
    private final AtomicInteger names = new AtomicInteger();
    private Compute compute;
    private boolean opened;

    @BeforeAll
    void open() {
        try {
            compute = SandboxCompute.open(data, threads);
            opened = true;
        } catch (ComputeException e) {
            throw new TestAbortedException("Sandboxes are not permitted here: " + e.getMessage(), e);
        }
    }

    @AfterAll
    void close() {
        if (opened) {
            compute.close();
        }
        threads.close();
    }

    private String start() {
        return start(spec()).id();
    }

    private WorkloadSpec spec() {
        return WorkloadSpec.of("w-" + names.incrementAndGet(), "test");
    }

    private Workload start(WorkloadSpec spec) {
        Workload workload = compute.start(spec);
        assertThat(workload.running()).isTrue();
        return workload;
    }

    private void needOtherUsers() {
        assumeTrue(
                compute.describe().notes().stream().noneMatch(note -> note.startsWith("Only root exists")),
                "Only root exists inside here");
    }

    private record Output(Exit exit, String out, String error) {}

    private Output run(String id, Command command) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        Exit exit = compute.exec(id, command, OutputSink.to(out, error));
        return new Output(exit, out.toString(StandardCharsets.UTF_8), error.toString(StandardCharsets.UTF_8));
    }

    private Output shell(String id, String script) throws InterruptedException {
        return run(id, Command.shell(script));
    }

    @Test
    void aCommandsOutputsAndExitStatusComeBackApart() throws Exception {
        String id = start();
        Output output = shell(id, "echo out; echo error >&2; exit 7");
        assertThat(output).isEqualTo(new Output(new Exit(7, false), "out\n", "error\n"));
        assertThat(run(id, Command.of("true")).exit().succeeded()).isTrue();
        assertThat(run(id, Command.of("no-such-program")).exit().code()).isEqualTo(127);
        assertThat(shell(id, "kill -9 $$").exit().code()).isEqualTo(137);
        assertThat(run(id, Command.shell("echo a; echo b >&2; echo c").mergingOutput())
                        .out())
                .isEqualTo("a\nb\nc\n");
        compute.remove(id);
        assertThatThrownBy(() -> shell(id, "true")).isInstanceOf(NoSuchWorkloadException.class);
        assertThat(compute.find(id)).isEmpty();
    }

    @Test
    void aCommandHasItsUserFolderVariablesAndInput() throws Exception {
        needOtherUsers();
        String id = start(spec().withEnvironment(Map.of("A", "1", "B", "1", "LD_PRELOAD", "/nowhere.so")))
                .id();
        Output output = run(
                id,
                Command.shell("id -un; pwd; echo $A$B $HOME; cat; grep NoNewPrivs /proc/self/status")
                        .as("nobody")
                        .in("/usr/share")
                        .withEnvironment(Map.of("B", "two words\nand lines"))
                        .reading(new ByteArrayInputStream("input\n".getBytes(StandardCharsets.UTF_8))));
        assertThat(output.out())
                .isEqualTo("nobody\n/usr/share\n1two words and lines /nonexistent\ninput\nNoNewPrivs:\t1\n");
        assertThat(run(id, Command.of("true").as("no-such-user")).exit().code()).isEqualTo(126);
        assertThat(run(id, Command.of("true").in("/no-such-folder")).exit().code())
                .isEqualTo(126);
        compute.remove(id);
    }

    @Test
    void outputStreamsAsItComes() throws Exception {
        String id = start();
        BlockingQueue<String> pieces = new ArrayBlockingQueue<>(10);
        CompletableFuture<Exit> exit = new CompletableFuture<>();
        threads.start(
                "test",
                () -> exit.complete(compute.exec(
                        id,
                        Command.shell("echo first; while [ ! -e /go ]; do sleep 0.02; done; echo last"),
                        (stream, bytes, length) -> pieces.add(new String(bytes, 0, length, StandardCharsets.UTF_8)))));
        assertThat(pieces.poll(5, TimeUnit.SECONDS)).isEqualTo("first\n");
        assertThat(exit).isNotDone();
        compute.write(id, "/go", new byte[0], "root", 0644);
        assertThat(exit.get(5, TimeUnit.SECONDS).succeeded()).isTrue();
        assertThat(pieces).containsExactly("last\n");
        compute.remove(id);
    }

    @Test
    void aTimeoutAndAnInterruptKillTheWholeTree() throws Exception {
        String id = start();
        String tree = "(setsid sleep 1111 &) ; sh -c 'sleep 2222; true' & sleep 3333";
        Output output = run(id, Command.shell(tree).within(Duration.ofMillis(300)));
        assertThat(output.exit().timedOut()).isTrue();
        assertThat(shell(id, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '").out())
                .doesNotContain("sleep 1111")
                .doesNotContain("sleep 2222")
                .doesNotContain("sleep 3333");

        CompletableFuture<String> interrupted = new CompletableFuture<>();
        CountDownLatch started = new CountDownLatch(1);
        Thread thread = threads.start("test", () -> {
            try {
                compute.exec(
                        id, Command.shell("echo started; sleep 4444"), (stream, bytes, length) -> started.countDown());
            } catch (InterruptedException e) {
                interrupted.complete("interrupted");
            }
        });
        assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        assertThat(interrupted.get(5, TimeUnit.SECONDS)).isEqualTo("interrupted");
        // It is told to end; how long that takes is the kernel's matter.
        await(() -> !shellOut(id, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '").contains("sleep 4444"));
        compute.remove(id);
    }

    @Test
    void whatACommandLeavesInTheBackgroundLivesUntilTheWorkloadStops() throws Exception {
        WorkloadSpec spec = spec().keepingDisk();
        String id = start(spec).id();
        // Keeps the output open and goes on writing to it: neither waited for nor ended by a broken pipe.
        Output output = shell(
                id,
                "sh -c 'n=0; while :; do echo line; n=$((n+1)); echo $n > /count; sleep 0.02; done' & echo started");
        assertThat(output.exit().succeeded()).isTrue();
        assertThat(output.out()).contains("started\n");
        String before = shellOut(id, "cat /count");
        await(() -> !shellOut(id, "cat /count").equals(before));
        compute.stop(id, Duration.ofSeconds(1));
        assertThat(compute.find(id).orElseThrow().running()).isFalse();
        start(spec);
        assertThat(shellOut(id, "cat /proc/[0-9]*/cmdline")).doesNotContain("/count");
        assertThat(shellOut(id, "test -s /count && echo kept")).isEqualTo("kept\n");
        compute.remove(id);
    }

    private String shellOut(String id, String script) {
        try {
            return shell(id, script).out();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant end = Clock.system().instant().plusSeconds(10);
        while (!condition.getAsBoolean()) {
            assertThat(Clock.system().instant()).isBefore(end);
            // Another process makes it true; it can't tell, so it is asked, without keeping it from running.
            Clock.system().sleep(Duration.ofMillis(20));
        }
    }

    @Test
    void stoppingAsksFirstAndKillsAfterTheGrace() throws Exception {
        WorkloadSpec spec = spec().keepingDisk()
                .withInit(List.of(
                        "/bin/sh",
                        "-c",
                        "trap 'echo asked > /asked; exit' TERM; echo up > /up; while :; do sleep 0.02; done"));
        String id = start(spec).id();
        await(() -> shellOut(id, "cat /up 2>/dev/null").equals("up\n"));
        compute.stop(id, Duration.ofSeconds(5));
        start(spec.withInit(List.of("true")));
        assertThat(compute.read(id, "/asked", 10)).isEqualTo("asked\n".getBytes(StandardCharsets.UTF_8));
        shell(id, "sh -c 'trap \"\" TERM; while :; do sleep 0.1; done' >/dev/null 2>&1 &");
        compute.stop(id, Duration.ofMillis(200));
        assertThat(compute.find(id).orElseThrow().running()).isFalse();
        compute.remove(id);
    }

    @Test
    void startingIsIdempotentAndAnAddressIsKeptOverAStop() throws Exception {
        WorkloadSpec spec = spec().keepingDisk();
        Workload first = start(spec);
        shell(spec.id(), "echo here > /etc/mark");
        assertThat(start(spec)).isEqualTo(first);
        compute.stop(spec.id(), Duration.ZERO);
        assertThat(compute.list()).contains(new Workload(spec, Workload.State.STOPPED, first.address()));
        assertThat(start(spec)).isEqualTo(first);
        assertThat(shellOut(spec.id(), "cat /etc/mark; hostname")).isEqualTo("here\n" + spec.hostName() + "\n");
        compute.remove(spec.id());
        assertThat(start(spec).running()).isTrue();
        assertThat(shellOut(spec.id(), "cat /etc/mark")).isEmpty();
        compute.remove(spec.id());
    }

    @Test
    void limitsAreKept() throws Exception {
        WorkloadSpec spec = spec();
        ComputeFeatures features = compute.describe();
        assertThat(features.available()).isTrue();
        assumeTrue(features.memoryLimit() && features.processLimit() && features.cpuLimit(), features.toString());
        String id = start(spec.withLimits(
                        new Limits(OptionalLong.of(128 << 20), OptionalDouble.of(0.5), OptionalInt.of(40))))
                .id();
        Output hog = run(id, Command.of("perl", "-e", "$x = 'x' x (400 << 20); print length $x"));
        assertThat(hog.exit().succeeded()).isFalse();
        assertThat(hog.out()).isEmpty();
        Output forks = shell(id, "for i in $(seq 100); do sleep 5 & done; echo all");
        assertThat(forks.out()).doesNotContain("all");
        assertThat(run(id, Command.of("true")).exit().succeeded()).isFalse();
        assertThat(compute.stats(id).processes()).isBetween(30, 40);
        compute.remove(id);
    }

    @Test
    void statsCountWhatIsUsed() throws Exception {
        assumeTrue(compute.describe().memoryLimit(), "Nothing is counted without control groups");
        String id = start();
        assertThat(shellOut(id, "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo done"))
                .isEqualTo("done\n");
        var stats = compute.stats(id);
        assertThat(stats.cpu()).isGreaterThan(Duration.ofMillis(20));
        assertThat(stats.memoryBytes()).isPositive();
        assertThat(stats.processes()).isPositive();
        compute.remove(id);
    }

    @Test
    void nothingOfTheServerOrTheHostsSecretsIsVisible() throws Exception {
        Files.writeString(data.resolve("server-secret"), "secret");
        String id = start();
        assertThat(shell(id, "ls " + data + " " + data + "/server-secret")
                        .exit()
                        .succeeded())
                .isFalse();
        assertThat(shellOut(
                        id,
                        "ls -A /root/.ssh /root/.aws /root/.m2 /root/.npmrc /home /mnt /srv /work /run/docker.sock"
                                + " 2>/dev/null | grep -v : | grep ."))
                .isEmpty();
        assertThat(shellOut(id, "cut -d: -f2 /etc/shadow | sort -u")).isEqualTo("*\n");
        assertThat(shellOut(id, "find /etc/ssl/private /var/log /var/cache/debconf/passwords.dat -type f -size +0"))
                .isEmpty();
        // Nothing is left that only root of the host could read, as far as the machine's own configuration goes.
        assertThat(shellOut(id, "find /etc -type f ! -perm -o+r -size +0 ! -name shadow"))
                .isEmpty();
        // Only its own processes.
        assertThat(shellOut(id, "ls -d /proc/[0-9]* | wc -l").strip()).matches("[1-9]");
        assertThat(shellOut(id, "cat /proc/1/environ; ls -l /proc/1/exe /proc/1/fd 2>&1"))
                .contains("ermission denied");
        compute.remove(id);
    }

    @Test
    void rootInsideInstallsButDoesNotRuleTheMachine() throws Exception {
        needOtherUsers();
        String id = start();
        assertThat(shell(id, "touch /f && chown nobody:nogroup /f && stat -c %U /f")
                        .out())
                .isEqualTo("nobody\n");
        assertThat(shell(id, "useradd -m app && su app -c 'id -un'").out()).isEqualTo("app\n");
        for (String forbidden : List.of(
                "mount -t tmpfs none /mnt",
                "umount /proc/sys",
                "mknod /disk b 254 0",
                "echo x > /proc/sys/kernel/core_pattern",
                "echo b > /proc/sysrq-trigger",
                "ip addr add 10.0.0.1/8 dev eth0",
                "hostname other",
                "dd if=/dev/kmsg count=1",
                "nsenter -t 1 -m true",
                "modprobe dummy",
                "chroot /proc/1/root true && false")) {
            assertThat(shell(id, forbidden).exit().succeeded()).as(forbidden).isFalse();
        }
        compute.remove(id);
    }

    @Test
    void aWorkloadHasItsOwnAddressAndMayListenOnPort80() throws Exception {
        String id = start(
                        spec().withInit(
                                        List.of(
                                                "perl",
                                                "-MIO::Socket::INET",
                                                "-e",
                                                "$s = IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort => 80, Listen => 5) or die $!;"
                                                        + "open my $f, '>', '/up'; close $f; while ($c = $s->accept) { print $c \"hello\"; close $c }")))
                .id();
        await(() -> shellOut(id, "test -e /up && echo up").equals("up\n"));
        InetSocketAddress address = compute.address(id, 80).orElseThrow();
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("hello");
        }
        compute.remove(id);
    }

    private String fetch(String id, String address, int port) throws InterruptedException {
        String program = "use IO::Socket::INET; my ($a, $p) = @ARGV;"
                + "my $s = IO::Socket::INET->new(PeerAddr => $a, PeerPort => $p, Timeout => 1)"
                + " or do { print 'refused'; exit }; print <$s>";
        return run(id, Command.of("perl", "-e", program, address, Integer.toString(port)))
                .out();
    }

    /** A workload that answers every connection to two ports. */
    private String startListening() throws InterruptedException {
        String program = "use IO::Socket::INET; for my $p (80, 81) { next if fork;"
                + "$s = IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort => $p, Listen => 5) or die $!;"
                + "open my $f, '>', \"/up-$p\"; close $f; while ($c = $s->accept) { print $c \"port $p\"; close $c } }"
                + "sleep 1000";
        String id = start(spec().withInit(List.of("perl", "-e", program))).id();
        await(() -> shellOut(id, "ls /up-80 /up-81 2>/dev/null | wc -l").equals("2\n"));
        return id;
    }

    private String addressOf(String id) {
        return compute.find(id).orElseThrow().address().orElseThrow().getHostAddress();
    }

    private static Firewall.Rule tcp(int port, Firewall.Peer peer) {
        return new Firewall.Rule(Firewall.Rule.TCP, port, port, peer);
    }

    @Test
    void aFirewallLetsInAndOutWhatItsRulesAllowAndChangesAtOnce() throws Exception {
        assumeTrue(
                compute.describe().firewall(),
                "No firewall here: " + compute.describe().notes());
        String server = startListening();
        String friend = start();
        String stranger = start();
        String at = addressOf(server);
        assertThat(fetch(stranger, at, 80)).isEqualTo("port 80");

        List<Firewall.Rule> everything = Firewall.open(Set.of()).egress();
        Firewall.Peer friends = new Firewall.Peer.Group("friends");
        compute.firewall(server, new Firewall(Set.of("web"), List.of(tcp(80, friends)), everything));
        compute.firewall(friend, new Firewall(Set.of("friends"), List.of(), everything));
        compute.firewall(stranger, new Firewall(Set.of("others"), List.of(), everything));
        assertThat(fetch(friend, at, 80)).isEqualTo("port 80");
        assertThat(fetch(friend, at, 81)).isEqualTo("refused");
        assertThat(fetch(stranger, at, 80)).isEqualTo("refused");
        assertThat(fetchFromServer(server, 80)).isEqualTo("refused");

        compute.serverGroups(Set.of("friends"));
        assertThat(fetchFromServer(server, 80)).isEqualTo("port 80");
        compute.serverGroups(Set.of());

        compute.firewall(
                server,
                new Firewall(
                        Set.of("web"),
                        List.of(tcp(81, new Firewall.Peer.Range(addressOf(stranger) + "/32"))),
                        everything));
        assertThat(fetch(friend, at, 80)).isEqualTo("refused");
        assertThat(fetch(stranger, at, 81)).isEqualTo("port 81");

        compute.firewall(
                stranger, new Firewall(Set.of("others"), List.of(), List.of(tcp(82, new Firewall.Peer.Group("web")))));
        assertThat(fetch(stranger, at, 81)).isEqualTo("refused");
        compute.firewall(
                stranger, new Firewall(Set.of("others"), List.of(), List.of(tcp(81, new Firewall.Peer.Group("web")))));
        assertThat(fetch(stranger, at, 81)).isEqualTo("port 81");
        for (String id : List.of(server, friend, stranger)) {
            compute.remove(id);
        }
    }

    private String fetchFromServer(String id, int port) {
        InetSocketAddress address = compute.address(id, port).orElseThrow();
        try (Socket socket = new Socket()) {
            socket.connect(address, 1000);
            socket.setSoTimeout(1000);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "refused";
        }
    }

    @Test
    void aFirewallOutlivesAStopAndIsForgottenWithItsWorkload() throws Exception {
        assumeTrue(
                compute.describe().firewall(),
                "No firewall here: " + compute.describe().notes());
        WorkloadSpec spec = spec().keepingDisk();
        compute.firewall(spec.id(), new Firewall(Set.of(), List.of(), List.of()));
        String server = startListening();
        start(spec);
        assertThat(fetch(spec.id(), addressOf(server), 80)).isEqualTo("refused");
        compute.stop(spec.id(), Duration.ZERO);
        start(spec);
        assertThat(fetch(spec.id(), addressOf(server), 80)).isEqualTo("refused");
        compute.remove(spec.id());
        start(spec);
        assertThat(fetch(spec.id(), addressOf(server), 80)).isEqualTo("port 80");
        compute.remove(spec.id());
        compute.remove(server);
    }

    @Test
    void aListenerKnowsWhichWorkloadCalls() throws Exception {
        Map<String, String> answers = new ConcurrentHashMap<>();
        try (var registration = compute.listen(
                new InetSocketAddress("169.254.169.254", 80),
                (id, socket) -> socket.getOutputStream().write(("you are " + id).getBytes(StandardCharsets.UTF_8)))) {
            assertThat(registration).isNotNull();
            for (String id : List.of(start(), start())) {
                answers.put(id, fetch(id, "169.254.169.254", 80));
                compute.remove(id);
            }
        }
        assertThat(answers)
                .hasSize(2)
                .allSatisfy((id, answer) -> assertThat(answer).isEqualTo("you are " + id));
    }

    @Test
    void onlyPublishedPortsOfTheServerAreReachable() throws Exception {
        try (ServerSocket open = new ServerSocket(0, 10);
                ServerSocket hidden = new ServerSocket(0, 10)) {
            threads.start("test", () -> {
                try (Socket socket = open.accept()) {
                    socket.getOutputStream().write("server".getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            List<String> hostAddresses = new ArrayList<>(List.of("127.0.0.1"));
            java.net.NetworkInterface.networkInterfaces()
                    .flatMap(java.net.NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof java.net.Inet4Address)
                    .forEach(address -> hostAddresses.add(address.getHostAddress()));
            hostAddresses.add(compute.network().orElseThrow().gateway().getHostAddress());
            String id = start();
            try (var registration = compute.publish(open.getLocalPort())) {
                assertThat(registration).isNotNull();
                InetSocketAddress address = compute.serverAddress(NetworkMode.ISOLATED, open.getLocalPort());
                assertThat(fetch(id, address.getAddress().getHostAddress(), address.getPort()))
                        .isEqualTo("server");
            }
            for (String address : hostAddresses) {
                assertThat(fetch(id, address, hidden.getLocalPort()))
                        .as(address)
                        .isEqualTo("refused");
            }
            compute.remove(id);
        }
    }

    @Test
    void twentyStartAtOnce() throws Exception {
        List<CompletableFuture<String>> started = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            CompletableFuture<String> future = new CompletableFuture<>();
            started.add(future);
            WorkloadSpec spec = spec();
            threads.start("test", () -> {
                try {
                    start(spec);
                    future.complete(shell(spec.id(), "echo $(hostname)").out());
                    compute.remove(spec.id());
                } catch (RuntimeException e) {
                    future.completeExceptionally(e);
                }
            });
        }
        assertThat(started.stream().map(CompletableFuture::join).distinct()).hasSize(20);
    }

    @Test
    void theEndOfAWorkloadByItselfIsTold() throws Exception {
        CompletableFuture<Workload> ended = new CompletableFuture<>();
        WorkloadSpec spec = spec();
        try (var registration = compute.onEnd(workload -> {
            if (workload.id().equals(spec.id())) {
                ended.complete(workload);
            }
        })) {
            assertThat(registration).isNotNull();
            start(spec);
            compute.exec(spec.id(), Command.shell("kill -TERM 1"), OutputSink.DISCARD);
            assertThat(ended.get(5, TimeUnit.SECONDS).running()).isFalse();
        }
        assertThat(compute.find(spec.id())).isEmpty();
    }

    @Test
    void filesGoInAndOutWithOwnersAndModes() throws Exception {
        needOtherUsers();
        String id = start();
        compute.write(
                id, "/opt/app/run.sh", "#!/bin/sh\necho hi\n".getBytes(StandardCharsets.UTF_8), "nobody:nogroup", 0750);
        assertThat(shellOut(id, "stat -c '%U:%G %a' /opt/app/run.sh; /opt/app/run.sh"))
                .isEqualTo("nobody:nogroup 750\nhi\n");
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        String longName = "d/" + "n".repeat(150);
        try (TarWriter writer = new TarWriter(tar, Instant.EPOCH)) {
            byte[] content = "content".getBytes(StandardCharsets.UTF_8);
            writer.folder("d", 0755, "root", "root");
            writer.file(longName, 0640, "nobody", "nogroup", content.length, new ByteArrayInputStream(content));
            writer.link("d/link", "/etc/hostname", "root", "root");
        }
        compute.copyIn(id, "/srv/in", new ByteArrayInputStream(tar.toByteArray()));
        assertThat(shellOut(id, "cd /srv/in/d; stat -c '%U:%G %a %s' n*; readlink link"))
                .isEqualTo("nobody:nogroup 640 7\n/etc/hostname\n");
        ByteArrayOutputStream back = new ByteArrayOutputStream();
        compute.copyOut(id, "/srv/in/d", back);
        assertThat(back.toString(StandardCharsets.ISO_8859_1)).contains("content");
        assertThatThrownBy(() -> compute.copyOut(id, "/nothing", back)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> compute.read(id, "/nothing", 10)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> compute.read(id, "/srv/in/" + longName, 3)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> compute.copyIn(id, "/srv/in", new ByteArrayInputStream(new byte[] {1, 2, 3})))
                .isInstanceOf(ComputeException.class);
        compute.remove(id);
    }

    @Test
    void linksLeadNowhereOutside() throws Exception {
        Path outside = Files.createDirectory(data.resolve("outside"));
        String id = start();
        shell(id, "ln -s " + outside + " /out; ln -s /etc/shadow /shadow");
        assertThatThrownBy(() -> compute.write(id, "/out/file", new byte[] {1}, "root", 0644))
                .isInstanceOf(ComputeException.class);
        try (var files = Files.list(outside)) {
            assertThat(files).isEmpty();
        }
        assertThat(new String(compute.read(id, "/shadow", 100_000), StandardCharsets.UTF_8))
                .contains("root:*:");
        compute.remove(id);

        WorkloadSpec spec = spec().keepingDisk();
        start(spec);
        shell(spec.id(), "ln -s " + outside + " /cache");
        compute.stop(spec.id(), Duration.ZERO);
        assertThatThrownBy(() ->
                        compute.start(spec.withBinds(List.of(new Bind(Path.of("/usr/share"), "/cache/made", false)))))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("symbolic link");
        assertThat(outside.resolve("made")).doesNotExist();
        assertThat(compute.find(spec.id()).orElseThrow().running()).isFalse();
        compute.remove(spec.id());
    }

    @Test
    void bindsAreSeenAndReadOnlyUnlessSaid() throws Exception {
        Path shared = Files.createDirectory(data.resolve("shared"));
        Files.writeString(shared.resolve("f"), "from outside");
        String id = start(spec().withBinds(List.of(new Bind(shared, "/rw", true), new Bind(shared, "/deep/ro", false))))
                .id();
        assertThat(shell(id, "cat /deep/ro/f; echo more > /rw/g; echo no > /deep/ro/h")
                        .out())
                .isEqualTo("from outside");
        assertThat(shared.resolve("g")).hasContent("more\n");
        assertThat(shared.resolve("h")).doesNotExist();
        compute.remove(id);
    }

    @Test
    void whatCannotBeGivenIsRefused() {
        assertThatThrownBy(() -> compute.start(spec().withImage("no-such-image")))
                .isInstanceOf(UnsupportedWorkloadException.class);
        assertThatThrownBy(() -> WorkloadSpec.of("../escape", "test")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> compute.images().load("../x", new ByteArrayInputStream(new byte[0])))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> compute.images().load("broken", new ByteArrayInputStream(new byte[2000])))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(compute.images().exists("broken")).isFalse();
    }

    @Test
    void anImportedRootFileSystemIsWhatAWorkloadSees() throws Exception {
        Path tar = data.resolve("root.tar.gz");
        // A small Debian: the shell, a few programs and their libraries, a device that must be of no use.
        String pack = "set -e; d=$(mktemp -d); mkdir -p $d/etc $d/usr/bin $d/proc $d/sys $d/dev $d/run $d/root $d/tmp;"
                + " ln -s usr/bin $d/bin; for p in sh cat ls id tar mkdir; do"
                + " cp /bin/$p $d/usr/bin/; ldd /bin/$p | grep -o '/[^ ]*' | while read l; do"
                + " mkdir -p $d$(dirname $l); cp $l $d$l; done; done;"
                + " echo 'root:x:0:0:root:/root:/bin/sh' > $d/etc/passwd; echo mine > $d/etc/mark; mknod $d/zero c 1 5 || :;"
                + " tar -czf " + tar + " -C $d .; rm -rf $d";
        assertThat(new ProcessBuilder("sh", "-c", pack).inheritIO().start().waitFor())
                .isZero();
        try (var stream = Files.newInputStream(tar)) {
            compute.images().load("small", stream);
        }
        assertThat(compute.images().list()).containsExactly("host", "small");
        String id = start(spec().withImage("small")).id();
        assertThat(shell(id, "cat /etc/mark; ls /usr/bin; id -u; cat /zero").out())
                .isEqualTo("mine\ncat\nid\nls\nmkdir\nsh\ntar\n0\n");
        assertThatThrownBy(() -> compute.images().remove("small")).isInstanceOf(IllegalArgumentException.class);
        compute.remove(id);
        compute.images().remove("small");
        assertThat(compute.images().list()).containsExactly("host");
    }

    @Test
    void theHostsToolsWorkInside() throws Exception {
        String id = start();
        for (String tool : List.of("java -version", "mvn -v", "python3 -V", "node -v", "git --version")) {
            String program = tool.substring(0, tool.indexOf(' '));
            Process here = new ProcessBuilder("sh", "-c", "command -v " + program).start();
            if (here.waitFor() == 0) {
                Output output = shell(id, tool);
                assertThat(output.exit().succeeded())
                        .as(tool + ": " + output.out() + output.error())
                        .isTrue();
            }
        }
        assertThat(shell(id, System.getProperty("java.home") + "/bin/java -version")
                        .error())
                .contains("25");
        compute.remove(id);
    }

    @Test
    void workloadsWithoutTheirOwnNetwork() throws Exception {
        String none = start(spec().withNetwork(NetworkMode.NONE)).id();
        assertThat(compute.address(none, 80)).isEqualTo(Optional.empty());
        assertThat(shellOut(none, "ls /sys/class/net 2>/dev/null; cut -d: -f1 /proc/net/dev | tail -n +3"))
                .isEqualTo("    lo\n");
        compute.remove(none);
        String host = start(spec().withNetwork(NetworkMode.HOST)).id();
        assertThat(compute.address(host, 80).orElseThrow().getAddress().isLoopbackAddress())
                .isTrue();
        compute.remove(host);
    }
}
