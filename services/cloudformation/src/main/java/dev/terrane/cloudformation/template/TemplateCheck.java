package dev.terrane.cloudformation.template;

import dev.terrane.cloudformation.template.References.Reference;
import dev.terrane.kernel.resource.ResourceSchema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Checks what a template's parts say of one another: names that are not there, circles, functions out of place. */
final class TemplateCheck {
    /** The older types, of which {@code Fn::GetAtt} gives what a template sets, too. */
    private static final Set<String> PROPERTIES_AS_ATTRIBUTES = Set.of(
            "AWS::AutoScaling::AutoScalingGroup",
            "AWS::EC2::CapacityReservation",
            "AWS::EC2::Instance",
            "AWS::EC2::SecurityGroup",
            "AWS::EC2::Subnet",
            "AWS::EC2::VPC",
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "AWS::Events::EventBus",
            "AWS::S3::AccessPoint",
            "AWS::SNS::Topic",
            "AWS::SQS::Queue",
            "AWS::SSM::Parameter");

    private final Template template;

    TemplateCheck(Template template) {
        this.template = template;
    }

    void run() {
        distinctNames();
        template.conditions().forEach((name, value) -> in(name, () -> condition(value)));
        Conditions.order(template);
        template.rules().forEach((name, rule) -> in(name, () -> rule(rule)));
        template.resources().forEach((name, resource) -> in(name, () -> resource(resource)));
        template.outputs().forEach((name, output) -> in(name, () -> output(output)));
        unresolved(
                "Resources",
                template.resources().values().stream()
                        .flatMap(resource -> resource.evaluated().stream())
                        .flatMap(value -> References.in(value).stream()),
                template.resources().values().stream()
                        .flatMap(resource -> resource.dependsOn().stream()
                                .map(name -> new Reference(name, Optional.empty(), "DependsOn", resource.at()))));
        unresolved(
                "Outputs",
                template.outputs().values().stream()
                        .flatMap(output -> output.evaluated().stream())
                        .flatMap(value -> References.in(value).stream()),
                Stream.of());
        template.resources()
                .forEach((name, resource) ->
                        in(name, () -> resource.evaluated().forEach(value -> attributes(References.in(value)))));
        template.outputs()
                .forEach((name, output) ->
                        in(name, () -> output.evaluated().forEach(value -> attributes(References.in(value)))));
        if (template.conditions().isEmpty()) {
            Dependencies.of(template, Map.of());
        }
    }

    private static void in(String name, Runnable check) {
        try {
            check.run();
        } catch (TemplateException e) {
            throw e.in(name);
        }
    }

    private void distinctNames() {
        List<String> common = template.resources().keySet().stream()
                .filter(template.parameters()::containsKey)
                .toList();
        if (!common.isEmpty()) {
            throw new TemplateException(
                    "Template format error: all resources and parameters must have unique names. Common name(s): "
                            + common,
                    template.resource(common.getFirst()).at());
        }
    }

    private void condition(Value value) {
        new FunctionShape(FunctionShape.Place.CONDITIONS, template.extensions()).check(value);
        mappings(value);
        List<String> resources = References.in(value).stream()
                .map(Reference::name)
                .filter(name -> !template.parameters().containsKey(name) && !References.PSEUDO.contains(name))
                .distinct()
                .toList();
        if (!resources.isEmpty()) {
            throw new TemplateException(
                    "Template format error: Unresolved dependencies " + resources
                            + ". Cannot reference resources in the Conditions block of the template",
                    value.at());
        }
        Conditions.named(value).forEach(name -> {
            if (!template.conditions().containsKey(name)) {
                throw new TemplateException(
                        "Template error: unresolved condition dependency " + TemplateText.shown(name) + " in Condition",
                        value.at());
            }
        });
        logical(value);
    }

    /** A condition is a logical function, another condition, or a choice of both. */
    private static void logical(Value value) {
        Optional<Value.Call> call = value.call();
        boolean other = value.object()
                .filter(object ->
                        object.fields().size() == 1 && object.get("Condition").isPresent())
                .isPresent();
        boolean logic = call.filter(c -> Set.of("Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Fn::If")
                        .contains(c.function()))
                .isPresent();
        if (!other && !logic) {
            throw new TemplateException(
                    "Template format error: Conditions can only be boolean operations on parameters and other conditions",
                    value.at());
        }
        call.filter(c -> Set.of("Fn::And", "Fn::Or", "Fn::Not").contains(c.function()))
                .ifPresent(c -> c.argument().children().forEach(TemplateCheck::logical));
    }

    private void rule(RuleDeclaration rule) {
        FunctionShape shape = new FunctionShape(FunctionShape.Place.RULES, template.extensions());
        Stream.concat(rule.condition().stream(), rule.assertions().stream().map(RuleDeclaration.Assertion::asserted))
                .forEach(value -> {
                    shape.check(value);
                    References.in(value).stream()
                            .filter(reference -> !template.parameters().containsKey(reference.name())
                                    && !References.PSEUDO.contains(reference.name()))
                            .findFirst()
                            .ifPresent(reference -> {
                                throw new TemplateException(
                                        "Template format error: Unresolved dependencies ["
                                                + TemplateText.shown(reference.name())
                                                + "]. Cannot reference resources in the Rules block of the template",
                                        reference.at());
                            });
                });
    }

