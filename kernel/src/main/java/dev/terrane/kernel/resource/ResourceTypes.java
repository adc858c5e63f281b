package dev.terrane.kernel.resource;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The resource types of this server, by name. */
public final class ResourceTypes {
    private final Map<String, ResourceType> byName = new ConcurrentSkipListMap<>();

    /** Adds a type; at wiring. */
    public void add(ResourceType type) {
        if (byName.putIfAbsent(type.name(), type) != null) {
            throw new IllegalStateException("Two services have resources of type " + type.name());
        }
    }

    /** The type of a resource of a template: all {@code Custom::} ones are of the same. */
    public Optional<ResourceType> find(String name) {
        return Optional.ofNullable(byName.get(ResourceSchema.isCustom(name) ? ResourceSchema.CUSTOM : name));
    }

    /** All of them, in the order of their names. */
    public Collection<ResourceType> all() {
        return Collections.unmodifiableCollection(byName.values());
    }
}
