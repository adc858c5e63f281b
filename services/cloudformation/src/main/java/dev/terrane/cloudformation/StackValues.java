package dev.terrane.cloudformation;

import dev.terrane.cloudformation.template.StackOutput;
import dev.terrane.cloudformation.template.Unknown;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the functions of a stack's template refer to: its resources, exports, and outputs of other stacks. */
final class StackValues {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final CloudFormationTables tables;
    private final Clients clients;

    StackValues(CloudFormationTables tables, Clients clients) {
        this.tables = tables;
        this.clients = clients;
    }

    /** What a stack has, for the functions of its template. */
    Blueprint.Values of(StackRecord stack) {
        Scope scope = Call.current().scope();
        return new Blueprint.Values() {
            @Override
            public JsonNode reference(String logicalId) {
                return JSON.stringNode(existing(logicalId).physical().reference());
            }

            @Override
            public JsonNode attribute(String logicalId, String name) {
                return attributeOf(existing(logicalId), name);
            }

            private ResourceRecord existing(String logicalId) {
                return tables.resource(scope, stack.id(), logicalId)
                        .filter(ResourceRecord::exists)
                        .orElseThrow(() -> Refusals.invalid("Resource " + logicalId + " is not there"));
            }

            @Override
            public JsonNode imported(String export) {
                return importedValue(scope, export);
            }

            @Override
            public JsonNode output(StackOutput output) {
                return outputValue(output, stack.actor(scope), scope.region());
            }
        };
    }

    /** What a stack has and keeps; what is in {@code unknown}, or not there, is not known. */
    Blueprint.Values preview(Map<String, ResourceRecord> there, Set<String> unknown) {
        Scope scope = Call.current().scope();
        return new Blueprint.Values() {
            @Override
            public JsonNode reference(String logicalId) {
                return known(logicalId)
                        .<JsonNode>map(r -> JSON.stringNode(r.physical().reference()))
                        .orElse(Unknown.VALUE);
            }

            @Override
            public JsonNode attribute(String logicalId, String name) {
                return known(logicalId).map(r -> attributeOf(r, name)).orElse(Unknown.VALUE);
            }

            private Optional<ResourceRecord> known(String logicalId) {
                return unknown.contains(logicalId)
                        ? Optional.empty()
                        : Optional.ofNullable(there.get(logicalId)).filter(ResourceRecord::exists);
            }

            @Override
            public JsonNode imported(String export) {
                return importedValue(scope, export);
            }

            @Override
            public JsonNode output(StackOutput output) {
                return outputValue(output, new Actor.Forwarded(CloudFormationService.PRINCIPAL), scope.region());
            }
        };
    }

    /** Reads an output of another stack, with the rights of a role where the template names one. */
    private JsonNode outputValue(StackOutput output, Actor actor, String region) {
        Actor reader = output.roleArn()
                .<Actor>map(role -> new Actor.Role(role, CloudFormationService.PRINCIPAL, "AWSCloudFormation"))
                .orElse(actor);
        return clients
                .client(CloudFormationClient.class, reader, output.region().orElse(region))
                .describeStacks(r -> r.stackName(output.stackName()))
                .stacks()
                .stream()
                .flatMap(stack -> stack.outputs().stream())
                .filter(found -> found.outputKey().equals(output.outputName()))
                .findFirst()
                .map(found -> JSON.stringNode(found.outputValue()))
                .orElseThrow(() ->
                        Refusals.invalid("Stack [" + output.stackName() + "] has no output " + output.outputName()));
    }

    private JsonNode importedValue(Scope scope, String export) {
        return JSON.stringNode(tables.export(scope, export)
                .orElseThrow(() -> Refusals.invalid("No export named " + export + " found."))
                .value());
    }

    private static JsonNode attributeOf(ResourceRecord resource, String name) {
        String told = resource.physical().told().get(name);
        if (told != null) {
            return JSON.stringNode(told);
        }
        JsonNode state = Properties.parse(resource.physical().state()).node();
        if (ResourceSchema.isCustom(resource.type())) {
            state = state.path(CustomResource.DATA);
        }
        JsonNode direct = state.get(name);
        if (direct == null) {
            // "Endpoint.Address" is a field of its own in some types' state and a path in others'.
            direct = state;
            for (String step : name.split("\\.")) {
                direct = direct == null ? null : direct.get(step);
            }
        }
        if (direct == null) {
            throw Refusals.invalid("Attribute '" + name + "' does not exist: resource " + resource.logicalId()
                    + " of type " + resource.type() + " does not have it");
        }
        return direct;
    }
}
