package dev.terrane.iam;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.ServerCertificate;
import software.amazon.awssdk.services.iam.model.ServerCertificateMetadata;
import software.amazon.awssdk.services.iam.model.UploadServerCertificateRequest;

/** A certificate of a server. */
final class ServerCertificateResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::IAM::ServerCertificate";
    }

    @Override
    public Set<String> supported() {
        return Set.of("CertificateBody", "CertificateChain", "Path", "PrivateKey", "ServerCertificateName", "Tags");
    }

    @Override
    public String create(ResourceWork work) {
        String name = work.desired().text("ServerCertificateName").orElseGet(() -> work.name(128));
        work.client(IamClient.class)
                .uploadServerCertificate(work.desired().as(UploadServerCertificateRequest.builder()).toBuilder()
                        .serverCertificateName(name)
                        .tags(IamResources.tags(work.tags()))
                        .build());
        work.made(name);
        return name;
    }

    @Override
    public void update(ResourceWork work, String id) {
        IamClient iam = work.client(IamClient.class);
        String path = work.desired().text("Path").orElse("/");
        if (!path.equals(work.previous().text("Path").orElse("/"))) {
            iam.updateServerCertificate(r -> r.serverCertificateName(id).newPath(path));
        }
        work.tagChanges(
                tags -> iam.tagServerCertificate(
                        r -> r.serverCertificateName(id).tags(IamResources.tags(tags))),
                keys -> iam.untagServerCertificate(
                        r -> r.serverCertificateName(id).tagKeys(keys)));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.unlessGone(
                NoSuchEntityException.class,
                () -> work.client(IamClient.class).deleteServerCertificate(r -> r.serverCertificateName(id)));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return work.ifThere(NoSuchEntityException.class, () -> {
            ServerCertificate found = work.client(IamClient.class)
                    .getServerCertificate(r -> r.serverCertificateName(id))
                    .serverCertificate();
            return Properties.builder()
                    .put("CertificateBody", asDesired(work, "CertificateBody", found.certificateBody()))
                    .put("CertificateChain", asDesired(work, "CertificateChain", found.certificateChain()))
                    // A private key cannot be read: what the template says stands for it.
                    .put("PrivateKey", work.desired().text("PrivateKey"))
                    .tags("Tags", IamResources.tags(found.tags()))
                    .model(ResourceSchema.of(name()).orElseThrow(), found.serverCertificateMetadata())
                    .inOrderOf(work.desired(), "Tags")
                    .build();
        });
    }

    /** As the template has it, where white space around it is all that differs. */
    private static @Nullable String asDesired(ResourceWork work, String property, @Nullable String found) {
        return work.desired()
                .text(property)
                .filter(desired -> desired.strip().equals(found))
                .orElse(found);
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(IamClient.class).listServerCertificatesPaginator().serverCertificateMetadataList().stream()
                .map(ServerCertificateMetadata::serverCertificateName)
                .toList();
    }
}
