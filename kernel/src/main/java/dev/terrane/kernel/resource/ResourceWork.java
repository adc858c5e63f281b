package dev.terrane.kernel.resource;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkClient;

/** One change of one resource, as its {@link ResourceType} sees it. */
public interface ResourceWork {
    /**
     * A client of a service with the rights of whoever runs this work, in the stack's region. A call that changes something is done once for each
     * {@link #token} and request, however often this work is run again.
     */
    <C extends SdkClient> C client(Class<C> api);

    /** The properties that the resource is to have: checked against the schema, with all functions evaluated. Tags include the stack's. */
    Properties desired();

    /** The properties that it was last given; empty when it is being made. For {@code delete} and {@code read} the same as {@link #desired}. */
    Properties previous();

    /**
     * A name for a resource that was given none, as CloudFormation makes them: stack name, logical id and a random part, joined by {@code -}, cut to fit.
     * The same again in every run of this work.
     */
    String name(int longest);

    /** The account and region. */
    Scope scope();

    /** Where the resource stands in a stack; empty where it belongs to none. */
    default Optional<InStack> stack() {
        return Optional.empty();
    }

    /**
     * A resource's place in a stack.
     *
     * @param stack the stack's ARN
     * @param type as the template names it, which {@link ResourceSchema#name} does not of custom resources
     */
    record InStack(String stack, String stackName, String logicalId, String type) {}

    /** Names this change of this resource: the same when it is run again after a crash. A client request token where an operation takes one. */
    String token();

    /** Runs a check, until it has passed: not again when this work is run again after a crash. */
    void first(Runnable check);

    /**
     * Refuses to make what is there already, where the service itself would take it over: it would be changed, and deleted with the stack.
     *
     * @param id the identifier that the resource is going to have
     * @throws AwsServiceException AlreadyExists
     */
    default void mustBeNew(ResourceType type, String id) {
        first(() -> {
            if (type.read(this, id).isPresent()) {
                throw AwsErrors.of(
                        "AlreadyExists",
                        400,
                        "Resource of type '%s' with identifier '%s' already exists.".formatted(type.name(), id));
            }
        });
    }

    /** The resource is there from now on, under this primary identifier. */
    void made(String id);

    /** What {@code GetAtt} gives for an attribute that only making the resource tells and nothing can read again, such as a secret access key. */
    void told(String attribute, String value);

    /** The tags that the resource is to have: those of its tag property, by the schema, and the stack's, which yield to them. */
    Map<String, String> tags();

    /** The tags that it was last given. */
    Map<String, String> previousTags();

    /** Has what differs between {@link #previousTags} and {@link #tags} added and removed; not called where nothing does. */
    default void tagChanges(Consumer<Map<String, String>> add, Consumer<List<String>> remove) {
        Map<String, String> before = previousTags();
        Map<String, String> after = tags();
        List<String> gone =
                before.keySet().stream().filter(key -> !after.containsKey(key)).toList();
        Map<String, String> changed = new LinkedHashMap<>(after);
        changed.entrySet().removeIf(tag -> tag.getValue().equals(before.get(tag.getKey())));
        if (!gone.isEmpty()) {
            remove.accept(gone);
        }
        if (!changed.isEmpty()) {
            add.accept(changed);
        }
    }

    /** Does what is no error where the thing is not there any more. */
    default void unlessGone(Class<? extends AwsServiceException> gone, Runnable work) {
        ifThere(gone, () -> {
            work.run();
            return Boolean.TRUE;
        });
    }

    /** What reading gives; empty where the service says by this exception that there is no such thing. */
    default <T> Optional<T> ifThere(Class<? extends AwsServiceException> gone, Supplier<@Nullable T> reading) {
        try {
            return Optional.ofNullable(reading.get());
        } catch (AwsServiceException e) {
            if (gone.isInstance(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
