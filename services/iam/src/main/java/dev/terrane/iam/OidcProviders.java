package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.*;

/** OpenID Connect providers, whose tokens STS takes for sessions of roles that trust them. */
final class OidcProviders {
    private static final String HTTPS = "https://";
    private static final int LONGEST_URL = 255;
    private static final int MOST_CLIENT_IDS = 100;
    private static final int MOST_THUMBPRINTS = 5;

    private final IamTables tables;
    private final Markers markers;

    OidcProviders(IamTables tables, Markers markers) {
        this.tables = tables;
        this.markers = markers;
    }

    CreateOpenIdConnectProviderResponse create(CreateOpenIdConnectProviderRequest request) {
        Scope scope = Call.current().globalScope();
        String url = url(request.url());
        if (tables.oidcProviders().get(scope, url).isPresent()) {
            throw Refusals.alreadyExists("Provider with url " + request.url() + " already exists.");
        }
        OidcProviderRecord provider = new OidcProviderRecord(
                scope.account(),
                url,
                clientIds(request.clientIDList()),
                thumbprints(request.thumbprintList()),
                Moments.now(),
                Tagging.add(Map.of(), request.tags()));
        tables.oidcProviders().put(scope, provider);
        return CreateOpenIdConnectProviderResponse.builder()
                .openIDConnectProviderArn(provider.arn())
                .tags(Tagging.toSdk(provider.tags()))
                .build();
    }

    /** The URL without its scheme, which is how ARNs and condition keys name the issuer. */
    private static String url(String text) {
        try {
            URI url = URI.create(text);
            if (text.length() <= LONGEST_URL
                    && text.startsWith(HTTPS)
                    && url.getHost() != null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null
                    && url.getRawUserInfo() == null) {
                return text.substring(HTTPS.length());
            }
        } catch (IllegalArgumentException e) {
            // It is refused as other texts that are no URL of an issuer.
        }
        throw Refusals.invalid("Invalid Open ID Connect Provider URL");
    }

    private static List<String> clientIds(List<String> asked) {
        List<String> distinct = asked.stream().distinct().toList();
        if (distinct.size() > MOST_CLIENT_IDS) {
            throw Refusals.quota("ClientIdsPerOpenIdConnectProvider", MOST_CLIENT_IDS);
        }
        return distinct;
    }

    private static List<String> thumbprints(List<String> asked) {
        if (asked.size() > MOST_THUMBPRINTS) {
            throw Refusals.invalid("Thumbprint list must contain fewer than " + MOST_THUMBPRINTS + " entries.");
        }
        if (!asked.stream().allMatch(text -> text.matches("[0-9A-Fa-f]{40}"))) {
            throw Refusals.invalid("A thumbprint must be 40 hexadecimal digits.");
        }
        return asked.stream().distinct().toList();
    }

    GetOpenIdConnectProviderResponse get(GetOpenIdConnectProviderRequest request) {
        OidcProviderRecord provider = require(request.openIDConnectProviderArn());
        return GetOpenIdConnectProviderResponse.builder()
                .url(provider.url())
                .clientIDList(provider.clientIds())
                .thumbprintList(provider.thumbprints())
                .createDate(provider.created())
                .tags(Tagging.toSdk(provider.tags()))
                .build();
    }

    private OidcProviderRecord require(String arn) {
        return tables.oidcProviders()
                .get(Call.current().globalScope(), key(arn))
                .orElseThrow(() -> Refusals.noSuchEntity("OpenIDConnect Provider not found for arn " + arn));
    }

    private static String key(String text) {
        return find(text).orElseThrow(() -> Refusals.invalid("Invalid ARN: " + text));
    }

    /** The key of the provider of an ARN in the account of the call; empty when it is the ARN of something else. */
    private static Optional<String> find(String text) {
        return Arn.find(text)
                .filter(arn -> arn.service().equals("iam")
                        && arn.account().equals(Call.current().account())
                        && arn.resource().startsWith(OidcProviderRecord.TYPE))
                .map(arn -> arn.resource().substring(OidcProviderRecord.TYPE.length()));
    }

    ListOpenIdConnectProvidersResponse list(ListOpenIdConnectProvidersRequest request) {
        return ListOpenIdConnectProvidersResponse.builder()
                .openIDConnectProviderList(
                        tables.oidcProviders().all(Call.current().globalScope()).stream()
                                .map(provider -> OpenIDConnectProviderListEntry.builder()
                                        .arn(provider.arn())
                                        .build())
                                .toList())
                .build();
    }

    /** Deletes it, where it is there. Roles that trust it keep their policies. */
    DeleteOpenIdConnectProviderResponse delete(DeleteOpenIdConnectProviderRequest request) {
        tables.oidcProviders().delete(Call.current().globalScope(), key(request.openIDConnectProviderArn()));
        return DeleteOpenIdConnectProviderResponse.builder().build();
    }

    AddClientIdToOpenIdConnectProviderResponse addClientId(AddClientIdToOpenIdConnectProviderRequest request) {
        OidcProviderRecord provider = require(request.openIDConnectProviderArn());
        List<String> clientIds = new ArrayList<>(provider.clientIds());
        clientIds.add(request.clientID());
        put(provider.withClientIds(clientIds(clientIds)));
        return AddClientIdToOpenIdConnectProviderResponse.builder().build();
    }

    RemoveClientIdFromOpenIdConnectProviderResponse removeClientId(
            RemoveClientIdFromOpenIdConnectProviderRequest request) {
        OidcProviderRecord provider = require(request.openIDConnectProviderArn());
        put(provider.withClientIds(provider.clientIds().stream()
                .filter(id -> !id.equals(request.clientID()))
                .toList()));
        return RemoveClientIdFromOpenIdConnectProviderResponse.builder().build();
    }

    UpdateOpenIdConnectProviderThumbprintResponse updateThumbprints(
            UpdateOpenIdConnectProviderThumbprintRequest request) {
        OidcProviderRecord provider = require(request.openIDConnectProviderArn());
        put(provider.withThumbprints(thumbprints(request.thumbprintList())));
        return UpdateOpenIdConnectProviderThumbprintResponse.builder().build();
    }

    private void put(OidcProviderRecord provider) {
        tables.oidcProviders().put(Call.current().globalScope(), provider);
    }

    TagOpenIdConnectProviderResponse tag(TagOpenIdConnectProviderRequest request) {
        OidcProviderRecord provider = require(request.openIDConnectProviderArn());
        put(provider.withTags(Tagging.add(provider.tags(), request.tags())));
        return TagOpenIdConnectProviderResponse.builder().build();
    }

    UntagOpenIdConnectProviderResponse untag(UntagOpenIdConnectProviderRequest request) {
        OidcProviderRecord provider = require(request.openIDConnectProviderArn());
        put(provider.withTags(Tagging.remove(provider.tags(), request.tagKeys(), false)));
        return UntagOpenIdConnectProviderResponse.builder().build();
    }

    ListOpenIdConnectProviderTagsResponse listTags(ListOpenIdConnectProviderTagsRequest request) {
        OidcProviderRecord provider = require(request.openIDConnectProviderArn());
        var page = markers.page(
                "oidc-provider-tags|" + provider.url(),
                Tagging.toSdk(provider.tags()),
                Tag::key,
                request.maxItems(),
                request.marker());
        return ListOpenIdConnectProviderTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }
}
