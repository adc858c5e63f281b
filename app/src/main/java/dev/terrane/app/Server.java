package dev.terrane.app;

import dev.terrane.app.Installation.Administrator;
import dev.terrane.compute.none.UnavailableCompute;
import dev.terrane.compute.proxy.HttpTrafficProxy;
import dev.terrane.compute.sandbox.SandboxCompute;
import dev.terrane.gateway.FrontDoor;
import dev.terrane.gateway.http.Certificates;
import dev.terrane.gateway.http.HttpServer;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.blob.Blobs;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.event.OutboxEvents;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.identity.AuthorizationMessages;
import dev.terrane.kernel.identity.SessionTokens;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.StoreBackend;
import dev.terrane.kernel.workflow.DurableWorkflows;
import dev.terrane.storage.files.FileBlobs;
import dev.terrane.storage.sqlite.SqliteBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;

/** One server on one installation: backends, front door and services, put together and started. */
final class Server implements AutoCloseable {
    private static final String ADMINISTRATOR = "administrator";

    private final Installation installation;
    private final Log log;
    private final Store store;
    private final DurableWorkflows workflows;
    private final Threads threads;
    private final Compute compute;
    private final HttpTrafficProxy proxy;
    private final Certificates certificates;
    private final HttpServer http;
    private final String host;

    /**
     * Starts a server; it answers when this returns.
     *
     * @throws UncheckedIOException when the port is taken or the folder cannot be used
     */
    Server(Installation installation, String bind, int port, String region, Log log) {
        this.installation = installation;
        this.log = log;
        installation.prepare();
        Clock clock = Clock.system();
        MasterKey masterKey = installation.key();
        StoreBackend backend = SqliteBackend.open(installation.data().resolve("store"));
        store = new Store(backend, masterKey);
        threads = new Threads(clock, log::fault);
        SessionTokens sessions = new SessionTokens(masterKey);
        FrontDoor door =
                new FrontDoor(store, clock, sessions, new AuthorizationMessages(masterKey), region, log::fault);
        OutboxEvents events = new OutboxEvents(store, clock, threads);
        workflows = new DurableWorkflows(store, clock, threads);
        compute = compute(installation, threads);
        proxy = new HttpTrafficProxy(clock, threads, masterKey.derive("balancer-cookies"));
        host = isAny(bind) ? "127.0.0.1" : bind;
        certificates = new Certificates(installation.tls(), names(bind, compute));
        http = new HttpServer(
                new InetSocketAddress(bind, port),
                certificates.server(clock.instant()),
                door.awsEndpoint(),
                door.services(),
                log::fault);
        Platform platform = new Platform(
                store,
                blobs(installation, backend, masterKey),
                clock,
                threads,
                door.clients(),
                door.authorizer(),
                door.gitAuthentication(),
                events,
                workflows,
                new PageTokens(masterKey),
                sessions,
                masterKey,
                compute,
                proxy,
                door.services().resourceTypes(),
                new Addresses());
        for (Function<Platform, Service> factory : Wiring.SERVICES) {
            Service service = factory.apply(platform);
            service.workflows().forEach(workflows::register);
            door.services().add(service);
        }
        Administrator administrator =
                installation.administrator().orElseGet(() -> createAdministrator(platform, region));
        try {
            http.start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on " + bind + ":" + port + ": " + e.getMessage(), e);
        }
        if (compute.network().isPresent()) {
            compute.publish(http.port());
        }
        events.start();
        workflows.resume();
        door.services().all().forEach(Service::start);
        installation.keep(new Installation.Running(
                ProcessHandle.current().pid(),
                host,
                http.port(),
                clock.instant().toString()));
        log.info(
                "started",
                "url",
                url(),
                "account",
                administrator.account(),
                "region",
                administrator.region(),
                "data",
                installation.folder(),
                "services",
                door.services().all().size(),
                "compute",
                compute.describe());
    }

    /** The sandbox, or where this machine cannot have one, a driver that says why: all else works without. */
    private static Compute compute(Installation installation, Threads threads) {
        try {
            return SandboxCompute.open(installation.data(), threads);
        } catch (ComputeException e) {
            return new UnavailableCompute(String.valueOf(e.getMessage()));
        }
    }

    private static Blobs blobs(Installation installation, StoreBackend backend, MasterKey masterKey) {
        try {
            return new FileBlobs(installation.data().resolve("blobs"), masterKey, backend);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where clients reach it. */
    String url() {
        return "http://" + host + ":" + http.port();
    }

    private final class Addresses implements Platform.Endpoint {
        @Override
        public String url() {
            return Server.this.url();
        }

        @Override
        public String workloadUrl() {
            if (compute.network().isEmpty()) {
                return url();
            }
            InetSocketAddress address =
                    compute.serverAddress(dev.terrane.kernel.compute.NetworkMode.ISOLATED, http.port());
            return "http://" + address.getHostString() + ":" + address.getPort();
        }

        @Override
        public String authority() {
            try {
                return Files.readString(certificates.authority());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Makes the first account with an administrator. The platform itself does it, since nobody is there yet to be allowed to. */
    private Administrator createAdministrator(Platform platform, String region) {
        String account = (1 + Integer.parseInt(Ids.digits(1)) % 9) + Ids.digits(11);
        IamClient iam =
                platform.clients().client(IamClient.class, new Actor.Platform(new Scope(account, region)), region);
        iam.createUser(r -> r.userName(ADMINISTRATOR));
        iam.attachUserPolicy(r -> r.userName(ADMINISTRATOR)
                .policyArn(Arn.iam("aws", "policy/AdministratorAccess").toString()));
        AccessKey key = iam.createAccessKey(r -> r.userName(ADMINISTRATOR)).accessKey();
        Administrator administrator = new Administrator(account, region, key.accessKeyId(), key.secretAccessKey());
        installation.keep(administrator);
        log.info("account-created", "account", account, "administrator", ADMINISTRATOR);
        return administrator;
    }

    private static boolean isAny(String bind) {
        return bind.equals("0.0.0.0") || bind.equals("::");
    }

    private static List<String> names(String bind, Compute compute) {
        List<String> names = new ArrayList<>(List.of("localhost", "*.localhost", "127.0.0.1", "::1"));
        if (!names.contains(bind) && !isAny(bind)) {
            names.add(bind);
        }
        compute.network().ifPresent(own -> names.add(own.gateway().getHostAddress()));
        try {
            names.add(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            // A machine that does not know its own name is reached by address only.
            return List.copyOf(names);
        }
        return List.copyOf(names);
    }

    /** Ends the server: no call is accepted any more, and what runs goes on at the next start. */
    @Override
    public void close() {
        http.close();
        threads.close();
        proxy.close();
        compute.close();
        workflows.close();
        store.close();
        installation.stopped();
        log.info("stopped");
    }
}
