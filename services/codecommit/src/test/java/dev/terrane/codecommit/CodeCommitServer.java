package dev.terrane.codecommit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Authorizer;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.MovableClock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.event.Events;
import dev.terrane.kernel.identity.Credential;
import dev.terrane.kernel.identity.GitAuthentication;
import dev.terrane.kernel.identity.SessionTokens;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.resource.ResourceTypes;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.service.HttpEndpoint;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.store.Store;
import dev.terrane.storage.files.FileBlobs;
import dev.terrane.storage.sqlite.SqliteBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;

/**
 * CodeCommit on a real store and real blobs in a folder, served to Git by the JDK's HTTP server. Policies are a predicate of the test's, and
 * events and trail entries are kept for it to look at.
 */
final class CodeCommitServer implements AutoCloseable {
    static final Scope SCOPE = new Scope("111122223333", "eu-west-1");
    static final Principal ALICE = new Principal.User(SCOPE.account(), "AIDAALICE", "/", "alice");
    static final String PASSWORD = "s3cret+/=";

    final MovableClock clock = new MovableClock(Instant.parse("2026-01-02T03:04:05Z"));
    final List<Map<String, Object>> events = new CopyOnWriteArrayList<>();
    final List<String> trail = new CopyOnWriteArrayList<>();

    /** The message with which a question "action resource references" is denied, or empty to allow it. */
    volatile Function<String, Optional<String>> policy = question -> Optional.empty();

    private final Store store;
    private final Threads threads;
    private final HttpServer http;
    private final java.util.concurrent.ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    final CodeCommitService service;

    CodeCommitServer(Path folder) throws IOException {
        this(folder, new NoOtherServices());
    }

    CodeCommitServer(Path folder, Clients clients) throws IOException {
        MasterKey key = MasterKey.load(folder.resolve("master.key"));
        SqliteBackend backend = SqliteBackend.open(folder.resolve("store"));
        store = new Store(backend, key);
        threads = new Threads(clock, Throwable::printStackTrace);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String url = "http://127.0.0.1:" + http.getAddress().getPort();
        service = new CodeCommitService(platform(folder, clients, key, backend, url));
        http.createContext("/", this::handle);
        http.setExecutor(executor);
        http.start();
    }

    @SuppressWarnings("NullAway") // what CodeCommit does not use is not built here
    private Platform platform(Path folder, Clients clients, MasterKey key, SqliteBackend backend, String url)
            throws IOException {
        return new Platform(
                store,
                new FileBlobs(folder.resolve("blobs"), key, backend),
                clock,
                threads,
                clients,
                new Policy(),
                (host, path, user, password, regions) -> user.equals("alice-at-1") && password.equals(PASSWORD)
                        ? Optional.of(new GitAuthentication.Caller(new Credential("", "", ALICE), Optional.empty()))
                        : Optional.empty(),
                new Recorder(),
                null,
                new PageTokens(key),
                new SessionTokens(key),
                key,
                null,
                null,
                new ResourceTypes(),
                new Platform.Endpoint() {
                    @Override
                    public String url() {
                        return url;
                    }

                    @Override
                    public String workloadUrl() {
                        return url;
                    }

                    @Override
                    public String authority() {
                        throw new UnsupportedOperationException("serves no HTTPS");
                    }
                });
    }

