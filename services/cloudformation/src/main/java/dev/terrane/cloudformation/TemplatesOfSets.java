package dev.terrane.cloudformation;

import dev.terrane.cloudformation.stackset.SetTemplates;
import dev.terrane.cloudformation.template.ParameterDeclaration;
import dev.terrane.cloudformation.template.ParameterLookups;
import dev.terrane.cloudformation.template.ParameterValues;
import dev.terrane.cloudformation.template.Template;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Tag;

/** Templates as stack sets need to know them. */
final class TemplatesOfSets implements SetTemplates {
    /** What parameters name is in the accounts of the instances, and looked for there. */
    private static final ParameterLookups ELSEWHERE = new ParameterLookups() {
        @Override
        public boolean exists(String type, String value) {
            return true;
        }

        @Override
        public Optional<String> stored(String name) {
            return Optional.of("");
        }

        @Override
        public List<String> all(String type) {
            return List.of();
        }

        @Override
        public List<String> attribute(String type, String value, String attribute) {
            return List.of();
        }
    };

    private final Requests requests;
    private final Blueprints blueprints;
    private final TemplateParameters parameters;

    TemplatesOfSets(Requests requests, Blueprints blueprints, TemplateParameters parameters) {
        this.requests = requests;
        this.blueprints = blueprints;
        this.parameters = parameters;
    }

    @Override
    public String text(@Nullable String body, @Nullable String url) {
        return requests.template(body, url);
    }

    @Override
    public String file(String url) {
        return requests.fetch(url);
    }

    @Override
    public void check(String template, List<String> capabilities) {
        Template parsed = blueprints.template(template);
        parameters.requireCapabilities(parsed, capabilities);
        if (parsed.transforms().isEmpty()) {
            parameters.check(parsed);
        }
    }

    @Override
    public List<Parameter> values(String template, List<Parameter> given, List<Parameter> before) {
        Template parsed = blueprints.template(template);
        Map<String, ParameterValues.Given> asked = new LinkedHashMap<>();
        for (Parameter parameter : given) {
            asked.put(
                    String.valueOf(parameter.parameterKey()),
                    new ParameterValues.Given(
                            Optional.ofNullable(parameter.parameterValue()),
                            Boolean.TRUE.equals(parameter.usePreviousValue())));
        }
        Map<String, String> previous =
                before.stream().collect(Collectors.toMap(Parameter::parameterKey, Parameter::parameterValue));
        // Rules may ask for what is in the accounts of the instances; they are asked there.
        return Blueprints.told(() -> ParameterValues.withoutRules(parsed, asked, previous, ELSEWHERE))
                .given()
                .entrySet()
                .stream()
                .map(e -> Parameter.builder()
                        .parameterKey(e.getKey())
                        .parameterValue(e.getValue())
                        .build())
                .toList();
    }

    @Override
    public Set<String> secrets(String template) {
        return blueprints.template(template).parameters().values().stream()
                .filter(ParameterDeclaration::noEcho)
                .map(ParameterDeclaration::name)
                .collect(Collectors.toSet());
    }

    @Override
    public Map<String, String> tags(List<Tag> given) {
        return Requests.tags(given);
    }
}
