package dev.terrane.codebuild;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.codebuild.model.Report;

/** What CodeBuild keeps in the store. */
final class CodeBuildTables {
    private static final String TIME = "time";
    private static final String PROJECT = "project";
    private static final String GROUP = "group";
    private static final String QUEUE = "builds";

    private final Store store;
    private final Rows<ProjectRecord> projects;
    private final Rows<BuildRecord> builds;
    private final Rows<QueueRecord> queue;
    private final Rows<TokenRecord> tokens;
    private final Rows<ReportRecord> reports;
    private final Rows<ReportGroupRecord> groups;
    private final Rows<CacheRecord> caches;

    CodeBuildTables(Store store) {
        this.store = store;
        projects = store.rows(Table.of("codebuild.project", ProjectRecord.class, ProjectRecord::name));
        builds = store.rows(Table.of("codebuild.build", BuildRecord.class, BuildRecord::id)
                .index(TIME, b -> ordered(b.build().startTime()))
                .index(
                        PROJECT,
                        b -> b.build().projectName()
                                + '\0'
                                + "%012d".formatted(b.build().buildNumber())));
        queue = store.rows(Table.of("codebuild.queue", QueueRecord.class, QueueRecord::name));
        tokens = store.rows(Table.of("codebuild.token", TokenRecord.class, TokenRecord::token));
        reports = store.rows(Table.of("codebuild.report", ReportRecord.class, ReportRecord::arn)
                .index(TIME, r -> ordered(r.report().created()))
                .index(
                        GROUP,
                        r -> r.report().reportGroupArn()
                                + '\0'
                                + ordered(r.report().created())));
        groups = store.rows(Table.of("codebuild.reportgroup", ReportGroupRecord.class, ReportGroupRecord::arn));
        caches = store.rows(Table.of("codebuild.cache", CacheRecord.class, CacheRecord::project));
    }

    private static String ordered(Instant time) {
        return "%015d".formatted(time.toEpochMilli());
    }

    Store store() {
        return store;
    }

    Optional<ProjectRecord> project(Scope scope, String name) {
        return projects.get(scope, name);
    }

    List<ProjectRecord> projects(Scope scope) {
        return projects.all(scope);
    }

    void put(Scope scope, ProjectRecord project) {
        projects.put(scope, project);
    }

    void deleteProject(Scope scope, String name) {
        projects.delete(scope, name);
    }

    Optional<BuildRecord> build(Scope scope, String id) {
        return builds.get(scope, id);
    }

    void put(Scope scope, BuildRecord build) {
        builds.put(scope, build);
    }

    void deleteBuild(Scope scope, String id) {
        builds.delete(scope, id);
    }

    Page<BuildRecord> builds(Scope scope, boolean descending, Optional<String> after, int limit) {
        return builds.list(scope, ordered(Query.index(TIME), descending, after, limit));
    }

    Page<BuildRecord> builds(Scope scope, String project, boolean descending, Optional<String> after, int limit) {
        return builds.list(scope, ordered(Query.indexPrefix(PROJECT, project + '\0'), descending, after, limit));
    }

    private static Query ordered(Query query, boolean descending, Optional<String> after, int limit) {
        Query page = query.after(after).limit(limit);
        return descending ? page.reversed() : page;
    }

    QueueRecord queue() {
        return queue.get(Scope.INSTALLATION, QUEUE).orElseGet(() -> new QueueRecord(QUEUE, List.of(), List.of()));
    }

    void put(QueueRecord changed) {
        queue.put(Scope.INSTALLATION, changed);
    }

    Optional<TokenRecord> token(Scope scope, String token) {
        return tokens.get(scope, token);
    }

    void put(Scope scope, TokenRecord token) {
        tokens.put(scope, token);
    }

    Optional<ReportRecord> report(Scope scope, String arn) {
        return reports.get(scope, arn);
    }

    void put(Scope scope, ReportRecord report) {
        reports.put(scope, report);
    }

    void deleteReport(Scope scope, String arn) {
        reports.delete(scope, arn);
    }

    /** Reports by time, of one group where it is given. */
    Page<Report> reports(
            Scope scope, Optional<String> groupArn, boolean descending, Optional<String> after, int limit) {
        Query query = groupArn.map(arn -> Query.indexPrefix(GROUP, arn + '\0')).orElse(Query.index(TIME));
        Page<ReportRecord> page = reports.list(scope, ordered(query, descending, after, limit));
        return new Page<>(page.values().stream().map(ReportRecord::report).toList(), page.next());
    }

    Optional<ReportGroupRecord> group(Scope scope, String arn) {
        return groups.get(scope, arn);
    }

    List<ReportGroupRecord> groups(Scope scope) {
        return groups.all(scope);
    }

    void put(Scope scope, ReportGroupRecord group) {
        groups.put(scope, group);
    }

    void deleteGroup(Scope scope, String arn) {
        groups.delete(scope, arn);
    }

    Optional<CacheRecord> cache(Scope scope, String project) {
        return caches.get(scope, project);
    }

    void put(Scope scope, CacheRecord cache) {
        caches.put(scope, cache);
    }

    void deleteCache(Scope scope, String project) {
        caches.delete(scope, project);
    }
}
