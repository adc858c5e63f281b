package dev.terrane.cloudformation;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceTypes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.model.*;

/** What the registry tells of the types that this server has: all are AWS's own and public, and have one version. Nobody registers others. */
final class Registry {
    private static final int PAGE = 100;
    private static final String VERSION = "00000001";
    private static final String TYPE_PATH = "type/resource/";

    private final ResourceTypes types;
    private final PageTokens tokens;

    Registry(ResourceTypes types, PageTokens tokens) {
        this.types = types;
        this.tokens = tokens;
    }

    ListTypesResponse list(ListTypesRequest request) {
        TypeFilters filters = request.filters();
        String prefix = filters == null || filters.typeNamePrefix() == null ? "" : filters.typeNamePrefix();
        String listing = "ListTypes|" + Call.current().account() + "|" + request.visibilityAsString() + "|"
                + request.provisioningTypeAsString() + "|" + request.deprecatedStatusAsString() + "|"
                + request.typeAsString() + "|" + filters;
        String after = after(listing, request.nextToken());
        List<ResourceType> found = types(request)
                .filter(type -> type.name().startsWith(prefix))
                .filter(type ->
                        request.provisioningType() == null || request.provisioningType() == provisioningType(type))
                .filter(type -> type.name().compareTo(after) > 0)
                .toList();
        int most = request.maxResults() == null ? PAGE : request.maxResults();
        List<ResourceType> page = found.subList(0, Math.min(most, found.size()));
        return ListTypesResponse.builder()
                .typeSummaries(page.stream()
                        .map(type -> TypeSummary.builder()
                                .type(RegistryType.RESOURCE)
                                .typeName(type.name())
                                .typeArn(arn(type))
                                .description(TypeSchema.description(type))
                                .build())
                        .toList())
                .nextToken(
                        found.size() > page.size()
                                ? tokens.encode(listing, page.getLast().name())
                                : null)
                .build();
    }

    /** Those of a category: AWS's are public, and there are no others. */
    private Stream<ResourceType> types(ListTypesRequest request) {
        boolean resources = request.type() == null || request.type() == RegistryType.RESOURCE;
        boolean live = request.deprecatedStatus() == null || request.deprecatedStatus() == DeprecatedStatus.LIVE;
        TypeFilters filters = request.filters();
        boolean ours = filters == null
                || (filters.publisherId() == null
                        && (filters.category() == null || filters.category() == Category.AWS_TYPES));
        return resources && live && ours && request.visibility() == Visibility.PUBLIC ? all() : Stream.of();
    }

    /** AWS's registry does not have what CDK notes of itself. */
    private Stream<ResourceType> all() {
        return types.all().stream().filter(type -> !type.name().startsWith("AWS::CDK::"));
    }

    DescribeTypeResponse describe(DescribeTypeRequest request) {
        ResourceType type = find(request.arn(), request.typeAsString(), request.typeName());
        if (request.versionId() != null && !request.versionId().equals(VERSION)) {
            throw none(type.name());
        }
        return DescribeTypeResponse.builder()
                .arn(arn(type))
                .type(RegistryType.RESOURCE)
                .typeName(type.name())
                .isDefaultVersion(true)
                .description(TypeSchema.description(type))
                .schema(TypeSchema.of(type).toString())
                .provisioningType(provisioningType(type))
                .deprecatedStatus(DeprecatedStatus.LIVE)
                .visibility(Visibility.PUBLIC)
                .build();
    }

