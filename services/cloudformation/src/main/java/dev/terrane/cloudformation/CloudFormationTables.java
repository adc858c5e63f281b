package dev.terrane.cloudformation;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Everything of CloudFormation as it is stored. */
final class CloudFormationTables {
    private final Store store;
    private final Rows<StackRecord> stacks;
    private final Rows<NameRecord> names;
    private final Rows<ResourceRecord> resources;
    private final Rows<EventRecord> events;
    private final Rows<ExportRecord> exports;
    private final Rows<ImportRecord> imports;
    private final Rows<ChangeSetRecord> changeSets;
    private final Rows<DriftRecord> drifts;
    private final Rows<SignalRecord> signals;
    private final Rows<CustomRequestRecord> customRequests;
    private final Rows<MacroRecord> macros;
    private final Rows<RefactorRecord> refactors;

    CloudFormationTables(Store store) {
        this.store = store;
        stacks = store.rows(Table.of("cloudformation.stack", StackRecord.class, StackRecord::id)
                .index(
                        "time",
                        stack -> "%014d".formatted(stack.timeline().created().toEpochMilli()))
                .index("parent", StackRecord::parent));
        names = store.rows(Table.of("cloudformation.name", NameRecord.class, NameRecord::name));
        resources = store.rows(Table.of("cloudformation.resource", ResourceRecord.class, ResourceRecord::key)
                .index("physical", r -> r.physical().reference()));
        events = store.rows(Table.of("cloudformation.event", EventRecord.class, EventRecord::key)
                .index("operation", EventRecord::operation)
                .uncached());
        exports = store.rows(Table.of("cloudformation.export", ExportRecord.class, ExportRecord::name)
                .index("stack", ExportRecord::stack));
        imports = store.rows(Table.of("cloudformation.import", ImportRecord.class, ImportRecord::key)
                .index("stack", ImportRecord::stack));
        changeSets = store.rows(Table.of("cloudformation.change-set", ChangeSetRecord.class, ChangeSetRecord::key)
                .index("id", ChangeSetRecord::id));
        signals = store.rows(Table.of("cloudformation.signal", SignalRecord.class, SignalRecord::key));
        customRequests = store.rows(
                Table.of("cloudformation.custom-request", CustomRequestRecord.class, CustomRequestRecord::id));
        refactors = store.rows(Table.of("cloudformation.refactor", RefactorRecord.class, RefactorRecord::id));
        macros = store.rows(Table.of("cloudformation.macro", MacroRecord.class, MacroRecord::name));
        drifts = store.rows(Table.of("cloudformation.drift", DriftRecord.class, DriftRecord::id));
    }

    <T> T transact(Supplier<T> work) {
        return store.transact(work);
    }

    void transact(Runnable work) {
        store.transact(work);
    }

    /** A stack by its ARN, or that which has a name now. */
    Optional<StackRecord> find(Scope scope, String nameOrArn) {
        Optional<Arn> arn = Arn.find(nameOrArn);
        if (arn.isPresent()) {
            String resource = arn.get().resource();
            return stacks.get(scope, resource.substring(resource.lastIndexOf('/') + 1))
                    .filter(stack -> stack.arn().equals(nameOrArn));
        }
        return names.get(scope, nameOrArn).flatMap(name -> stacks.get(scope, name.stack()));
    }

    /** The tags of what an ARN names. */
    Map<String, String> tags(String arn) {
        return Arn.find(arn)
                .flatMap(a -> find(new Scope(a.account(), a.region()), arn))
                .map(stack -> stack.settings().tags())
                .orElse(Map.of());
    }

    StackRecord stack(Scope scope, String id) {
        return stacks.get(scope, id).orElseThrow(() -> new IllegalStateException("No stack " + id));
    }

    Optional<StackRecord> peek(Scope scope, String id) {
        return stacks.peek(scope, id);
    }

    void put(Scope scope, StackRecord stack) {
        stacks.put(scope, stack);
    }

    void forget(Scope scope, StackRecord stack) {
        stacks.delete(scope, stack.id());
    }

    /** Takes a name for a stack.
     *
     * @return whether it was free */
    boolean take(Scope scope, String name, String stack) {
        return names.putIfAbsent(scope, new NameRecord(name, stack));
    }

    void release(Scope scope, String name) {
        names.delete(scope, name);
    }

    /** All stacks, the newest first. */
    Page<StackRecord> stacks(Scope scope, Optional<String> after, int limit) {
        return stacks.list(scope, Query.index("time").reversed().after(after).limit(limit));
    }

    List<StackRecord> nested(Scope scope, String arn) {
        return stacks.list(scope, Query.equal("parent", arn)).values();
    }

    Optional<ResourceRecord> resource(Scope scope, String stack, String logicalId) {
        return resources.get(scope, ResourceRecord.key(stack, logicalId));
    }

    List<ResourceRecord> resources(Scope scope, String stack) {
        return resources.list(scope, Query.prefix(stack + "/")).values();
    }

    List<ResourceRecord> byPhysicalId(Scope scope, String physicalId) {
        return resources.list(scope, Query.equal("physical", physicalId)).values();
    }

