package dev.terrane.gateway;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.BoundService;
import dev.terrane.kernel.contract.Operation;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.identity.Identities;
import dev.terrane.kernel.service.Service;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.SdkHttpResponse;

/** The SDK's client interfaces, answered in this process through the same pipeline as calls from outside. */
public final class LocalClients implements Clients {
    private static final SdkHttpResponse OK =
            SdkHttpResponse.builder().statusCode(200).statusText("OK").build();

    private final Services services;
    private final Access access;
    private final Clock clock;
    private final RequestPipeline pipeline;
    private final Map<Service, Map<String, BoundOperation>> operations = new ConcurrentHashMap<>();

    public LocalClients(Services services, Access access, Clock clock, RequestPipeline pipeline) {
        this.services = services;
        this.access = access;
        this.clock = clock;
        this.pipeline = pipeline;
    }

    @Override
    public <C extends SdkClient> C client(Class<C> api, Actor actor, String region) {
        return once(api, actor, region, "");
    }

    @Override
    public <C extends SdkClient> C once(
            Class<C> api, Actor actor, String region, String token, Map<String, String> systemTags) {
        Service service = services.implementing(api)
                .orElseThrow(() ->
                        AwsErrors.of("NotImplemented", 501, "Terrane does not have " + api.getSimpleName() + " yet."));
        Call origin = Call.isServed() ? Call.current() : null;
        boolean upkeep = actor instanceof Actor.Platform;
        return proxy(
                api,
                service,
                conditions(actor, region),
                upkeep,
                token,
                () -> callAs(actor, region, Call.isServed() ? Call.current() : origin)
                        .tagging(systemTags));
    }

    @Override
    public void first(String token, Runnable check) {
        pipeline.first(token, check);
    }

    @Override
    public void forget(String token) {
        pipeline.forget(token);
    }

    @Override
    public Call callAs(Actor actor, String region) {
        return callAs(actor, region, Call.isServed() ? Call.current() : null);
    }

    /** A client for a principal that is known already, as if it had signed each call. */
    public <C extends SdkClient> C clientOf(Class<C> api, Principal principal, String region) {
        Service service = services.implementing(api).orElseThrow();
        return proxy(
                api,
                service,
                Map.of(),
                false,
                "",
                () -> internal(new Scope(principal.account(), region), principal, "terrane.internal", ""));
    }

