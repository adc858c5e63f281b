package dev.terrane.cloudformation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudformation.model.ResourceStatus;

/**
 * A resource of a stack.
 *
 * @param stack the stack's id
 * @param physical what it is now; empty before anything was begun
 * @param before what it was when the stack was at rest, where something has changed it since
 * @param interims what operations that failed and were not rolled back have made meanwhile; nobody goes back to it
 * @param operation the operation that last made or changed it
 * @param made whether it was made since the stack was at rest
 */
record ResourceRecord(
        String stack,
        String logicalId,
        String type,
        ResourceStatus status,
        String reason,
        Instant time,
        Physical physical,
        Optional<Physical> before,
        List<Physical> interims,
        String operation,
        boolean made) {
    ResourceRecord {
        // One that was stored before there were any has none.
        interims = List.copyOf(Objects.requireNonNullElse(interims, List.of()));
    }

    /**
     * A thing that was made for a resource.
     *
     * @param generation how many were made before it: part of what names are made of
     * @param id the primary identifier, empty until it is there
     * @param reference the physical id, which {@code Ref} gives
     * @param properties what it was last given, as JSON
     * @param state what it was when it was last read, as JSON
     * @param told attributes that only making it told
     * @param tags the stack's tags that it was given
     * @param attributes of its template: policies, metadata, what it depends on
     */
    record Physical(
            int generation,
            String id,
            String reference,
            String properties,
            String state,
            Map<String, String> told,
            Map<String, String> tags,
            Attributes attributes) {
        static final Physical NONE = wanted(0, "{}", Map.of(), Attributes.NONE);

        Physical {
            told = Map.copyOf(told);
        }

        /** What is to be made. */
        static Physical wanted(int generation, String properties, Map<String, String> tags, Attributes attributes) {
            return new Physical(generation, "", "", properties, "{}", Map.of(), tags, attributes);
        }

        /** What it is to be changed to. */
        Physical changed(String newProperties, Map<String, String> newTags, Attributes newAttributes) {
            return new Physical(generation, id, reference, newProperties, state, told, newTags, newAttributes);
        }

        Physical made(String newId) {
            return new Physical(generation, newId, newId, properties, state, told, tags, attributes);
        }

        /** It has told something that cannot be read. */
        Physical telling(String attribute, String value) {
            Map<String, String> all = new HashMap<>(told);
            all.put(attribute, value);
            return new Physical(generation, id, reference, properties, state, all, tags, attributes);
        }

        Physical read(String newId, String ref, String found) {
            return new Physical(generation, newId, ref, properties, found, told, tags, attributes);
        }

        Physical with(Attributes now) {
            return new Physical(generation, id, reference, properties, state, told, tags, now);
        }

        /** It is not there any more; its physical id is still shown. */
        Physical gone() {
            return new Physical(generation, "", reference, properties, "{}", Map.of(), tags, attributes);
        }
    }

    /**
     * What the template says of a resource beside its properties.
     *
     * @param updatePolicy as JSON; empty where there is none, as is all of this
     * @param dependsOn the logical ids that it depends on
     */
    record Attributes(
            String deletionPolicy,
            String updateReplacePolicy,
            String updatePolicy,
            String metadata,
            List<String> dependsOn) {
        static final Attributes NONE = new Attributes("", "", "", "", List.of());

        Attributes {
            // One that was stored before there were any has none.
            updatePolicy = Objects.requireNonNullElse(updatePolicy, "");
            dependsOn = List.copyOf(dependsOn);
        }
    }

    String key() {
        return key(stack, logicalId);
    }

    static String key(String stack, String logicalId) {
        return stack + "/" + logicalId;
    }

    /** Whether there is something that can be referred to. */
    boolean exists() {
        return !physical.id().isEmpty();
    }

    ResourceRecord in(ResourceStatus now, String why, Instant at) {
        return new ResourceRecord(stack, logicalId, type, now, why, at, physical, before, interims, operation, made);
    }

    ResourceRecord being(Physical now) {
        return but(now, before, interims, operation, made);
    }

    /**
     * Is about to be changed by an operation, which may have to change it back. After an operation that failed and was not rolled back, that is to what it was
     * before that one.
     */
    ResourceRecord changing(String by, Physical next) {
        List<Physical> left = new ArrayList<>(interims);
        boolean isStable =
                !made && before.map(was -> was.id().equals(physical.id())).orElse(true);
        if (next.id().isEmpty() && exists() && !isStable) {
            left.add(physical);
        }
        return but(next, before.isPresent() || made ? before : Optional.of(physical), left, by, made);
    }

    /** Is worked on by another operation than that which changed it. */
    ResourceRecord by(String other) {
        return but(physical, before, interims, other, made);
    }

    /** Is again what it was; what it was meanwhile is to be cleaned away, where that is something else. */
    ResourceRecord restored(Physical now) {
        List<Physical> left = new ArrayList<>(interims);
        if (!physical.id().equals(now.id())) {
            left.add(physical);
        }
        return but(now, Optional.empty(), left, operation, false);
    }

    /** What it was is not needed any more. */
    ResourceRecord settled() {
        return but(physical, Optional.empty(), List.of(), "", false);
    }

    /** What there is beside it, in the place of which it came. */
    List<Physical> replaced() {
        return Stream.concat(before.stream(), interims.stream())
                .filter(old -> !old.id().isEmpty() && !old.id().equals(physical.id()))
                .toList();
    }

    private ResourceRecord but(Physical is, Optional<Physical> was, List<Physical> left, String by, boolean fresh) {
        return new ResourceRecord(stack, logicalId, type, status, reason, time, is, was, left, by, fresh);
    }
}
