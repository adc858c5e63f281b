package dev.terrane.cloudformation.template;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What stands for a value that is known only when the resource that gives it has been made. */
public final class Unknown {
    /** As CloudFormation shows it in change sets. */
    public static final String TEXT = "{{changeSet:KNOWN_AFTER_APPLY}}";
    /** As a value. */
    public static final JsonNode VALUE = JsonNodeFactory.instance.stringNode(TEXT);

    private Unknown() {}

    /** Whether a value is not known. */
    public static boolean is(JsonNode value) {
        return value.isString() && value.asString().equals(TEXT);
    }

    /** Whether a value, or any in it, is not known. */
    public static boolean in(JsonNode value) {
        return is(value) || value.valueStream().anyMatch(Unknown::in);
    }
}
