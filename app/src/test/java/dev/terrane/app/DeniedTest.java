package dev.terrane.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.terrane.kernel.authorization.Authorizations;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.BoundService;
import dev.terrane.kernel.contract.Shape;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.testkit.TestServer;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;

/**
 * For every operation that is built: a caller without the permission gets AWS's denial, which names the action, and nothing has
 * changed but the trail.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeniedTest {
    private static final Set<String> DENIALS = Set.of("AccessDenied", "AccessDeniedException", "UnauthorizedOperation");

    private final List<Service> services = new ArrayList<>();
    private final TestServer server = start();
    private Map<String, Long> before = Map.of();

    @SuppressWarnings("unchecked") // an array of constructors
    private TestServer start() {
        Function<Platform, Service>[] remembering = Wiring.SERVICES.stream()
                .map(factory -> (Function<Platform, Service>) platform -> {
                    Service service = factory.apply(platform);
                    services.add(service);
                    return service;
                })
                .toArray(Function[]::new);
        return TestServer.with(remembering);
    }

    @BeforeAll
    void remember() {
        before = server.rowCounts();
    }

    @AfterAll
    void nothingHasChanged() {
        try {
            assertThat(server.rowCounts()).isEqualTo(before);
        } finally {
            server.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyBuiltOperationIsDeniedToOneWithoutPermission() {
        Principal nobody = new Principal.User(TestServer.ACCOUNT, "AIDANOBODY", "/", "nobody");
        return services.stream().flatMap(service -> {
            SdkClient client = server.client(service.api(), nobody);
            return built(service)
                    .map(operation -> DynamicTest.dynamicTest(
                            service.name() + " " + operation.operation().name(), () -> denied(operation, client)));
        });
    }

    private static Stream<BoundOperation> built(Service service) {
        BoundService bound = BoundService.of(service.name());
        Set<String> overridden = new TreeSet<>();
        for (Method method : service.implementation().getClass().getDeclaredMethods()) {
            overridden.add(method.getName());
        }
        return bound.contract().operations().keySet().stream()
                .sorted()
                .filter(name -> overridden.contains(Character.toLowerCase(name.charAt(0)) + name.substring(1)))
                .filter(name -> !Authorizations.of(service.name(), name).unrestricted())
                .map(name -> bound.operation(name).orElseThrow());
    }

    private static void denied(BoundOperation operation, SdkClient client) {
        SdkPojo builder = operation.newRequest();
        operation.operation().constraints().ifPresent(shape -> fill(builder, shape));
        SdkRequest request = ((SdkRequest.Builder) builder).build();
        try {
            operation.invoke(
                    client,
                    request,
                    operation.operation().body().streamingInput() ? RequestBody.fromString("x") : null,
                    operation.operation().body().streamingOutput() ? ResponseTransformer.toBytes() : null);
        } catch (AwsServiceException e) {
            assertThat(e.awsErrorDetails().errorCode()).isIn(DENIALS);
            List<String> actions = Authorizations.of(
                            operation.service().name(), operation.operation().name())
                    .actions();
            assertThat(actions)
                    .anySatisfy(action ->
                            assertThat(e.awsErrorDetails().errorMessage()).contains(action));
            return;
        }
        fail(operation + " was allowed");
    }

    /** Something plausible in each required member, so that resources can be named. */
    private static void fill(SdkPojo builder, Shape shape) {
        for (SdkField<?> field : builder.sdkFields()) {
            if (shape.required().contains(field.memberName())
                    && field.marshallingType().equals(MarshallingType.STRING)) {
                field.set(builder, text(field.memberName()));
            }
        }
    }

    private static @Nullable Object text(String member) {
        return member.toLowerCase(java.util.Locale.ROOT).endsWith("arn") ? null : "example";
    }
}
