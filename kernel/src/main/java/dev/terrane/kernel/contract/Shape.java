package dev.terrane.kernel.contract;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The constraints of a value in an operation's input. Shapes without a constraint, in themselves or in
 * what they hold, are left out of the tree.
 *
 * @param name the shape's name in the service's model
 * @param kind what the value is
 * @param required names of members that have to be present; structures only
 * @param min the smallest length (strings in characters, blobs in bytes, lists and maps in entries) or value (numbers)
 * @param max the greatest length or value
 * @param pattern a regular expression in the syntax of the model, which is close to Java's; empty if none
 * @param values the documented values of an enumeration; empty if the shape is none
 * @param members by SDK member name for structures; under "member" for lists; under "key" and "value" for maps
 */
public record Shape(
        String name,
        Kind kind,
        Set<String> required,
        OptionalDouble min,
        OptionalDouble max,
        String pattern,
        Set<String> values,
        List<Member> members) {

    /** What kind of value a shape describes. */
    public enum Kind {
        STRUCTURE,
        LIST,
        MAP,
        STRING,
        BLOB,
        NUMBER,
        BOOLEAN,
        TIMESTAMP,
        OTHER
    }

    /**
     * A constrained value held by a structure, list or map. Shapes may hold themselves, so the target is
     * found only when asked for.
     */
    public record Member(String name, Supplier<Shape> target) {
        /** The shape of the member's value. */
        public Shape shape() {
            return target.get();
        }
    }

    static Kind kind(String modelType) {
        return Map.of(
                        "structure", Kind.STRUCTURE,
                        "list", Kind.LIST,
                        "map", Kind.MAP,
                        "string", Kind.STRING,
                        "character", Kind.STRING,
                        "blob", Kind.BLOB,
                        "boolean", Kind.BOOLEAN,
                        "timestamp", Kind.TIMESTAMP)
                .getOrDefault(modelType, numeric(modelType) ? Kind.NUMBER : Kind.OTHER);
    }

    private static boolean numeric(String modelType) {
        return Set.of("integer", "long", "float", "double", "short", "byte", "bigdecimal", "biginteger")
                .contains(modelType);
    }
}
