package dev.terrane.codebuild;

import static dev.terrane.codebuild.Refusals.invalid;
import static dev.terrane.codebuild.Refusals.notFound;
import static dev.terrane.codebuild.Refusals.unsupported;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codebuild.model.*;

/** Report groups, reports and test cases. */
final class Reports {
    private static final int PAGE = 100;

    private final CodeBuildTables tables;
    private final PageTokens pages;

    Reports(CodeBuildTables tables, PageTokens pages) {
        this.tables = tables;
        this.pages = pages;
    }

    static String groupArn(Scope scope, String name) {
        return Arn.of("codebuild", scope.region(), scope.account(), "report-group/" + name)
                .toString();
    }

    CreateReportGroupResponse createGroup(CreateReportGroupRequest request) {
        Scope scope = Call.current().scope();
        String arn = groupArn(scope, request.name());
        if (request.type() != ReportType.TEST) {
            throw unsupported("Report type " + request.typeAsString());
        }
        checkExport(request.exportConfig());
        ProjectRules.tags(request.tags());
        if (tables.group(scope, arn).isPresent()) {
            throw ResourceAlreadyExistsException.builder()
                    .message("Report group already exists: " + arn)
                    .build();
        }
        ReportGroup group = ReportGroup.builder()
                .arn(arn)
                .name(request.name())
                .type(request.type())
                .exportConfig(request.exportConfig())
                .created(Call.current().time())
                .lastModified(Call.current().time())
                .tags(request.tags())
                .status(ReportGroupStatusType.ACTIVE)
                .build();
        tables.put(scope, new ReportGroupRecord(group));
        return CreateReportGroupResponse.builder().reportGroup(group).build();
    }

    private static void checkExport(@Nullable ReportExportConfig export) {
        if (export != null && export.exportConfigType() == ReportExportConfigType.S3) {
            throw unsupported("Export of raw test results to S3");
        }
    }

    UpdateReportGroupResponse updateGroup(UpdateReportGroupRequest request) {
        Scope scope = Call.current().scope();
        checkExport(request.exportConfig());
        ReportGroup old = requireGroup(scope, request.arn());
        ReportGroup.Builder changed =
                old.toBuilder().lastModified(Call.current().time());
        if (request.exportConfig() != null) {
            changed.exportConfig(request.exportConfig());
        }
        if (request.hasTags()) {
            ProjectRules.tags(request.tags());
            changed.tags(request.tags());
        }
        tables.put(scope, new ReportGroupRecord(changed.build()));
        return UpdateReportGroupResponse.builder().reportGroup(changed.build()).build();
    }

    DeleteReportGroupResponse deleteGroup(DeleteReportGroupRequest request) {
        Scope scope = Call.current().scope();
        requireGroup(scope, request.arn());
        List<Report> reports = tables.reports(scope, Optional.of(request.arn()), false, Optional.empty(), 10_000)
                .values();
        if (!reports.isEmpty() && !Boolean.TRUE.equals(request.deleteReports())) {
            throw invalid("The report group still has reports; delete them first, or set deleteReports.");
        }
        reports.forEach(report -> tables.deleteReport(scope, report.arn()));
        tables.deleteGroup(scope, request.arn());
        return DeleteReportGroupResponse.builder().build();
    }

    private ReportGroup requireGroup(Scope scope, String arn) {
        return tables.group(scope, arn)
                .map(ReportGroupRecord::group)
                .orElseThrow(() -> notFound("Report group not found: " + arn));
    }