    ListTypeVersionsResponse versions(ListTypeVersionsRequest request) {
        ResourceType type;
        try {
            type = find(request.arn(), request.typeAsString(), request.typeName());
        } catch (TypeNotFoundException e) {
            // The only error that this operation has.
            throw CfnRegistryException.builder().message(AwsErrors.message(e)).build();
        }
        after("ListTypeVersions|" + Call.current().account() + "|" + type.name(), request.nextToken());
        return ListTypeVersionsResponse.builder()
                .typeVersionSummaries(
                        request.deprecatedStatus() == DeprecatedStatus.DEPRECATED
                                ? List.of()
                                : List.of(TypeVersionSummary.builder()
                                        .type(RegistryType.RESOURCE)
                                        .typeName(type.name())
                                        .versionId(VERSION)
                                        .isDefaultVersion(true)
                                        .arn(arn(type) + "/" + VERSION)
                                        .description(TypeSchema.description(type))
                                        .build()))
                .build();
    }

    /** Nobody registers types, so no token is of a registration. */
    static RuntimeException noRegistration(DescribeTypeRegistrationRequest request) {
        return CfnRegistryException.builder()
                .message("No registration token matches " + request.registrationToken())
                .build();
    }

    /** None: nobody registers types. */
    ListTypeRegistrationsResponse registrations(ListTypeRegistrationsRequest request) {
        after("ListTypeRegistrations|" + Call.current().account(), request.nextToken());
        return ListTypeRegistrationsResponse.builder()
                .registrationTokenList(List.of())
                .build();
    }

    /** No account is a publisher, since nobody publishes types. */
    static RuntimeException noPublisher(DescribePublisherRequest request) {
        return CfnRegistryException.builder()
                .message(
                        request.publisherId() == null
                                ? "This account is not registered as a publisher."
                                : "The publisher " + request.publisherId() + " does not exist.")
                .build();
    }

    /** AWS's own types take no configuration, and there are no others. */
    BatchDescribeTypeConfigurationsResponse configurations(BatchDescribeTypeConfigurationsRequest request) {
        return BatchDescribeTypeConfigurationsResponse.builder()
                .errors(request.typeConfigurationIdentifiers().stream()
                        .map(identifier -> BatchDescribeTypeConfigurationsError.builder()
                                .errorCode("TypeConfigurationNotFoundException")
                                .errorMessage("The specified extension configuration can't be found.")
                                .typeConfigurationIdentifier(identifier)
                                .build())
                        .toList())
                .unprocessedTypeConfigurations(List.of())
                .typeConfigurations(List.of())
                .build();
    }

    /** A type by its ARN, which may have a version, or by its name. */
    private ResourceType find(@Nullable String arn, @Nullable String kind, @Nullable String name) {
        if (arn == null && (kind == null || name == null)) {
            throw Refusals.invalid("Either TypeName and Type, or Arn must be specified");
        }
        if (arn != null) {
            return all().filter(type -> arn.equals(arn(type)) || arn.equals(arn(type) + "/" + VERSION))
                    .findFirst()
                    .orElseThrow(() -> none(arn));
        }
        return Optional.ofNullable(name)
                .filter(n -> "RESOURCE".equals(kind))
                .flatMap(n -> all().filter(type -> type.name().equals(n)).findFirst())
                .orElseThrow(() -> none(String.valueOf(name)));
    }

    private static TypeNotFoundException none(String type) {
        return TypeNotFoundException.builder()
                .message("The type '" + type + "' cannot be found.")
                .build();
    }

    private String after(String listing, @Nullable String token) {
        return token == null
                ? ""
                : tokens.decode(listing, token).orElseThrow(() -> Refusals.invalid("Invalid NextToken"));
    }

    private static String arn(ResourceType type) {
        return Arn.of(
                        "cloudformation",
                        Call.current().region(),
                        "",
                        TYPE_PATH + type.name().replace("::", "-"))
                .toString();
    }

    private static ProvisioningType provisioningType(ResourceType type) {
        if (!type.provisionable() || ResourceSchema.of(type.name()).isEmpty()) {
            return ProvisioningType.NON_PROVISIONABLE;
        }
        return TypeSchema.isMutable(type) ? ProvisioningType.FULLY_MUTABLE : ProvisioningType.IMMUTABLE;
    }
}
