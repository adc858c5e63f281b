package dev.terrane.cloudwatch;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.model.DashboardEntry;
import software.amazon.awssdk.services.cloudwatch.model.DashboardInvalidInputErrorException;
import software.amazon.awssdk.services.cloudwatch.model.DashboardNotFoundErrorException;
import software.amazon.awssdk.services.cloudwatch.model.DashboardValidationMessage;
import software.amazon.awssdk.services.cloudwatch.model.DeleteDashboardsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DeleteDashboardsResponse;
import software.amazon.awssdk.services.cloudwatch.model.GetDashboardRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetDashboardResponse;
import software.amazon.awssdk.services.cloudwatch.model.ListDashboardsRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListDashboardsResponse;
import software.amazon.awssdk.services.cloudwatch.model.PutDashboardRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutDashboardResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Dashboards, which belong to the account, whatever the region. */
final class Dashboards {
    private static final int PAGE = 1_000;

    private final CloudWatchTables tables;
    private final Clock clock;
    private final PageTokens pages;

    Dashboards(CloudWatchTables tables, Clock clock, PageTokens pages) {
        this.tables = tables;
        this.clock = clock;
        this.pages = pages;
    }

    PutDashboardResponse put(PutDashboardRequest request) {
        if (!request.dashboardName().matches("[A-Za-z0-9_-]{1,255}")) {
            throw invalid(
                    "The value " + request.dashboardName()
                            + " for field DashboardName contains invalid characters. It can only contain alphanumerics, dash"
                            + " (-) and underscore (_).",
                    null);
        }
        check(request.dashboardBody());
        tables.put(scope(), new DashboardRecord(request.dashboardName(), request.dashboardBody(), clock.instant()));
        return PutDashboardResponse.builder()
                .dashboardValidationMessages(List.of())
                .build();
    }

    private static void check(String body) {
        JsonNode json;
        try {
            json = RecordCodec.json().readTree(body);
        } catch (JacksonException e) {
            throw invalid("The field DashboardBody must be a valid JSON object", "/");
        }
        if (!json.isObject()) {
            throw invalid("The field DashboardBody must be a valid JSON object", "/");
        }
        JsonNode widgets = json.get("widgets");
        if (widgets == null || !widgets.isArray()) {
            throw invalid("The dashboard body is invalid, there are 1 validation errors", "/widgets");
        }
        for (int i = 0; i < widgets.size(); i++) {
            JsonNode widget = widgets.get(i);
            if (!widget.path("type").isString()) {
                throw invalid(
                        "The dashboard body is invalid, there are 1 validation errors", "/widgets/" + i + "/type");
            }
            if (!widget.path("properties").isObject()) {
                throw invalid(
                        "The dashboard body is invalid, there are 1 validation errors",
                        "/widgets/" + i + "/properties");
            }
        }
    }

    private static AwsServiceException invalid(String message, @Nullable String path) {
        DashboardInvalidInputErrorException.Builder error =
                DashboardInvalidInputErrorException.builder().message(message);
        if (path != null) {
            error.dashboardValidationMessages(DashboardValidationMessage.builder()
                    .dataPath(path)
                    .message("Should be present and of the right type")
                    .build());
        }
        return error.build();
    }

    GetDashboardResponse get(GetDashboardRequest request) {
        DashboardRecord dashboard = found(request.dashboardName());
        return GetDashboardResponse.builder()
                .dashboardName(dashboard.name())
                .dashboardArn(arn(dashboard.name()))
                .dashboardBody(dashboard.body())
                .build();
    }

    private DashboardRecord found(String name) {
        return tables.dashboard(scope(), name)
                .orElseThrow(() -> DashboardNotFoundErrorException.builder()
                        .message("Dashboard " + name + " does not exist")
                        .build());
    }

    DeleteDashboardsResponse delete(DeleteDashboardsRequest request) {
        for (String name : request.dashboardNames()) {
            tables.deleteDashboard(scope(), found(name).name());
        }
        return DeleteDashboardsResponse.builder().build();
    }

    ListDashboardsResponse list(ListDashboardsRequest request) {
        String listing = "dashboards/" + scope() + "/" + request.dashboardNamePrefix();
        Query query = Optional.ofNullable(request.dashboardNamePrefix())
                .map(Query::prefix)
                .orElseGet(Query::all)
                .after(Pages.parameter(pages, listing, request.nextToken()))
                .limit(PAGE);
        Page<DashboardRecord> page = tables.dashboards(scope(), query);
        return ListDashboardsResponse.builder()
                .dashboardEntries(page.values().stream().map(Dashboards::entry).toList())
                .nextToken(
                        page.next().map(cursor -> pages.encode(listing, cursor)).orElse(null))
                .build();
    }

    private static DashboardEntry entry(DashboardRecord dashboard) {
        return DashboardEntry.builder()
                .dashboardName(dashboard.name())
                .dashboardArn(arn(dashboard.name()))
                .lastModified(dashboard.modified())
                .size((long) dashboard.body().getBytes(StandardCharsets.UTF_8).length)
                .build();
    }

    private static String arn(String name) {
        return Arn.of("cloudwatch", "", Call.current().account(), "dashboard/" + name)
                .toString();
    }

    private static Scope scope() {
        return Call.current().globalScope();
    }
}