    BatchGetReportGroupsResponse getGroups(BatchGetReportGroupsRequest request) {
        Scope scope = Call.current().scope();
        List<ReportGroup> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String arn : request.reportGroupArns()) {
            tables.group(scope, arn).ifPresentOrElse(group -> found.add(group.group()), () -> missing.add(arn));
        }
        return BatchGetReportGroupsResponse.builder()
                .reportGroups(found)
                .reportGroupsNotFound(missing)
                .build();
    }

    ListReportGroupsResponse listGroups(ListReportGroupsRequest request) {
        Scope scope = Call.current().scope();
        String by = request.sortByAsString() == null ? "NAME" : request.sortByAsString();
        boolean descending = "DESCENDING".equals(request.sortOrderAsString());
        Comparator<ReportGroup> order = by.equals("CREATED_TIME")
                ? Comparator.comparing(ReportGroup::created)
                : by.equals("LAST_MODIFIED_TIME")
                        ? Comparator.comparing(ReportGroup::lastModified)
                        : Comparator.comparing(ReportGroup::name);
        List<String> arns = tables.groups(scope).stream()
                .map(ReportGroupRecord::group)
                .sorted(descending ? order.reversed() : order)
                .map(ReportGroup::arn)
                .toList();
        Page<String> page = Paging.slice(
                pages,
                "ListReportGroups" + scope + by + descending,
                arns,
                request.nextToken(),
                limit(request.maxResults()));
        return ListReportGroupsResponse.builder()
                .reportGroups(page.values())
                .nextToken(page.next().orElse(null))
                .build();
    }

    private static int limit(@Nullable Integer most) {
        return most == null ? PAGE : most;
    }

    BatchGetReportsResponse get(BatchGetReportsRequest request) {
        Scope scope = Call.current().scope();
        List<Report> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String arn : request.reportArns()) {
            tables.report(scope, arn).ifPresentOrElse(report -> found.add(report.report()), () -> missing.add(arn));
        }
        return BatchGetReportsResponse.builder()
                .reports(found)
                .reportsNotFound(missing)
                .build();
    }

    DeleteReportResponse delete(DeleteReportRequest request) {
        Scope scope = Call.current().scope();
        tables.deleteReport(scope, request.arn());
        return DeleteReportResponse.builder().build();
    }

    ListReportsResponse list(ListReportsRequest request) {
        Page<String> page = page(
                Optional.empty(),
                request.sortOrderAsString(),
                request.filter(),
                request.nextToken(),
                limit(request.maxResults()));
        return ListReportsResponse.builder()
                .reports(page.values())
                .nextToken(page.next().orElse(null))
                .build();
    }

    ListReportsForReportGroupResponse list(ListReportsForReportGroupRequest request) {
        requireGroup(Call.current().scope(), request.reportGroupArn());
        Page<String> page = page(
                Optional.of(request.reportGroupArn()),
                request.sortOrderAsString(),
                request.filter(),
                request.nextToken(),
                limit(request.maxResults()));
        return ListReportsForReportGroupResponse.builder()
                .reports(page.values())
                .nextToken(page.next().orElse(null))
                .build();
    }

    private Page<String> page(
            Optional<String> group,
            @Nullable String sortOrder,
            @Nullable ReportFilter filter,
            @Nullable String token,
            int limit) {
        Scope scope = Call.current().scope();
        boolean descending = !"ASCENDING".equals(sortOrder);
        String status = filter == null || filter.statusAsString() == null ? "" : filter.statusAsString();
        String listing = "ListReports" + scope + group + descending + status;
        Page<Report> page = tables.reports(scope, group, descending, Paging.cursor(pages, listing, token), limit);
        return new Page<>(
                page.values().stream()
                        .filter(report -> status.isEmpty() || status.equals(report.statusAsString()))
                        .map(Report::arn)
                        .toList(),
                page.next().map(next -> pages.encode(listing, next)));
    }

    DescribeTestCasesResponse describe(DescribeTestCasesRequest request) {
        Scope scope = Call.current().scope();
        ReportRecord report = tables.report(scope, request.reportArn())
                .orElseThrow(() -> notFound("Report not found: " + request.reportArn()));
        String status = request.filter() == null || request.filter().status() == null
                ? ""
                : request.filter().status();
        String keyword = request.filter() == null || request.filter().keyword() == null
                ? ""
                : request.filter().keyword();
        List<TestCase> cases = report.cases().stream()
                .filter(each -> status.isEmpty() || status.equals(each.status()))
                .filter(each -> keyword.isEmpty()
                        || each.name().contains(keyword)
                        || each.prefix().contains(keyword))
                .toList();
        Page<TestCase> page = Paging.slice(
                pages,
                "DescribeTestCases" + request.reportArn() + status + keyword,
                cases,
                request.nextToken(),
                limit(request.maxResults()));
        return DescribeTestCasesResponse.builder()
                .testCases(page.values())
                .nextToken(page.next().orElse(null))
                .build();
    }
}
