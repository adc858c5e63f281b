package dev.terrane.testkit.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Names of what is not there, and what the service documents to answer to each. Immutable. */
public final class Missing {
    /** One: a member of requests, or {@code Operation.member}, a value well-formed but of nothing, and the error codes for it. */
    record Name(String member, Object value, Set<String> codes) {
        boolean isIn(String operation, String ofRequest) {
            return member.equals(ofRequest) || member.equals(operation + "." + ofRequest);
        }
    }

    private final List<Name> names;

    private Missing(List<Name> names) {
        this.names = names;
    }

    /** Nothing: a service all of whose operations are about what is always there. */
    public static Missing none() {
        return new Missing(List.of());
    }

    /** These, and a member with a value of nothing, to which the service answers one of these errors. */
    public Missing and(String member, Object value, String... codes) {
        List<Name> more = new ArrayList<>(names);
        more.add(new Name(member, value, Set.of(codes)));
        return new Missing(List.copyOf(more));
    }

    List<Name> names() {
        return names;
    }
}
