package dev.terrane.cloudformation.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The transforms of an account, and their order: those of {@code Fn::Transform} from the innermost out, then those of the section as listed. */
public final class Transforms {
    private final Map<String, Transform> byName = new LinkedHashMap<>();

    private final Function<String, Optional<Transform>> others;

    public Transforms(List<Transform> transforms) {
        this(transforms, name -> Optional.empty());
    }

    /** Transforms, and others by the names that templates have for them. */
    public Transforms(List<Transform> transforms, Function<String, Optional<Transform>> others) {
        transforms.forEach(transform -> byName.put(transform.name(), transform));
        this.others = others;
    }

    /**
     * The template after all that it asks for; the same where it asks for nothing.
     *
     * @param environment of parameters and pseudo parameters
     * @throws TemplateException when a transform is not there or fails, or when what comes of it is not right
     */
    public Template expanded(Template template, Environment environment) {
        if (template.expanded()) {
            return template;
        }
        Environment known = new BeforeResources(environment);
        Template current = Template.of(parts(template, known));
        for (TransformCall call : template.transforms()) {
            Template before = current;
            Transform transform = named(call);
            current = Template.of(failing(transform, call, () -> transform.whole(before, call, known)));
        }
        return Template.processed(current.tree());
    }

    private Transform named(TransformCall call) {
        return Optional.ofNullable(byName.get(call.name()))
                .or(() -> others.apply(call.name()))
                .orElseThrow(() -> new TemplateException(
                        "No transform named " + TemplateText.shown(call.name()) + " found.", call.at()));
    }

    private Value.Fields parts(Template template, Environment environment) {
        Value.Fields tree = template.tree();
        return part(template, tree, environment)
                .object()
                .orElseThrow(() -> new TemplateException("Template format error: unsupported structure.", tree.at()));
    }

    private Value part(Template template, Value value, Environment environment) {
        Value inner = value.map(child -> part(template, child, environment));
        Optional<Value> asked = inner.object().flatMap(object -> object.get("Fn::Transform"));
        if (asked.isEmpty()) {
            return inner;
        }
        Value.Fields siblings = inner.object().orElseThrow().without("Fn::Transform");
        TransformCall call = TransformCall.of(asked.get());
        Transform transform = named(call);
        return failing(transform, call, () -> transform.part(template, siblings, call, environment));
    }

    private static <T> T failing(Transform transform, TransformCall call, Supplier<T> work) {
        try {
            return work.get();
        } catch (TemplateException e) {
            throw new TemplateException(
                    "Transform " + transform.name() + " failed with: " + e.words(),
                    e.position().line() == 0 ? call.at() : e.position());
        }
    }
}
