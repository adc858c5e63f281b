package dev.terrane.iam;

import dev.terrane.iam.AccessReportRecord.Action;
import dev.terrane.iam.AccessReportRecord.Entity;
import dev.terrane.iam.AccessReportRecord.Last;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Finds out when services were last used that are granted to somebody. */
final class AccessWorkflow implements Workflow<AccessWorkflow.Input> {
    /** "The tracking period for services is the last 400 days." */
    private static final Duration TRACKED = Duration.ofDays(400);

    private final IamTables tables;
    private final ServiceUses uses;

    AccessWorkflow(IamTables tables, ServiceUses uses) {
        this.tables = tables;
        this.uses = uses;
    }

    /** Which report. */
    record Input(String account, String jobId) {}

    /** What a user or role did, and how it is told of. */
    private record Attempts(Identity entity, List<ServiceUseRecord> uses) {
        Optional<ServiceUseRecord> last(Predicate<ServiceUseRecord> which) {
            return uses.stream().filter(which).max(Comparator.comparing(ServiceUseRecord::time));
        }
    }

    @Override
    public String name() {
        return "iam.service-last-accessed";
    }

    @Override
    public Class<Input> input() {
        return Input.class;
    }

    @Override
    public String principal() {
        return "iam.amazonaws.com";
    }

    @Override
    public void run(Steps steps, Input input) throws InterruptedException {
        Scope scope = Scope.global(input.account());
        steps.step("gather", uses::flush);
        steps.commit(
                "report",
                () -> tables.accessReports().get(scope, input.jobId()).ifPresent(report -> {
                    Instant now = steps.now().truncatedTo(ChronoUnit.SECONDS);
                    tables.accessReports()
                            .put(scope, report.with(new AccessReportRecord.Result(now, services(scope, report, now))));
                }));
    }

    private List<AccessReportRecord.Service> services(Scope scope, AccessReportRecord report, Instant now) {
        AccessSubject subject;
        try {
            subject = AccessSubject.find(tables, scope, report.arn(), true);
        } catch (AwsServiceException e) {
            // It was deleted meanwhile.
            return List.of();
        }
        List<GrantedActions> granted = subject.policies().stream()
                .map(policy -> GrantedActions.of(policy.document()))
                .toList();
        List<Attempts> attempts = subject.entities().stream()
                .flatMap(entity -> users(scope, entity).stream())
                .distinct()
                .map(entity -> attempts(scope, entity, now))
                .toList();
        return ServiceCatalog.namespaces().stream()
                .filter(namespace -> granted.stream().anyMatch(g -> g.anyOf(namespace)))
                .map(namespace -> service(
                        namespace,
                        attempts,
                        report.byAction() ? actions(namespace, granted, attempts) : List.of(),
                        entities(scope, namespace, subject, attempts)))
                .toList();
    }

    /** Those who act: of a group, its users. */
    private List<Identity> users(Scope scope, Identity entity) {
        return entity.kind() == Kind.GROUP ? AccessSubject.members(tables, scope, entity) : List.of(entity);
    }

    private Attempts attempts(Scope scope, Identity entity, Instant now) {
        return new Attempts(
                entity,
                ServiceUses.of(tables, scope, entity.id()).stream()
                        .filter(use -> use.time().plus(TRACKED).isAfter(now))
                        .toList());
    }

    private static AccessReportRecord.Service service(
            String namespace, List<Attempts> attempts, List<Action> actions, List<Entity> entities) {
        Predicate<ServiceUseRecord> ofService = use -> use.service().equals(namespace);
        int users = (int)
                attempts.stream().filter(one -> one.last(ofService).isPresent()).count();
        return new AccessReportRecord.Service(namespace, last(attempts, ofService), users, actions, entities);
    }

    private static Optional<Last> last(List<Attempts> attempts, Predicate<ServiceUseRecord> which) {
        return attempts.stream()
                .flatMap(one -> one.last(which).stream()
                        .map(use -> new Last(
                                use.time().truncatedTo(ChronoUnit.SECONDS),
                                one.entity().arn(),
                                use.region())))
                .max(Comparator.comparing(Last::time));
    }

    private static List<Action> actions(String namespace, List<GrantedActions> granted, List<Attempts> attempts) {
        List<Action> actions = new ArrayList<>();
        for (String name : ServiceCatalog.actions(namespace)) {
            String action = namespace + ":" + name;
            if (granted.stream().anyMatch(g -> g.contains(action))) {
                actions.add(new Action(name, last(attempts, use -> use.action().equals(action))));
            }
        }
        return actions;
    }

    private List<Entity> entities(Scope scope, String namespace, AccessSubject subject, List<Attempts> attempts) {
        return subject.entities().stream()
                .map(entity -> {
                    List<String> ids =
                            users(scope, entity).stream().map(Identity::id).toList();
                    Stream<Attempts> own = attempts.stream()
                            .filter(one -> ids.contains(one.entity().id()));
                    Optional<Last> last =
                            last(own.toList(), use -> use.service().equals(namespace));
                    return new Entity(
                            entity.kind(),
                            entity.arn(),
                            entity.name(),
                            entity.id(),
                            entity.path(),
                            last.map(Last::time));
                })
                .toList();
    }
}
