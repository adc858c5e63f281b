package dev.terrane.cloudcontrol;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudcontrol.model.ListResourceRequestsRequest;
import software.amazon.awssdk.services.cloudcontrol.model.ListResourceRequestsResponse;
import software.amazon.awssdk.services.cloudcontrol.model.ProgressEvent;
import software.amazon.awssdk.services.cloudcontrol.model.ResourceRequestStatusFilter;

/** Lists requests, the newest first. */
final class RequestListing {
    private static final int PAGE = 20;

    private final CloudControlTables tables;
    private final Clock clock;
    private final PageTokens tokens;

    RequestListing(CloudControlTables tables, Clock clock, PageTokens tokens) {
        this.tables = tables;
        this.clock = clock;
        this.tokens = tokens;
    }

    ListResourceRequestsResponse list(ListResourceRequestsRequest request) {
        ResourceRequestStatusFilter filter = request.resourceRequestStatusFilter();
        List<String> operations = filter == null ? List.of() : filter.operationsAsStrings();
        List<String> statuses = filter == null ? List.of() : filter.operationStatusesAsStrings();
        String listing = "ListResourceRequests|" + Call.current().scope() + "|" + operations + "|" + statuses;
        Instant since = clock.instant().minus(CloudControlTables.KEPT).plusMillis(1);
        int most = request.maxResults() == null ? PAGE : request.maxResults();
        List<ProgressEvent> found = new ArrayList<>();
        Optional<String> after = Optional.of(request.nextToken() == null ? "" : cursor(listing, request.nextToken()));
        while (after.isPresent() && found.size() < most) {
            Page<RequestRecord> page = tables.requests(Call.current().scope(), since, after.get(), most - found.size());
            page.values().stream()
                    .filter(one -> operations.isEmpty()
                            || operations.contains(one.operation().toString()))
                    .filter(one -> statuses.isEmpty()
                            || statuses.contains(one.progress().status().toString()))
                    .map(RequestRecord::event)
                    .forEach(found::add);
            after = page.next();
        }
        return ListResourceRequestsResponse.builder()
                .resourceRequestStatusSummaries(found)
                .nextToken(after.map(cursor -> tokens.encode(listing, cursor).replace('_', '/'))
                        .orElse(null))
                .build();
    }

    /** The model does not allow underscores in these tokens. */
    private String cursor(String listing, String token) {
        return tokens.decode(listing, token.replace('/', '_'))
                .orElseThrow(() -> AwsErrors.validation("Invalid NextToken"));
    }
}
