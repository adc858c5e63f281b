package dev.terrane.kernel.resource;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

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

    /** Whether the resources of a type can be listed. */
    public static boolean lists(ResourceType type) {
        return Stream.of(type.getClass().getMethods())
                .anyMatch(method -> method.getName().equals("list") && !method.isDefault());
    }

    /** All of them, in the order of their names. */
    public Collection<ResourceType> all() {
        return Collections.unmodifiableCollection(byName.values());
    }
}
