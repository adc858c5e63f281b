package dev.terrane.testkit.contract;

import dev.terrane.kernel.authorization.Authorizations;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.testkit.TestServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkField;

/**
 * The service under test, as the parts of the suite see it.
 *
 * @param operations those that are built
 * @param fresh makes another example
 */
record Subject(
        TestServer server,
        Probe probe,
        Findings findings,
        List<BoundOperation> operations,
        Supplier<Names> fresh,
        Exceptions exceptions) {
    private static final int PATIENCE = 12;
    private static final AtomicInteger USERS = new AtomicInteger();

    Optional<BoundOperation> operation(String name) {
        return operations.stream()
                .filter(operation -> operation.operation().name().equals(name))
                .findFirst();
    }

    /** Whether an operation changes nothing, by AWS's access levels. */
    boolean reads(BoundOperation operation) {
        return Authorizations.of(
                        operation.service().name(), operation.operation().name())
                .readOnly();
    }

    /** Whether a member makes a call wait for the time to pass, which it does not in the suite. */
    boolean waits(BoundOperation operation, SdkField<?> field) {
        return exceptions.has("waits", operation.operation().name() + "." + field.memberName());
    }

    /** Whether calls change what is stored, each time they are made: once may be what runs in the background. */
    boolean changes(Runnable calls) {
        for (int i = 0; i < PATIENCE; i++) {
            Map<String, Long> before = server.state();
            calls.run();
            if (server.state().equals(before)) {
                return false;
            }
        }
        return true;
    }

    /** A new user of an account with a policy. */
    Principal user(String account, String policy) {
        return server.identities()
                .user(account, "user-" + USERS.incrementAndGet(), policy)
                .principal();
    }
}
