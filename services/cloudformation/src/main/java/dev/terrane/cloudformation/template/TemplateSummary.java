package dev.terrane.cloudformation.template;

import dev.terrane.kernel.resource.ResourceSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What {@code ValidateTemplate} and {@code GetTemplateSummary} tell of a template.
 *
 * @param metadata as JSON; empty where there is none
 * @param version empty where the template names none
 * @param declaredTransforms those of the {@code Transform} section, and of {@code Fn::Transform}
 * @param resourceTypes each once, in order
 * @param capabilities that a caller must acknowledge
 * @param capabilitiesReason why; empty where none is needed
 * @param identifiers how resources that exist are named when they are imported
 */
public record TemplateSummary(
        String description,
        String metadata,
        String version,
        List<ParameterDeclaration> parameters,
        List<String> declaredTransforms,
        List<String> resourceTypes,
        List<String> capabilities,
        String capabilitiesReason,
        List<Identifiers> identifiers) {
    private static final Set<String> IAM = Set.of(
            "AWS::IAM::AccessKey",
            "AWS::IAM::Group",
            "AWS::IAM::InstanceProfile",
            "AWS::IAM::ManagedPolicy",
            "AWS::IAM::Policy",
            "AWS::IAM::Role",
            "AWS::IAM::User",
            "AWS::IAM::UserToGroupAddition");
    /** The property that gives a resource a name of one's own. */
    private static final Map<String, String> NAMES = Map.of(
            "AWS::IAM::Group", "GroupName",
            "AWS::IAM::InstanceProfile", "InstanceProfileName",
            "AWS::IAM::ManagedPolicy", "ManagedPolicyName",
            "AWS::IAM::Role", "RoleName",
            "AWS::IAM::User", "UserName");

    /** How the resources of a type are identified. */
    public record Identifiers(String resourceType, List<String> logicalIds, List<String> properties) {}

    /** The summary of a template, before or after its transforms. */
    public static TemplateSummary of(Template template) {
        List<ResourceDeclaration> resources = List.copyOf(template.resources().values());
        List<String> transforms = transforms(template);
        Set<String> reasons = new TreeSet<>();
        resources.stream().map(ResourceDeclaration::type).filter(IAM::contains).forEach(reasons::add);
        List<String> capabilities = new ArrayList<>();
        if (!reasons.isEmpty()) {
            capabilities.add(
                    resources.stream().anyMatch(TemplateSummary::named) ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM");
        }
        if (!transforms.isEmpty()) {
            capabilities.add("CAPABILITY_AUTO_EXPAND");
            reasons.addAll(transforms);
        }
        return new TemplateSummary(
                template.description(),
                template.metadata().map(value -> value.json().toString()).orElse(""),
                template.tree()
                        .get("AWSTemplateFormatVersion")
                        .flatMap(Value::scalar)
                        .orElse(""),
                List.copyOf(template.parameters().values()),
                transforms,
                resources.stream()
                        .map(ResourceDeclaration::type)
                        .distinct()
                        .sorted()
                        .toList(),
                List.copyOf(capabilities),
                capabilities.isEmpty()
                        ? ""
                        : "The following resource(s) require capabilities: [" + String.join(", ", reasons) + "]",
                identifiers(resources));
    }

    private static boolean named(ResourceDeclaration resource) {
        return Optional.ofNullable(NAMES.get(resource.type()))
                .filter(name -> resource.properties().fields().containsKey(name))
                .isPresent();
    }

    private static List<String> transforms(Template template) {
        return Stream.concat(template.transforms().stream(), embedded(template.tree()))
                .map(TransformCall::name)
                .distinct()
                .toList();
    }

    private static Stream<TransformCall> embedded(Value value) {
        Stream<TransformCall> own = value.object().flatMap(object -> object.get("Fn::Transform")).stream()
                .map(TransformCall::of);
        return Stream.concat(own, value.children().stream().flatMap(TemplateSummary::embedded));
    }

    private static List<Identifiers> identifiers(List<ResourceDeclaration> resources) {
        Map<String, List<String>> byType = new LinkedHashMap<>();
        resources.stream()
                .filter(resource -> !ResourceSchema.isCustom(resource.type()))
                .forEach(resource -> byType.computeIfAbsent(resource.type(), type -> new ArrayList<>())
                        .add(resource.logicalId()));
        List<Identifiers> identifiers = new ArrayList<>();
        byType.forEach((type, logicalIds) -> ResourceSchema.of(type)
                .ifPresent(schema ->
                        identifiers.add(new Identifiers(type, List.copyOf(logicalIds), schema.identifier()))));
        return List.copyOf(identifiers);
    }
}
