package dev.terrane.testkit;

import dev.terrane.compute.proxy.HttpTrafficProxy;
import dev.terrane.gateway.FrontDoor;
import dev.terrane.gateway.http.HttpServer;
import dev.terrane.kernel.audit.AuditLog;
import dev.terrane.kernel.audit.AuditRecord;
import dev.terrane.kernel.blob.Blobs;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.MovableClock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.event.Event;
import dev.terrane.kernel.event.OutboxEvents;
import dev.terrane.kernel.identity.AuthorizationMessages;
import dev.terrane.kernel.identity.Credential;
import dev.terrane.kernel.identity.Identities;
import dev.terrane.kernel.identity.SessionTokens;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.StoreBackend;
import dev.terrane.kernel.workflow.DurableWorkflows;
import dev.terrane.storage.files.FileBlobs;
import dev.terrane.storage.sqlite.SqliteBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;

/**
 * A server for tests: the real store, blobs, workflows, pipeline and, when asked for, HTTP, in a folder of its own, with a clock that
 * the test moves. It holds the services that the test names, and users and roles that the test makes.
 */
public final class TestServer implements AutoCloseable {
    /** The account of a test. */
    public static final String ACCOUNT = "123456789012";

    /** The region of a test. */
    public static final String REGION = "us-east-1";

    /** When the clock starts. */
    public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<Function<Platform, Service>> factories;
    private final BiFunction<Path, Threads, Compute> driver;
    private final Path folder;
    private final MasterKey masterKey = MasterKey.random();
    private final TestIdentities identities = new TestIdentities();
    private final MovableClock clock = new MovableClock(START);
    private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();
    private final CopyOnWriteArrayList<Throwable> faults = new CopyOnWriteArrayList<>();
    private final Credential administrator = identities.user(ACCOUNT, "administrator", TestIdentities.EVERYTHING);
    private Running running;

    /** All that ends at a restart. */
    private record Running(
            SqliteBackend backend,
            CrashingBackend disk,
            Store store,
            Threads threads,
            DurableWorkflows workflows,
            FrontDoor door,
            Platform platform,
            Compute compute,
            HttpTrafficProxy proxy) {}

    private @Nullable HttpServer http;

    /** Where it listens, from the first time on: a server that starts anew keeps its address. */
    private int port;

