package dev.terrane.cloudformation;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.Optional;
import java.util.Set;

/** A macro: the name by which templates ask for what a Lambda function makes of them. */
final class Macro implements ResourceType {
    private final CloudFormationTables tables;

    Macro(CloudFormationTables tables) {
        this.tables = tables;
    }

    @Override
    public String name() {
        return "AWS::CloudFormation::Macro";
    }

    @Override
    public boolean provisionable() {
        return false;
    }

    @Override
    public Set<String> supported() {
        return Set.of("Description", "FunctionName", "LogGroupName", "LogRoleARN", "Name");
    }

    @Override
    public String create(ResourceWork work) {
        String name = work.desired().required("Name");
        MacroRecord macro = macro(work, name, stack(work), work.token());
        tables.transact(() -> {
            tables.macro(work.scope(), name)
                    .filter(there -> !there.token().equals(work.token()))
                    .ifPresent(there -> {
                        throw Refusals.failed(name + " already exists in stack " + there.stack());
                    });
            tables.put(work.scope(), macro);
        });
        work.made(name);
        return name;
    }

    @Override
    public void update(ResourceWork work, String id) {
        tables.transact(() -> {
            MacroRecord there = tables.macro(work.scope(), id)
                    .orElseThrow(() -> Refusals.failed("Macro " + id + " does not exist"));
            tables.put(work.scope(), macro(work, id, there.stack(), there.token()));
        });
    }

    private static String stack(ResourceWork work) {
        return work.stack().map(ResourceWork.InStack::stack).orElse("");
    }

    private static MacroRecord macro(ResourceWork work, String name, String stack, String token) {
        Properties desired = work.desired();
        return new MacroRecord(
                name,
                desired.required("FunctionName"),
                desired.text("Description").orElse(""),
                desired.text("LogGroupName").orElse(""),
                desired.text("LogRoleARN").orElse(""),
                stack,
                token);
    }

    @Override
    public void delete(ResourceWork work, String id) {
        // What went by this name may have become another stack's when this is run again.
        tables.transact(() -> tables.macro(work.scope(), id)
                .filter(there -> there.stack().equals(stack(work)))
                .ifPresent(there -> tables.deleteMacro(work.scope(), id)));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return tables.macro(work.scope(), id)
                .map(macro -> Properties.builder()
                        .put("Id", id)
                        .put("Name", macro.name())
                        .put("FunctionName", macro.function())
                        .put("Description", Views.emptyToNull(macro.description()))
                        .put("LogGroupName", Views.emptyToNull(macro.logGroup()))
                        .put("LogRoleARN", Views.emptyToNull(macro.logRole()))
                        .build());
    }
}
