package dev.terrane.cloudcontrol;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.PropertyCheck;
import dev.terrane.kernel.resource.PropertyCheck.Violation;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceSteps.Handling;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceTypes;
import dev.terrane.kernel.service.Platform;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Finds the handlers of resource types and has them work: for a call while it waits, or for a request in its own time. */
final class Handlers {
    /** The version that AWS's own types have. */
    private static final String VERSION = "00000001";

    private static final String SESSION = "AWSCloudFormation";

    private final ResourceTypes types;
    private final Clients clients;

    Handlers(Platform platform) {
        types = platform.resourceTypes();
        clients = platform.clients();
    }

    /** A type that can be worked on.
     *
     * @param action as refusals name it
     * @throws AwsServiceException TypeNotFoundException, UnsupportedActionException */
    ResourceType type(String typeName, @Nullable String version, String action) {
        boolean real = ResourceSchema.allNames().contains(typeName);
        if (!real || (version != null && !version.equals(VERSION))) {
            throw Refusals.typeNotFound(typeName);
        }
        return types.find(typeName)
                .filter(ResourceType::provisionable)
                .orElseThrow(() -> Refusals.unsupported(typeName, action));
    }

    static ResourceSchema schema(ResourceType type) {
        return ResourceSchema.of(type.name()).orElseThrow();
    }

    /** Properties as the type's schema has them.
     *
     * @throws AwsServiceException ValidationException where they are not what the schema says, or more than this server carries out */
    static Properties checked(ResourceType type, ObjectNode properties) {
        return checked(type, properties, name -> true);
    }

    /** As {@link #checked(ResourceType, ObjectNode)}, but what is wrong with some properties does not matter: they are as reading gave them.
     *
     * @param matters which properties are checked */
    static Properties checked(ResourceType type, ObjectNode properties, Predicate<String> matters) {
        PropertyCheck check = new PropertyCheck(schema(type), type);
        ObjectNode normalized = check.normalized(properties);
        List<Violation> wrong = check.violations().stream()
                .filter(violation -> matters.test(violation.property()))
                .toList();
        if (!wrong.isEmpty()) {
            throw AwsErrors.validation("Model validation failed (" + PropertyCheck.words(wrong) + ")");
        }
        return Properties.of(normalized);
    }

    /** JSON of properties.
     *
     * @param member of the request, for the refusal */
    static ObjectNode parsed(String json, String member) {
        try {
            if (JsonMapper.shared().readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            // Refused below: the parser's message may show secrets.
        }
        throw AwsErrors.validation(member + " must be a JSON object");
    }

    /**
     * Asks a handler while a call waits, with the caller's rights or a role's.
     *
     * @throws AwsServiceException what the handler failed with, as Cloud Control API says it
     */
    <T> T ask(
            ResourceType type,
            @Nullable String role,
            String token,
            Properties properties,
            Function<ResourceRequest, T> question) {
        Actor actor = role == null
                ? new Actor.Forwarded(CloudControlService.PRINCIPAL)
                : new Actor.Role(role, CloudControlService.PRINCIPAL, SESSION);
        try {
            return question.apply(new ResourceRequest(
                    clients, actor, Call.current().scope(), token, schema(type), properties, properties, made -> {}));
        } catch (Properties.Missing e) {
            throw Refusals.missingInModel(type.name(), e.property());
        } catch (AwsServiceException e) {
            String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
            throw Refusals.handler(type.name(), code, AwsErrors.message(e), token);
        }
    }

    /** The resource as it is.
     *
     * @throws AwsServiceException ResourceNotFoundException where there is none, and what {@link #ask} says */
    Properties read(ResourceType type, @Nullable String role, String token, String identifier) {
        return ask(type, role, token, Properties.NONE, work -> type.read(work, identifier))
                .orElseThrow(() ->
                        Refusals.handler(type.name(), "NotFound", Refusals.notFound(type.name(), identifier), token));
    }

    /** The handler of a request, with its work: within a step of the request's process.
     *
     * @param hearing told the identifier of what is made */
    Handling handling(RequestRecord request, Properties desired, Properties previous, Consumer<String> hearing) {
        ResourceType type = types.find(request.typeName())
                .orElseThrow(() -> new IllegalStateException("No handler of " + request.typeName()));
        Actor actor = request.role().isEmpty()
                ? new Actor.Delegated(request.caller(), Call.current().scope(), CloudControlService.PRINCIPAL)
                : new Actor.Role(request.role(), CloudControlService.PRINCIPAL, SESSION);
        return new Handling(
                type,
                new ResourceRequest(
                        clients,
                        actor,
                        Call.current().scope(),
                        request.token(),
                        schema(type),
                        desired,
                        previous,
                        hearing),
                UnaryOperator.identity());
    }
}
