package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.RecordCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.*;
import tools.jackson.databind.node.ObjectNode;

/** Launch templates and their versions ("Store instance launch parameters in Amazon EC2 launch templates"). */
final class LaunchTemplates {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9().\\-/_]{3,128}");
    private static final String LATEST = "$Latest";
    private static final String DEFAULT = "$Default";

    private final Ec2Tables tables;
    private final PageTokens pages;
    private final Clock clock;
    private final PublicParameters parameters;
    private final Filters<LaunchTemplateRecord> filters;
    private final Filters<LaunchTemplateVersion> versionFilters = new Filters<LaunchTemplateVersion>()
            .by("create-time", LaunchTemplateVersion::createTime)
            .by("is-default-version", LaunchTemplateVersion::defaultVersion)
            .by("image-id", v -> v.launchTemplateData().imageId())
            .by("instance-type", v -> v.launchTemplateData().instanceTypeAsString());

    LaunchTemplates(Ec2Tables tables, PageTokens pages, Clock clock, PublicParameters parameters) {
        this.tables = tables;
        this.pages = pages;
        this.clock = clock;
        this.parameters = parameters;
        filters = new Filters<LaunchTemplateRecord>()
                .by("launch-template-name", LaunchTemplateRecord::name)
                .by("create-time", LaunchTemplateRecord::created)
                .tagged(template -> tables.tags(template.id()));
    }

    CreateLaunchTemplateResponse create(CreateLaunchTemplateRequest request) {
        Supported.only(
                "",
                request,
                Set.of(
                        "ClientToken",
                        "LaunchTemplateName",
                        "VersionDescription",
                        "LaunchTemplateData",
                        "TagSpecifications"));
        String name = request.launchTemplateName();
        if (!NAME.matcher(name).matches()) {
            throw Refusals.of(
                    "InvalidLaunchTemplateName.MalformedException",
                    "A launch template's name has 3 to 128 letters, digits and the characters ().-/_");
        }
        Tagging.onlyFor(request.tagSpecifications(), Set.of(ResourceType.LAUNCH_TEMPLATE));
        Map<String, String> tags = Tagging.specified(request.tagSpecifications(), ResourceType.LAUNCH_TEMPLATE);
        ResponseLaunchTemplateData data = data(new Object[] {checked(request.launchTemplateData())});
        Optional<LaunchTemplateRecord> other =
                tables.templateNamed(Call.current().scope(), name);
        if (other.isPresent()) {
            return sameAgain(request, other.get(), data);
        }
        Supported.wet(request.dryRun());
        LaunchTemplateRecord made = new LaunchTemplateRecord(
                "lt-0" + Ids.hex(16), name, Call.current().principal().arn(), clock.instant(), 1, 1);
        tables.put(made);
        tables.put(version(made, 1, request.versionDescription(), data, request.clientToken()));
        tables.tag(made.id(), tags);
        return CreateLaunchTemplateResponse.builder().launchTemplate(view(made)).build();
    }

    /** A template with the name is there: an error, unless it is this very call that is repeated. */
    private CreateLaunchTemplateResponse sameAgain(
            CreateLaunchTemplateRequest request, LaunchTemplateRecord there, ResponseLaunchTemplateData data) {
        boolean repeated = request.clientToken() != null
                && tables.version(there.id(), 1)
                        .filter(first -> first.data().equals(data))
                        .isPresent();
        if (!repeated) {
            throw Refusals.of(
                    "InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.");
        }
        return CreateLaunchTemplateResponse.builder()
                .launchTemplate(view(there))
                .build();
    }

    private static RequestLaunchTemplateData checked(RequestLaunchTemplateData data) {
        Supported.only("LaunchTemplateData", data, LaunchParameters.HONOURED);
        return data;
    }

    /** One after the other, the later ones over the earlier ones; requests and responses have the same members. */
    private static ResponseLaunchTemplateData data(Object[] layers) {
        ObjectNode merged = RecordCodec.json().createObjectNode();
        for (Object layer : layers) {
            merged.setAll((ObjectNode) RecordCodec.json().valueToTree(layer));
        }
        return RecordCodec.json().treeToValue(merged, ResponseLaunchTemplateData.class);
    }

    private TemplateVersionRecord version(
            LaunchTemplateRecord template,
            long number,
            @Nullable String description,
            ResponseLaunchTemplateData data,
            @Nullable String clientToken) {
        return new TemplateVersionRecord(
                template.id(),
                number,
                description == null ? "" : description,
                Call.current().principal().arn(),
                clock.instant(),
                data,
                clientToken);
    }

    CreateLaunchTemplateVersionResponse createVersion(CreateLaunchTemplateVersionRequest request) {
        LaunchTemplateRecord template = require(request.launchTemplateId(), request.launchTemplateName());
        RequestLaunchTemplateData own = checked(request.launchTemplateData());
        ResponseLaunchTemplateData data = request.sourceVersion() == null
                ? data(new Object[] {own})
                : data(new Object[] {version(template, request.sourceVersion()).data(), own});
        Supported.wet(request.dryRun());
        boolean resolve = Boolean.TRUE.equals(request.resolveAlias());
        Optional<TemplateVersionRecord> repeated = madeWith(template, request.clientToken());
        if (repeated.isPresent()) {
            if (!repeated.get().data().equals(data)) {
                throw Refusals.of(
                        "IdempotentParameterMismatch",
                        "The client token '" + request.clientToken() + "' was given with other parameters");
            }
            return CreateLaunchTemplateVersionResponse.builder()
                    .launchTemplateVersion(view(template, repeated.get(), resolve))
                    .build();
        }
        LaunchTemplateRecord longer = template.withLatest(template.latestVersion() + 1);
        TemplateVersionRecord made =
                version(longer, longer.latestVersion(), request.versionDescription(), data, request.clientToken());
        tables.put(longer);
        tables.put(made);
        return CreateLaunchTemplateVersionResponse.builder()
                .launchTemplateVersion(view(longer, made, resolve))
                .build();
    }

    private Optional<TemplateVersionRecord> madeWith(LaunchTemplateRecord template, @Nullable String clientToken) {
        return clientToken == null || clientToken.isEmpty()
                ? Optional.empty()
                : tables.versions(template.id()).stream()
                        .filter(version -> clientToken.equals(version.clientToken()))
                        .findFirst();
    }

    ModifyLaunchTemplateResponse modify(ModifyLaunchTemplateRequest request) {
        LaunchTemplateRecord template = require(request.launchTemplateId(), request.launchTemplateName());
        LaunchTemplateRecord changed = request.defaultVersion() == null
                ? template
                : template.withDefault(
                        version(template, request.defaultVersion()).version());
        Supported.wet(request.dryRun());
        tables.put(changed);
        return ModifyLaunchTemplateResponse.builder()
                .launchTemplate(view(changed))
                .build();
    }

    DeleteLaunchTemplateResponse delete(DeleteLaunchTemplateRequest request) {
        LaunchTemplateRecord template = require(request.launchTemplateId(), request.launchTemplateName());
        Supported.wet(request.dryRun());
        DeleteLaunchTemplateResponse answer = DeleteLaunchTemplateResponse.builder()
                .launchTemplate(view(template))
                .build();
        tables.delete(template);
        return answer;
    }

    DeleteLaunchTemplateVersionsResponse deleteVersions(DeleteLaunchTemplateVersionsRequest request) {
        LaunchTemplateRecord template = require(request.launchTemplateId(), request.launchTemplateName());
        Supported.wet(request.dryRun());
        List<DeleteLaunchTemplateVersionsResponseSuccessItem> deleted = new ArrayList<>();
        List<DeleteLaunchTemplateVersionsResponseErrorItem> kept = new ArrayList<>();
        for (String number : request.versions()) {
            Optional<TemplateVersionRecord> version = number.matches("\\d{1,9}")
                    ? tables.version(template.id(), Long.parseLong(number))
                    : Optional.empty();
            if (version.isEmpty() || version.get().version() == template.defaultVersion()) {
                kept.add(DeleteLaunchTemplateVersionsResponseErrorItem.builder()
                        .launchTemplateId(template.id())
                        .launchTemplateName(template.name())
                        .versionNumber(
                                version.map(TemplateVersionRecord::version).orElse(null))
                        .responseError(e -> e.code(
                                        version.isEmpty()
                                                ? LaunchTemplateErrorCode.LAUNCH_TEMPLATE_VERSION_DOES_NOT_EXIST
                                                : LaunchTemplateErrorCode.UNEXPECTED_ERROR)
                                .message(
                                        version.isEmpty()
                                                ? "Version " + number + " does not exist"
                                                : "The default version cannot be deleted"))
                        .build());
            } else {
                tables.delete(version.get());
                deleted.add(DeleteLaunchTemplateVersionsResponseSuccessItem.builder()
                        .launchTemplateId(template.id())
                        .launchTemplateName(template.name())
                        .versionNumber(version.get().version())
                        .build());
            }
        }
        return DeleteLaunchTemplateVersionsResponse.builder()
                .successfullyDeletedLaunchTemplateVersions(deleted)
                .unsuccessfullyDeletedLaunchTemplateVersions(kept)
                .build();
    }

    DescribeLaunchTemplatesResponse describe(DescribeLaunchTemplatesRequest request) {
        Supported.wet(request.dryRun());
        request.launchTemplateIds().forEach(id -> require(id, null));
        request.launchTemplateNames().forEach(name -> require(null, name));
        Predicate<LaunchTemplateRecord> wanted = filters.of(request.filters());
        boolean all = request.launchTemplateIds().isEmpty()
                && request.launchTemplateNames().isEmpty();
        Paged<LaunchTemplateRecord> page = Paged.of(
                pages,
                PageLimits.LAUNCH_TEMPLATES,
                "DescribeLaunchTemplates" + request.filters(),
                tables.templates().stream()
                        .filter(template -> all
                                || request.launchTemplateIds().contains(template.id())
                                || request.launchTemplateNames().contains(template.name()))
                        .filter(wanted)
                        .toList(),
                LaunchTemplateRecord::id,
                request.maxResults(),
                request.nextToken());
        return DescribeLaunchTemplatesResponse.builder()
                .launchTemplates(page.items().stream().map(this::view).toList())
                .nextToken(page.next())
                .build();
    }

    DescribeLaunchTemplateVersionsResponse describeVersions(DescribeLaunchTemplateVersionsRequest request) {
        Supported.wet(request.dryRun());
        boolean resolve = Boolean.TRUE.equals(request.resolveAlias());
        Predicate<LaunchTemplateVersion> wanted = versionFilters.of(request.filters());
        if (request.launchTemplateId() == null && request.launchTemplateName() == null) {
            return describeEverywhere(request, wanted, resolve);
        }
        LaunchTemplateRecord template = require(request.launchTemplateId(), request.launchTemplateName());
        List<TemplateVersionRecord> asked = request.versions().isEmpty()
                ? tables.versions(template.id()).stream()
                        .filter(v -> v.version() >= bound(request.minVersion(), 1)
                                && v.version() <= bound(request.maxVersion(), Long.MAX_VALUE))
                        .toList()
                : request.versions().stream().map(v -> version(template, v)).toList();
        Paged<LaunchTemplateVersion> page = Paged.of(
                pages,
                PageLimits.LAUNCH_TEMPLATES,
                "DescribeLaunchTemplateVersions" + template.id() + request.versions() + request.filters(),
                asked.stream()
                        .map(v -> view(template, v, resolve))
                        .filter(wanted)
                        .toList(),
                // The newest comes first.
                v -> "%012d".formatted(Integer.MAX_VALUE - v.versionNumber()),
                request.maxResults(),
                request.nextToken());
        return DescribeLaunchTemplateVersionsResponse.builder()
                .launchTemplateVersions(page.items())
                .nextToken(page.next())
                .build();
    }

    /** Without a template, the latest or default versions of all. */
    private DescribeLaunchTemplateVersionsResponse describeEverywhere(
            DescribeLaunchTemplateVersionsRequest request, Predicate<LaunchTemplateVersion> wanted, boolean resolve) {
        if (request.versions().isEmpty() || !Set.of(LATEST, DEFAULT).containsAll(request.versions())) {
            throw Refusals.missing("LaunchTemplateId or LaunchTemplateName");
        }
        Paged<LaunchTemplateVersion> page = Paged.of(
                pages,
                PageLimits.LAUNCH_TEMPLATES,
                "DescribeLaunchTemplateVersions" + request.versions() + request.filters(),
                tables.templates().stream()
                        .flatMap(template -> request.versions().stream()
                                .map(v -> version(template, v))
                                .distinct()
                                .map(v -> view(template, v, resolve)))
                        .filter(wanted)
                        .toList(),
                v -> TemplateVersionRecord.key(v.launchTemplateId(), v.versionNumber()),
                request.maxResults(),
                request.nextToken());
        return DescribeLaunchTemplateVersionsResponse.builder()
                .launchTemplateVersions(page.items())
                .nextToken(page.next())
                .build();
    }

    private static long bound(@Nullable String number, long otherwise) {
        return number == null || !number.matches("\\d{1,18}") ? otherwise : Long.parseLong(number);
    }

    GetLaunchTemplateDataResponse dataOf(GetLaunchTemplateDataRequest request, Instances instances) {
        Supported.wet(request.dryRun());
        Instance from = instances.require(request.instanceId()).instance();
        return GetLaunchTemplateDataResponse.builder()
                .launchTemplateData(d -> d.imageId(from.imageId())
                        .instanceType(from.instanceType())
                        .keyName(from.keyName())
                        .securityGroupIds(from.securityGroups().stream()
                                .map(GroupIdentifier::groupId)
                                .toList()))
                .build();
    }

    /** A template by id or name, one of which must be given. */
    LaunchTemplateRecord require(@Nullable String id, @Nullable String name) {
        if (id == null && name == null) {
            throw Refusals.missing("LaunchTemplateId or LaunchTemplateName");
        }
        if (id != null && name != null) {
            throw Refusals.combination("Either a launch template's ID or its name may be given, not both.");
        }
        if (id != null) {
            return tables.template(id)
                    .orElseThrow(() -> Refusals.of(
                            "InvalidLaunchTemplateId.NotFound",
                            "The specified launch template, with template ID " + id + ", does not exist."));
        }
        return tables.templateNamed(Call.current().scope(), String.valueOf(name))
                .orElseThrow(() -> Refusals.of(
                        "InvalidLaunchTemplateName.NotFoundException",
                        "The specified launch template, with template name " + name + ", does not exist."));
    }

    /** A version by number, {@code $Latest} or {@code $Default}; the default one where none is named. */
    TemplateVersionRecord version(LaunchTemplateRecord template, @Nullable String asked) {
        long number = switch (asked) {
            case null -> template.defaultVersion();
            case "", DEFAULT -> template.defaultVersion();
            case LATEST -> template.latestVersion();
            default -> {
                if (!asked.matches("\\d{1,18}")) {
                    throw Refusals.of(
                            "InvalidLaunchTemplateVersion.Malformed",
                            "The launch template version '" + asked + "' is not valid.");
                }
                yield Long.parseLong(asked);
            }
        };
        return tables.version(template.id(), number)
                .orElseThrow(() -> Refusals.of(
                        "InvalidLaunchTemplateId.VersionNotFound",
                        "Could not find the specified version " + number + " for the launch template with ID "
                                + template.id() + "."));
    }

    private LaunchTemplate view(LaunchTemplateRecord template) {
        return LaunchTemplate.builder()
                .launchTemplateId(template.id())
                .launchTemplateName(template.name())
                .createdBy(template.createdBy())
                .createTime(template.created())
                .defaultVersionNumber(template.defaultVersion())
                .latestVersionNumber(template.latestVersion())
                .tags(TagsRecord.list(tables.tags(template.id())))
                .build();
    }

    private LaunchTemplateVersion view(LaunchTemplateRecord template, TemplateVersionRecord version, boolean resolve) {
        ResponseLaunchTemplateData data = version.data();
        return LaunchTemplateVersion.builder()
                .launchTemplateId(template.id())
                .launchTemplateName(template.name())
                .versionNumber(version.version())
                .versionDescription(version.description().isEmpty() ? null : version.description())
                .createdBy(version.createdBy())
                .createTime(version.created())
                .defaultVersion(version.version() == template.defaultVersion())
                .launchTemplateData(
                        resolve && data.imageId() != null
                                ? data.toBuilder()
                                        .imageId(parameters.imageId(data.imageId()))
                                        .build()
                                : data)
                .build();
    }
}
