package dev.terrane.kernel.contract;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
    private static final MethodType CALL = MethodType.methodType(
            Object.class, Object.class, SdkRequest.class, RequestBody.class, ResponseTransformer.class);

    private final ServiceContract service;
    private final Operation operation;
    private final Supplier<SdkPojo> request;
    private final Supplier<SdkPojo> response;
    private final MethodHandle call;

    private BoundOperation(
            ServiceContract service,
            Operation operation,
            Supplier<SdkPojo> request,
            Supplier<SdkPojo> response,
            MethodHandle call) {
        this.service = service;
        this.operation = operation;
        this.request = request;
        this.response = response;
        this.call = call;
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
            Class<?> client = Class.forName(service.clientClass(), false, loader);
            Class<?> request = Class.forName(models + operation.sdkName() + "Request", false, loader);
            Class<?> response = Class.forName(models + operation.sdkName() + "Response", false, loader);
            return new BoundOperation(
                    service,
                    operation,
                    builder(request),
                    builder(response),
                    call(operation, client, request, response));
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
        return new BoundOperation(service, operation, request, response, refuse);
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
            return (Object) call.invokeExact(client, request, body, (ResponseTransformer) transformer);
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
