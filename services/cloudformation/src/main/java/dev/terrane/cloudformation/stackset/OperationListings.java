package dev.terrane.cloudformation.stackset;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudformation.model.*;

/** Describes, lists and stops operations on stack sets. */
public final class OperationListings {
    private final StackSetTables tables;
    private final Operations operations;
    private final Paging paging;

    OperationListings(StackSetTables tables, Operations operations, Paging paging) {
        this.tables = tables;
        this.operations = operations;
        this.paging = paging;
    }

    public StopStackSetOperationResponse stop(StopStackSetOperationRequest request) {
        StackInstances.refuseDelegated(request.callAs());
        return operations.stop(request);
    }

    public DescribeStackSetOperationResponse describe(DescribeStackSetOperationRequest request) {
        StackInstances.refuseDelegated(request.callAs());
        StackSetRecord set = existing(request.stackSetName());
        OperationRecord operation = operation(set, request.operationId());
        Optional<StackSetDriftDetectionDetails> drift =
                operation.asked().action() == StackSetOperationAction.DETECT_DRIFT
                                && operation.drift().isEmpty()
                        ? Optional.of(SetDrift.of(
                                        operation,
                                        tables.results(scope(), operation.key()),
                                        tables.instances(scope(), set.id()))
                                .details())
                        : operation.drift();
        return DescribeStackSetOperationResponse.builder()
                .stackSetOperation(Views.operation(operation, drift, failed(operation)))
                .build();
    }

    private int failed(OperationRecord operation) {
        return operation.over()
                ? operation.failed()
                : (int) tables.results(scope(), operation.key()).stream()
                        .filter(result -> result.status() == StackSetOperationResultStatus.FAILED)
                        .count();
    }

    public ListStackSetOperationsResponse list(ListStackSetOperationsRequest request) {
        StackInstances.refuseDelegated(request.callAs());
        StackSetRecord set = existing(request.stackSetName());
        Paging.Paged<OperationRecord> page = paging.page(
                "ListStackSetOperations|" + set.id(),
                request.nextToken(),
                request.maxResults(),
                (after, limit) -> tables.operations(scope(), set.id(), after, limit),
                operation -> true);
        return ListStackSetOperationsResponse.builder()
                .summaries(page.items().stream()
                        .map(operation -> Views.summary(operation, failed(operation)))
                        .toList())
                .nextToken(page.next())
                .build();
    }

    public ListStackSetOperationResultsResponse results(ListStackSetOperationResultsRequest request) {
        StackInstances.refuseDelegated(request.callAs());
        OperationRecord operation = operation(existing(request.stackSetName()), request.operationId());
        List<String> wanted =
                request.filters().stream().map(OperationResultFilter::values).toList();
        Paging.Paged<ResultRecord> page = paging.page(
                "ListStackSetOperationResults|" + operation.key() + "|" + wanted,
                request.nextToken(),
                request.maxResults(),
                (after, limit) -> tables.results(scope(), operation.key(), after, limit),
                result -> wanted.stream()
                        .allMatch(status -> result.status().toString().equals(status)));
        return ListStackSetOperationResultsResponse.builder()
                .summaries(page.items().stream().map(Views::result).toList())
                .nextToken(page.next())
                .build();
    }

    public ListStackInstanceResourceDriftsResponse drifts(ListStackInstanceResourceDriftsRequest request) {
        StackInstances.refuseDelegated(request.callAs());
        StackSetRecord set = existing(request.stackSetName());
        OperationRecord operation = operation(set, request.operationId());
        Target target = new Target(request.stackInstanceAccount(), request.stackInstanceRegion());
        ResultRecord result =
                tables.result(scope(), operation.key(), target).orElseThrow(() -> Refusals.noInstance(set, target));
        List<String> wanted = request.stackInstanceResourceDriftStatusesAsStrings();
        List<StackInstanceResourceDriftsSummary> found = result.drifts().stream()
                .filter(drift -> wanted.isEmpty() || wanted.contains(drift.stackResourceDriftStatusAsString()))
                .toList();
        Paging.Paged<StackInstanceResourceDriftsSummary> page = paging.page(
                "ListStackInstanceResourceDrifts|" + result.key() + "|" + wanted,
                request.nextToken(),
                request.maxResults(),
                (after, limit) -> part(found, after, limit),
                drift -> true);
        return ListStackInstanceResourceDriftsResponse.builder()
                .summaries(page.items())
                .nextToken(page.next())
                .build();
    }

    private static Page<StackInstanceResourceDriftsSummary> part(
            List<StackInstanceResourceDriftsSummary> all, Optional<String> after, int limit) {
        int from = after.map(Integer::parseInt).orElse(0);
        int to = Math.min(all.size(), from + limit);
        return new Page<>(
                all.subList(from, to), to < all.size() ? Optional.of(Integer.toString(to)) : Optional.empty());
    }

    private StackSetRecord existing(String nameOrId) {
        return tables.find(scope(), nameOrId).orElseThrow(() -> Refusals.noSet(nameOrId));
    }

    private OperationRecord operation(StackSetRecord set, String id) {
        return tables.operation(scope(), set.id(), id).orElseThrow(() -> Refusals.noOperation(id));
    }

    private static Scope scope() {
        return Call.current().scope();
    }
}
