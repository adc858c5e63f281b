package dev.terrane.cloudformation.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a value refers to by {@code Ref}, {@code Fn::GetAtt} and {@code Fn::Sub}. */
final class References {
    /** The pseudo parameters. */
    static final Set<String> PSEUDO = Set.of(
            "AWS::AccountId",
            "AWS::NoValue",
            "AWS::NotificationARNs",
            "AWS::Partition",
            "AWS::Region",
            "AWS::StackId",
            "AWS::StackName",
            "AWS::URLSuffix");

    private final Map<String, Boolean> conditions;
    private final List<Reference> found = new ArrayList<>();

    private References(Map<String, Boolean> conditions) {
        this.conditions = conditions;
    }

    /**
     * A reference.
     *
     * @param name of a resource, parameter or pseudo parameter
     * @param attribute of the resource; empty where it is meant itself
     * @param function that refers
     */
    record Reference(String name, Optional<String> attribute, String function, Position at) {}

    /** All references in a value, in the order of the text, whatever conditions say. */
    static List<Reference> in(Value value) {
        return in(value, Map.of());
    }

    /** The references in a value, in the order of the text, without those that {@code Fn::If} leaves out. */
    static List<Reference> in(Value value, Map<String, Boolean> conditions) {
        References references = new References(conditions);
        references.walk(value);
        return references.found;
    }

    private void walk(Value value) {
        Optional<Value.Call> call = value.call();
        if (call.isEmpty()) {
            value.children().forEach(this::walk);
            return;
        }
        String function = call.get().function();
        Value argument = call.get().argument();
        switch (function) {
            case "Ref" ->
                argument.scalar()
                        .ifPresent(name -> found.add(new Reference(name, Optional.empty(), function, argument.at())));
            case "Fn::GetAtt" -> attribute(argument);
            case "Fn::Sub" -> substituted(argument);
            case "Fn::If" -> chosen(argument);
            default -> walk(argument);
        }
    }

    private void attribute(Value argument) {
        List<Value> parts = argument.list().orElse(List.of());
        if (parts.size() == 2 && parts.getFirst() instanceof Value.Scalar resource) {
            found.add(new Reference(
                    resource.text(), Optional.of(parts.getLast().scalar().orElse("")), "Fn::GetAtt", resource.at()));
            walk(parts.getLast());
        }
    }

    private void substituted(Value argument) {
        SubText text = SubText.of(argument);
        for (String variable : text.variables()) {
            int dot = variable.indexOf('.');
            found.add(new Reference(
                    dot < 0 ? variable : variable.substring(0, dot),
                    dot < 0 ? Optional.empty() : Optional.of(variable.substring(dot + 1)),
                    "Fn::Sub",
                    argument.at()));
        }
        text.own().values().forEach(this::walk);
    }

    private void chosen(Value argument) {
        List<Value> parts = argument.list().orElse(List.of());
        if (parts.size() != 3) {
            return;
        }
        Boolean holds = parts.getFirst().scalar().map(conditions::get).orElse(null);
        if (holds == null || holds) {
            walk(parts.get(1));
        }
        if (holds == null || !holds) {
            walk(parts.get(2));
        }
    }
}