    /** Whether something belongs to a stack already, other than this one. */
    boolean isInAnotherStack(Scope scope, String stack, String type, String physicalId) {
        return byPhysicalId(scope, physicalId).stream()
                .anyMatch(other -> other.type().equals(type)
                        && other.exists()
                        && !other.stack().equals(stack)
                        && peek(scope, other.stack())
                                .filter(of -> !of.deleted())
                                .isPresent());
    }

    void put(Scope scope, ResourceRecord resource) {
        resources.put(scope, resource);
    }

    void delete(Scope scope, ResourceRecord resource) {
        resources.delete(scope, resource.key());
    }

    void put(Scope scope, EventRecord event) {
        events.put(scope, event);
    }

    /** A stack's events, the newest first. */
    Page<EventRecord> events(Scope scope, String stack, Optional<String> after, int limit) {
        return events.list(
                scope, Query.prefix(stack + "/").reversed().after(after).limit(limit));
    }

    /** An operation's events, the newest first. */
    Page<EventRecord> eventsOf(Scope scope, String operation, Optional<String> after, int limit) {
        return events.list(
                scope,
                Query.equal("operation", operation).reversed().after(after).limit(limit));
    }

    void deleteEvents(Scope scope, String stack) {
        events.list(scope, Query.prefix(stack + "/")).values().forEach(event -> events.delete(scope, event.key()));
    }

    Optional<ExportRecord> export(Scope scope, String name) {
        return exports.get(scope, name);
    }

    Page<ExportRecord> exports(Scope scope, Optional<String> after, int limit) {
        return exports.list(scope, Query.all().after(after).limit(limit));
    }

    List<ExportRecord> exportsOf(Scope scope, String stack) {
        return exports.list(scope, Query.equal("stack", stack)).values();
    }

    void put(Scope scope, ExportRecord export) {
        exports.put(scope, export);
    }

    void delete(Scope scope, ExportRecord export) {
        exports.delete(scope, export.name());
    }

    List<ImportRecord> importsOf(Scope scope, String export) {
        return imports.list(scope, Query.prefix(export + "/")).values().stream()
                .filter(one -> one.export().equals(export))
                .toList();
    }

    List<ImportRecord> importsBy(Scope scope, String stack) {
        return imports.list(scope, Query.equal("stack", stack)).values();
    }

    void put(Scope scope, ImportRecord one) {
        imports.put(scope, one);
    }

    void delete(Scope scope, ImportRecord one) {
        imports.delete(scope, one.key());
    }

    Optional<ChangeSetRecord> changeSet(Scope scope, String key) {
        return changeSets.get(scope, key);
    }

    Optional<ChangeSetRecord> changeSetById(Scope scope, String id) {
        return changeSets.list(scope, Query.equal("id", id)).values().stream()
                .findFirst()
                .flatMap(found -> changeSets.get(scope, found.key()));
    }

    Optional<ChangeSetRecord> changeSetByArn(Scope scope, String arn) {
        return changeSetById(scope, arn.substring(arn.lastIndexOf('/') + 1))
                .filter(found -> found.arn().equals(arn));
    }

    List<ChangeSetRecord> changeSets(Scope scope, String stack) {
        return changeSets.list(scope, Query.prefix(stack + "/")).values();
    }

    void put(Scope scope, ChangeSetRecord changeSet) {
        changeSets.put(scope, changeSet);
    }

    void delete(Scope scope, ChangeSetRecord changeSet) {
        changeSets.delete(scope, changeSet.key());
    }

    Optional<DriftRecord> drift(Scope scope, String id) {
        return drifts.get(scope, id);
    }

    void put(Scope scope, DriftRecord drift) {
        drifts.put(scope, drift);
    }

    void put(Scope scope, SignalRecord signal) {
        signals.put(scope, signal);
    }

    void putIfAbsent(Scope scope, SignalRecord signal) {
        signals.putIfAbsent(scope, signal);
    }

    Optional<SignalRecord> signal(Scope scope, String key) {
        return signals.get(scope, key);
    }

    /** What a wait condition's handle was told. */
    List<SignalRecord> signals(Scope scope, String handle) {
        return signals.list(scope, Query.prefix(handle + "/")).values();
    }

    void deleteSignal(Scope scope, String key) {
        signals.delete(scope, key);
    }

    void deleteSignals(Scope scope, String handle) {
        signals(scope, handle).forEach(signal -> signals.delete(scope, signal.key()));
    }

    Optional<CustomRequestRecord> customRequest(Scope scope, String id) {
        return customRequests.get(scope, id);
    }

    void put(Scope scope, CustomRequestRecord request) {
        customRequests.put(scope, request);
    }

    void deleteCustomRequest(Scope scope, String id) {
        customRequests.delete(scope, id);
    }

    Optional<MacroRecord> macro(Scope scope, String name) {
        return macros.get(scope, name);
    }

    void put(Scope scope, MacroRecord macro) {
        macros.put(scope, macro);
    }

    void deleteMacro(Scope scope, String name) {
        macros.delete(scope, name);
    }

    Optional<RefactorRecord> refactor(Scope scope, String id) {
        return refactors.get(scope, id);
    }

    void put(Scope scope, RefactorRecord refactor) {
        refactors.put(scope, refactor);
    }

    Page<RefactorRecord> refactors(Scope scope, Optional<String> after, int limit) {
        return refactors.list(scope, Query.all().after(after).limit(limit));
    }
}
