package dev.terrane.iam;

import dev.terrane.kernel.resource.ResourceType;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.iam.model.AttachedPermissionsBoundary;
import software.amazon.awssdk.services.iam.model.Tag;

/** IAM's CloudFormation types, and what they share. */
final class IamResources {
    static final List<ResourceType> ALL = List.of(
            new RoleResource(),
            new UserResource(),
            new GroupResource(),
            new PolicyResource(),
            new ManagedPolicyResource(),
            new InstanceProfileResource(),
            new OidcProviderResource(),
            new SamlProviderResource(),
            new AccessKeyResource(),
            new UserToGroupAdditionResource(),
            new ServerCertificateResource(),
            new ServiceLinkedRoleResource(),
            new InlinePolicyResource(PolicyHolder.ROLE),
            new InlinePolicyResource(PolicyHolder.USER),
            new InlinePolicyResource(PolicyHolder.GROUP));

    private IamResources() {}

    /** Documents come encoded as in a URL. */
    static String decoded(String document) {
        return URLDecoder.decode(document, StandardCharsets.UTF_8);
    }

    static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    static Map<String, String> tags(List<Tag> tags) {
        return tags.stream().collect(Collectors.toMap(Tag::key, Tag::value));
    }

    static Optional<String> arn(AttachedPermissionsBoundary boundary) {
        return Optional.ofNullable(boundary).map(AttachedPermissionsBoundary::permissionsBoundaryArn);
    }
}
