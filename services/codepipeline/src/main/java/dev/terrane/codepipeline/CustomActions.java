package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.codepipeline.model.*;

/** Custom action types: made, deleted, found. */
final class CustomActions {
    private static final int MOST = 50;
    private static final int MOST_ARTIFACTS = 5;
    private static final int MOST_PROPERTIES = 10;

    private final CodePipelineTables tables;

    CustomActions(CodePipelineTables tables) {
        this.tables = tables;
    }

    /** What actions of a type may be; empty where there is no such type, or no more. */
    Optional<ActionForm> form(ActionTypeId id) {
        Optional<ActionForm> ours = ActionKind.of(id).map(kind -> kind);
        return ours.isPresent()
                ? ours
                : tables.customAction(Call.current().scope(), CustomActionRecord.key(id))
                        .filter(custom -> !custom.deleted())
                        .map(custom -> custom);
    }

    List<ActionType> all() {
        return tables.customActions(Call.current().scope()).stream()
                .filter(custom -> !custom.deleted())
                .map(CustomActionRecord::type)
                .toList();
    }

    CreateCustomActionTypeResponse create(CreateCustomActionTypeRequest request) {
        Scope scope = Call.current().scope();
        if (request.category() == ActionCategory.APPROVAL) {
            throw Pipelines.validation("Custom actions cannot be of the category Approval.");
        }
        ActionTypeId id = id(request.category(), request.provider(), request.version());
        check(request);
        tables.customAction(scope, CustomActionRecord.key(id)).ifPresent(before -> {
            throw Pipelines.validation(
                    before.deleted()
                            ? "The action type " + before.key()
                                    + " was deleted; it can only be created again with another version."
                            : "The action type " + before.key() + " already exists.");
        });
        if (all().size() >= MOST) {
            throw LimitExceededException.builder()
                    .message("An account can have at most " + MOST + " custom action types in a region.")
                    .build();
        }
        ActionType type = ActionType.builder()
                .id(id)
                .settings(
                        request.settings() == null
                                ? ActionTypeSettings.builder().build()
                                : request.settings())
                .actionConfigurationProperties(request.configurationProperties().stream()
                        .map(property -> property.toBuilder()
                                .queryable(Boolean.TRUE.equals(property.queryable()))
                                .type(
                                        property.type() == null
                                                ? ActionConfigurationPropertyType.STRING
                                                : property.type())
                                .build())
                        .toList())
                .inputArtifactDetails(request.inputArtifactDetails())
                .outputArtifactDetails(request.outputArtifactDetails())
                .build();
        tables.put(scope, new CustomActionRecord(type, Tags.checked(request.tags()), false));
        return CreateCustomActionTypeResponse.builder()
                .actionType(type)
                .tags(request.tags())
                .build();
    }

    private static ActionTypeId id(ActionCategory category, String provider, String version) {
        return ActionTypeId.builder()
                .category(category)
                .owner(ActionOwner.CUSTOM)
                .provider(provider)
                .version(version)
                .build();
    }

    private static void check(CreateCustomActionTypeRequest request) {
        List<ActionConfigurationProperty> properties = request.configurationProperties();
        if (properties.size() > MOST_PROPERTIES) {
            throw Pipelines.validation("An action type can have at most " + MOST_PROPERTIES + " properties.");
        }
        Structure.requireDistinct(
                properties.stream().map(ActionConfigurationProperty::name).toList(), "property");
        long queryable = properties.stream()
                .filter(property -> Boolean.TRUE.equals(property.queryable()))
                .peek(property -> {
                    if (!Boolean.TRUE.equals(property.required()) || Boolean.TRUE.equals(property.secret())) {
                        throw Pipelines.validation(
                                "The queryable property " + property.name() + " must be both required and not secret.");
                    }
                })
                .count();
        if (queryable > 1) {
            throw Pipelines.validation("An action type can have at most one queryable property.");
        }
        properties.stream()
                .filter(property -> Boolean.TRUE.equals(property.secret()))
                .findFirst()
                .ifPresent(property -> {
                    throw Pipelines.validation("The property " + property.name()
                            + " is secret, and secret properties are not available here.");
                });
        check(request.inputArtifactDetails());
        check(request.outputArtifactDetails());
    }

    private static void check(ArtifactDetails details) {
        if (details.minimumCount() > details.maximumCount() || details.maximumCount() > MOST_ARTIFACTS) {
            throw Pipelines.validation("An action has at most " + MOST_ARTIFACTS
                    + " artifacts on each side, and no fewer at most than at least.");
        }
    }

    DeleteCustomActionTypeResponse delete(DeleteCustomActionTypeRequest request) {
        Scope scope = Call.current().scope();
        tables.customAction(
                        scope, CustomActionRecord.key(id(request.category(), request.provider(), request.version())))
                .ifPresent(found -> tables.put(scope, found.asDeleted()));
        return DeleteCustomActionTypeResponse.builder().build();
    }
}