    /** A client that calls as Alice. */
    CodeCommitClient client() {
        return (CodeCommitClient) java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CodeCommitClient.class}, (proxy, method, arguments) -> {
                    if (method.isDefault()
                            && method.getParameterCount() == 1
                            && method.getParameterTypes()[0] == java.util.function.Consumer.class) {
                        return java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, arguments);
                    }
                    return call(() -> {
                        try {
                            return method.invoke(service.implementation(), arguments);
                        } catch (java.lang.reflect.InvocationTargetException e) {
                            if (e.getCause() instanceof RuntimeException unchecked) {
                                throw unchecked;
                            }
                            throw new IllegalStateException(e.getCause());
                        } catch (IllegalAccessException e) {
                            throw new IllegalStateException(e);
                        }
                    });
                });
    }

    /** Does something as an operation is done: within a call and a transaction. */
    <T> T call(java.util.function.Supplier<T> work) {
        return new Call(
                        SCOPE.account(),
                        SCOPE.region(),
                        ALICE,
                        "AKIAEXAMPLE",
                        "request",
                        "127.0.0.1",
                        "test",
                        true,
                        false,
                        Optional.empty(),
                        clock.instant())
                .serve(() -> store.transact(work));
    }

    Upkeep upkeep() {
        return service.upkeep();
    }

    Store store() {
        return store;
    }

    /** The events' details of one kind. */
    List<Map<String, Object>> events(String event) {
        return events.stream()
                .filter(detail -> event.equals(detail.get("event")))
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        HttpEndpoint endpoint = service.httpEndpoints().getFirst();
        try (exchange) {
            if (endpoint.accepts(
                    exchange.getRequestMethod(), exchange.getRequestURI().getRawPath())) {
                endpoint.serve(new JdkExchange(exchange));
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        } catch (RuntimeException e) {
            e.printStackTrace();
            throw e;
        }
    }

    @Override
    public void close() {
        http.stop(0);
        executor.shutdownNow();
        threads.close();
        store.close();
    }

    private final class Recorder implements Events {
        @Override
        @SuppressWarnings("unchecked")
        public void emit(String source, String detailType, List<String> resources, Object detail) {
            Map<String, Object> copy = RecordCodec.json().convertValue(detail, Map.class);
            copy.put("source", source);
            copy.put("detail-type", detailType);
            copy.put("resources", resources);
            store.afterCommit(() -> events.add(Collections.unmodifiableMap(copy)));
        }

        @Override
        public void subscribe(Listener listener) {
            throw new UnsupportedOperationException();
        }
    }

    private final class Policy implements Authorizer {
        @Override
        public void authorize(Call call, String action, String resourceArn, Map<String, List<String>> conditions) {
            String question = action + " " + resourceArn + " "
                    + String.join(",", conditions.getOrDefault("codecommit:References", List.of()));
            policy.apply(question).ifPresent(message -> {
                throw AwsErrors.accessDenied(message);
            });
        }

        @Override
        public void record(
                Call call, String source, String name, boolean readOnly, List<String> resources, Object parameters) {
            String entry = name + " " + resources.getFirst();
            store.afterCommit(() -> trail.add(entry));
        }
    }

    private static final class NoOtherServices implements Clients {
        @Override
        public <C extends SdkClient> C client(Class<C> api, Actor actor, String region) {
            throw new UnsupportedOperationException(api.getSimpleName());
        }
    }

    private record JdkExchange(HttpExchange exchange) implements HttpEndpoint.Exchange {
        @Override
        public String method() {
            return exchange.getRequestMethod();
        }

        @Override
        public String path() {
            return exchange.getRequestURI().getRawPath();
        }

        @Override
        public String query() {
            String query = exchange.getRequestURI().getRawQuery();
            return query == null ? "" : query;
        }

        @Override
        public Optional<String> header(String name) {
            return headers(name).stream().findFirst();
        }

        @Override
        public List<String> headers(String name) {
            List<String> values = exchange.getRequestHeaders().get(name);
            return values == null ? List.of() : new ArrayList<>(values);
        }

        @Override
        public String remoteAddress() {
            return exchange.getRemoteAddress().getAddress().getHostAddress();
        }

        @Override
        public boolean secure() {
            return false;
        }

        @Override
        public InputStream body() {
            return exchange.getRequestBody();
        }

        @Override
        public void setHeader(String name, String value) {
            exchange.getResponseHeaders().set(name, value);
        }

        @Override
        public OutputStream respond(int status) throws IOException {
            exchange.sendResponseHeaders(status, 0);
            return exchange.getResponseBody();
        }
    }
}
