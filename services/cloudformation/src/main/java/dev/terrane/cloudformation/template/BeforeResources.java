package dev.terrane.cloudformation.template;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What functions find while transforms are done: parameters are known, resources and other stacks are not. */
final class BeforeResources implements Environment {
    private final Environment environment;

    BeforeResources(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Optional<JsonNode> parameter(String name) {
        return environment.parameter(name);
    }

    @Override
    public PseudoParameters pseudoParameters() {
        return environment.pseudoParameters();
    }

    @Override
    public JsonNode ref(String logicalId) {
        return Unknown.VALUE;
    }

    @Override
    public JsonNode attribute(String logicalId, String attribute) {
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

    @Override
    public List<String> availabilityZones(String region) {
        return environment.availabilityZones(region);
    }

    @Override
    public String resolve(DynamicReference reference) {
        return environment.resolve(reference);
    }
}
