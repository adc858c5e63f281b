package dev.terrane.cloudformation;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudformation.model.Output;

/** A stack's outputs, what of them it exports, and what it imports. */
final class Outputs {
    private final CloudFormationTables tables;

    Outputs(CloudFormationTables tables) {
        this.tables = tables;
    }

    /**
     * Evaluates a stack's outputs and exports them.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when another stack exports one already, or one that others import would change
     */
    List<Output> put(Scope scope, StackRecord stack, Blueprints blueprints) {
        Blueprint blueprint = blueprints.of(stack);
        Blueprint.Values values = blueprints.values(stack);
        List<Output> outputs = blueprint.outputs(values);
        Set<String> kept = new TreeSet<>();
        for (Output output : outputs) {
            if (output.exportName() != null) {
                kept.add(output.exportName());
                export(scope, stack, output.exportName(), output.outputValue());
            }
        }
        for (ExportRecord export : tables.exportsOf(scope, stack.id())) {
            if (!kept.contains(export.name())) {
                refuseWhereUsed(scope, export, "deleted");
                tables.delete(scope, export);
            }
        }
        imports(scope, stack, blueprints);
        return outputs;
    }

    private void export(Scope scope, StackRecord stack, String name, String value) {
        Optional<ExportRecord> known = tables.export(scope, name);
        if (known.isPresent() && !known.get().stack().equals(stack.id())) {
            throw AwsErrors.validation("Export with name " + name + " is already exported by stack "
                    + tables.peek(scope, known.get().stack())
                            .map(StackRecord::name)
                            .orElse("") + ".");
        }
        if (known.isPresent() && !known.get().value().equals(value)) {
            refuseWhereUsed(scope, known.get(), "updated");
        }
        tables.put(scope, new ExportRecord(name, value, stack.arn(), stack.id()));
    }

    private void refuseWhereUsed(Scope scope, ExportRecord export, String what) {
        String users = users(scope, export);
        if (!users.isEmpty()) {
            throw AwsErrors.validation(
                    "Export " + export.name() + " cannot be " + what + " as it is in use by " + users);
        }
    }

    private String users(Scope scope, ExportRecord export) {
        return tables.importsOf(scope, export.name()).stream()
                .filter(one -> !one.stack().equals(export.stack()))
                .map(ImportRecord::stackName)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** Records what a stack imports now. */
    void imports(Scope scope, StackRecord stack, Blueprints blueprints) {
        Blueprint blueprint = blueprints.of(stack);
        Set<String> now = blueprint.imports(blueprints.values(stack));
        for (ImportRecord one : tables.importsBy(scope, stack.id())) {
            if (!now.contains(one.export())) {
                tables.delete(scope, one);
            }
        }
        for (String export : now) {
            tables.put(scope, new ImportRecord(export, stack.id(), stack.name()));
        }
    }

    /** Why a stack cannot be deleted, or nothing. */
    String inUse(Scope scope, StackRecord stack) {
        for (ExportRecord export : tables.exportsOf(scope, stack.id())) {
            String users = users(scope, export);
            if (!users.isEmpty()) {
                return "Delete canceled. Cannot delete export " + export.name() + " as it is in use by " + users + ".";
            }
        }
        return "";
    }

    /** Takes all exports and imports of a stack back. */
    void release(Scope scope, StackRecord stack) {
        tables.exportsOf(scope, stack.id()).forEach(export -> tables.delete(scope, export));
        tables.importsBy(scope, stack.id()).forEach(one -> tables.delete(scope, one));
    }
}
