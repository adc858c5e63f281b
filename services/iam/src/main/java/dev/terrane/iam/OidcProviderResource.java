package dev.terrane.iam;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.GetOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.OpenIDConnectProviderListEntry;

/** An OpenID Connect provider. */
final class OidcProviderResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::IAM::OIDCProvider";
    }

    @Override
    public Set<String> supported() {
        return Set.of("ClientIdList", "Tags", "ThumbprintList", "Url");
    }

    @Override
    public String create(ResourceWork work) {
        Properties desired = work.desired();
        String arn = work.client(IamClient.class)
                .createOpenIDConnectProvider(r -> r.url(desired.required("Url"))
                        .clientIDList(desired.texts("ClientIdList"))
                        .thumbprintList(desired.texts("ThumbprintList"))
                        .tags(IamResources.tags(work.tags())))
                .openIDConnectProviderArn();
        work.made(arn);
        return arn;
    }

    @Override
    public void update(ResourceWork work, String id) {
        IamClient iam = work.client(IamClient.class);
        List<String> before = work.previous().texts("ClientIdList");
        List<String> after = work.desired().texts("ClientIdList");
        after.stream()
                .filter(client -> !before.contains(client))
                .forEach(client -> iam.addClientIDToOpenIDConnectProvider(
                        r -> r.openIDConnectProviderArn(id).clientID(client)));
        before.stream()
                .filter(client -> !after.contains(client))
                .forEach(client -> iam.removeClientIDFromOpenIDConnectProvider(
                        r -> r.openIDConnectProviderArn(id).clientID(client)));
        List<String> thumbprints = work.desired().texts("ThumbprintList");
        if (!thumbprints.equals(work.previous().texts("ThumbprintList"))) {
            iam.updateOpenIDConnectProviderThumbprint(
                    r -> r.openIDConnectProviderArn(id).thumbprintList(thumbprints));
        }
        work.tagChanges(
                tags -> iam.tagOpenIDConnectProvider(
                        r -> r.openIDConnectProviderArn(id).tags(IamResources.tags(tags))),
                keys -> iam.untagOpenIDConnectProvider(
                        r -> r.openIDConnectProviderArn(id).tagKeys(keys)));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.client(IamClient.class).deleteOpenIDConnectProvider(r -> r.openIDConnectProviderArn(id));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return work.ifThere(NoSuchEntityException.class, () -> {
            GetOpenIdConnectProviderResponse provider =
                    work.client(IamClient.class).getOpenIDConnectProvider(r -> r.openIDConnectProviderArn(id));
            return Properties.builder()
                    .put("Arn", id)
                    .put("Url", "https://" + provider.url())
                    .put("ClientIdList", provider.clientIDList())
                    .put("ThumbprintList", provider.thumbprintList())
                    .tags("Tags", IamResources.tags(provider.tags()))
                    .inOrderOf(work.desired(), "ClientIdList", "ThumbprintList", "Tags")
                    .build();
        });
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(IamClient.class).listOpenIDConnectProviders().openIDConnectProviderList().stream()
                .map(OpenIDConnectProviderListEntry::arn)
                .toList();
    }
}
