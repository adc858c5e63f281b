package dev.terrane.iam;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.GetSamlProviderResponse;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.SAMLProviderListEntry;

/** A SAML provider. */
final class SamlProviderResource implements ResourceType {
    private static final String DOCUMENT = "SamlMetadataDocument";

    @Override
    public String name() {
        return "AWS::IAM::SAMLProvider";
    }

    @Override
    public Set<String> supported() {
        return Set.of("Name", DOCUMENT, "Tags");
    }

    @Override
    public String create(ResourceWork work) {
        Properties desired = work.desired();
        String arn = work.client(IamClient.class)
                .createSAMLProvider(r -> r.name(desired.text("Name").orElseGet(() -> work.name(128)))
                        .samlMetadataDocument(desired.text(DOCUMENT).orElse(null))
                        .tags(IamResources.tags(work.tags())))
                .samlProviderArn();
        work.made(arn);
        return arn;
    }

    @Override
    public void update(ResourceWork work, String id) {
        IamClient iam = work.client(IamClient.class);
        String document = work.desired().text(DOCUMENT).orElse(null);
        if (document != null && !document.equals(work.previous().text(DOCUMENT).orElse(null))) {
            iam.updateSAMLProvider(r -> r.samlProviderArn(id).samlMetadataDocument(document));
        }
        work.tagChanges(
                tags -> iam.tagSAMLProvider(r -> r.samlProviderArn(id).tags(IamResources.tags(tags))),
                keys -> iam.untagSAMLProvider(r -> r.samlProviderArn(id).tagKeys(keys)));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.unlessGone(
                NoSuchEntityException.class,
                () -> work.client(IamClient.class).deleteSAMLProvider(r -> r.samlProviderArn(id)));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return work.ifThere(NoSuchEntityException.class, () -> {
            GetSamlProviderResponse provider = work.client(IamClient.class).getSAMLProvider(r -> r.samlProviderArn(id));
            return Properties.builder()
                    .put("Arn", id)
                    .put("Name", id.substring(id.lastIndexOf('/') + 1))
                    .put(DOCUMENT, provider.samlMetadataDocument())
                    .put("SamlProviderUUID", provider.samlProviderUUID())
                    .tags("Tags", IamResources.tags(provider.tags()))
                    .inOrderOf(work.desired(), "Tags")
                    .build();
        });
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(IamClient.class).listSAMLProviders().samlProviderList().stream()
                .map(SAMLProviderListEntry::arn)
                .toList();
    }
}
