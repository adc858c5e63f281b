package dev.terrane.cloudformation;

import dev.terrane.cloudformation.template.ParameterDeclaration;
import dev.terrane.cloudformation.template.Template;
import dev.terrane.kernel.service.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
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

    /** The parameters of a stack. */
    List<StackRecord.Parameter> given(Template template, List<Parameter> given, List<StackRecord.Parameter> before) {
        Map<String, Parameter> byName = new HashMap<>();
        given.forEach(p -> byName.put(p.parameterKey(), p));
        List<StackRecord.Parameter> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        template.parameters().forEach((name, declared) -> {
            Parameter parameter = byName.remove(name);
            Optional<String> value = parameter == null
                    ? declared.standard()
                    : Boolean.TRUE.equals(parameter.usePreviousValue())
                            ? before.stream()
                                    .filter(p -> p.key().equals(name))
                                    .map(StackRecord.Parameter::value)
                                    .findFirst()
                            : Optional.ofNullable(parameter.parameterValue());
            if (value.isEmpty()) {
                missing.add(name);
            } else {
                found.add(new StackRecord.Parameter(name, value.get(), "", declared.noEcho()));
            }
        });
        if (!byName.isEmpty()) {
            throw Refusals.invalid("Parameters: " + byName.keySet() + " do not exist in the template");
        }
        if (!missing.isEmpty()) {
            throw Refusals.invalid("Parameters: " + missing + " must have values");
        }
        return found;
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
        return List.of(region + "a", region + "b", region + "c");
    }
}
