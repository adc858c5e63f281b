package dev.terrane.cloudformation.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A template of CloudFormation, read and checked. What needs no values of parameters is checked here: sections, names, limits, the shape of
 * functions and what they refer to. A template with transforms is checked for its sections and parameters only, until {@link Transforms} have made
 * another of it.
 */
public final class Template {
    /** The transform that brings {@code Fn::ForEach}, {@code Fn::Length}, {@code Fn::ToJsonString} and defaults of {@code Fn::FindInMap}. */
    public static final String LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions";

    private static final Set<String> SECTIONS = Set.of(
            "AWSTemplateFormatVersion",
            "Description",
            "Metadata",
            "Parameters",
            "Mappings",
            "Conditions",
            "Rules",
            "Transform",
            "Resources",
            "Outputs",
            "Hooks");

    private final Value.Fields tree;
    private final String description;
    private final List<TransformCall> transforms;
    private final boolean expanded;
    private final Map<String, ParameterDeclaration> parameters;
    private final Map<String, Value.Fields> mappings;
    private final Map<String, Value> conditions;
    private final Map<String, RuleDeclaration> rules;
    private final Map<String, ResourceDeclaration> resources;
    private final Map<String, OutputDeclaration> outputs;

    private Template(Value.Fields tree, boolean processed) {
        this.tree = tree;
        transforms = tree.get("Transform").map(TransformCall::section).orElse(List.of());
        expanded = processed || (transforms.isEmpty() && !embedded(tree));
        if (expanded) {
            List<String> unknown = tree.fields().keySet().stream()
                    .filter(section -> !SECTIONS.contains(section))
                    .map(TemplateText::shown)
                    .toList();
            if (!unknown.isEmpty()) {
                throw new TemplateException(
                        "Invalid template property or properties [" + String.join(", ", unknown) + "]",
                        tree.at(tree.fields().keySet().stream()
                                .filter(section -> !SECTIONS.contains(section))
                                .findFirst()
                                .orElseThrow()));
            }
        }
        if (tree.get("Hooks").isPresent()) {
            throw new TemplateException(
                    "Template error: the Hooks section (blue/green deployments of ECS) is not supported here",
                    tree.at("Hooks"));
        }
        Sections sections = new Sections(tree, expanded);
        description = sections.description();
        parameters = sections.parameters();
        mappings = sections.mappings();
        conditions = sections.conditions();
        rules = sections.rules();
        resources = sections.resources();
        outputs = sections.outputs();
        if (expanded) {
            new TemplateCheck(this).run();
        }
    }

    /** Reads and checks a template.
     *
     * @throws TemplateException when it is none */
    public static Template parse(String text) {
        return of(root(text));
    }

    /** A template that transforms have been through: what its {@code Transform} section names is not asked for again. */
    public static Template processed(String text) {
        return processed(root(text));
    }

    /** A template of a tree of values. */
    public static Template of(Value.Fields tree) {
        return new Template(tree, false);
    }

    /** As {@link #processed(String)}, of a tree of values. */
    public static Template processed(Value.Fields tree) {
        return new Template(tree, true);
    }

    private static Value.Fields root(String text) {
        Value value = TemplateText.read(text);
        return value.object()
                .orElseThrow(() -> new TemplateException("Template format error: unsupported structure.", value.at()));
    }

    private static boolean embedded(Value value) {
        return (value instanceof Value.Fields object && object.fields().containsKey("Fn::Transform"))
                || value.children().stream().anyMatch(Template::embedded);
    }

    /** All of it, functions in their long form. */
    public Value.Fields tree() {
        return tree;
    }

    /** All of it as JSON. */
    public JsonNode json() {
        return tree.json();
    }

    /** Empty where it has none. */
    public String description() {
        return description;
    }

    /** What its {@code Transform} section asks for. */
    public List<TransformCall> transforms() {
        return transforms;
    }

    /** Whether no transform is left to be done, and all of it has been checked. */
    public boolean expanded() {
        return expanded;
    }

    /** Whether it may use what {@link #LANGUAGE_EXTENSIONS} brings. */
    public boolean extensions() {
        return transforms.stream().anyMatch(call -> call.name().equals(LANGUAGE_EXTENSIONS));
    }

    public Map<String, ParameterDeclaration> parameters() {
        return parameters;
    }

    /** Mappings by name: objects of objects of scalars and lists. */
    public Map<String, Value.Fields> mappings() {
        return mappings;
    }

    public Map<String, Value> conditions() {
        return conditions;
    }

    /** The condition of a name.
     *
     * @throws IllegalArgumentException when there is none */
    Value condition(String name) {
        return Optional.ofNullable(conditions.get(name))
                .orElseThrow(() -> new IllegalArgumentException("No condition " + name));
    }

    public Map<String, RuleDeclaration> rules() {
        return rules;
    }

    /** Resources by logical id, in the order of the text. Those that a transform has yet to make are not among them. */
    public Map<String, ResourceDeclaration> resources() {
        return resources;
    }

    public Map<String, OutputDeclaration> outputs() {
        return outputs;
    }

    public Optional<Value> metadata() {
        return tree.get("Metadata");
    }

    /** The resource of a logical id.
     *
     * @throws IllegalArgumentException when there is none */
    public ResourceDeclaration resource(String logicalId) {
        return Optional.ofNullable(resources.get(logicalId))
                .orElseThrow(() -> new IllegalArgumentException("No resource " + logicalId));
    }

    /** The same with a section replaced; to be checked again by whoever makes a template of it. */
    Value.Fields with(String section, Map<String, Value> fields) {
        return tree.with(section, Value.Fields.of(new LinkedHashMap<>(fields), tree.at(section)));
    }
}
