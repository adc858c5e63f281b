package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Physical;
import dev.terrane.cloudformation.StackRecord.Settings;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.model.Change;
import software.amazon.awssdk.services.cloudformation.model.ResourceChange;
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
        Set<String> secrets = of(
                List.of(stack.settings()),
                physical.attributes().dependsOn().stream()
                        .flatMap(needed -> tables.resource(scope, stack.id(), needed).stream())
                        .toList());
        return hidden(physical.properties(), secrets);
    }

    /** Changes of resources as they may be shown.
     *
     * @param settings the stack's before and after them
     * @param resources those that are there */
    static List<Change> hidden(List<Change> changes, List<Settings> settings, Collection<ResourceRecord> resources) {
        Set<String> secrets = of(settings, resources);
        return secrets.isEmpty()
                ? changes
                : changes.stream().map(change -> hidden(change, secrets)).toList();
    }

    private static Change hidden(Change change, Set<String> secrets) {
        ResourceChange of = change.resourceChange();
        ResourceChange.Builder shown = of.toBuilder()
                .details(of.details().stream()
                        .map(detail -> detail.toBuilder()
                                .target(detail.target().toBuilder()
                                        .beforeValue(masked(detail.target().beforeValue(), secrets))
                                        .afterValue(masked(detail.target().afterValue(), secrets))
                                        .build())
                                .build())
                        .toList());
        if (of.beforeContext() != null) {
            shown.beforeContext(hidden(of.beforeContext(), secrets));
        }
        if (of.afterContext() != null) {
            shown.afterContext(hidden(of.afterContext(), secrets));
        }
        return change.toBuilder().resourceChange(shown.build()).build();
    }

    private static @Nullable String masked(@Nullable String value, Set<String> secrets) {
        String shown = value;
        for (String secret : secrets) {
            shown = shown == null ? null : shown.replace(secret, Views.HIDDEN);
        }
        return shown;
    }

    private static Set<String> of(List<Settings> settings, Collection<ResourceRecord> resources) {
        Set<String> secrets = new LinkedHashSet<>();
        for (Settings one : settings) {
            one.parameters().stream()
                    .filter(StackRecord.Parameter::secret)
                    .map(StackRecord.Parameter::effective)
                    .forEach(secrets::add);
        }
        for (ResourceRecord resource : resources) {
            if (ResourceSchema.isCustom(resource.type())) {
                Properties state = Properties.parse(resource.physical().state());
                if (state.flag(CustomResource.NO_ECHO).orElse(false)) {
                    texts(state.node().path(CustomResource.DATA), secrets);
                }
            }
        }
        secrets.removeIf(String::isEmpty);
        return secrets;
    }

    private static String hidden(String json, Set<String> secrets) {
        return secrets.isEmpty()
                ? json
                : hidden(JsonMapper.shared().readTree(json), secrets).toString();
    }

    private static void texts(JsonNode value, Set<String> into) {
        if (value.isContainer()) {
            value.forEach(part -> texts(part, into));
        } else {
            into.add(value.asString());
        }
    }

    private static JsonNode hidden(JsonNode value, Set<String> secrets) {
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
                String shown = masked(text, secrets);
                yield text.equals(shown) ? value : StringNode.valueOf(shown);
            }
        };
    }
}
