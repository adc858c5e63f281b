package dev.terrane.testkit.contract;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.ModeledError;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkRequest;

/** What is there already is not made again; a request that comes twice with the same token is done once. */
final class RepetitionContract {
    private static final String EXISTS = "(?i).*(AlreadyExists|NameExists|ResourceExists|Duplicate).*";

    private final Subject subject;

    RepetitionContract(Subject subject) {
        this.subject = subject;
    }

    void check() {
        for (BoundOperation operation : subject.operations()) {
            Set<String> documented = operation.operation().errors().stream()
                    .filter(error ->
                            error.shape().matches(EXISTS) && !error.shape().contains("Tag"))
                    .flatMap(RepetitionContract::names)
                    .collect(Collectors.toSet());
            if (operation.operation().name().matches("Create(?!OrUpdate).*") && !documented.isEmpty()) {
                createAgain(operation, documented);
            }
            operation.operation().idempotencyToken().ifPresent(member -> repeat(operation, member));
        }
    }

    private static java.util.stream.Stream<String> names(ModeledError error) {
        return java.util.stream.Stream.of(error.shape(), error.code());
    }

    private void createAgain(BoundOperation operation, Set<String> documented) {
        SdkRequest request = new Requests(subject.fresh().get()).minimal(operation);
        subject.probe().call(operation, request);
        Answer again = subject.probe().call(operation, request);
        if (!documented.contains(again.code())) {
            subject.findings()
                    .add(
                            "exists",
                            operation.operation().name(),
                            "expected one of " + documented + ", got " + again.told());
        }
    }

    private void repeat(BoundOperation operation, String member) {
        Optional<SdkField<?>> field = Requests.members(operation).stream()
                .filter(f -> f.memberName().equals(member))
                .<SdkField<?>>map(f -> f)
                .findFirst();
        if (field.isEmpty()) {
            return;
        }
        String token = "01234567-89ab-cdef-0123-456789abcdef";
        Requests requests = new Requests(subject.fresh().get());
        Map<SdkField<?>, Object> members = new HashMap<>();
        members.put(field.get(), token);
        for (SdkField<?> other : Requests.members(operation)) {
            if (MissingContract.makes(operation.operation().name(), other.memberName())) {
                members.put(other, "again");
            }
        }
        SdkRequest request = requests.with(operation, members);
        Answer first = subject.probe().call(operation, request);
        Answer second = subject.probe().call(operation, request);
        if (!first.sameAs(second)) {
            subject.findings()
                    .add("token-again", operation.operation().name(), first.told() + " and then " + second.told());
        }
        if (!first.succeeded()) {
            subject.findings().add("token-again", operation.operation().name(), "first " + first.told());
        }
    }
}
