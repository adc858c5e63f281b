package dev.terrane.cloudformation;

import dev.terrane.cloudformation.StackWorkflow.Graph;
import dev.terrane.cloudformation.StackWorkflow.Input;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which resources of a stack a phase of an operation is about, and what each of them waits for. */
final class Graphs {
    private final CloudFormationTables tables;
    private final Blueprints blueprints;

    Graphs(CloudFormationTables tables, Blueprints blueprints) {
        this.tables = tables;
        this.blueprints = blueprints;
    }

    /** What the template has, in an order in which it can be made. */
    Graph wanted(Input input) {
        Blueprint blueprint = blueprints.of(stack(input));
        Map<String, List<String>> graph = new TreeMap<>();
        Set<String> there = new TreeSet<>(blueprint.resources());
        for (String id : blueprint.resources()) {
            graph.put(
                    id,
                    blueprint.dependencies(id).stream().filter(there::contains).toList());
        }
        return new Graph(graph);
    }

    /** Everything that is there, or what is there and not in the template; what is depended on comes last. */
    Graph made(Input input, boolean surplus) {
        Set<String> wanted = surplus ? wanted(input).dependencies().keySet() : Set.of();
        Map<String, List<String>> graph = new TreeMap<>();
        List<ResourceRecord> all = tables.resources(scope(), input.stack()).stream()
                .filter(r -> !wanted.contains(r.logicalId()))
                .toList();
        all.forEach(r -> graph.put(r.logicalId(), new ArrayList<>()));
        for (ResourceRecord resource : all) {
            for (String needed : resource.physical().attributes().dependsOn()) {
                List<String> waits = graph.get(needed);
                if (waits != null) {
                    waits.add(resource.logicalId());
                }
            }
        }
        return new Graph(graph);
    }

    /** What an update has changed, in the order of what it was before. */
    Graph touched(Input input) {
        Map<String, List<String>> graph = new TreeMap<>();
        List<ResourceRecord> all = tables.resources(scope(), input.stack()).stream()
                .filter(r -> r.before().isPresent())
                .toList();
        Set<String> there = new TreeSet<>();
        all.forEach(r -> there.add(r.logicalId()));
        for (ResourceRecord resource : all) {
            graph.put(
                    resource.logicalId(),
                    resource.before().orElseThrow().attributes().dependsOn().stream()
                            .filter(there::contains)
                            .toList());
        }
        return new Graph(graph);
    }

    /** What has been replaced, or was put back in the place of its replacement. */
    Graph replaced(Input input) {
        Map<String, List<String>> graph = new TreeMap<>();
        List<ResourceRecord> all = tables.resources(scope(), input.stack()).stream()
                .filter(r -> !r.replaced().isEmpty())
                .toList();
        all.forEach(r -> graph.put(r.logicalId(), new ArrayList<>()));
        for (ResourceRecord resource : all) {
            for (String needed : resource.replaced().getFirst().attributes().dependsOn()) {
                List<String> waits = graph.get(needed);
                if (waits != null) {
                    waits.add(resource.logicalId());
                }
            }
        }
        return new Graph(graph);
    }

    private StackRecord stack(Input input) {
        return tables.stack(scope(), input.stack());
    }

    private static Scope scope() {
        return Call.current().scope();
    }
}
