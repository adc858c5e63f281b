package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Physical;
import dev.terrane.cloudformation.template.DynamicReference;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.GeneratedName;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import tools.jackson.databind.node.ObjectNode;

/**
 * One change of one resource.
 *
 * @param actor with whose rights
 * @param inStack where it stands in a stack
 * @param hearing told what the handler tells
 */
record Work(
        Clients clients,
        Resolver resolver,
        Actor actor,
        Scope scope,
        String token,
        ResourceSchema schema,
        InStack inStack,
        Physical wanted,
        Physical given,
        Hearing hearing)
        implements ResourceWork {
    /** Who hears of a resource that is being made. */
    interface Hearing {
        /** Nobody: for work that makes nothing. */
        Hearing NOBODY = new Hearing() {};

        default void made(String id) {}

        default void told(String attribute, String value) {}
    }

    @Override
    public <C extends SdkClient> C client(Class<C> api) {
        return clients.once(api, actor, scope.region(), token, schema.systemTags() ? systemTags() : Map.of());
    }

    private Map<String, String> systemTags() {
        return Map.of(
                "aws:cloudformation:stack-name", inStack.stackName(),
                "aws:cloudformation:stack-id", inStack.stack(),
                "aws:cloudformation:logical-id", inStack.logicalId());
    }

    @Override
    public Properties desired() {
        return resolved(wanted);
    }

    @Override
    public Properties previous() {
        return resolved(given);
    }

    /** Dynamic references are resolved here and kept nowhere: secrets may be among them. */
    private Properties resolved(Physical physical) {
        ObjectNode properties = Properties.parse(physical.properties()).node();
        return Properties.of(DynamicReference.resolved(
                schema.name(), properties, reference -> resolver.resolve(reference, actor, scope.region())));
    }

    @Override
    public String name(int longest) {
        return GeneratedName.of(inStack.stackName() + "-" + inStack.logicalId(), schema.name() + "/" + token, longest);
    }

    @Override
    public Optional<InStack> stack() {
        return Optional.of(inStack);
    }

    @Override
    public void first(Runnable check) {
        clients.first(token, check);
    }

    @Override
    public void made(String id) {
        hearing.made(id);
    }

    @Override
    public void told(String attribute, String value) {
        hearing.told(attribute, value);
    }

    @Override
    public Map<String, String> tags() {
        return tags(wanted);
    }

    @Override
    public Map<String, String> previousTags() {
        return tags(given);
    }

    private Map<String, String> tags(Physical physical) {
        if (schema.tagProperty().isEmpty()) {
            return Map.of();
        }
        Map<String, String> tags = new LinkedHashMap<>(physical.tags());
        tags.putAll(Properties.parse(physical.properties()).tags(schema.tagProperty()));
        return tags;
    }
}
