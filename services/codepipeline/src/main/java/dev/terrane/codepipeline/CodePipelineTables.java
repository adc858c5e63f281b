package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import software.amazon.awssdk.services.codepipeline.model.PipelineDeclaration;

/** Pipelines, their executions and their actions as they are stored. */
final class CodePipelineTables {
    private final Store store;
    private final Rows<PipelineRecord> pipelines;
    private final Rows<VersionRecord> versions;
    private final Rows<StageGate> gates;
    private final Rows<ExecutionRecord> executions;
    private final Rows<ActionRecord> actions;
    private final Rows<SeenObject> seen;
    private final Rows<WebhookRecord> webhooks;
    private final Rows<CustomActionRecord> customActions;
    private final Rows<JobRecord> jobs;

    /** The version of a source object that a pipeline has taken note of. */
    record SeenObject(String pipeline, String action, String version) {}

    CodePipelineTables(Store store) {
        this.store = store;
        pipelines = store.rows(Table.of("codepipeline.pipeline", PipelineRecord.class, PipelineRecord::name));
        versions = store.rows(Table.of(
                "codepipeline.version",
                VersionRecord.class,
                v -> VersionRecord.key(v.declaration().name(), v.declaration().version())));
        gates = store.rows(
                Table.of("codepipeline.stage", StageGate.class, g -> StageGate.key(g.pipeline(), g.stage())));
        executions = store.rows(Table.of("codepipeline.execution", ExecutionRecord.class, ExecutionRecord::id)
                .index("pipeline", e -> e.pipeline() + "/" + serial(e.origin().serial()))
                .index("active", e -> e.active() ? e.pipeline() + "/" : ""));
        actions = store.rows(Table.of("codepipeline.action", ActionRecord.class, ActionRecord::id)
                .index("pipeline", a -> a.pipeline() + "/" + serial(a.serial()))
                .index("execution", a -> a.execution() + "/" + serial(a.serial()))
                .index("job", a -> a.job().id()));
        seen = store.rows(Table.of("codepipeline.seen", SeenObject.class, s -> s.pipeline() + "/" + s.action()));
        webhooks = store.rows(Table.of("codepipeline.webhook", WebhookRecord.class, WebhookRecord::name));
        customActions =
                store.rows(Table.of("codepipeline.actiontype", CustomActionRecord.class, CustomActionRecord::key));
        jobs = store.rows(Table.of("codepipeline.job", JobRecord.class, JobRecord::id)
                .index("open", JobRecord::place)
                .index("action", JobRecord::action));
    }

    private static String serial(long serial) {
        return "%019d".formatted(serial);
    }

    <T> T transact(Supplier<T> work) {
        return store.transact(work);
    }

    Optional<PipelineRecord> pipeline(Scope scope, String name) {
        return pipelines.get(scope, name);
    }

    /** A pipeline by which nothing is decided that must still hold at commit. */
    Optional<PipelineRecord> peek(Scope scope, String name) {
        return pipelines.peek(scope, name);
    }

    Page<PipelineRecord> pipelines(Scope scope, Query query) {
        return pipelines.list(scope, query);
    }

    void everyPipeline(BiConsumer<Scope, PipelineRecord> visitor) {
        pipelines.everywhere(visitor);
    }

    void put(Scope scope, PipelineRecord pipeline) {
        pipelines.put(scope, pipeline);
    }

    void put(Scope scope, VersionRecord version) {
        versions.put(scope, version);
    }

    Optional<VersionRecord> version(Scope scope, String pipeline, int version) {
        return versions.peek(scope, VersionRecord.key(pipeline, version));
    }

    /** The structure to which an execution keeps. */
    PipelineDeclaration structure(Scope scope, ExecutionRecord execution) {
        return version(scope, execution.pipeline(), execution.origin().version())
                .orElseThrow()
                .declaration();
    }

    StageGate gate(Scope scope, String pipeline, String stage) {
        return gates.get(scope, StageGate.key(pipeline, stage)).orElseGet(() -> StageGate.of(pipeline, stage));
    }

    void put(Scope scope, StageGate gate) {
        gates.put(scope, gate);
    }

