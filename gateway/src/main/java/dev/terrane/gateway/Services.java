package dev.terrane.gateway;

import dev.terrane.kernel.audit.AuditFollower;
import dev.terrane.kernel.identity.Identities;
import dev.terrane.kernel.resource.ResourceTypes;
import dev.terrane.kernel.service.HttpEndpoint;
import dev.terrane.kernel.service.Service;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The services of this server, by the name of their contract and by the SDK interface that they implement. */
public final class Services {
    private final Map<String, Service> byName = new LinkedHashMap<>();
    private final Map<Class<?>, Service> byApi = new ConcurrentHashMap<>();
    private final ResourceTypes resourceTypes = new ResourceTypes();
    private final List<HttpEndpoint> endpoints = new CopyOnWriteArrayList<>();
    private volatile @Nullable Identities identities;
    private volatile AuditFollower follower = AuditFollower.NONE;

    /** Adds a service; at wiring, before the first call. */
    public void add(Service service) {
        if (byName.putIfAbsent(service.name(), service) != null) {
            throw new IllegalStateException("Two services are named " + service.name());
        }
        byApi.put(service.api(), service);
        endpoints.addAll(service.httpEndpoints());
        service.resourceTypes().forEach(resourceTypes::add);
        if (service instanceof Identities known) {
            identities = known;
        }
        if (service instanceof AuditFollower follows) {
            follower = follows;
        }
    }

    /** Who wants events. */
    public AuditFollower follower() {
        return follower;
    }

    /** The service of a contract's name, if it is built. */
    public Optional<Service> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The service that implements an interface of the SDK, if it is built. */
    public Optional<Service> implementing(Class<?> api) {
        return Optional.ofNullable(byApi.get(api));
    }

    /** Says who knows callers, where that is not a service: in tests of a single service. */
    public void identifyBy(Identities known) {
        identities = known;
    }

    /** Who knows callers: IAM.
     *
     * @throws IllegalStateException before it was added
     */
    public Identities identities() {
        Identities known = identities;
        if (known == null) {
            throw new IllegalStateException("No service knows identities");
        }
        return known;
    }

    /** What is served beside the AWS API at a method and path, if anything. */
    public Optional<HttpEndpoint> endpoint(String method, String path) {
        for (HttpEndpoint endpoint : endpoints) {
            if (endpoint.accepts(method, path)) {
                return Optional.of(endpoint);
            }
        }
        return Optional.empty();
    }

    /** The resource types of all services that were added. */
    public ResourceTypes resourceTypes() {
        return resourceTypes;
    }

    public Collection<Service> all() {
        return byName.values();
    }
}
