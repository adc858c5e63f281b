package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.saml.SamlMetadata;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.*;

/** SAML providers, whose assertions STS takes for sessions of roles that trust them. */
final class SamlProviders {
    /** Hundred years, as AWS gives a provider whose metadata sets no end. */
    private static final long USUAL_DAYS = 36_525;

    private final IamTables tables;
    private final Markers markers;

    SamlProviders(IamTables tables, Markers markers) {
        this.tables = tables;
        this.markers = markers;
    }

    CreateSamlProviderResponse create(CreateSamlProviderRequest request) {
        requireNoEncryption(request.assertionEncryptionModeAsString(), request.addPrivateKey());
        Scope scope = Call.current().globalScope();
        String name = request.name();
        if (tables.samlProviders().get(scope, Names.key(name)).isPresent()) {
            throw Refusals.alreadyExists(
                    "Provider " + Arn.iam(scope.account(), SamlProviderRecord.TYPE + name) + " already exists.");
        }
        Instant now = Moments.now();
        SamlProviderRecord provider = new SamlProviderRecord(
                scope.account(),
                name,
                Ids.iam("SAMLP"),
                request.samlMetadataDocument(),
                now,
                ends(request.samlMetadataDocument(), now),
                Tagging.add(Map.of(), request.tags()));
        tables.samlProviders().put(scope, provider);
        return CreateSamlProviderResponse.builder()
                .samlProviderArn(provider.arn())
                .tags(Tagging.toSdk(provider.tags()))
                .build();
    }

    /** Assertions are taken in plain text only, since TLS keeps them on their way. */
    private static void requireNoEncryption(@Nullable String mode, @Nullable String key) {
        if (mode != null || key != null) {
            throw AwsErrors.of(
                    "NotImplemented",
                    501,
                    "Terrane does not implement encrypted assertions (AssertionEncryptionMode, AddPrivateKey,"
                            + " RemovePrivateKey) of SAML providers yet.");
        }
    }

    private static Instant ends(String document, Instant created) {
        return SamlMetadata.read(document)
                .orElseThrow(() -> Refusals.invalid("Could not parse metadata"))
                .validUntil()
                .orElseGet(() -> created.plus(USUAL_DAYS, ChronoUnit.DAYS));
    }

    UpdateSamlProviderResponse update(UpdateSamlProviderRequest request) {
        requireNoEncryption(
                request.assertionEncryptionModeAsString(),
                request.addPrivateKey() == null ? request.removePrivateKey() : request.addPrivateKey());
        SamlProviderRecord provider = require(request.samlProviderArn());
        if (request.samlMetadataDocument() != null) {
            put(provider.withDocument(
                    request.samlMetadataDocument(), ends(request.samlMetadataDocument(), provider.created())));
        }
        return UpdateSamlProviderResponse.builder()
                .samlProviderArn(provider.arn())
                .build();
    }

    GetSamlProviderResponse get(GetSamlProviderRequest request) {
        SamlProviderRecord provider = require(request.samlProviderArn());
        return GetSamlProviderResponse.builder()
                .samlProviderUUID(provider.id())
                .samlMetadataDocument(provider.document())
                .createDate(provider.created())
                .validUntil(provider.validUntil())
                .tags(Tagging.toSdk(provider.tags()))
                .build();
    }

    private SamlProviderRecord require(String arn) {
        return tables.samlProviders()
                .get(Call.current().globalScope(), Names.key(name(arn)))
                .filter(provider -> provider.arn().equals(arn))
                .orElseThrow(() -> Refusals.noSuchEntity("Manifest not found for arn " + arn));
    }

    private static String name(String text) {
        return Arn.find(text)
                .filter(arn -> arn.service().equals("iam")
                        && arn.account().equals(Call.current().account())
                        && arn.resource().startsWith(SamlProviderRecord.TYPE))
                .map(arn -> arn.resource().substring(SamlProviderRecord.TYPE.length()))
                .orElseThrow(() -> Refusals.invalid("Invalid ARN: " + text));
    }

    ListSamlProvidersResponse list(ListSamlProvidersRequest request) {
        return ListSamlProvidersResponse.builder()
                .samlProviderList(tables.samlProviders().all(Call.current().globalScope()).stream()
                        .map(provider -> SAMLProviderListEntry.builder()
                                .arn(provider.arn())
                                .createDate(provider.created())
                                .validUntil(provider.validUntil())
                                .build())
                        .toList())
                .build();
    }

    /** Deletes it. Roles that trust it keep their policies. */
    DeleteSamlProviderResponse delete(DeleteSamlProviderRequest request) {
        SamlProviderRecord provider = require(request.samlProviderArn());
        tables.samlProviders().delete(Call.current().globalScope(), Names.key(provider.name()));
        return DeleteSamlProviderResponse.builder().build();
    }

    private void put(SamlProviderRecord provider) {
        tables.samlProviders().put(Call.current().globalScope(), provider);
    }

    TagSamlProviderResponse tag(TagSamlProviderRequest request) {
        SamlProviderRecord provider = require(request.samlProviderArn());
        put(provider.withTags(Tagging.add(provider.tags(), request.tags())));
        return TagSamlProviderResponse.builder().build();
    }

    UntagSamlProviderResponse untag(UntagSamlProviderRequest request) {
        SamlProviderRecord provider = require(request.samlProviderArn());
        put(provider.withTags(Tagging.remove(provider.tags(), request.tagKeys(), false)));
        return UntagSamlProviderResponse.builder().build();
    }

    ListSamlProviderTagsResponse listTags(ListSamlProviderTagsRequest request) {
        SamlProviderRecord provider = require(request.samlProviderArn());
        var page = markers.page(
                "saml-provider-tags|" + provider.id(),
                Tagging.toSdk(provider.tags()),
                Tag::key,
                request.maxItems(),
                request.marker());
        return ListSamlProviderTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }
}
