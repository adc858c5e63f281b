package dev.terrane.kernel.contract;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.eventstream.EventStreamResponseHandler;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;

/**
 * An operation and the method of the SDK's client interface that performs it. Thread-safe.
 *
 * <p>An implementation of the interface that has not overridden the method throws
 * {@link UnsupportedOperationException} from {@link #invoke}.
 */
public final class BoundOperation {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.publicLookup();
    private static final MethodType BUILDER = MethodType.methodType(SdkPojo.class);
    private static final MethodType CALL =
            MethodType.methodType(Object.class, Object.class, SdkRequest.class, RequestBody.class, Object.class);

    private final ServiceContract service;
    private final Operation operation;
    private final Supplier<SdkPojo> request;
    private final Supplier<SdkPojo> response;
    private final MethodHandle call;
    private final Optional<Class<?>> eventHandler;

    private BoundOperation(
            ServiceContract service,
            Operation operation,
            Supplier<SdkPojo> request,
            Supplier<SdkPojo> response,
            MethodHandle call,
            Optional<Class<?>> eventHandler) {
        this.service = service;
        this.operation = operation;
        this.request = request;
        this.response = response;
        this.call = call;
        this.eventHandler = eventHandler;
    }

    /**
     * Binds an operation to the SDK's client interface, found by its name.
     *
     * @throws IllegalStateException if the SDK on the class path does not have it
     */
    static BoundOperation bind(ServiceContract service, Operation operation) {
        String models = "software.amazon.awssdk.services." + service.name() + ".model.";
        try {
            ClassLoader loader = BoundOperation.class.getClassLoader();
            boolean events = operation.body().eventStream();
            String name = service.clientClass();
            Class<?> client = Class.forName(events ? name.replaceFirst("Client$", "AsyncClient") : name, false, loader);
            Class<?> request = Class.forName(models + operation.sdkName() + "Request", false, loader);
            Class<?> response = Class.forName(models + operation.sdkName() + "Response", false, loader);
            if (events) {
                Class<?> handler = Class.forName(response.getName() + "Handler", false, loader);
                return new BoundOperation(
                        service,
                        operation,
                        builder(request),
                        builder(response),
                        streamCall(operation, client, request, handler),
                        Optional.of(handler));
            }
            return new BoundOperation(
                    service,
                    operation,
                    builder(request),
                    builder(response),
                    call(operation, client, request, response),
                    Optional.empty());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(service.name() + ":" + operation.name() + " does not bind to the SDK", e);
        }
    }

    /**
     * An operation that has no client interface, only messages; such an operation can be decoded and encoded, not
     * invoked.
     */
    public static BoundOperation ofMessages(
            ServiceContract service, Operation operation, Supplier<SdkPojo> request, Supplier<SdkPojo> response) {
        MethodHandle refuse = MethodHandles.dropArguments(
                MethodHandles.insertArguments(
                        MethodHandles.throwException(Object.class, UnsupportedOperationException.class),
                        0,
                        new UnsupportedOperationException(operation.name())),
                0,
                CALL.parameterList());
        return new BoundOperation(service, operation, request, response, refuse, Optional.empty());
    }

    private static Supplier<SdkPojo> builder(Class<?> message) throws ReflectiveOperationException {
        Class<?> builder = Class.forName(message.getName() + "$Builder", false, message.getClassLoader());
        MethodHandle handle = LOOKUP.findStatic(message, "builder", MethodType.methodType(builder))
                .asType(BUILDER);
        return () -> {
            try {
                return (SdkPojo) handle.invokeExact();
            } catch (Throwable e) {
                throw propagate(e);
            }
        };
    }

    private static MethodHandle call(Operation operation, Class<?> client, Class<?> request, Class<?> response)
            throws ReflectiveOperationException {
        String method = Character.toLowerCase(operation.name().charAt(0))
                + operation.name().substring(1);
        boolean in = operation.body().streamingInput();
        boolean out = operation.body().streamingOutput();
        MethodType type = MethodType.methodType(out ? Object.class : response, request);
        if (in) {
            type = type.appendParameterTypes(RequestBody.class);
        }
        if (out) {
            type = type.appendParameterTypes(ResponseTransformer.class);
        }
        MethodHandle handle = LOOKUP.findVirtual(client, method, type);
        if (!in) {
            handle = MethodHandles.dropArguments(handle, 2, RequestBody.class);
        }
        if (!out) {
            handle = MethodHandles.dropArguments(handle, 3, ResponseTransformer.class);
        }
        return handle.asType(CALL);
    }

    private static MethodHandle streamCall(Operation operation, Class<?> client, Class<?> request, Class<?> handler)
            throws ReflectiveOperationException {
        String method = Character.toLowerCase(operation.name().charAt(0))
                + operation.name().substring(1);
        MethodType type = MethodType.methodType(CompletableFuture.class, request, handler);
        return MethodHandles.dropArguments(LOOKUP.findVirtual(client, method, type), 2, RequestBody.class)
                .asType(CALL);
    }

    /** The operation's service. */
    public ServiceContract service() {
        return service;
    }

    /** The operation. */
    public Operation operation() {
        return operation;
    }

    /** A new builder of the request; it is a {@code SdkRequest.Builder}, and fields can be set through it. */
    public SdkPojo newRequest() {
        return request.get();
    }

    /** A new builder of the response; it is a {@code SdkResponse.Builder}, and fields can be set through it. */
    public SdkPojo newResponse() {
        return response.get();
    }

    /**
     * Performs the operation.
     *
     * @param client an implementation of the service's client interface
     * @param body the request's stream; not null if, and only if, the operation's input streams
     * @param transformer takes the response's stream; not null if, and only if, the operation's output streams
     * @return the response; for streaming output, what the transformer returned
     */
    public @Nullable Object invoke(
            Object client,
            SdkRequest request,
            @Nullable RequestBody body,
            @Nullable ResponseTransformer<? extends SdkResponse, ?> transformer) {
        try {
            return (Object) call.invokeExact(client, request, body, (Object) transformer);
        } catch (Throwable e) {
            throw propagate(e);
        }
    }

    /**
     * Performs an operation that answers with events, and waits for their end.
     *
     * @param client an implementation of the service's asynchronous client interface
     * @param handler is given the response and then the events
     */
    public void stream(Object client, SdkRequest request, EventStreamResponseHandler<SdkResponse, SdkPojo> handler) {
        Class<?> type = eventHandler.orElseThrow(() -> new IllegalStateException(this + " answers without events"));
        Object typed =
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return method.invoke(handler, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() == null ? e : e.getCause();
                    }
                });
        try {
            Object ended = (Object) call.invokeExact(client, request, (RequestBody) null, typed);
            ((CompletableFuture<?>) ended).join();
        } catch (CompletionException e) {
            throw propagate(e.getCause() == null ? e : e.getCause());
        } catch (Throwable e) {
            throw propagate(e);
        }
    }

    private static RuntimeException propagate(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException unchecked -> unchecked;
            case Error error -> throw error;
            default -> new IllegalStateException(thrown);
        };
    }

    @Override
    public String toString() {
        return service.name() + ":" + operation.name();
    }
}
