package dev.terrane.compute.proxy;

import dev.terrane.kernel.clock.Clock;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One request on its way to a target and its response on the way back. */
final class Forwarding {
    private static final int MOST_ATTEMPTS = 5;
    private static final int BODY_BUFFER = 32 * 1024;

    /** How an attempt with one target ended. */
    private enum Attempt {
        /** Answered; the client's connection can stay. */
        DONE,
        /** Answered; the client's connection must end. */
        DONE_LAST,
        /** Nothing reached the target, or nothing that it may not get twice: another one can do it. */
        TRY_OTHER,
        /** The resting connection had been closed by the target: a new one to the same target can do it. */
        TRY_ANEW,
        FAILED
    }

    private final ClientConnection client;
    private final RequestHead request;
    private final Routing routing;
    private final Routing.ForwardRoute route;
    private volatile Optional<TargetConnection> current = Optional.empty();
    private volatile Optional<Upload> upload = Optional.empty();
    private volatile boolean awaitsAnswer;
    private volatile boolean timedOut;
    private boolean receivedSomething;
    private int failure = 502;
    private String cookies = "";

    Forwarding(ClientConnection client, RequestHead request, Routing routing, Routing.ForwardRoute route) {
        this.client = client;
        this.request = request;
        this.routing = routing;
        this.route = route;
    }

    /** Thrown before anything was done when the routing is out of date: all its targets are being drained. */
    static final class StaleRoutingException extends Exception {}

    /**
     * Forwards the request and answers the client.
     *
     * @return whether the client's connection can stay
     * @throws IOException when the client is gone, or must believe so because its answer can't be completed
     */
    boolean run() throws IOException, MalformedMessageException, StaleRoutingException {
        Optional<TargetPool> chosen = chooseGroup();
        if (chosen.isEmpty() || chosen.get().isEmpty()) {
            return client.answer(OwnAnswer.error(503), request);
        }
        TargetPool pool = chosen.get();
        byte[] head = client.forwardedHead(request, routing);
        List<RegisteredTarget> tried = new ArrayList<>(2);
        boolean entered = false;
        Optional<Attempt> last = Optional.empty();
        for (int attempts = 0; attempts < MOST_ATTEMPTS; ) {
            Optional<RegisteredTarget> candidate = chooseTarget(pool, tried);
            if (candidate.isEmpty()) {
                break;
            }
            RegisteredTarget target = candidate.get();
            if (!target.begin()) {
                tried.add(target);
                continue;
            }
            entered = true;
            attempts++;
            try {
                Attempt result = attempt(target, pool, head, false);
                if (result == Attempt.TRY_ANEW) {
                    result = attempt(target, pool, head, true);
                }
                switch (result) {
                    case DONE -> {
                        return true;
                    }
                    case DONE_LAST, FAILED -> last = Optional.of(result);
                    case TRY_OTHER, TRY_ANEW -> tried.add(target);
                }
            } finally {
                current = Optional.empty();
                target.end();
            }
            if (last.isPresent()) {
                if (last.get() == Attempt.FAILED) {
                    client.write(OwnAnswer.error(failure));
                }
                client.linger(upload);
                return false;
            }
        }
        if (!entered) {
            throw new StaleRoutingException();
        }
        return client.answer(OwnAnswer.error(failure), request);
    }

    private Optional<TargetPool> chooseGroup() {
        if (route.stickiness().isEmpty()) {
            return route.next();
        }
        Optional<TargetPool> pool = client.cookies()
                .read(request, StickyCookies.TARGET_GROUP)
                .flatMap(name -> route.shares().stream()
                        .filter(share ->
                                share.weight() > 0 && groupName(share.pool()).equals(name))
                        .map(Routing.Share::pool)
                        .findFirst())
                .or(route::next);
        pool.ifPresent(chosen -> cookies += client.setCookie(
                StickyCookies.TARGET_GROUP,
                groupName(chosen),
                route.stickiness().get()));
        return pool;
    }

    private static String groupName(TargetPool pool) {
        return StickyCookies.name(pool.config().id(), "");
    }

    private Optional<RegisteredTarget> chooseTarget(TargetPool pool, List<RegisteredTarget> tried) {
        Optional<RegisteredTarget> sticky = pool.config().stickiness().isPresent() && tried.isEmpty()
                ? client.cookies().read(request, StickyCookies.TARGET).flatMap(pool::find)
                : Optional.empty();
        return sticky.or(() -> pool.choose(tried, client.clock().instant()));
    }

    private Attempt attempt(RegisteredTarget target, TargetPool pool, byte[] head, boolean anew)
            throws IOException, MalformedMessageException {
        TargetConnection connection;
        try {
            connection = target.connect(request.isRepeatable(), anew);
        } catch (SocketTimeoutException e) {
            failure = 504;
            return Attempt.TRY_OTHER;
        } catch (IOException e) {
            failure = 502;
            return Attempt.TRY_OTHER;
        }
        boolean reusable = false;
        try {
            current = Optional.of(connection);
            long sent = Clock.nanos();
            Optional<ResponseHead> response = exchangeHeads(connection, head);
            target.counter().sent();
            target.groupCounter().sent();
            if (response.isEmpty()) {
                return afterFailure(connection);
            }
            long took = Clock.nanos() - sent;
            target.counter().answered(response.get().status(), took);
            target.groupCounter().answered(response.get().status(), took);
            pool.config()
                    .stickiness()
                    .ifPresent(life -> cookies += client.setCookie(StickyCookies.TARGET, target.stickyName(), life));
            if (response.get().status() == 101) {
                tunnel(connection, response.get());
                return Attempt.DONE_LAST;
            }
            boolean last = respond(connection, response.get());
            if (stopsUpload(response.get())) {
                return Attempt.DONE_LAST;
            }
            boolean uploaded = upload.isEmpty() || upload.get().await() == Upload.Outcome.DONE;
            reusable = response.get().keepAlive() && uploaded && connection.in.isEmpty();
            return last || !uploaded ? Attempt.DONE_LAST : Attempt.DONE;
        } finally {
            if (reusable) {
                target.release(connection);
            } else {
                target.discard(connection);
            }
        }
    }

