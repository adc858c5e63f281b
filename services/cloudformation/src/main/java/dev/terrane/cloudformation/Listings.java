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
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.model.*;

/** Describes and lists stacks, resources, events and exports. */
final class Listings {
    private static final int PAGE = 100;
    private static final int MOST_DESCRIBED = 100;

    private final CloudFormationTables tables;
    private final Blueprints blueprints;
    private final PageTokens tokens;

    Listings(CloudFormationTables tables, Blueprints blueprints, PageTokens tokens) {
        this.tables = tables;
        this.blueprints = blueprints;
        this.tokens = tokens;
    }

    DescribeStacksResponse describe(DescribeStacksRequest request) {
        if (request.stackName() != null) {
            return DescribeStacksResponse.builder()
                    .stacks(view(require(request.stackName())))
                    .build();
        }
        Paged<StackRecord> page = stacks("DescribeStacks", request.nextToken(), stack -> !stack.deleted());
        return DescribeStacksResponse.builder()
                .stacks(page.items().stream().map(this::view).toList())
                .nextToken(page.next())
                .build();
    }

    private Stack view(StackRecord stack) {
        return Views.stack(stack, blueprints.description(stack.settings().template()));
    }

    ListStacksResponse list(ListStacksRequest request) {
        List<String> wanted = request.stackStatusFiltersAsStrings();
        Paged<StackRecord> page = stacks(
                "ListStacks|" + wanted,
                request.nextToken(),
                stack -> wanted.isEmpty() || wanted.contains(stack.status().toString()));
        return ListStacksResponse.builder()
                .stackSummaries(page.items().stream()
                        .map(s -> Views.summary(
                                s, blueprints.description(s.settings().template())))
                        .toList())
                .nextToken(page.next())
                .build();
    }

    DescribeStackResourceResponse resource(DescribeStackResourceRequest request) {
        StackRecord stack = tables.find(scope(), request.stackName())
                .orElseThrow(() -> Refusals.invalid("Stack '" + request.stackName() + "' does not exist"));
        ResourceRecord resource = tables.resource(scope(), stack.id(), request.logicalResourceId())
                .orElseThrow(() -> Refusals.invalid("Resource " + request.logicalResourceId()
                        + " does not exist for stack " + request.stackName()));
        return DescribeStackResourceResponse.builder()
                .stackResourceDetail(Views.resourceDetail(stack, resource))
                .build();
    }

    DescribeStackResourcesResponse resources(DescribeStackResourcesRequest request) {
        if ((request.stackName() == null) == (request.physicalResourceId() == null)) {
            throw Refusals.invalid("Either StackName or PhysicalResourceId must be specified, but not both.");
        }
        StackRecord stack = request.stackName() != null
                ? require(request.stackName())
                : tables.byPhysicalId(scope(), request.physicalResourceId()).stream()
                        .findFirst()
                        .map(r -> tables.stack(scope(), r.stack()))
                        .orElseThrow(() ->
                                Refusals.invalid("Stack for " + request.physicalResourceId() + " does not exist"));
        List<StackResource> found = tables.resources(scope(), stack.id()).stream()
                .filter(r ->
                        request.logicalResourceId() == null || r.logicalId().equals(request.logicalResourceId()))
                .limit(MOST_DESCRIBED)
                .map(r -> Views.resource(stack, r))
                .toList();
        return DescribeStackResourcesResponse.builder().stackResources(found).build();
    }

    ListStackResourcesResponse listResources(ListStackResourcesRequest request) {
        StackRecord stack = require(request.stackName());
        String listing = "ListStackResources|" + stack.id();
        List<ResourceRecord> all = tables.resources(scope(), stack.id());
        String after = cursor(listing, request.nextToken()).orElse("");
        List<ResourceRecord> rest =
                all.stream().filter(r -> r.logicalId().compareTo(after) > 0).toList();
        List<ResourceRecord> page = rest.subList(0, Math.min(PAGE, rest.size()));
        return ListStackResourcesResponse.builder()
                .stackResourceSummaries(
                        page.stream().map(Views::resourceSummary).toList())
                .nextToken(
                        rest.size() > page.size()
                                ? tokens.encode(listing, page.getLast().logicalId())
                                : null)
                .build();
    }

