package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Attributes;
import dev.terrane.cloudformation.template.StackOutput;
import dev.terrane.cloudformation.template.Unknown;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.cloudformation.model.Output;
import tools.jackson.databind.JsonNode;

/** A stack's template with its parameters and conditions, as the engine carries it out. */
interface Blueprint {
    /** The logical ids of the resources that it has, each after those that it depends on. */
    List<String> resources();

    /** The logical ids that a resource depends on. */
    Set<String> dependencies(String logicalId);

    String type(String logicalId);

    /** What stands beside a resource's properties. */
    Attributes attributes(String logicalId, Values values);

    /**
     * A resource's properties with all functions evaluated and checked against its schema, as JSON; dynamic references as they stand.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when they cannot be
     */
    String properties(String logicalId, Values values);

    /** What the template itself says of a property: empty where functions or dynamic references do. */
    Optional<String> literal(String logicalId, String property);

    /** What the resource's creation waits for. */
    Plan.Signals signals(String logicalId, Values values);

    /** The outputs. */
    List<Output> outputs(Values values);

    /** The exports that it imports. */
    Set<String> imports(Values values);

    /** What templates refer to. */
    interface Values {
        /** Nothing: for what may refer to parameters only. */
        Values NONE = new Values() {
            @Override
            public JsonNode reference(String logicalId) {
                throw new IllegalStateException("No resource is known yet");
            }

            @Override
            public JsonNode attribute(String logicalId, String name) {
                throw new IllegalStateException("No resource is known yet");
            }

            @Override
            public JsonNode imported(String export) {
                throw new IllegalStateException("No export is known yet");
            }

            @Override
            public JsonNode output(StackOutput output) {
                throw new IllegalStateException("No output is known yet");
            }
        };

        /** Everything, of which nothing is known yet. */
        Values UNKNOWN = new Values() {
            @Override
            public JsonNode reference(String logicalId) {
                return Unknown.VALUE;
            }

            @Override
            public JsonNode attribute(String logicalId, String name) {
                return Unknown.VALUE;
            }

            @Override
            public JsonNode imported(String export) {
                return Unknown.VALUE;
            }

            @Override
            public JsonNode output(StackOutput output) {
                return Unknown.VALUE;
            }
        };

        /** What {@code Ref} gives for a resource. */
        JsonNode reference(String logicalId);

        /** What {@code Fn::GetAtt} gives for a resource. */
        JsonNode attribute(String logicalId, String name);

        /** The value of an export. */
        JsonNode imported(String export);

        /** The value of an output of another stack. */
        JsonNode output(StackOutput output);
    }
}