    private void resource(ResourceDeclaration resource) {
        declared(resource.condition(), "Resources", resource.at());
        resource.evaluated().forEach(this::value);
    }

    private void output(OutputDeclaration output) {
        declared(output.condition(), "Outputs", output.at());
        output.evaluated().forEach(this::value);
        boolean dependent = output.exportName()
                .filter(name -> FunctionShape.dependent(name)
                        || References.in(name).stream()
                                .anyMatch(reference -> template.resources().containsKey(reference.name())))
                .isPresent();
        if (dependent) {
            throw new TemplateException(
                    "Template format error: Output " + output.name()
                            + " is malformed. The Name field of every Export member must not depend on any resources,"
                            + " imported values, or Fn::GetAZs.",
                    output.at());
        }
    }

    private void declared(Optional<String> condition, String section, Position at) {
        condition.filter(name -> !template.conditions().containsKey(name)).ifPresent(name -> {
            throw new TemplateException(
                    "Template format error: Unresolved condition dependency " + TemplateText.shown(name) + " in the "
                            + section + " block of the template",
                    at);
        });
    }

    private void value(Value value) {
        new FunctionShape(FunctionShape.Place.RESOURCES, template.extensions()).check(value);
        mappings(value);
        chosen(value);
    }

    private void mappings(Value value) {
        value.call("Fn::FindInMap")
                .flatMap(Value::list)
                .ifPresent(items -> items.getFirst()
                        .scalar()
                        .filter(name -> !template.mappings().containsKey(name) && items.size() == 3)
                        .ifPresent(name -> {
                            throw new TemplateException(
                                    "Template error: Mapping named '" + TemplateText.shown(name)
                                            + "' is not present in the 'Mappings' section of template.",
                                    items.getFirst().at());
                        }));
        value.children().forEach(this::mappings);
    }

    private void chosen(Value value) {
        value.call("Fn::If")
                .flatMap(Value::list)
                .ifPresent(items -> items.getFirst()
                        .scalar()
                        .filter(name -> !template.conditions().containsKey(name))
                        .ifPresent(name -> {
                            throw new TemplateException(
                                    "Template error: unresolved condition dependency " + TemplateText.shown(name)
                                            + " in Fn::If",
                                    items.getFirst().at());
                        }));
        value.call("Fn::ImportValue")
                .ifPresent(name -> References.in(name).stream()
                        .filter(reference -> template.resources().containsKey(reference.name()))
                        .findFirst()
                        .ifPresent(reference -> {
                            throw FunctionShape.dependentImport(reference.at());
                        }));
        value.children().forEach(this::chosen);
    }

    private void unresolved(String section, Stream<Reference> references, Stream<Reference> depended) {
        Set<String> names = new LinkedHashSet<>();
        List<Position> places = new ArrayList<>();
        Stream.concat(references, depended).forEach(reference -> {
            boolean parameter = !reference.function().equals("DependsOn")
                    && (template.parameters().containsKey(reference.name())
                            || References.PSEUDO.contains(reference.name()));
            if ((parameter && reference.attribute().isEmpty())
                    || template.resources().containsKey(reference.name())) {
                return;
            }
            if (reference.function().equals("Fn::GetAtt")) {
                throw new TemplateException(
                        "Template error: instance of Fn::GetAtt references undefined resource "
                                + TemplateText.shown(reference.name()),
                        reference.at());
            }
            if (reference.attribute().isPresent()) {
                throw new TemplateException(
                        "Template error: instance of Fn::Sub references invalid resource attribute "
                                + TemplateText.shown(reference.name() + "."
                                        + reference.attribute().orElseThrow()),
                        reference.at());
            }
            names.add(TemplateText.shown(reference.name()));
            places.add(reference.at());
        });
        if (!names.isEmpty()) {
            throw new TemplateException(
                    "Template format error: Unresolved resource dependencies [" + String.join(", ", names) + "] in the "
                            + section + " block of the template",
                    places.getFirst());
        }
    }

    private void attributes(List<Reference> references) {
        for (Reference reference : references) {
            Optional<String> attribute = reference.attribute().filter(name -> !name.isEmpty());
            Optional<ResourceSchema> schema = Optional.ofNullable(
                            template.resources().get(reference.name()))
                    .flatMap(resource -> ResourceSchema.of(resource.type()));
            boolean lacking =
                    attribute.isPresent() && schema.isPresent() && !has(schema.orElseThrow(), attribute.orElseThrow());
            if (lacking) {
                throw new TemplateException(
                        "Template error: resource " + reference.name() + " does not support attribute type "
                                + TemplateText.shown(attribute.orElseThrow()) + " in Fn::GetAtt",
                        reference.at());
            }
        }
    }

    /** Whether a type has an attribute: one of the schema, or one below such a one, as a nested stack's {@code Outputs.Name}. */
    private static boolean has(ResourceSchema schema, String attribute) {
        if (schema.name().equals(ResourceSchema.CUSTOM)
                || (schema.name().equals("AWS::CloudFormation::Stack") && attribute.startsWith("Outputs."))) {
            return true;
        }
        Stream<String> names = PROPERTIES_AS_ATTRIBUTES.contains(schema.name())
                ? Stream.concat(schema.attributes().keySet().stream(), schema.properties().keySet().stream())
                : schema.attributes().keySet().stream();
        return names.anyMatch(name -> attribute.equals(name) || attribute.startsWith(name + "."));
    }
}
