package dev.terrane.cloudformation;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import software.amazon.awssdk.services.cloudformation.model.*;

/** Events by what was done: to a stack, or to make a change set. The newest come first. */
final class OperationEvents {
    private static final int PAGE = 100;

    private final CloudFormationTables tables;
    private final PageTokens tokens;

    OperationEvents(CloudFormationTables tables, PageTokens tokens) {
        this.tables = tables;
        this.tokens = tokens;
    }

    DescribeEventsResponse describe(DescribeEventsRequest request) {
        if (request.stackName() == null && request.changeSetName() == null && request.operationId() == null) {
            throw Refusals.invalid("One of ChangeSetName, OperationId or StackName must be specified");
        }
        boolean failed = request.filters() != null
                && Boolean.TRUE.equals(request.filters().failedEvents());
        Optional<ChangeSetRecord> changeSet = changeSet(request);
        if (changeSet.isPresent()) {
            OperationEvent event = made(changeSet.get());
            boolean wanted = (!failed || event.operationStatus() == BeaconStackOperationStatus.FAILED)
                    && (request.operationId() == null || request.operationId().equals(event.operationId()));
            return DescribeEventsResponse.builder()
                    .operationEvents(wanted ? List.of(event) : List.of())
                    .build();
        }
        return request.stackName() == null ? ofOperation(request, failed) : ofStack(request, failed);
    }

    private Optional<ChangeSetRecord> changeSet(DescribeEventsRequest request) {
        if (request.changeSetName() != null) {
            return Optional.of(ChangeSets.find(tables, request.stackName(), request.changeSetName()));
        }
        return request.stackName() == null ? tables.changeSetById(scope(), request.operationId()) : Optional.empty();
    }

    private DescribeEventsResponse ofStack(DescribeEventsRequest request, boolean failed) {
        StackRecord stack =
                tables.find(scope(), request.stackName()).orElseThrow(() -> Refusals.noStackNamed(request.stackName()));
        return page(
                "DescribeEvents|" + stack.id() + "|" + request.operationId() + "|" + failed,
                request,
                (after, limit) -> tables.events(scope(), stack.id(), after, limit),
                event -> (request.operationId() == null || event.operation().equals(request.operationId()))
                        && (!failed || isFailure(event)));
    }

    private DescribeEventsResponse ofOperation(DescribeEventsRequest request, boolean failed) {
        String id = request.operationId();
        if (tables.eventsOf(scope(), id, Optional.empty(), 1).values().isEmpty()) {
            throw Refusals.invalid("Operation [" + id + "] does not exist");
        }
        return page(
                "DescribeEvents||" + id + "|" + failed,
                request,
                (after, limit) -> tables.eventsOf(scope(), id, after, limit),
                event -> !failed || isFailure(event));
    }

    private DescribeEventsResponse page(
            String listing,
            DescribeEventsRequest request,
            BiFunction<Optional<String>, Integer, Page<EventRecord>> source,
            Predicate<EventRecord> wanted) {
        Optional<String> after = Optional.ofNullable(request.nextToken())
                .map(token -> tokens.decode(listing, token).orElseThrow(() -> Refusals.invalid("Invalid NextToken")));
        List<OperationEvent> events = new ArrayList<>();
        do {
            Page<EventRecord> page = source.apply(after, PAGE - events.size());
            page.values().stream().filter(wanted).map(this::view).forEach(events::add);
            after = page.next();
        } while (after.isPresent() && events.size() < PAGE);
        return DescribeEventsResponse.builder()
                .operationEvents(events)
                .nextToken(after.map(next -> tokens.encode(listing, next)).orElse(null))
                .build();
    }

    private static boolean isFailure(EventRecord event) {
        return event.status().endsWith("_FAILED");
    }

    private OperationEvent view(EventRecord event) {
        StackRecord stack = tables.stack(scope(), event.stack());
        boolean ofStack = event.physicalId().equals(stack.arn());
        return OperationEvent.builder()
                .eventId(event.id())
                .stackId(stack.arn())
                .operationId(Views.emptyToNull(event.operation()))
                .operationType(Views.emptyToNull(event.operationType()))
                .operationStatus(
                        ofStack && !event.operation().isEmpty()
                                ? StackOperation.standing(StackStatus.fromValue(event.status()))
                                : null)
                .eventType(
                        ofStack
                                ? EventType.STACK_EVENT
                                : isFailure(event) ? EventType.PROVISIONING_ERROR : EventType.PROGRESS_EVENT)
                .logicalResourceId(event.logicalId())
                .physicalResourceId(event.physicalId())
                .resourceType(event.type())
                .timestamp(event.time())
                .resourceStatus(event.status())
                .resourceStatusReason(Views.emptyToNull(event.reason()))
                .resourceProperties(Views.emptyToNull(event.properties()))
                .clientRequestToken(Views.emptyToNull(event.token()))
                .build();
    }

    /** A change set is made by one operation, which is over when its request is answered. */
    private OperationEvent made(ChangeSetRecord changeSet) {
        StackRecord stack = tables.stack(scope(), changeSet.stack());
        return OperationEvent.builder()
                .eventId(changeSet.id())
                .stackId(stack.arn())
                .operationId(changeSet.id())
                .operationType(OperationType.CREATE_CHANGESET)
                .operationStatus(
                        changeSet.status() == ChangeSetStatus.FAILED
                                ? BeaconStackOperationStatus.FAILED
                                : BeaconStackOperationStatus.SUCCEEDED)
                .eventType(EventType.STACK_EVENT)
                .logicalResourceId(stack.name())
                .physicalResourceId(stack.arn())
                .resourceType(Progress.STACK_TYPE)
                .resourceStatusReason(Views.emptyToNull(changeSet.reason()))
                .timestamp(changeSet.created())
                .startTime(changeSet.created())
                .endTime(changeSet.created())
                .build();
    }

    private static Scope scope() {
        return Call.current().scope();
    }
}
