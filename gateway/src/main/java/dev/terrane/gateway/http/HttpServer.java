package dev.terrane.gateway.http;

import dev.terrane.gateway.AwsEndpoint;
import dev.terrane.gateway.Services;
import dev.terrane.gateway.protocol.ClientGoneException;
import dev.terrane.gateway.protocol.Headers;
import dev.terrane.gateway.protocol.WireBody;
import dev.terrane.gateway.protocol.WireRequest;
import dev.terrane.gateway.protocol.WireResponse;
import dev.terrane.kernel.service.HttpEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/** HTTP and HTTPS on one port. Endpoints that are not AWS's (Git) are asked first; all else is the AWS API. */
public final class HttpServer implements AutoCloseable {
    private static final int REQUEST_HEADERS = 64 * 1024;
    private static final long IDLE_MILLIS = 60_000;
    private static final int THREADS = 16;
    /** Requests served where they arrive, which is quickest. The other threads stay free, so that requests that wait hinder nobody. */
    private static final int MOST_ON_ARRIVAL = 8;
    /** Requests served at once; more of them wait. Few of these need memory for their bodies at the same time. */
    private static final int MOST_REQUESTS = 1000;

    private final Server server;
    private final ServerConnector connector;
    private final ExecutorService virtualThreads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * @param address where to listen; port 0 takes a free one
     * @param certificate the server's key and certificate
     * @param faults told of what is nobody's error but ours, for the log
     */
    public HttpServer(
            InetSocketAddress address,
            KeyStore certificate,
            AwsEndpoint aws,
            Services services,
            Consumer<Throwable> faults) {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 4);
        threads.setName("http");
        threads.setDaemon(true);
        VirtualThreadPool bounded = new VirtualThreadPool(MOST_REQUESTS);
        bounded.setVirtualThreadsExecutor(virtualThreads);
        threads.setVirtualThreadsExecutor(bounded);
        server = new Server(threads);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(true);
        configuration.setRequestHeaderSize(REQUEST_HEADERS);
        configuration.setResponseHeaderSize(REQUEST_HEADERS);
        // S3 keys hold whatever their users put there; the raw path is what counts here.
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        // A signature counts the header as it was sent, not as Jetty would write it: "text/plain; charset=UTF-8".
        configuration.setHeaderCacheCaseSensitive(true);
        // A connection's cache of headers fills with signatures and dates, of which no two are alike: keeping and
        // searching them costs more than it saves.
        configuration.setHeaderCacheSize(0);
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        HttpConnectionFactory http = new HttpConnectionFactory(configuration);
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(certificate);
        tls.setKeyStorePassword(new String(Certificates.password()));
        tls.setSniRequired(false);
        SslConnectionFactory ssl = new SslConnectionFactory(tls, http.getProtocol());
        connector = new ServerConnector(server, 1, 1, new DetectorConnectionFactory(ssl), http);
        connector.setHost(address.getHostString());
        connector.setPort(address.getPort());
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.setAcceptQueueSize(1024);
        server.addConnector(connector);
        server.setHandler(new Front(aws, services, faults, bounded));
    }

    /** Begins to listen.
     *
     * @throws IOException when the address is taken or not ours
     */
    public void start() throws IOException {
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** The port that it listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            virtualThreads.shutdownNow();
        }
    }

    private static final class Front extends Handler.Abstract {
        private final AwsEndpoint aws;
        private final Services services;
        private final Consumer<Throwable> faults;
        private final Executor elsewhere;
        private final AtomicInteger onArrival = new AtomicInteger();

        Front(AwsEndpoint aws, Services services, Consumer<Throwable> faults, Executor elsewhere) {
            this.aws = aws;
            this.services = services;
            this.faults = faults;
            this.elsewhere = elsewhere;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (Thread.currentThread().isVirtual()) {
                serve(request, response, callback);
                return true;
            }
            if (onArrival.incrementAndGet() > MOST_ON_ARRIVAL) {
                onArrival.decrementAndGet();
                elsewhere.execute(() -> serve(request, response, callback));
                return true;
            }
            try {
                serve(request, response, callback);
            } finally {
                onArrival.decrementAndGet();
            }
            return true;
        }

        private void serve(Request request, Response response, Callback callback) {
            try {
                String method = request.getMethod();
                String path = path(request);
                Optional<HttpEndpoint> endpoint = services.endpoint(method, path);
                if (endpoint.isPresent()) {
                    endpoint.get().serve(new JettyExchange(request, response, path));
                } else {
                    aws.serve(
                            wire(request, path),
                            Request.getRemoteAddr(request),
                            request.isSecure(),
                            r -> send(response, method, r));
                }
                callback.succeeded();
            } catch (IOException | UncheckedIOException e) {
                // The client is gone, or sent less than it announced: nobody is left to answer to.
                callback.failed(e);
            } catch (RuntimeException e) {
                faults.accept(e);
                callback.failed(e);
            }
        }

        private static String path(Request request) {
            String path = request.getHttpURI().getPath();
            return path == null || path.isEmpty() ? "/" : path;
        }

        private static WireRequest wire(Request request, String path) {
            Headers.Builder headers = Headers.builder();
            for (HttpField field : request.getHeaders()) {
                headers.add(field.getName(), field.getValue() == null ? "" : field.getValue());
            }
            String query = request.getHttpURI().getQuery();
            return new WireRequest(
                    request.getMethod(),
                    path,
                    query == null ? "" : query,
                    headers.build(),
                    request.getLength() == 0
                            ? WireBody.EMPTY
                            : new WireBody.Streamed(
                                    ClientGoneException.from(Content.Source.asInputStream(request)),
                                    request.getLength()));
        }

        private static void send(Response response, String method, WireResponse wire) {
            response.setStatus(wire.status());
            wire.headers().forEach((name, value) -> response.getHeaders().add(name, value));
            boolean head = method.equals("HEAD");
            if (!head
                    && wire.body().length() >= 0
                    && !response.getHeaders().contains(HttpHeader.CONTENT_LENGTH)
                    && wire.status() != 204
                    && wire.status() != 304) {
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, wire.body().length());
            }
            try (OutputStream out = ClientGoneException.to(Content.Sink.asOutputStream(response));
                    InputStream body = wire.body().open()) {
                if (!head) {
                    body.transferTo(out);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private record JettyExchange(Request request, Response response, String path) implements HttpEndpoint.Exchange {
        @Override
        public String method() {
            return request.getMethod();
        }

        @Override
        public String query() {
            String query = request.getHttpURI().getQuery();
            return query == null ? "" : query;
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.ofNullable(request.getHeaders().get(name));
        }

        @Override
        public List<String> headers(String name) {
            return request.getHeaders().getValuesList(name);
        }

        @Override
        public String remoteAddress() {
            return Request.getRemoteAddr(request);
        }

        @Override
        public boolean secure() {
            return request.isSecure();
        }

        @Override
        public InputStream body() {
            return Content.Source.asInputStream(request);
        }

        @Override
        public void setHeader(String name, String value) {
            response.getHeaders().put(name, value);
        }

        @Override
        public OutputStream respond(int status) {
            response.setStatus(status);
            return Content.Sink.asOutputStream(response);
        }
    }
}