    DescribeStackEventsResponse events(DescribeStackEventsRequest request) {
        StackRecord stack = tables.find(scope(), request.stackName())
                .orElseThrow(() -> Refusals.invalid("Stack [" + request.stackName() + "] does not exist"));
        String listing = "DescribeStackEvents|" + stack.id();
        Page<EventRecord> page = tables.events(scope(), stack.id(), cursor(listing, request.nextToken()), PAGE);
        return DescribeStackEventsResponse.builder()
                .stackEvents(page.values().stream()
                        .map(event -> Views.event(stack, event))
                        .toList())
                .nextToken(page.next().map(next -> tokens.encode(listing, next)).orElse(null))
                .build();
    }

    ListExportsResponse exports(ListExportsRequest request) {
        Page<ExportRecord> page = tables.exports(scope(), cursor("ListExports", request.nextToken()), PAGE);
        return ListExportsResponse.builder()
                .exports(page.values().stream()
                        .map(e -> Export.builder()
                                .exportingStackId(e.stackArn())
                                .name(e.name())
                                .value(e.value())
                                .build())
                        .toList())
                .nextToken(page.next()
                        .map(next -> tokens.encode("ListExports", next))
                        .orElse(null))
                .build();
    }

    ListImportsResponse imports(ListImportsRequest request) {
        List<String> stacks = tables.importsOf(scope(), request.exportName()).stream()
                .map(ImportRecord::stackName)
                .sorted()
                .toList();
        if (tables.export(scope(), request.exportName()).isEmpty()) {
            throw Refusals.invalid("Export '" + request.exportName() + "' does not exist.");
        }
        if (stacks.isEmpty()) {
            throw Refusals.invalid("Export '" + request.exportName() + "' is not imported by any stack.");
        }
        return ListImportsResponse.builder().imports(stacks).build();
    }

    GetTemplateResponse template(GetTemplateRequest request) {
        if (request.changeSetName() != null) {
            ChangeSetRecord changeSet = ChangeSets.find(tables, request.stackName(), request.changeSetName());
            return template(changeSet.settings(), request.templateStage());
        }
        if (request.stackName() == null) {
            throw Refusals.invalid("StackName is required if ChangeSetName is not specified.");
        }
        StackRecord stack =
                tables.find(scope(), request.stackName()).orElseThrow(() -> Refusals.noStack(request.stackName()));
        return template(stack.settings(), request.templateStage());
    }

    private GetTemplateResponse template(StackRecord.Settings settings, @Nullable TemplateStage stage) {
        return GetTemplateResponse.builder()
                .templateBody(stage == TemplateStage.PROCESSED ? blueprints.processed(settings) : settings.template())
                .stagesAvailable(TemplateStage.ORIGINAL, TemplateStage.PROCESSED)
                .build();
    }

    private StackRecord require(String name) {
        return tables.find(scope(), name).orElseThrow(() -> Refusals.noStack(name));
    }

    private Paged<StackRecord> stacks(String listing, @Nullable String token, Predicate<StackRecord> wanted) {
        return page(listing, token, (after, limit) -> tables.stacks(scope(), after, limit), wanted);
    }

    /** One page of what a listing gives and a filter lets through. */
    private <R> Paged<R> page(
            String listing,
            @Nullable String token,
            BiFunction<Optional<String>, Integer, Page<R>> source,
            Predicate<R> wanted) {
        List<R> items = new ArrayList<>();
        Optional<String> after = cursor(listing, token);
        while (true) {
            Page<R> page = source.apply(after, PAGE - items.size());
            page.values().stream().filter(wanted).forEach(items::add);
            after = page.next();
            if (after.isEmpty()) {
                return new Paged<>(items, null);
            }
            if (items.size() >= PAGE) {
                return new Paged<>(items, tokens.encode(listing, after.get()));
            }
        }
    }

    /** A page with the token of the next. */
    private record Paged<R>(List<R> items, @Nullable String next) {}

    private Optional<String> cursor(String listing, @Nullable String token) {
        if (token == null) {
            return Optional.empty();
        }
        return Optional.of(tokens.decode(listing, token).orElseThrow(() -> Refusals.invalid("Invalid NextToken")));
    }

    private static Scope scope() {
        return Call.current().scope();
    }
}