    Optional<ExecutionRecord> execution(Scope scope, String id) {
        return executions.get(scope, id);
    }

    void put(Scope scope, ExecutionRecord execution) {
        executions.put(scope, execution);
    }

    Page<ExecutionRecord> executions(Scope scope, String pipeline, Optional<String> after, int limit) {
        return executions.list(
                scope,
                Query.indexPrefix("pipeline", pipeline + "/")
                        .reversed()
                        .after(after)
                        .limit(limit));
    }

    List<ExecutionRecord> active(Scope scope, String pipeline) {
        return executions.list(scope, Query.equal("active", pipeline + "/")).values();
    }

    Optional<ActionRecord> action(Scope scope, String id) {
        return actions.get(scope, id);
    }

    void put(Scope scope, ActionRecord action) {
        actions.put(scope, action);
    }

    List<ActionRecord> actionsByJob(Scope scope, String job) {
        return actions.list(scope, Query.equal("job", job)).values();
    }

    /** Runs of actions, the last begun first. */
    Page<ActionRecord> actions(Scope scope, String pipeline, Optional<String> after, int limit) {
        return actions.list(
                scope,
                Query.indexPrefix("pipeline", pipeline + "/")
                        .reversed()
                        .after(after)
                        .limit(limit));
    }

    Page<ActionRecord> actionsOf(Scope scope, String execution, Optional<String> after, int limit) {
        return actions.list(
                scope,
                Query.indexPrefix("execution", execution + "/")
                        .reversed()
                        .after(after)
                        .limit(limit));
    }

    Optional<SeenObject> seen(Scope scope, String pipeline, String action) {
        return seen.get(scope, pipeline + "/" + action);
    }

    void put(Scope scope, SeenObject object) {
        seen.put(scope, object);
    }

    Optional<WebhookRecord> webhook(Scope scope, String name) {
        return webhooks.get(scope, name);
    }

    Page<WebhookRecord> webhooks(Scope scope, Query query) {
        return webhooks.list(scope, query);
    }

    void put(Scope scope, WebhookRecord webhook) {
        webhooks.put(scope, webhook);
    }

    void deleteWebhook(Scope scope, String name) {
        webhooks.delete(scope, name);
    }

    Optional<CustomActionRecord> customAction(Scope scope, String key) {
        return customActions.get(scope, key);
    }

    List<CustomActionRecord> customActions(Scope scope) {
        return customActions.all(scope);
    }

    void put(Scope scope, CustomActionRecord type) {
        customActions.put(scope, type);
    }

    Optional<JobRecord> job(Scope scope, String id) {
        return jobs.get(scope, id);
    }

    /** Jobs of an action type that no worker has acknowledged, the oldest first. */
    List<JobRecord> openJobs(Scope scope, String type) {
        return jobs.list(scope, Query.indexPrefix("open", type + "\0")).values();
    }

    List<JobRecord> jobsOf(Scope scope, String action) {
        return jobs.list(scope, Query.equal("action", action)).values();
    }

    void put(Scope scope, JobRecord job) {
        jobs.put(scope, job);
    }

    /** Deletes a pipeline with all that belongs to it. */
    void remove(Scope scope, String pipeline) {
        pipelines.delete(scope, pipeline);
        versions.list(scope, Query.prefix(pipeline + "/"))
                .values()
                .forEach(v -> versions.delete(
                        scope, VersionRecord.key(pipeline, v.declaration().version())));
        gates.list(scope, Query.prefix(pipeline + "/"))
                .values()
                .forEach(gate -> gates.delete(scope, StageGate.key(pipeline, gate.stage())));
        executions
                .list(scope, Query.indexPrefix("pipeline", pipeline + "/"))
                .values()
                .forEach(execution -> executions.delete(scope, execution.id()));
        actions.list(scope, Query.indexPrefix("pipeline", pipeline + "/"))
                .values()
                .forEach(action -> {
                    jobsOf(scope, action.id()).forEach(job -> jobs.delete(scope, job.id()));
                    actions.delete(scope, action.id());
                });
        seen.list(scope, Query.prefix(pipeline + "/"))
                .values()
                .forEach(object -> seen.delete(scope, pipeline + "/" + object.action()));
    }
}