    /** Sends the request and waits for the final response's head; empty when there is none, and no byte of one. */
    private Optional<ResponseHead> exchangeHeads(TargetConnection connection, byte[] head) throws IOException {
        awaitsAnswer = true;
        try {
            connection.out.write(head, 0, head.length);
            if (request.hasBody()) {
                Upload started = new Upload(client.in(), request, connection);
                upload = Optional.of(started);
                started.start(client.threads());
            } else {
                connection.out.flush();
            }
            while (true) {
                if (!connection.in.awaitSome()) {
                    return Optional.empty();
                }
                ResponseHead response = readHead(connection);
                if (response.status() >= 200 || (response.status() == 101 && request.webSocket())) {
                    return Optional.of(response);
                }
                if (response.status() == 101) {
                    return Optional.empty();
                }
                if (request.version11()) {
                    client.write(ForwardedHead.response(response, false, false, ""));
                    client.flush();
                }
            }
        } catch (ClientConnection.ClientGoneException e) {
            throw e;
        } catch (IOException | MalformedMessageException e) {
            return Optional.empty();
        } finally {
            awaitsAnswer = false;
        }
    }

    private ResponseHead readHead(TargetConnection connection) throws IOException, MalformedMessageException {
        receivedSomething = true;
        int end = connection.in.awaitHead();
        ResponseHead response = HeadParser.response(connection.in.bytes, connection.in.start, end, request.method());
        connection.in.start = end;
        return response;
    }

    private Attempt afterFailure(TargetConnection connection) throws IOException, MalformedMessageException {
        connection.close();
        if (timedOut) {
            failure = upload.map(Upload::awaitsClient).orElse(false) ? 408 : 504;
            return Attempt.FAILED;
        }
        Optional<Upload.Outcome> uploaded = upload.flatMap(Upload::outcome);
        if (uploaded.filter(Upload.Outcome.MALFORMED::equals).isPresent()) {
            throw new MalformedMessageException("The body is malformed");
        }
        if (uploaded.filter(Upload.Outcome.CLIENT_FAILED::equals).isPresent()) {
            throw new ClientConnection.ClientGoneException(new EOFException("The body broke off"));
        }
        failure = 502;
        if (upload.isPresent() || receivedSomething) {
            return Attempt.FAILED;
        }
        if (connection.wasUsed() && request.isRepeatable()) {
            return Attempt.TRY_ANEW;
        }
        return request.isSafe() ? Attempt.TRY_OTHER : Attempt.FAILED;
    }

    /** Whether the response came before the whole body, and the client can't be expected to send the rest, or the target to take it. */
    private boolean stopsUpload(ResponseHead response) {
        return upload.map(started -> started.awaitsClient()
                        && (!response.keepAlive()
                                || response.status() >= 300
                                || request.headers().count("Expect") > 0))
                .orElse(false);
    }

    /** Passes the response on; returns whether it is the last one on the client's connection. */
    private boolean respond(TargetConnection connection, ResponseHead response) throws IOException {
        boolean ended =
                response.framing() instanceof Framing.UntilClose || response.framing() instanceof Framing.Chunked;
        boolean chunked = ended && request.version11();
        boolean last = (ended && !chunked) || client.isLast(request) || stopsUpload(response);
        client.write(ForwardedHead.response(response, chunked, last, cookies));
        if (response.framing() instanceof Framing.Length length && length.bytes() > BODY_BUFFER) {
            connection.in.widen(BODY_BUFFER);
        }
        BodyReader body = new BodyReader(connection.in, response.framing(), client::flush);
        try {
            while (body.next()) {
                if (chunked) {
                    client.writeChunk(body.bytes(), body.offset(), body.length());
                } else {
                    client.write(body.bytes(), body.offset(), body.length());
                }
            }
        } catch (MalformedMessageException e) {
            throw new IOException("The target's body is malformed", e);
        }
        if (chunked) {
            client.writeLastChunk();
        }
        client.flush();
        return last;
    }

    private void tunnel(TargetConnection connection, ResponseHead response) throws IOException {
        client.write(ForwardedHead.response(response, false, false, cookies));
        client.flush();
        Tunnel.join(client, connection);
    }

    /** Ends the exchange when nothing has passed for long. */
    void expire(long now, long idleNanos) {
        long active = client.lastActive();
        Optional<TargetConnection> connection = current;
        if (connection.isPresent()) {
            active = Math.max(active, connection.get().wire.lastActive());
        }
        if (now - active > idleNanos) {
            timedOut = true;
            connection.ifPresent(TargetConnection::close);
            if (!awaitsAnswer) {
                client.abort();
            }
        }
    }
}
