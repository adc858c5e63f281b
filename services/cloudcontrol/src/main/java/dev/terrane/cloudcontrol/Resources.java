package dev.terrane.cloudcontrol;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceTypes;
import java.util.List;
import software.amazon.awssdk.services.cloudcontrol.model.GetResourceRequest;
import software.amazon.awssdk.services.cloudcontrol.model.GetResourceResponse;
import software.amazon.awssdk.services.cloudcontrol.model.ListResourcesRequest;
import software.amazon.awssdk.services.cloudcontrol.model.ListResourcesResponse;
import software.amazon.awssdk.services.cloudcontrol.model.ResourceDescription;

/** Reads and lists resources, whoever made them. */
final class Resources {
    private static final int PAGE = 100;

    private final Handlers handlers;
    private final PageTokens tokens;

    Resources(Handlers handlers, PageTokens tokens) {
        this.handlers = handlers;
        this.tokens = tokens;
    }

    GetResourceResponse get(GetResourceRequest request) {
        ResourceType type = handlers.type(request.typeName(), request.typeVersionId(), "READ");
        String identifier = Identifiers.parse(Handlers.schema(type), request.identifier());
        Properties found = handlers.read(type, request.roleArn(), Ids.uuid(), identifier);
        return GetResourceResponse.builder()
                .typeName(type.name())
                .resourceDescription(ResourceDescription.builder()
                        .identifier(identifier)
                        .properties(found.toString())
                        .build())
                .build();
    }

    ListResourcesResponse list(ListResourcesRequest request) {
        ResourceType type = handlers.type(request.typeName(), request.typeVersionId(), "LIST");
        if (!ResourceTypes.lists(type)) {
            throw Refusals.unsupported(type.name(), "LIST");
        }
        Properties model = request.resourceModel() == null
                ? Properties.NONE
                : Properties.of(Handlers.parsed(request.resourceModel(), "ResourceModel"));
        String listing = "ListResources|" + Call.current().account() + "|" + type.name() + "|" + model;
        String after = request.nextToken() == null
                ? ""
                : tokens.decode(listing, request.nextToken())
                        .orElseThrow(() -> AwsErrors.validation("Invalid NextToken"));
        List<String> rest = handlers.ask(type, request.roleArn(), Ids.uuid(), model, type::list).stream()
                .sorted()
                .filter(id -> id.compareTo(after) > 0)
                .toList();
        int most = request.maxResults() == null ? PAGE : request.maxResults();
        List<String> page = rest.subList(0, Math.min(most, rest.size()));
        ResourceSchema schema = Handlers.schema(type);
        return ListResourcesResponse.builder()
                .typeName(type.name())
                .resourceDescriptions(page.stream()
                        .map(id -> ResourceDescription.builder()
                                .identifier(id)
                                .properties(Identifiers.properties(schema, id).toString())
                                .build())
                        .toList())
                .nextToken(rest.size() > page.size() ? tokens.encode(listing, page.getLast()) : null)
                .build();
    }
}
