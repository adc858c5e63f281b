package dev.terrane.kernel.resource;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * How resources of one CloudFormation type are made, changed, read and deleted, through the services' public client interfaces and
 * with the rights of whoever runs the stack. Found by wiring: see {@code Service.resourceTypes()}.
 *
 * <p>A method may be run again after a crash, with the same {@link ResourceWork#token()}: calls of {@link ResourceWork#client} that
 * change something are then not repeated but give the answer that they gave. It must therefore depend on nothing else than the work and answers, and
 * must not wait: what takes time is begun, and {@link #settled} tells when it is over. Errors of services are thrown as they come.
 */
public interface ResourceType {
    /** The type's name: {@code AWS::SQS::Queue}. Its {@link ResourceSchema} is known. */
    String name();

    /**
     * The properties that are carried out, with all below them: names, or paths such as {@code Code/S3}. A template that sets another property of the schema
     * is refused by that property's name before anything is made. Read-only properties are not among them.
     */
    Set<String> supported();

    /** Paths below {@link #supported} ones that are not carried out, and are refused as well: {@code Rules/Transition}; list items have no step of their own. */
    default Set<String> lacking() {
        return Set.of();
    }

    /**
     * Whether Cloud Control API carries it out too: not what means something only within a stack, nor what tells secrets when it is made, nor what cannot be
     * {@linkplain #read read} by its identifier alone.
     */
    default boolean provisionable() {
        return true;
    }

    /**
     * Makes the resource as {@link ResourceWork#desired} says. As soon as it is there, before anything else that may fail, its identifier is told by
     * {@link ResourceWork#made}, so that it is deleted when the rest fails.
     *
     * @return its primary identifier, by the schema; the parts of a composite one joined by {@code |}
     */
    String create(ResourceWork work);

    /** Changes the resource from {@link ResourceWork#previous} to {@link ResourceWork#desired}. What the schema, or {@link #replaces}, says causes replacement is equal in both. */
    void update(ResourceWork work, String id);

    /**
     * Whether a change of a property of which the schema says that it may make the resource anew does so; otherwise {@link #update} carries it out, or refuses it.
     *
     * @param property a property that differs
     */
    default boolean replaces(String property, Properties previous, Properties desired) {
        return false;
    }

    /** Deletes the resource; one that is gone already is no error. */
    void delete(ResourceWork work, String id);

    /**
     * The resource as it is: every supported property that has a value, and every read-only one; none that cannot be read back, such as passwords. Tags without
     * those that begin with {@code aws:}. A list whose order means nothing comes in the order of {@link ResourceWork#desired} where it has the same items.
     *
     * @return empty where there is no such resource
     */
    Optional<Properties> read(ResourceWork work, String id);

    /** The identifiers of all resources of this type in the account and region, for Cloud Control API; {@link ResourceWork#desired} holds what the schema wants for it. */
    default List<String> list(ResourceWork work) {
        throw new UnsupportedOperationException("ListResources of " + name());
    }

    /**
     * Whether what {@code create}, {@code update} or {@code delete} began has come to its end. Asked again and again, each time after a little longer.
     *
     * @throws RuntimeException when it has failed, with the reason
     */
    default boolean settled(ResourceWork work, String id, Change change) {
        return true;
    }

    /** What {@code Ref} gives and stacks show as physical id: by the schema, a part of the identifier where that is composite.
     *
     * @param state as {@link #read} gave it */
    default String ref(String id, Properties state) {
        ResourceSchema schema = ResourceSchema.of(name()).orElseThrow();
        if (schema.reference().equals(schema.identifier())) {
            return id;
        }
        return schema.reference().stream()
                .map(part -> state.text(part).orElse(""))
                .collect(java.util.stream.Collectors.joining("|"));
    }

    /**
     * Whether another resource of the same stack attached an item of a list property to this one: an inline policy to a role, say. Reading tells of it, and it is no drift.
     *
     * @param property the list
     * @param item what was read
     * @param type of the other resource, with its identifier and properties
     */
    default boolean isAttachedBy(String property, JsonNode item, String type, String id, Properties other) {
        return false;
    }

    /** What is done to a resource. */
    enum Change {
        CREATE,
        UPDATE,
        DELETE
    }
}
