package dev.terrane.cloudformation;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.sqs.SqsService;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;

/** SQS with a handler of queues that fails at one of its calls, or does not come to an end with some resources. */
final class FaultyQueues {
    private static final String TYPE = "AWS::SQS::Queue";

    private final AtomicInteger calls = new AtomicInteger();
    private volatile int failing = -1;
    private volatile BiPredicate<String, Properties> refusing = (logicalId, desired) -> false;
    private volatile BiPredicate<String, ResourceType.Change> hanging = (logicalId, change) -> false;

    /** Counts calls anew from 0, and lets one fail; none where it is negative. */
    void failAt(int call) {
        calls.set(0);
        failing = call;
    }

    /** Whether that call came. */
    boolean failed() {
        return failing >= 0 && calls.get() > failing;
    }

    /** Refuses to change resources, by their logical ids and what they are to be. */
    void refuse(BiPredicate<String, Properties> which) {
        refusing = which;
    }

    /** Lets changes of resources, by their logical ids, never settle. */
    void hang(BiPredicate<String, ResourceType.Change> which) {
        hanging = which;
    }

    /** The service: SQS itself, but for its types. */
    Service service(Platform platform) {
        SqsService real = new SqsService(platform);
        List<ResourceType> types = real.resourceTypes().stream()
                .map(t -> t.name().equals(TYPE) ? new Faulty(t) : t)
                .toList();
        return (Service) Proxy.newProxyInstance(
                Service.class.getClassLoader(), new Class<?>[] {Service.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("resourceTypes")) {
                        return types;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private final class Faulty implements ResourceType {
        private final ResourceType real;

        private Faulty(ResourceType real) {
            this.real = real;
        }

        private void call() {
            if (calls.getAndIncrement() == failing) {
                throw new IllegalStateException("The handler fails at call " + failing);
            }
        }

        @Override
        public String name() {
            return real.name();
        }

        @Override
        public Set<String> supported() {
            return real.supported();
        }

        @Override
        public String create(ResourceWork work) {
            call();
            String id = real.create(work);
            call();
            return id;
        }

        @Override
        public void update(ResourceWork work, String id) {
            call();
            if (refusing.test(work.stack().orElseThrow().logicalId(), work.desired())) {
                throw new IllegalStateException("The handler refuses the change");
            }
            real.update(work, id);
            call();
        }

        @Override
        public void delete(ResourceWork work, String id) {
            call();
            real.delete(work, id);
            call();
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            call();
            return real.read(work, id);
        }

        @Override
        public boolean settled(ResourceWork work, String id, Change change) {
            call();
            return !hanging.test(work.stack().orElseThrow().logicalId(), change) && real.settled(work, id, change);
        }
    }
}
