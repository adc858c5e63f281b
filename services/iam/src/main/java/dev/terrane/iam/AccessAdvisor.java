package dev.terrane.iam;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.workflow.Workflows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.*;

/** Access advisor: which of the services that are granted were used, and by which policies they are granted. */
final class AccessAdvisor {
    private static final Duration KEPT = Duration.ofHours(24);

    private final IamTables tables;
    private final Workflows workflows;
    private final AccessWorkflow workflow;
    private final Markers markers;

    AccessAdvisor(IamTables tables, Workflows workflows, AccessWorkflow workflow, Markers markers) {
        this.tables = tables;
        this.workflows = workflows;
        this.workflow = workflow;
        this.markers = markers;
    }

    GenerateServiceLastAccessedDetailsResponse generate(GenerateServiceLastAccessedDetailsRequest request) {
        Scope scope = Call.current().globalScope();
        AccessSubject.find(tables, scope, request.arn(), true);
        Instant now = Moments.now();
        tables.accessReports().all(scope).stream()
                .filter(report -> report.created().plus(KEPT).isBefore(now))
                .forEach(report -> tables.accessReports().delete(scope, report.jobId()));
        String id = Ids.uuid();
        boolean byAction = request.granularity() == AccessAdvisorUsageGranularityType.ACTION_LEVEL;
        tables.accessReports().put(scope, new AccessReportRecord(id, request.arn(), byAction, now, Optional.empty()));
        workflows.start(workflow, scope, id, new AccessWorkflow.Input(scope.account(), id));
        return GenerateServiceLastAccessedDetailsResponse.builder().jobId(id).build();
    }

    GetServiceLastAccessedDetailsResponse get(GetServiceLastAccessedDetailsRequest request) {
        AccessReportRecord report = require(request.jobId());
        List<AccessReportRecord.Service> services =
                report.result().map(AccessReportRecord.Result::services).orElse(List.of());
        var page = markers.page(
                "access|" + report.jobId(),
                services,
                AccessReportRecord.Service::namespace,
                request.maxItems(),
                request.marker());
        return GetServiceLastAccessedDetailsResponse.builder()
                .jobStatus(status(report))
                .jobType(
                        report.byAction()
                                ? AccessAdvisorUsageGranularityType.ACTION_LEVEL
                                : AccessAdvisorUsageGranularityType.SERVICE_LEVEL)
                .jobCreationDate(report.created())
                .jobCompletionDate(report.result()
                        .map(AccessReportRecord.Result::completed)
                        .orElse(null))
                .servicesLastAccessed(page.items().stream()
                        .map(service -> sdk(service, report.byAction()))
                        .toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    private static JobStatusType status(AccessReportRecord report) {
        return report.result().isPresent() ? JobStatusType.COMPLETED : JobStatusType.IN_PROGRESS;
    }

    private static ServiceLastAccessed sdk(AccessReportRecord.Service service, boolean byAction) {
        ServiceLastAccessed.Builder told = ServiceLastAccessed.builder()
                .serviceName(ServiceCatalog.name(service.namespace()))
                .serviceNamespace(service.namespace())
                .totalAuthenticatedEntities(service.users());
        service.last()
                .ifPresent(last -> told.lastAuthenticated(last.time())
                        .lastAuthenticatedEntity(last.entityArn())
                        .lastAuthenticatedRegion(last.region()));
        if (byAction) {
            told.trackedActionsLastAccessed(
                    service.actions().stream().map(AccessAdvisor::sdk).toList());
        }
        return told.build();
    }

    private static TrackedActionLastAccessed sdk(AccessReportRecord.Action action) {
        TrackedActionLastAccessed.Builder told =
                TrackedActionLastAccessed.builder().actionName(action.name());
        action.last()
                .ifPresent(last -> told.lastAccessedTime(last.time())
                        .lastAccessedEntity(last.entityArn())
                        .lastAccessedRegion(last.region()));
        return told.build();
    }

    GetServiceLastAccessedDetailsWithEntitiesResponse withEntities(
            GetServiceLastAccessedDetailsWithEntitiesRequest request) {
        AccessReportRecord report = require(request.jobId());
        if (!ServiceCatalog.knows(request.serviceNamespace())) {
            throw Refusals.invalid("Invalid service namespace: " + request.serviceNamespace());
        }
        List<AccessReportRecord.Entity> entities = report.service(request.serviceNamespace())
                .map(AccessReportRecord.Service::entities)
                .orElse(List.of());
        var page = markers.page(
                "access|" + report.jobId() + "|" + request.serviceNamespace(),
                entities,
                AccessReportRecord.Entity::arn,
                request.maxItems(),
                request.marker());
        return GetServiceLastAccessedDetailsWithEntitiesResponse.builder()
                .jobStatus(status(report))
                .jobCreationDate(report.created())
                .jobCompletionDate(report.result()
                        .map(AccessReportRecord.Result::completed)
                        .orElse(null))
                .entityDetailsList(page.items().stream().map(AccessAdvisor::sdk).toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    private static EntityDetails sdk(AccessReportRecord.Entity entity) {
        return EntityDetails.builder()
                .entityInfo(EntityInfo.builder()
                        .arn(entity.arn())
                        .name(entity.name())
                        .type(PolicyOwnerEntityType.fromValue(entity.kind().name()))
                        .id(entity.id())
                        .path(entity.path())
                        .build())
                .lastAuthenticated(entity.last().orElse(null))
                .build();
    }

    private AccessReportRecord require(String jobId) {
        return tables.accessReports()
                .get(Call.current().globalScope(), jobId)
                .orElseThrow(() -> Refusals.noSuchEntity("The job with id " + jobId + " cannot be found."));
    }

    ListPoliciesGrantingServiceAccessResponse granting(ListPoliciesGrantingServiceAccessRequest request) {
        AccessSubject subject = AccessSubject.find(tables, Call.current().globalScope(), request.arn(), false);
        List<ListPoliciesGrantingServiceAccessEntry> entries = new ArrayList<>();
        for (String namespace : request.serviceNamespaces()) {
            entries.add(ListPoliciesGrantingServiceAccessEntry.builder()
                    .serviceNamespace(namespace)
                    .policies(subject.policies().stream()
                            .filter(granting ->
                                    GrantedActions.of(granting.document()).anyOf(namespace))
                            .map(AccessSubject.Granting::policy)
                            .toList())
                    .build());
        }
        var page = markers.page(
                "granting|" + request.arn(),
                entries,
                ListPoliciesGrantingServiceAccessEntry::serviceNamespace,
                null,
                request.marker());
        return ListPoliciesGrantingServiceAccessResponse.builder()
                .policiesGrantingServiceAccess(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }
}
