package dev.terrane.cloudcontrol;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.GeneratedName;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.core.SdkClient;

/**
 * One request as the handler sees it.
 *
 * @param actor with whose rights
 * @param hearing told the identifier of what is made
 */
record ResourceRequest(
        Clients clients,
        Actor actor,
        Scope scope,
        String token,
        ResourceSchema schema,
        Properties desired,
        Properties previous,
        Consumer<String> hearing)
        implements ResourceWork {
    /** Where CloudFormation's names have the stack's name. */
    private static final int READABLE = 25;

    @Override
    public <C extends SdkClient> C client(Class<C> api) {
        return clients.once(api, actor, scope.region(), token);
    }

    @Override
    public String name(int longest) {
        return GeneratedName.of(GeneratedName.letters("name/" + token, READABLE), schema.name() + "/" + token, longest);
    }

    @Override
    public void first(Runnable check) {
        clients.first(token, check);
    }

    @Override
    public void made(String id) {
        hearing.accept(id);
    }

    @Override
    public void told(String attribute, String value) {
        throw new IllegalStateException(schema.name() + " tells of " + attribute + ", which nothing keeps here");
    }

    @Override
    public Map<String, String> tags() {
        return tags(desired);
    }

    @Override
    public Map<String, String> previousTags() {
        return tags(previous);
    }

    private Map<String, String> tags(Properties properties) {
        return schema.tagProperty().isEmpty() ? Map.of() : properties.tags(schema.tagProperty());
    }
}
