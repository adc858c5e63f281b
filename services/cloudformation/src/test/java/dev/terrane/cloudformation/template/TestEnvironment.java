package dev.terrane.cloudformation.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the functions of tests find: a stack {@code app} in {@code us-east-1}, whose resources are known unless named otherwise. */
final class TestEnvironment implements Environment {
    final Map<String, JsonNode> parameters = new HashMap<>();
    final java.util.Set<String> unknown = new java.util.HashSet<>();

    static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    static JsonNode text(String text) {
        return JsonNodeFactory.instance.stringNode(text);
    }

    @Override
    public Optional<JsonNode> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    @Override
    public PseudoParameters pseudoParameters() {
        return new PseudoParameters(
                "123456789012", "us-east-1", "aws", "app", "stack-id", List.of("topic-1", "topic-2"), "amazonaws.com");
    }

    @Override
    public JsonNode ref(String logicalId) {
        return unknown.contains(logicalId) ? Unknown.VALUE : text(logicalId + "-id");
    }

    @Override
    public JsonNode attribute(String logicalId, String attribute) {
        return unknown.contains(logicalId) ? Unknown.VALUE : text(logicalId + "-" + attribute);
    }

    @Override
    public JsonNode imported(String export) {
        if (export.equals("missing")) {
            throw new TemplateException("No export named missing found.");
        }
        return text("exported-" + export);
    }

    @Override
    public JsonNode output(StackOutput output) {
        return text(output.stackName() + "/" + output.outputName() + "/"
                + output.region().orElse("-"));
    }

    @Override
    public List<String> availabilityZones(String region) {
        return List.of(region + "a", region + "b");
    }

    @Override
    public String resolve(DynamicReference reference) {
        return reference.store() + "/" + reference.id() + "/" + reference.version() + "/" + reference.jsonKey() + "/"
                + reference.versionStage();
    }
}
