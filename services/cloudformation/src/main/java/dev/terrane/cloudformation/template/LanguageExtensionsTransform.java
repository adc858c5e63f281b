package dev.terrane.cloudformation.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * {@code AWS::LanguageExtensions}: {@code Fn::ForEach} is unrolled, and functions in policies, {@code DependsOn} and {@code Condition} of resources
 * and within {@code Ref} and {@code Fn::GetAtt} are evaluated. Its other functions are evaluated with all others.
 */
public final class LanguageExtensionsTransform implements Transform {
    private static final List<String> SECTIONS = List.of("Conditions", "Resources", "Outputs");
    private static final Set<String> LITERAL =
            Set.of("DeletionPolicy", "UpdateReplacePolicy", "DependsOn", "Condition");

    @Override
    public String name() {
        return Template.LANGUAGE_EXTENSIONS;
    }

    @Override
    public Value.Fields whole(Template template, TransformCall call, Environment environment) {
        Value.Fields tree = template.tree();
        tree.fields().forEach((section, value) -> {
            if (!SECTIONS.contains(section) && ForEach.stands(value)) {
                throw new TemplateException(
                        "Fn::ForEach is not supported in the " + TemplateText.shown(section) + " section", value.at());
            }
        });
        distinct(tree);
        ForEach loops = new ForEach(new Functions(template, environment, Map.of()));
        for (String section : SECTIONS) {
            Optional<Value> value = tree.get(section);
            if (value.isPresent()) {
                tree = tree.with(section, loops.unrolled(value.get()));
            }
        }
        return literal(tree, environment);
    }

    /** Refuses a loop that has the name of another, or of a resource. */
    private static void distinct(Value.Fields tree) {
        Set<String> names = new LinkedHashSet<>();
        tree.get("Resources")
                .flatMap(Value::object)
                .ifPresent(resources -> names.addAll(resources.fields().keySet()));
        names.removeIf(name -> name.startsWith(ForEach.PREFIX));
        SECTIONS.forEach(section -> tree.get(section).ifPresent(value -> distinct(value, names)));
    }

    private static void distinct(Value value, Set<String> names) {
        value.object()
                .ifPresent(object -> object.fields().keySet().stream()
                        .filter(name -> name.startsWith(ForEach.PREFIX))
                        .forEach(name -> {
                            if (!names.add(name.substring(ForEach.PREFIX.length()))) {
                                throw new TemplateException(
                                        "The loop name of " + TemplateText.shown(name)
                                                + " must be unique within the template",
                                        object.at(name));
                            }
                        }));
        value.children().forEach(child -> distinct(child, names));
    }

    /** Evaluates what must be literal in a resource or an output. */
    private static Value.Fields literal(Value.Fields tree, Environment environment) {
        Template known = conditionsOf(tree);
        Functions functions = new Functions(known, environment, Conditions.of(known, environment));
        Value.Fields changed = tree;
        for (String section : List.of("Resources", "Outputs")) {
            Optional<Value.Fields> members = tree.get(section).flatMap(Value::object);
            if (members.isPresent()) {
                changed = changed.with(section, members.get().map(member -> literal(member, functions)));
            }
        }
        return changed;
    }

    private static Value literal(Value member, Functions functions) {
        Optional<Value.Fields> object = member.object();
        if (object.isEmpty()) {
            return member;
        }
        Map<String, Value> changed = new LinkedHashMap<>();
        object.get().fields().forEach((name, value) -> {
            if (!LITERAL.contains(name)) {
                changed.put(name, value);
                return;
            }
            JsonNode evaluated = functions.evaluate(value);
            if (!evaluated.isMissingNode()) {
                changed.put(name, placed(Value.of(evaluated), value.at()));
            }
        });
        return new Value.Fields(changed, object.get().names(), object.get().at());
    }

    private static Value placed(Value value, Position at) {
        return switch (value) {
            case Value.Scalar(String text, Value.Kind kind, Position none) -> new Value.Scalar(text, kind, at);
            case Value.Items items ->
                new Value.Items(
                        items.items().stream().map(item -> placed(item, at)).toList(), at);
            case Value.Fields object -> object;
        };
    }

    /** A template of the conditions alone, with what they need. */
    private static Template conditionsOf(Value.Fields tree) {
        Map<String, Value> fields = new LinkedHashMap<>();
        for (String section : List.of("Transform", "Parameters", "Mappings", "Conditions")) {
            tree.get(section).ifPresent(value -> fields.put(section, value));
        }
        fields.put("Resources", Value.single("None", Value.single("Type", Value.text("None"))));
        return Template.processed(new Value.Fields(fields, tree.names(), tree.at()));
    }

    /** The items of a list of loops. */
    static List<String> texts(JsonNode list, Position at) {
        if (!list.isArray()) {
            throw new TemplateException("Could not find a collection or could not be resolved for Fn::ForEach", at);
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list) {
            if (!item.isValueNode() || Unknown.is(item)) {
                throw new TemplateException("Could not find a collection or could not be resolved for Fn::ForEach", at);
            }
            texts.add(item.asString());
        }
        return texts;
    }
}
