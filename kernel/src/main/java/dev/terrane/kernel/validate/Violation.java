package dev.terrane.kernel.validate;

/**
 * A value that its model does not allow.
 *
 * @param path where it stands, as AWS writes it: {@code tags.1.member.key}
 * @param member the SDK member name at the top level of the request that it stands in
 * @param value the value as text; {@code null} in words if it is missing
 * @param constraint what it fails to satisfy, in AWS's words: {@code Member must not be null}
 * @param kind which constraint it is
 */
public record Violation(String path, String member, String value, String constraint, Kind kind) {
    /** The kinds of constraints. */
    public enum Kind {
        REQUIRED,
        LENGTH,
        RANGE,
        PATTERN,
        ENUM
    }

    /** Whether it stands at the top level of the request. */
    public boolean topLevel() {
        return path.indexOf('.') < 0;
    }

    /** One violation as AWS writes it. */
    String sentence() {
        String shown = kind == Kind.REQUIRED ? "null" : "'" + value + "'";
        return "Value " + shown + " at '" + path + "' failed to satisfy constraint: " + constraint;
    }
}
