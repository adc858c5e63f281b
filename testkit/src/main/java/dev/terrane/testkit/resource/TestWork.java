package dev.terrane.testkit.resource;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceWork;
import dev.terrane.testkit.TestServer;
import java.util.Map;
import software.amazon.awssdk.core.SdkClient;

/** One change of one resource in a test, made as the administrator. */
final class TestWork implements ResourceWork {
    private final TestServer server;
    private final Principal principal;
    private final ResourceSchema schema;
    private final String token;
    private final Properties desired;
    private final Properties previous;
    private volatile String made = "";

    TestWork(
            TestServer server,
            Principal principal,
            ResourceSchema schema,
            String token,
            Properties desired,
            Properties previous) {
        this.server = server;
        this.principal = principal;
        this.schema = schema;
        this.token = token;
        this.desired = desired;
        this.previous = previous;
    }

    String identifier() {
        return made;
    }

    @Override
    public <C extends SdkClient> C client(Class<C> api) {
        return server.platform()
                .clients()
                .once(
                        api,
                        new Actor.Delegated(principal, scope(), "cloudformation.amazonaws.com"),
                        scope().region(),
                        token,
                        schema.systemTags() ? Map.of("aws:cloudformation:stack-name", "stack") : Map.of());
    }

    @Override
    public Properties desired() {
        return desired;
    }

    @Override
    public Properties previous() {
        return previous;
    }

    @Override
    public String name(int longest) {
        String name = "stack-" + schema.name().replaceAll(".*::", "") + "-ABCDEFGHIJKL";
        return name.length() <= longest ? name : name.substring(name.length() - longest);
    }

    @Override
    public Scope scope() {
        return new Scope(principal.account(), TestServer.REGION);
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public void first(Runnable check) {
        server.platform().clients().first(token, check);
    }

    @Override
    public void made(String id) {
        made = id;
    }

    @Override
    public void told(String attribute, String value) {
        if (value.isEmpty() || !schema.attributes().containsKey(attribute)) {
            throw new AssertionError(schema.name() + " told of its attribute " + attribute + ": '" + value + "'");
        }
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
