package dev.terrane.kernel.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.contract.BoundService;
import dev.terrane.kernel.contract.Operation;
import dev.terrane.kernel.contract.ServiceContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.utils.builder.Buildable;

class AuthorizationsTest {
    static final Set<String> SERVICES = new TreeSet<>(ServiceContract.NAMES);
    static final Set<String> NAMED = new TreeSet<>(SERVICES);

    static {
        NAMED.removeAll(Set.of("ec2", "elasticloadbalancingv2", "s3control"));
    }

    private static final ResourceScope SCOPE = ResourceScope.of("eu-west-1", "111122223333");

    @ParameterizedTest
    @FieldSource("SERVICES")
    void everyOperationDeclaresWhatItRequires(String service) {
        List<String> undeclared = new ArrayList<>();
        for (Operation operation : ServiceContract.of(service).operations().values()) {
            try {
                Authorizations.of(service, operation.name());
            } catch (IllegalArgumentException e) {
                undeclared.add(operation.name());
            }
        }
        assertThat(undeclared).isEmpty();
    }

    /**
     * Where AWS requires a resource of an action, a request that fills all of its members names it; but for those that
     * name something else, which only the service can connect with the resource.
     */
    @Tag("slow")
    @ParameterizedTest
    @FieldSource("NAMED")
    void requestsNameTheResourcesThatTheirActionsRequire(String service) {
        List<String> unresolved = new ArrayList<>();
        for (Operation operation : ServiceContract.of(service).operations().values()) {
            SdkPojo request = BoundService.of(service)
                    .operation(operation.name())
                    .orElseThrow()
                    .newRequest();
            fill(request, 0);
            SdkPojo built = (SdkPojo) ((SdkRequest.Builder) request).build();
            Authorizations.of(service, operation.name()).unresolved(built, SCOPE).stream()
                    .forEach(type -> unresolved.add(operation.name() + " " + type));
        }
        assertThat(unresolved.stream().sorted().toList()).isEqualTo(UnresolvedResources.of(service));
    }

    @Test
    void refusesWhatIsNotDeclared() {
        assertThatThrownBy(() -> Authorizations.of("sqs", "EatMessage"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sqs:EatMessage");
        assertThatThrownBy(() -> Authorizations.of("nothing", "Do")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void identityNeedsNoPermission() {
        OperationAuthorization identity = Authorizations.of("sts", "GetCallerIdentity");
        assertThat(identity.unrestricted()).isTrue();
        assertThat(Authorizations.of("sts", "AssumeRole").unrestricted()).isFalse();
    }

    @Test
    void tellsReadingFromWriting() {
        assertThat(Authorizations.of("sqs", "GetQueueUrl").readOnly()).isTrue();
        assertThat(Authorizations.of("sqs", "SendMessage").readOnly()).isFalse();
    }

    /** Sets every text, also within structures. */
    private static void fill(SdkPojo pojo, int depth) {
        for (SdkField<?> field : pojo.sdkFields()) {
            MarshallingType<?> type = field.marshallingType();
            if (type.equals(MarshallingType.STRING)) {
                field.set(pojo, "x");
            } else if (type.equals(MarshallingType.LIST)) {
                SdkField<?> member = field.getTrait(ListTrait.class).memberFieldInfo();
                if (member.marshallingType().equals(MarshallingType.STRING)) {
                    field.set(pojo, List.of("x"));
                } else if (member.marshallingType().equals(MarshallingType.SDK_POJO) && depth < 2) {
                    field.set(pojo, List.of(structure(member, depth)));
                }
            } else if (type.equals(MarshallingType.SDK_POJO) && depth < 2) {
                field.set(pojo, structure(field, depth));
            }
        }
    }

    private static Object structure(SdkField<?> field, int depth) {
        SdkPojo builder = field.constructor().get();
        fill(builder, depth + 1);
        return ((Buildable) builder).build();
    }
}