    private <C extends SdkClient> C proxy(
            Class<C> api,
            Service service,
            Map<String, List<String>> conditions,
            boolean upkeep,
            String once,
            Supplier<Call> caller) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            @Nullable Object[] given = arguments == null ? new Object[0] : arguments;
            BoundOperation operation = bound(service, method, given);
            if (operation != null) {
                return call(operation, caller.get(), conditions, upkeep, once, given);
            }
            return switch (method.getName()) {
                case "serviceName" -> service.name();
                case "close" -> null;
                case "toString" -> "local " + api.getSimpleName();
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" ->
                    given.length == 1 && System.identityHashCode(proxy) == System.identityHashCode(given[0]);
                default -> InvocationHandler.invokeDefault(proxy, method, given);
            };
        };
        return api.cast(Proxy.newProxyInstance(api.getClassLoader(), new Class<?>[] {api}, handler));
    }

    private @Nullable BoundOperation bound(Service service, Method method, @Nullable Object[] arguments) {
        if (arguments.length == 0
                || !(arguments[0] instanceof SdkRequest)
                || method.getReturnType().getName().endsWith("Iterable")) {
            return null;
        }
        BoundOperation operation =
                operations.computeIfAbsent(service, LocalClients::byMethod).get(method.getName());
        if (operation == null) {
            return null;
        }
        Operation.Body body = operation.operation().body();
        int expected = 1 + (body.streamingInput() ? 1 : 0) + (body.streamingOutput() ? 1 : 0);
        boolean generic = arguments.length == expected
                && (!body.streamingInput() || arguments[1] instanceof RequestBody)
                && (!body.streamingOutput() || arguments[expected - 1] instanceof ResponseTransformer);
        return generic ? operation : null;
    }

    private static Map<String, BoundOperation> byMethod(Service service) {
        BoundService bound = BoundService.of(service.name());
        return bound.contract().operations().keySet().stream()
                .collect(Collectors.toMap(
                        name -> Character.toLowerCase(name.charAt(0)) + name.substring(1),
                        name -> bound.operation(name).orElseThrow()));
    }

    private @Nullable Object call(
            BoundOperation operation,
            Call caller,
            Map<String, List<String>> conditions,
            boolean upkeep,
            String once,
            @Nullable Object[] arguments) {
        Operation.Body body = operation.operation().body();
        RequestBody input = body.streamingInput() ? (RequestBody) arguments[1] : null;
        @SuppressWarnings("unchecked") // bound() looked at its class
        ResponseTransformer<? extends SdkResponse, ?> output = body.streamingOutput()
                ? (ResponseTransformer<? extends SdkResponse, ?>) arguments[arguments.length - 1]
                : null;
        SdkRequest sent = CopySources.asSent((SdkRequest) arguments[0]);
        SdkRequest given = sent == null ? emptyRequest(operation) : sent;
        SdkRequest request = once.isEmpty() ? given : IdempotencyTokens.filled(given, operation, once);
        Invocation invocation =
                new Invocation(caller, operation, request, conditions, upkeep, once, input, output, null);
        Object result = pipeline.perform(invocation);
        return result instanceof SdkResponse response && response.sdkHttpResponse() == null
                ? response.toBuilder().sdkHttpResponse(OK).build()
                : result;
    }

    private static SdkRequest emptyRequest(BoundOperation operation) {
        return ((SdkRequest.Builder) operation.newRequest()).build();
    }

    private static Map<String, List<String>> conditions(Actor actor, String region) {
        return switch (actor) {
            case Actor.Service service
            when !service.sourceArn().isEmpty() -> Map.of("aws:SourceArn", List.of(service.sourceArn()));
            case Actor.Forwarded forwarded
            when Call.isServed() -> {
                Map<String, List<String>> conditions =
                        new HashMap<>(via(forwarded.service(), Call.current().region()));
                if (!Call.current().sourceArn().isEmpty()) {
                    conditions.put("aws:SourceArn", List.of(Call.current().sourceArn()));
                }
                yield conditions;
            }
            case Actor.Forwarded forwarded -> via(forwarded.service(), region);
            case Actor.Delegated delegated ->
                via(delegated.service(), delegated.scope().region());
            case Actor.Service service -> Map.of();
            case Actor.Role role -> Map.of();
            case Actor.ChainedRole role -> Map.of();
            case Actor.Platform platform -> Map.of();
        };
    }

    /** What a call carries that a service makes with its caller's rights. KMS names the service with its region: {@code s3.eu-west-1.amazonaws.com}. */
    private static Map<String, List<String>> via(String service, String region) {
        return Map.of(
                "aws:ViaAWSService", List.of("true"),
                "aws:CalledVia", List.of(service),
                "aws:CalledViaFirst", List.of(service),
                "aws:CalledViaLast", List.of(service),
                "kms:ViaService", List.of(service.replace(".amazonaws.com", "." + region + ".amazonaws.com")));
    }

    private Call callAs(Actor actor, String region, @Nullable Call origin) {
        return switch (actor) {
            case Actor.Role role -> {
                Principal.AssumedRole session = assume(role, region);
                yield internal(new Scope(session.account(), region), session, role.service(), role.sourceArn());
            }
            case Actor.ChainedRole chained -> {
                Call first = callAs(chained.by(), region, origin);
                Principal.AssumedRole session = assume(chained, first);
                yield internal(
                        new Scope(session.account(), region),
                        session,
                        chained.by().service(),
                        chained.by().sourceArn());
            }
            case Actor.Service service ->
                internal(
                        new Scope(service.scope().account(), region),
                        new Principal.Service(service.scope().account(), service.name()),
                        service.name(),
                        service.sourceArn());
            case Actor.Delegated delegated ->
                internal(
                        new Scope(delegated.scope().account(), region), delegated.principal(), delegated.service(), "");
            case Actor.Platform platform ->
                internal(
                        new Scope(platform.scope().account(), region),
                        new Principal.Service(platform.scope().account(), "terrane.internal"),
                        "terrane.internal",
                        "");
            case Actor.Forwarded forwarded -> {
                if (origin == null) {
                    throw new IllegalStateException("Only a call that is being served can be forwarded");
                }
                yield new Call(
                        origin.account(),
                        region,
                        origin.principal(),
                        origin.accessKeyId(),
                        Ids.uuid(),
                        forwarded.service(),
                        forwarded.service(),
                        true,
                        origin.mfa(),
                        origin.tokenIssued(),
                        clock.instant(),
                        origin.sourceArn());
            }
        };
    }

    private Call internal(Scope scope, Principal principal, String agent, String sourceArn) {
        Instant now = clock.instant();
        // A service that acts as a role begins a session for the call.
        Optional<Instant> issued = principal instanceof Principal.AssumedRole ? Optional.of(now) : Optional.empty();
        return new Call(
                scope.account(),
                scope.region(),
                principal,
                "",
                Ids.uuid(),
                agent,
                agent,
                true,
                false,
                issued,
                now,
                sourceArn);
    }

    /** Assumes a role for a service: its trust policy must name the service.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException AccessDenied */
    private Principal.AssumedRole assume(Actor.Role actor, String region) {
        Identities.Role role = services.identities().role(actor.roleArn()).orElseThrow(() -> cannotAssume(actor));
        Call asService = internal(
                new Scope(role.account(), region),
                new Principal.Service(role.account(), actor.service()),
                actor.service(),
                actor.sourceArn());
        Map<String, List<String>> conditions =
                actor.sourceArn().isEmpty() ? Map.of() : Map.of("aws:SourceArn", List.of(actor.sourceArn()));
        if (!access.mayAssume(asService, role, actor.roleArn(), conditions).allowed()) {
            throw cannotAssume(actor);
        }
        return session(role, actor.sessionName());
    }

    /** Assumes a role for another one. */
    private Principal.AssumedRole assume(Actor.ChainedRole actor, Call first) {
        Identities.Role role = services.identities()
                .role(actor.roleArn())
                .filter(r ->
                        access.mayAssume(first, r, actor.roleArn(), Map.of()).allowed())
                .orElseThrow(() -> AwsErrors.of(
                        "AccessDenied",
                        403,
                        "User: %s is not authorized to perform: sts:AssumeRole on resource: %s"
                                .formatted(first.principal().arn(), actor.roleArn())));
        return session(role, actor.by().sessionName());
    }

    private static Principal.AssumedRole session(Identities.Role role, String name) {
        return new Principal.AssumedRole(
                role.account(), role.roleId(), role.path(), role.name(), name, List.of(), Map.of());
    }

    private static RuntimeException cannotAssume(Actor.Role actor) {
        return AwsErrors.of(
                "AccessDenied",
                403,
                "%s is not authorized to assume role %s: the role must exist and its trust policy must allow sts:AssumeRole to %s."
                        .formatted(actor.service(), actor.roleArn(), actor.service()));
    }
}
