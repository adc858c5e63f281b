package dev.terrane.kernel.authorization;

import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the service authorization reference doesn't say, or says otherwise, about one service. */
interface Overlay {
    /** Nothing: the reference says it all. */
    Overlay NONE = new Overlay() {};

    /** A request, and where and how its names are understood. */
    record Asked(String operation, RequestMembers members, ResourceScope scope, ResourceNames names) {
        Optional<String> text(String member) {
            return members.text(member);
        }

        boolean has(String member) {
            return !members.texts(member).isEmpty();
        }
    }

    /** Whether anyone with valid credentials may call it, whatever the policies say. */
    default boolean unrestricted(String operation) {
        return false;
    }

    /** The actions that an operation requires, without the service's prefix; each must be in the reference, or {@link #declares}. */
    default List<String> actions(String operation) {
        return List.of(operation);
    }

    /** The actions that this very request requires, from among {@link #actions}. */
    default List<String> actions(Asked asked) {
        return actions(asked.operation());
    }

    /** Whether an action exists although the reference doesn't have it. */
    default boolean declares(String action) {
        return false;
    }

    /** The resources of a type; empty where the common rules apply. */
    default Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        return Optional.empty();
    }

    /** All resources of an action at once; empty where they are found type by type. */
    default Optional<List<String>> resources(String action, Asked asked) {
        return Optional.empty();
    }

    /** Further condition keys. */
    default Map<String, List<String>> conditions(Asked asked) {
        return Map.of();
    }

    /** Further condition keys of one of the actions, where they are not the same for all. */
    default Map<String, List<String>> conditions(String action, Asked asked) {
        return conditions(asked);
    }

    /** What else the caller must be allowed to do. */
    default List<Requirement> more(Asked asked) {
        return List.of();
    }
}