    private TestServer(BiFunction<Path, Threads, Compute> driver, List<Function<Platform, Service>> factories) {
        this.driver = driver;
        this.factories = factories;
        try {
            folder = Files.createTempDirectory("terrane-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        synchronized (this) {
            // What services begin in the background may ask for the URL; it waits until all is there.
            running = start();
        }
    }

    /** Starts a server with services, each given by its constructor: {@code TestServer.with(SqsService::new)}. */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public static TestServer with(Function<Platform, Service>... services) {
        return new TestServer((data, threads) -> NoCompute.compute(), List.of(services));
    }

    /**
     * As {@link #with}, with a driver that runs workloads: {@link MemoryCompute}, or the sandbox itself.
     *
     * @param driver opens it, given a folder and threads, at each start of the server
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public static TestServer withCompute(
            BiFunction<Path, Threads, Compute> driver, Function<Platform, Service>... services) {
        return new TestServer(driver, List.of(services));
    }

    private Running start() {
        SqliteBackend backend = SqliteBackend.open(folder.resolve("store"));
        CrashingBackend disk = new CrashingBackend(backend);
        Store store = new Store(disk, masterKey);
        Threads threads = new Threads(clock, faults::add);
        SessionTokens sessions = new SessionTokens(masterKey);
        FrontDoor door =
                new FrontDoor(store, clock, sessions, new AuthorizationMessages(masterKey), REGION, faultsOf(threads));
        OutboxEvents outbox = new OutboxEvents(store, clock, threads);
        outbox.subscribe(events::add);
        DurableWorkflows workflows = new DurableWorkflows(store, clock, threads);
        HttpTrafficProxy proxy = new HttpTrafficProxy(clock, threads, masterKey.derive("balancer-cookies"));
        Compute compute = driver.apply(folder.resolve("compute"), threads);
        Platform platform = new Platform(
                store,
                blobs(disk),
                clock,
                threads,
                door.clients(),
                door.authorizer(),
                door.gitAuthentication(),
                outbox,
                workflows,
                new PageTokens(masterKey),
                sessions,
                masterKey,
                compute,
                proxy,
                door.services().resourceTypes(),
                addresses(compute));
        door.services().identifyBy(identities);
        for (Function<Platform, Service> factory : factories) {
            Service service = factory.apply(platform);
            service.workflows().forEach(workflows::register);
            door.services().add(service);
            if (service instanceof Identities real) {
                door.services().identifyBy(identities.beside(real));
            }
        }
        outbox.start();
        workflows.resume();
        door.services().all().forEach(Service::start);
        return new Running(backend, disk, store, threads, workflows, door, platform, compute, proxy);
    }

    /** What fails because the server ends under it is no fault: it is interrupted, and its store is closed. */
    private Consumer<Throwable> faultsOf(Threads threads) {
        return fault -> {
            if (!threads.isEnding()) {
                faults.add(fault);
            }
        };
    }

    private Blobs blobs(StoreBackend backend) {
        try {
            return new FileBlobs(folder.resolve("blobs"), masterKey, backend);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the server as a crash would, short of what is on disk, and starts it anew on the same data. */
    public synchronized void restart() {
        stop();
        running = start();
    }

    /**
     * Lets so many more commits reach the disk, and then none, until {@link #restart}: as if the server were killed between the two. The commits are
     * everybody's, those of calls as well as those of processes; what writes nothing but the trail does not count.
     */
    public void crashAfter(long commits) {
        running.disk().crashAfter(commits);
    }

    /** Whether something was not written since {@link #crashAfter}. */
    public boolean crashed() {
        return running.disk().crashed();
    }

    private void stop() {
        if (http != null) {
            http.close();
            http = null;
        }
        running.threads().close();
        running.proxy().close();
        running.compute().close();
        if (!running.disk().crashes()) {
            running.workflows().close();
        }
        running.store().close();
    }

    /** Where all that it keeps is: for tests of what a reader of the disk learns. */
    public Path folder() {
        return folder;
    }

    /** What services are built on. */
    public Platform platform() {
        return running.platform();
    }

    public MovableClock clock() {
        return clock;
    }

    /** Users and roles. */
    public TestIdentities identities() {
        return identities;
    }

    /** A client of a service, as an administrator of the account. */
    public <C extends SdkClient> C client(Class<C> api) {
        return client(api, administrator.principal());
    }

    /** A client of a service, as a principal. */
    public <C extends SdkClient> C client(Class<C> api, Principal principal) {
        return running.door().clients().clientOf(api, principal, REGION);
    }

    /** A client of a service in another region, as a principal. */
    public <C extends SdkClient> C client(Class<C> api, Principal principal, String region) {
        return running.door().clients().clientOf(api, principal, region);
    }

    /** The services of this server, as they run since its last start. */
    public List<Service> services() {
        return List.copyOf(running.door().services().all());
    }

    /** A client of a service, as a new user who may do what a policy says and nothing else. */
    public <C extends SdkClient> C clientWith(Class<C> api, String policy) {
        return client(api, identities.user(ACCOUNT, "limited", policy).principal());
    }

    /** The administrator's access key, for clients over HTTP. */
    public Credential administrator() {
        return administrator;
    }

    /** The URL of the server; it begins to listen at the first call. */
    public synchronized URI url() {
        if (http == null) {
            http = new HttpServer(
                    new InetSocketAddress("127.0.0.1", port),
                    addresses(running.compute())
                            .certificates()
                            .server(Clock.system().instant()),
                    running.door().awsEndpoint(),
                    running.door().services(),
                    faultsOf(running.threads()));
            try {
                http.start();
                port = http.port();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (running.platform().compute().network().isPresent()) {
                running.platform().compute().publish(http.port());
            }
        }
        return URI.create("http://127.0.0.1:" + http.port());
    }

    private TestAddresses addresses(Compute compute) {
        return new TestAddresses(this, compute, folder.resolve("tls"));
    }

    /** Events that services have emitted, in order, so far. */
    public List<Event> events() {
        return List.copyOf(events);
    }

    /** The events of a detail type, once there are so many. */
    public List<Event> awaitEvents(String detailType, int count) {
        return awaitEvents(detailType, count, () -> {});
    }

    /** The same, doing something before each look, such as moving the clock on. */
    public List<Event> awaitEvents(String detailType, int count, Runnable meanwhile) {
        await(() -> {
            boolean there = eventsOf(detailType).size() >= count;
            if (!there) {
                meanwhile.run();
            }
            return there;
        });
        return eventsOf(detailType);
    }

    private List<Event> eventsOf(String detailType) {
        return events.stream().filter(e -> e.detailType().equals(detailType)).toList();
    }

    /** The calls recorded in the account, newest first. */
    public List<AuditRecord> trail() {
        return running.store()
                .rows(AuditLog.TABLE)
                .list(new Scope(ACCOUNT, REGION), Query.all().reversed().limit(200))
                .values();
    }

    /** The calls recorded in a region of an account since a time, oldest first. */
    public List<AuditRecord> trail(Scope scope, Instant since) {
        return running.store()
                .rows(AuditLog.TABLE)
                .list(scope, Query.all().between(AuditLog.from(since), ""))
                .values();
    }

    /** How many rows each table on disk has, without the trail: for tests that nothing has changed. */
    public Map<String, Long> rowCounts() {
        Map<String, Long> counts = running.backend().rowCounts();
        counts.keySet().removeIf(AuditLog::keeps);
        return counts;
    }

    /** What each table on disk holds, without the trail, told by the sum of its rows' versions: it changes with every write. */
    public Map<String, Long> state() {
        Map<String, Long> versions = running.backend().rowVersions();
        versions.keySet().removeIf(AuditLog::keeps);
        return versions;
    }

    /** Faults of our own that were reported meanwhile: a test that provokes none finds none. */
    public List<Throwable> faults() {
        return List.copyOf(faults);
    }

    /** Moves the clock. */
    public void advance(Duration duration) {
        clock.advance(duration);
    }

    /** Waits, in real time, until something holds that the server does in the background. */
    public static void await(BooleanSupplier condition) {
        Clock real = Clock.system();
        Instant end = real.instant().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (real.instant().isAfter(end)) {
                throw new AssertionError("Did not come to hold within " + PATIENCE);
            }
            try {
                real.sleep(Duration.ofMillis(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
