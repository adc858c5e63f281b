package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Physical;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Hides in what is shown of properties what is not to be echoed: values of NoEcho parameters, and what custom resources answer with NoEcho. */
final class Secrets {
    private final CloudFormationTables tables;

    Secrets(CloudFormationTables tables) {
        this.tables = tables;
    }

    /** A resource's properties as they may be shown. */
    String hidden(Scope scope, StackRecord stack, Physical physical) {
        List<String> secrets = new ArrayList<>();
        stack.settings().parameters().stream()
                .filter(StackRecord.Parameter::secret)
                .map(StackRecord.Parameter::effective)
                .forEach(secrets::add);
        for (String needed : physical.attributes().dependsOn()) {
            tables.resource(scope, stack.id(), needed)
                    .filter(resource -> ResourceSchema.isCustom(resource.type()))
                    .map(resource -> Properties.parse(resource.physical().state()))
                    .filter(state -> state.flag(CustomResource.NO_ECHO).orElse(false))
                    .ifPresent(state -> texts(state.node().path(CustomResource.DATA), secrets));
        }
        secrets.removeIf(String::isEmpty);
        return secrets.isEmpty()
                ? physical.properties()
                : hidden(JsonMapper.shared().readTree(physical.properties()), secrets)
                        .toString();
    }

    private static void texts(JsonNode value, List<String> into) {
        if (value.isContainer()) {
            value.forEach(part -> texts(part, into));
        } else {
            into.add(value.asString());
        }
    }

    private static JsonNode hidden(JsonNode value, List<String> secrets) {
        return switch (value) {
            case ObjectNode object -> {
                ObjectNode all = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(e -> all.set(e.getKey(), hidden(e.getValue(), secrets)));
                yield all;
            }
            case ArrayNode array -> {
                ArrayNode all = JsonNodeFactory.instance.arrayNode();
                array.forEach(item -> all.add(hidden(item, secrets)));
                yield all;
            }
            default -> {
                String text = value.asString();
                String shown = text;
                for (String secret : secrets) {
                    shown = shown.replace(secret, Views.HIDDEN);
                }
                yield shown.equals(text) ? value : StringNode.valueOf(shown);
            }
        };
    }
}
