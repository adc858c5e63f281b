package dev.terrane.cloudformation;

import dev.terrane.cloudformation.template.ParameterDeclaration;
import dev.terrane.cloudformation.template.ParameterValues;
import dev.terrane.cloudformation.template.Template;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.service.Platform;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** The capabilities that a template needs and a request does not give, if any. */
    Optional<String> capabilities(Template template, List<String> given) {
        boolean iam =
                template.resources().values().stream().anyMatch(r -> r.type().startsWith("AWS::IAM::"));
        boolean named = template.resources().values().stream()
                .anyMatch(r -> r.type().startsWith("AWS::IAM::")
                        && r.properties().fields().keySet().stream()
                                .anyMatch(n -> n.endsWith("Name") && !n.equals("PolicyName")));
        if (named && !given.contains("CAPABILITY_NAMED_IAM")) {
            return Optional.of("CAPABILITY_NAMED_IAM");
        }
        return iam && !given.contains("CAPABILITY_IAM") && !given.contains("CAPABILITY_NAMED_IAM")
                ? Optional.of("CAPABILITY_IAM")
                : Optional.empty();
    }

    /** The parameters of a stack: those of a request, those that it has, and defaults. */
    List<StackRecord.Parameter> given(Template template, List<Parameter> given, List<StackRecord.Parameter> before) {
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
        ParameterValues values = Blueprints.told(
                () -> ParameterValues.of(template, asked, previous, new AccountLookups(platform.clients())));
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
            if (declared.type().list()) {
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
    ObjectNode checked(String type, String logicalId, ObjectNode properties) {
        if (platform.resourceTypes().find(type).isEmpty()) {
            throw Refusals.invalid("Template format error: Unrecognized resource types: [" + type + "]");
        }
        return properties;
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
