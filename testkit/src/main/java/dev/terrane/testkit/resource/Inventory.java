package dev.terrane.testkit.resource;

import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.testkit.TestServer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/** The resources that there are on a server, as its services list them. */
public final class Inventory {
    private static final AtomicLong TOKENS = new AtomicLong();

    private final TestServer server;
    private final Principal principal;

    /** The resources of a principal's account, as that principal sees them. */
    public Inventory(TestServer server, Principal principal) {
        this.server = server;
        this.principal = principal;
    }

    /**
     * The identifiers of all resources by type, without those of which reading says that they are gone, as a key that waits for its deletion. Types whose resources are
     * listed by what they belong to alone are not among them.
     */
    public Map<String, Set<String>> all() {
        Map<String, Set<String>> found = new TreeMap<>();
        for (ResourceType type : server.platform().resourceTypes().all()) {
            Set<String> there = new TreeSet<>();
            if (ResourceSchema.of(type.name()).isEmpty()) {
                continue;
            }
            try {
                type.list(work(type)).stream()
                        .filter(id -> type.read(work(type), id).isPresent())
                        .forEach(there::add);
            } catch (UnsupportedOperationException | IllegalStateException e) {
                // No service lists them, or only those of one parent, whose name is lacking here.
                continue;
            }
            if (!there.isEmpty()) {
                found.put(type.name(), there);
            }
        }
        return found;
    }

    /** Deletes a resource that a stack left on purpose, with the properties that it has. */
    public void delete(String typeName, String id) {
        ResourceType type = server.platform().resourceTypes().find(typeName).orElseThrow();
        ResourceSchema schema = ResourceSchema.of(typeName).orElseThrow();
        Optional<Properties> is = type.read(work(type), id);
        Properties properties = is.orElse(Properties.NONE);
        String token = token();
        type.delete(new TestWork(server, principal, schema, token, properties, properties), id);
        server.platform().clients().forget(token);
    }

    private TestWork work(ResourceType type) {
        ResourceSchema schema = ResourceSchema.of(type.name()).orElseThrow();
        return new TestWork(server, principal, schema, token(), Properties.NONE, Properties.NONE);
    }

    private static String token() {
        return "inventory-" + TOKENS.incrementAndGet();
    }
}
