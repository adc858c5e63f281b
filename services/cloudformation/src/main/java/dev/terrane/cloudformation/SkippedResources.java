package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Physical;
import dev.terrane.kernel.call.Scope;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudformation.model.ResourceStatus;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;

/**
 * What a continued rollback does not put back, since it cannot be: named by its logical id, in a nested stack by that stack's name or logical id, a dot and the
 * logical id there. See "Continue rolling back an update" in the user guide.
 */
final class SkippedResources {
    private final CloudFormationTables tables;
    private final Progress progress;

    SkippedResources(CloudFormationTables tables, Progress progress) {
        this.tables = tables;
        this.progress = progress;
    }

    /**
     * Whether a stack's rollback can be continued without these.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException ValidationError
     */
    void check(Scope scope, StackRecord stack, List<String> names) {
        boolean nested = !stack.parent().isEmpty();
        if (nested && !continuing(scope, stack)) {
            throw Refusals.invalid("Stack [" + stack.arn()
                    + "] is a nested stack: its rollback is continued with that of its root stack [" + stack.root()
                    + "]");
        }
        for (String name : names) {
            int dot = name.indexOf('.');
            if (dot < 0) {
                check(stack, name, tables.resource(scope, stack.id(), name));
            } else if (!nested && !isThere(scope, stack, name.substring(0, dot), name.substring(dot + 1))) {
                throw Refusals.invalid("Resource [" + name + "] to skip does not exist in the nested stacks of ["
                        + stack.name() + "]: it is named by NestedStackName.ResourceLogicalID");
            }
        }
    }

    private boolean continuing(Scope scope, StackRecord stack) {
        return tables.find(scope, stack.parent())
                .filter(parent -> parent.status() == StackStatus.UPDATE_ROLLBACK_IN_PROGRESS
                        && parent.operation().kind() == StackRecord.Kind.CONTINUE_ROLLBACK)
                .isPresent();
    }

    private static void check(StackRecord stack, String name, Optional<ResourceRecord> resource) {
        if (resource.isEmpty()) {
            throw Refusals.invalid("Resource [" + name + "] to skip does not exist in stack [" + stack.name() + "]");
        }
        ResourceStatus status = resource.get().status();
        if (status != ResourceStatus.UPDATE_FAILED || resource.get().type().equals(Progress.STACK_TYPE)) {
            throw Refusals.invalid("Resource [" + name + "] cannot be skipped: it is in " + status
                    + " state. Only resources in UPDATE_FAILED state, whose rollback failed, can be; those of a nested"
                    + " stack are named by NestedStackName.ResourceLogicalID");
        }
    }

    private boolean isThere(Scope scope, StackRecord stack, String nested, String logicalId) {
        for (ResourceRecord resource : tables.resources(scope, stack.id())) {
            Optional<StackRecord> child = resource.type().equals(Progress.STACK_TYPE)
                    ? tables.find(scope, resource.physical().id())
                    : Optional.empty();
            if (child.isPresent()) {
                boolean named = resource.logicalId().equals(nested)
                        || child.get().name().equals(nested);
                if (named && tables.resource(scope, child.get().id(), logicalId).isPresent()) {
                    return true;
                }
                if (isThere(scope, child.get(), nested, logicalId)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Takes those that are skipped for put back. */
    void skip(Scope scope, StackRecord stack) {
        if (stack.operation().kind() != StackRecord.Kind.CONTINUE_ROLLBACK) {
            return;
        }
        for (String name : stack.operation().keep()) {
            Optional<ResourceRecord> found = tables.resource(scope, stack.id(), name)
                    .filter(resource -> resource.before().isPresent());
            if (found.isPresent()) {
                Physical is = found.get().physical();
                Physical was = found.get().before().orElseThrow().read(is.id(), is.reference(), is.state());
                progress.resource(scope, stack, found.get().restored(was), ResourceStatus.UPDATE_COMPLETE, "");
            }
        }
    }

    /** Those that a nested stack is told of, by the names that it and its own nested stacks know them by. */
    static List<String> of(StackRecord parent, String logicalId, String stackName) {
        return parent.operation().keep().stream()
                .filter(name -> name.indexOf('.') >= 0)
                .map(name -> name.startsWith(logicalId + ".") || name.startsWith(stackName + ".")
                        ? name.substring(name.indexOf('.') + 1)
                        : name)
                .toList();
    }
}
