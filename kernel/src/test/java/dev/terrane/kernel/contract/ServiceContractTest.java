package dev.terrane.kernel.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.ListMfaDevicesRequest;
import software.amazon.awssdk.services.iam.model.ListMfaDevicesResponse;

class ServiceContractTest {

    static final Set<String> SERVICES = new TreeSet<>(ServiceContract.NAMES);

    @ParameterizedTest
    @FieldSource("SERVICES")
    void everyOperationBindsToTheClientInterface(String service) {
        BoundService bound = BoundService.of(service);
        List<String> failures = new ArrayList<>();
        for (String name : bound.contract().operations().keySet()) {
            try {
                BoundOperation operation = bound.operation(name).orElseThrow();
                assertThat(operation.newRequest()).isInstanceOf(SdkRequest.Builder.class);
                assertThat(operation.newResponse()).isInstanceOf(SdkResponse.Builder.class);
            } catch (IllegalStateException e) {
                failures.add(e.getMessage() + ": " + e.getCause());
            }
        }
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void everyRequiredMemberIsAMemberOfTheSdksRequest(String service) {
        BoundService bound = BoundService.of(service);
        List<String> unknown = new ArrayList<>();
        for (Operation operation : bound.contract().operations().values()) {
            SdkPojo request = bound.operation(operation.name()).orElseThrow().newRequest();
            Set<String> known =
                    request.sdkFields().stream().map(SdkField::memberName).collect(Collectors.toSet());
            operation
                    .body()
                    .inputPayload()
                    .filter(p -> operation.body().streamingInput())
                    .ifPresent(known::add);
            operation.requiredMembers().stream()
                    .filter(name -> !known.contains(name))
                    .forEach(name -> unknown.add(operation.name() + "." + name));
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void anOperationIsInvokedThroughTheClientInterface() {
        IamClient client = new IamClient() {
            @Override
            public ListMfaDevicesResponse listMFADevices(ListMfaDevicesRequest request) {
                return ListMfaDevicesResponse.builder()
                        .marker(request.userName())
                        .build();
            }

            @Override
            public String serviceName() {
                return "iam";
            }

            @Override
            public void close() {}
        };
        BoundOperation list = BoundService.of("iam").operation("ListMFADevices").orElseThrow();
        assertThat(list.invoke(
                        client, ListMfaDevicesRequest.builder().userName("ann").build(), null, null))
                .isEqualTo(ListMfaDevicesResponse.builder().marker("ann").build());

        BoundOperation create = BoundService.of("iam").operation("CreateRole").orElseThrow();
        SdkRequest request = ((SdkRequest.Builder) create.newRequest()).build();
        assertThatThrownBy(() -> create.invoke(client, request, null, null))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void errorsAreFoundByClassAndByCode() {
        ServiceContract iam = ServiceContract.of("iam");
        assertThat(iam.errorOfClass("NoSuchEntityException"))
                .contains(new ModeledError("NoSuchEntityException", "NoSuchEntity", 404, "NoSuchEntityException"));
        assertThat(iam.errorOfCode("NoSuchEntity")).isEqualTo(iam.errorOfClass("NoSuchEntityException"));
        assertThat(ServiceContract.of("sqs").errorOfClass("QueueDoesNotExistException"))
                .map(ModeledError::code)
                .contains("AWS.SimpleQueueService.NonExistentQueue");
    }

    @Test
    void constraintsOfTheInputAreATree() {
        Shape createRole = ServiceContract.of("iam")
                .operation("CreateRole")
                .orElseThrow()
                .constraints()
                .orElseThrow();
        assertThat(createRole.required()).containsExactly("RoleName", "AssumeRolePolicyDocument");
        Shape roleName = createRole.members().stream()
                .filter(member -> member.name().equals("RoleName"))
                .findFirst()
                .orElseThrow()
                .shape();
        assertThat(roleName.kind()).isEqualTo(Shape.Kind.STRING);
        assertThat(roleName.max()).hasValue(64);
        assertThat(roleName.pattern()).isEqualTo("[\\w+=,.@-]+");
    }

    @Test
    void anUnknownServiceIsRefused() {
        assertThatThrownBy(() -> ServiceContract.of("nosuch")).isInstanceOf(IllegalArgumentException.class);
    }
}
