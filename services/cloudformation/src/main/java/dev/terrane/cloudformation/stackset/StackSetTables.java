package dev.terrane.cloudformation.stackset;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.List;
import java.util.Optional;

/** Everything of stack sets as it is stored. */
final class StackSetTables {
    private final Rows<StackSetRecord> sets;
    private final Rows<SetName> names;
    private final Rows<InstanceRecord> instances;
    private final Rows<OperationRecord> operations;
    private final Rows<ResultRecord> results;

    StackSetTables(Store store) {
        sets = store.rows(Table.of("cloudformation.stack-set", StackSetRecord.class, StackSetRecord::id));
        names = store.rows(Table.of("cloudformation.stack-set-name", SetName.class, SetName::name));
        instances = store.rows(Table.of("cloudformation.stack-instance", InstanceRecord.class, InstanceRecord::key)
                .index("stack", InstanceRecord::stack));
        operations =
                store.rows(Table.of("cloudformation.stack-set-operation", OperationRecord.class, OperationRecord::key)
                        .index("order", OperationRecord::order)
                        .index("open", operation -> operation.over() ? "" : operation.order()));
        results = store.rows(Table.of("cloudformation.stack-set-result", ResultRecord.class, ResultRecord::key)
                .uncached());
    }

    /** A set by its id, or that which has a name now. */
    Optional<StackSetRecord> find(Scope scope, String nameOrId) {
        return nameOrId.indexOf(':') < 0
                ? names.get(scope, nameOrId).flatMap(name -> sets.get(scope, name.set()))
                : sets.get(scope, nameOrId);
    }

    /** Takes a name for a set.
     *
     * @return whether it was free */
    boolean take(Scope scope, StackSetRecord set) {
        return names.putIfAbsent(scope, new SetName(set.name(), set.id()));
    }

    void release(Scope scope, StackSetRecord set) {
        names.delete(scope, set.name());
    }

    StackSetRecord set(Scope scope, String id) {
        return sets.get(scope, id).orElseThrow(() -> new IllegalStateException("No stack set " + id));
    }

    void put(Scope scope, StackSetRecord set) {
        sets.put(scope, set);
    }

    Page<StackSetRecord> sets(Scope scope, Optional<String> after, int limit) {
        return sets.list(scope, Query.all().after(after).limit(limit));
    }

    Optional<InstanceRecord> instance(Scope scope, String set, Target target) {
        return instances.get(scope, InstanceRecord.key(set, target));
    }

    List<InstanceRecord> instances(Scope scope, String set) {
        return instances.list(scope, Query.prefix(set + "/")).values();
    }

    Page<InstanceRecord> instances(Scope scope, String set, Optional<String> after, int limit) {
        return instances.list(scope, Query.prefix(set + "/").after(after).limit(limit));
    }

    /** The instance that a stack is. */
    Optional<InstanceRecord> instanceOf(Scope scope, String stack) {
        return instances.list(scope, Query.equal("stack", stack)).values().stream()
                .findFirst();
    }

    void put(Scope scope, InstanceRecord instance) {
        instances.put(scope, instance);
    }

    void delete(Scope scope, InstanceRecord instance) {
        instances.delete(scope, instance.key());
    }

    Optional<OperationRecord> operation(Scope scope, String set, String id) {
        return operations.get(scope, OperationRecord.key(set, id));
    }

    /** A set's operations, the newest first. */
    Page<OperationRecord> operations(Scope scope, String set, Optional<String> after, int limit) {
        return operations.list(
                scope,
                Query.indexPrefix("order", set + "/").reversed().after(after).limit(limit));
    }

    /** The operations of a set that are not over, the oldest first. */
    List<OperationRecord> pending(Scope scope, String set) {
        return operations.list(scope, Query.indexPrefix("open", set + "/")).values();
    }

    void put(Scope scope, OperationRecord operation) {
        operations.put(scope, operation);
    }

    Optional<ResultRecord> result(Scope scope, String operation, Target target) {
        return results.get(scope, ResultRecord.key(operation, target));
    }

    List<ResultRecord> results(Scope scope, String operation) {
        return results.list(scope, Query.prefix(operation + "/")).values();
    }

    Page<ResultRecord> results(Scope scope, String operation, Optional<String> after, int limit) {
        return results.list(scope, Query.prefix(operation + "/").after(after).limit(limit));
    }

    void put(Scope scope, ResultRecord result) {
        results.put(scope, result);
    }
}
