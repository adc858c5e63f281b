package dev.terrane.codepipeline;

import dev.terrane.codepipeline.ActionKind.Artifacts;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.codepipeline.model.ActionCategory;
import software.amazon.awssdk.services.codepipeline.model.ActionConfigurationProperty;
import software.amazon.awssdk.services.codepipeline.model.ActionType;
import software.amazon.awssdk.services.codepipeline.model.ActionTypeId;
import software.amazon.awssdk.services.codepipeline.model.ArtifactDetails;

/**
 * A custom action type.
 *
 * @param deleted whether it was deleted: its pipelines go on, and its version is not given again
 */
record CustomActionRecord(ActionType type, Map<String, String> tags, boolean deleted) implements ActionForm {
    CustomActionRecord {
        tags = Map.copyOf(tags);
    }

    /** Names a type: as it stands in its ARN. */
    static String key(ActionTypeId id) {
        return id.ownerAsString() + "/" + id.categoryAsString() + "/" + id.provider() + "/" + id.version();
    }

    String key() {
        return key(type.id());
    }

    CustomActionRecord withTags(Map<String, String> changed) {
        return new CustomActionRecord(type, changed, deleted);
    }

    CustomActionRecord asDeleted() {
        return new CustomActionRecord(type, tags, true);
    }

    /** The property by which workers choose jobs, if there is one. */
    Optional<String> queryable() {
        return type.actionConfigurationProperties().stream()
                .filter(property -> Boolean.TRUE.equals(property.queryable()))
                .map(ActionConfigurationProperty::name)
                .findFirst();
    }

    @Override
    public boolean isSource() {
        return type.id().category() == ActionCategory.SOURCE;
    }

    @Override
    public Artifacts inputs() {
        return artifacts(type.inputArtifactDetails());
    }

    @Override
    public Artifacts outputs() {
        return artifacts(type.outputArtifactDetails());
    }

    private static Artifacts artifacts(ArtifactDetails details) {
        return new Artifacts(
                Objects.requireNonNullElse(details.minimumCount(), 0),
                Objects.requireNonNullElse(details.maximumCount(), 0));
    }

    @Override
    public Set<String> required() {
        return type.actionConfigurationProperties().stream()
                .filter(property -> Boolean.TRUE.equals(property.required()))
                .map(ActionConfigurationProperty::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean knows(String key) {
        return type.actionConfigurationProperties().stream()
                .anyMatch(property -> property.name().equals(key));
    }
}
