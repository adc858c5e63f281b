package dev.terrane.cloudformation.template;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What functions ask for while a template is evaluated. Its errors are thrown as they come. */
public interface Environment {
    /** The value of a parameter: text, or a list of texts. */
    Optional<JsonNode> parameter(String name);

    PseudoParameters pseudoParameters();

    /** What {@code Ref} of a resource gives; {@link Unknown#VALUE} as long as it is not there. */
    JsonNode ref(String logicalId);

    /** What {@code Fn::GetAtt} of a resource gives; {@link Unknown#VALUE} as long as it is not there. */
    JsonNode attribute(String logicalId, String attribute);

    /** What {@code Fn::ImportValue} gives.
     *
     * @throws TemplateException when there is no such export: "No export named X found." */
    JsonNode imported(String export);

    /** What {@code Fn::GetStackOutput} gives.
     *
     * @throws TemplateException when there is no such stack or output */
    JsonNode output(StackOutput output);

    /** The names of a region's availability zones, in order. */
    List<String> availabilityZones(String region);

    /** What a dynamic reference means. */
    String resolve(DynamicReference reference);
}
