package dev.terrane.cloudformation;

import dev.terrane.cloudformation.template.ParameterDeclaration;
import dev.terrane.cloudformation.template.ParameterValues;
import dev.terrane.cloudformation.template.ResourceDeclaration;
import dev.terrane.cloudformation.template.SchemaCheck;
import dev.terrane.cloudformation.template.Template;
import dev.terrane.cloudformation.template.TemplateSummary;
import dev.terrane.cloudformation.template.Unknown;
import dev.terrane.cloudformation.template.Value;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.service.Platform;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.cloudformation.model.InsufficientCapabilitiesException;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AvailabilityZone;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a template needs from outside itself, and whether what it asks for can be had. */
final class TemplateParameters {
    private final Platform platform;

    TemplateParameters(Platform platform) {
        this.platform = platform;
    }

    /** Holds what a template needs against what a request acknowledges.
     *
     * @throws InsufficientCapabilitiesException where that is not enough */
    void requireCapabilities(Template template, List<String> given) {
        List<String> missing = TemplateSummary.of(template).capabilities().stream()
                .filter(needed -> !given.contains(needed)
                        && !(needed.equals("CAPABILITY_IAM") && given.contains("CAPABILITY_NAMED_IAM")))
                // Only macros of an account's own, and SAM, are unfolded without being seen.
                .filter(needed -> !needed.equals("CAPABILITY_AUTO_EXPAND") || unseen(template))
                .toList();
        if (!missing.isEmpty()) {
            throw InsufficientCapabilitiesException.builder()
                    .message("Requires capabilities : [" + String.join(", ", missing) + "]")
                    .build();
        }
    }

    private static boolean unseen(Template template) {
        return !template.expanded()
                && TemplateSummary.of(template).declaredTransforms().stream()
                        .anyMatch(name -> !name.equals(Template.LANGUAGE_EXTENSIONS) && !name.equals("AWS::Include"));
    }

    /** Holds a template's resources against the schemas of their types, before anything is made. */
    void check(Template template) {
        Blueprints.told(() -> {
            schemas().check(template);
            return true;
        });
        for (ResourceDeclaration resource : template.resources().values()) {
            boolean group = resource.type().equals(UpdatePolicy.GROUP);
            refuseOthers(
                    resource,
                    "CreationPolicy",
                    resource.creationPolicy(),
                    group ? Set.of("ResourceSignal", "AutoScalingCreationPolicy") : Set.of("ResourceSignal"));
            refuseOthers(resource, "UpdatePolicy", resource.updatePolicy(), group ? UpdatePolicy.KINDS : Set.of());
        }
    }

    /** What is not carried out is refused, not passed over. */
    private static void refuseOthers(
            ResourceDeclaration resource, String attribute, Optional<Value> value, Set<String> carriedOut) {
        value.flatMap(Value::object)
                .ifPresent(policy -> policy.fields().keySet().stream()
                        .filter(name -> !carriedOut.contains(name))
                        .findFirst()
                        .ifPresent(name -> {
                            throw Refusals.invalid("Template format error: " + attribute + "/" + name + " of resource "
                                    + resource.logicalId() + " is not carried out here yet");
                        }));
    }

    private SchemaCheck schemas() {
        return new SchemaCheck(platform.resourceTypes());
    }

    /** The parameters of a stack: those of a request, those that it has, and defaults.
     *
     * @param previewing whether {@link Unknown#TEXT} stands for values that are not known yet, which are held against nothing */
    List<StackRecord.Parameter> given(
            Template template, List<Parameter> given, List<StackRecord.Parameter> before, boolean previewing) {
        Map<String, ParameterValues.Given> asked = new LinkedHashMap<>();
        for (Parameter parameter : given) {
            asked.put(
                    String.valueOf(parameter.parameterKey()),
                    new ParameterValues.Given(
                            Optional.ofNullable(parameter.parameterValue()),
                            Boolean.TRUE.equals(parameter.usePreviousValue())));
        }
        Map<String, String> previous = new LinkedHashMap<>();
        before.forEach(p -> previous.put(p.key(), p.value()));
        ParameterValues values = Blueprints.told(() ->
                ParameterValues.of(template, asked, previous, new AccountLookups(platform.clients(), previewing)));
        return values.all().entrySet().stream()
                .map(e -> new StackRecord.Parameter(
                        e.getKey(),
                        e.getValue().given(),
                        e.getValue().resolved().orElse(""),
                        e.getValue().declaration().noEcho()))
                .toList();
    }

    /** The parameters' values, lists as lists. */
    Map<String, JsonNode> values(Template template, List<StackRecord.Parameter> parameters) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        for (StackRecord.Parameter parameter : parameters) {
            ParameterDeclaration declared = template.parameters().get(parameter.key());
            if (declared == null) {
                continue;
            }
            if (parameter.value().equals(Unknown.TEXT)) {
                values.put(parameter.key(), Unknown.VALUE);
            } else if (declared.type().list()) {
                ArrayNode list = JsonNodeFactory.instance.arrayNode();
                for (String item : parameter.effective().split(",", -1)) {
                    list.add(item.strip());
                }
                values.put(parameter.key(), list);
            } else {
                values.put(parameter.key(), JsonNodeFactory.instance.stringNode(parameter.effective()));
            }
        }
        return values;
    }

    /** A resource's properties as its handler is to get them. */
    ObjectNode checked(ResourceDeclaration resource, ObjectNode properties) {
        return schemas().normalized(resource, properties);
    }

    List<String> availabilityZones(String region) {
        return platform
                .clients()
                .client(Ec2Client.class, new Actor.Platform(Call.current().scope()), region)
                .describeAvailabilityZones()
                .availabilityZones()
                .stream()
                .map(AvailabilityZone::zoneName)
                .toList();
    }
}
