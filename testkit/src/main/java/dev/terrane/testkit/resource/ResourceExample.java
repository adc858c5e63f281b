package dev.terrane.testkit.resource;

import dev.terrane.kernel.resource.Properties;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How a resource type is tried: what a resource is made with, and what it is changed to. */
public final class ResourceExample {
    final String type;
    final Properties first;
    final List<Properties> changes = new ArrayList<>();
    boolean alone;
    boolean listed = true;
    final Set<String> unreadable = new LinkedHashSet<>();

    private ResourceExample(String type, Properties first) {
        this.type = type;
        this.first = first;
    }

    /**
     * An example of a type.
     *
     * @param json the properties that it is made with; single quotes stand for double ones
     */
    public static ResourceExample of(String type, String json) {
        return new ResourceExample(type, parse(json));
    }

    /** All properties that it is to have next, made without replacement. */
    public ResourceExample then(String json) {
        changes.add(parse(json));
        return this;
    }

    /** It is not made where it is there already, though the service itself would take it over. */
    public ResourceExample alone() {
        alone = true;
        return this;
    }

    /** The service lists it without its identifier. */
    public ResourceExample unlisted() {
        listed = false;
        return this;
    }

    /** Properties that cannot be read back, such as passwords. */
    public ResourceExample unreadable(String... names) {
        unreadable.addAll(List.of(names));
        return this;
    }

    private static Properties parse(String json) {
        return Properties.parse(json.replace('\'', '"'));
    }
}
