package dev.terrane.gateway;

import dev.terrane.gateway.protocol.ClientGoneException;
import dev.terrane.gateway.sigv4.Dialect;
import dev.terrane.gateway.sigv4.SignatureRefused;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.identity.ProviderAuthentication;
import dev.terrane.kernel.service.Service;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.StoreBackend.Conflict;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The whole way of a call once it is known who makes it, from outside and inside alike: authorize, validate, perform with the call bound,
 * commit state, events and audit record together. What goes before (signature, decoding) and after (encoding) is the HTTP gateway's.
 */
public final class RequestPipeline {
    private final Services services;
    private final Store store;
    private final Access access;
    private final UserSessionRules sessionRules;
    private final Trail trail;
    private final InputRules inputRules;
    private final Consumer<Throwable> faults;
    private final Answers answers;

    /** @param faults told of what is nobody's error but ours, for the log */
    public RequestPipeline(
            Services services,
            Store store,
            Access access,
            Trail trail,
            InputRules inputRules,
            Consumer<Throwable> faults) {
        this.services = services;
        this.store = store;
        this.access = access;
        this.sessionRules = new UserSessionRules(services);
        this.trail = trail;
        this.inputRules = inputRules;
        this.faults = faults;
        this.answers = new Answers(store);
    }

    /**
     * Performs an operation.
     *
     * @return the response, or what the transformer made of a streaming one
     * @throws AwsServiceException complete with wire code, HTTP status and request id
     */
    @Nullable
    Object perform(Invocation received) {
        BoundOperation operation = received.operation();
        Invocation invocation = received;
        List<String> resources = List.of();
        try {
            Service service =
                    services.named(operation.service().name()).orElseThrow(() -> Failures.notImplemented(operation));
            if (operation.operation().anonymous()) {
                invocation = identified(service, received);
            }
            if (!invocation.upkeep()) {
                invocation = sessionRules.applied(invocation);
                resources = access.authorize(invocation);
            }
            inputRules.check(operation, invocation.request());
            return invoke(service, invocation, resources);
        } catch (Denied e) {
            throw refused(invocation, resources, e.error(), e.reasons());
        } catch (AwsServiceException e) {
            throw refused(invocation, resources, e);
        } catch (UnsupportedOperationException e) {
            throw refused(invocation, resources, Failures.notImplemented(operation));
        } catch (Conflict e) {
            throw refused(
                    invocation,
                    resources,
                    AwsErrors.of("ServiceUnavailable", 503, "Too many requests change the same resource; try again."));
        } catch (SignatureRefused e) {
            // A service reads a streamed body, whose signature or checksum may not hold.
            Dialect dialect = Authenticator.dialect(operation.service());
            throw refused(invocation, resources, AwsErrors.of(e.code(dialect), e.status(dialect), e.getMessage()));
        } catch (RuntimeException e) {
            if (e instanceof UncheckedIOException && e.getCause() instanceof ClientGoneException) {
                throw refused(
                        invocation,
                        resources,
                        AwsErrors.of("RequestTimeout", 400, "The connection to the client broke or was idle."));
            }
            faults.accept(e);
            throw refused(
                    invocation,
                    resources,
                    AwsErrors.of("InternalFailure", 500, "The request failed because of an internal error."));
        }
    }

    /**
     * The call as made by whom an identity provider vouches for, whoever signed it.
     *
     * @throws AwsServiceException also where the service knows no providers: an operation that needs no signature is nobody's then
     */
    private Invocation identified(Service service, Invocation invocation) {
        if (!(service instanceof ProviderAuthentication providers)) {
            throw Failures.notImplemented(invocation.operation());
        }
        inputRules.check(invocation.operation(), invocation.request());
        return invocation.by(providers.identify(invocation.call(), invocation.request()));
    }

    private @Nullable Object invoke(Service service, Invocation invocation, List<String> resources) {
        BoundOperation operation = invocation.operation();
        Call call = invocation.call();
        if (operation.operation().body().eventStream()) {
            stream(service, invocation, resources);
            return null;
        }
        boolean streams = operation.operation().body().streamingInput()
                || operation.operation().body().streamingOutput();
        if (streams) {
            // A stream can be read once only, so the service commits by itself when it has read it.
            Object result = call.serve(() -> operation.invoke(
                    service.implementation(), invocation.request(), invocation.body(), invocation.transformer()));
            trail.succeeded(invocation, resources, null);
            return result;
        }
        return store.transactNow(() -> {
            Optional<Object> answered = answers.find(invocation);
            if (answered.isPresent()) {
                return answered.get();
            }
            Object result =
                    call.serve(() -> operation.invoke(service.implementation(), invocation.request(), null, null));
            answers.keep(invocation, result);
            trail.succeeded(invocation, resources, result instanceof SdkPojo response ? response : null);
            return result;
        });
    }

    /** Runs a check that has not passed yet under a token. */
    void first(String token, Runnable check) {
        answers.first(token, check);
    }

    /** Forgets what calls under a token answered. */
    void forget(String token) {
        answers.forget(token);
    }

    /** Hours may pass until the events end, so the call is recorded when they begin. */
    private void stream(Service service, Invocation invocation, List<String> resources) {
        BoundOperation operation = invocation.operation();
        SdkClient implementation = service.streaming().orElseThrow(() -> Failures.notImplemented(operation));
        Invocation.EventReply reply = Objects.requireNonNull(invocation.events());
        EventAnswer answer = new EventAnswer((response, events) -> {
            trail.succeeded(invocation, resources, null);
            reply.send(response, events);
        });
        invocation.call().run(() -> operation.stream(implementation, invocation.request(), answer));
    }

    private AwsServiceException refused(Invocation invocation, List<String> resources, AwsServiceException error) {
        return refused(invocation, resources, error, null);
    }

    private AwsServiceException refused(
            Invocation invocation, List<String> resources, AwsServiceException error, @Nullable String reasons) {
        AwsServiceException complete = Failures.complete(
                invocation.operation(), error, invocation.call().requestId());
        trail.refused(invocation, resources, complete, reasons);
        return complete;
    }
}
