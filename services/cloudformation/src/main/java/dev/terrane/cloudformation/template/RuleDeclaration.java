package dev.terrane.cloudformation.template;

import java.util.List;
import java.util.Optional;

/** A rule over parameters: what must hold, and when. */
public record RuleDeclaration(String name, Optional<Value> condition, List<Assertion> assertions, Position at) {
    /** What must hold.
     *
     * @param description what is said when it does not; empty where nothing is given
     */
    public record Assertion(Value asserted, String description) {}
}
