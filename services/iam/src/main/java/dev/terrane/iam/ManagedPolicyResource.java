package dev.terrane.iam;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.*;

/** A customer managed policy, with those that it is attached to. */
final class ManagedPolicyResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::IAM::ManagedPolicy";
    }

    @Override
    public Set<String> supported() {
        return Set.of("Description", "Groups", "ManagedPolicyName", "Path", "PolicyDocument", "Roles", "Users");
    }

    @Override
    public String create(ResourceWork work) {
        IamClient iam = work.client(IamClient.class);
        Properties desired = work.desired();
        String name = desired.text("ManagedPolicyName").orElseGet(() -> work.name(128));
        String arn = iam.createPolicy(desired.as(CreatePolicyRequest.builder()).toBuilder()
                        .policyName(name)
                        .policyDocument(document(desired))
                        .build())
                .policy()
                .arn();
        work.made(arn);
        for (PolicyHolder kind : PolicyHolder.values()) {
            desired.texts(kind.word() + "s").forEach(holder -> kind.attach(iam, holder, arn));
        }
        return arn;
    }

    private static String document(Properties properties) {
        return properties.json("PolicyDocument").orElse("");
    }

    @Override
    public void update(ResourceWork work, String id) {
        IamClient iam = work.client(IamClient.class);
        if (!document(work.desired()).equals(document(work.previous()))) {
            addVersion(iam, id, document(work.desired()));
        }
        for (PolicyHolder kind : PolicyHolder.values()) {
            List<String> before = work.previous().texts(kind.word() + "s");
            List<String> after = work.desired().texts(kind.word() + "s");
            after.stream().filter(holder -> !before.contains(holder)).forEach(holder -> kind.attach(iam, holder, id));
            before.stream().filter(holder -> !after.contains(holder)).forEach(holder -> kind.detach(work, holder, id));
        }
    }

    /** Where there are as many versions as may be, the oldest makes room. */
    private static void addVersion(IamClient iam, String id, String document) {
        CreatePolicyVersionRequest request = CreatePolicyVersionRequest.builder()
                .policyArn(id)
                .policyDocument(document)
                .setAsDefault(true)
                .build();
        try {
            iam.createPolicyVersion(request);
        } catch (LimitExceededException e) {
            PolicyVersion oldest = versions(iam, id).stream()
                    .filter(version -> !version.isDefaultVersion())
                    .min(Comparator.comparing(
                            version -> Integer.valueOf(version.versionId().substring(1))))
                    .orElseThrow(() -> e);
            iam.deletePolicyVersion(r -> r.policyArn(id).versionId(oldest.versionId()));
            iam.createPolicyVersion(request);
        }
    }

    private static List<PolicyVersion> versions(IamClient iam, String id) {
        return iam.listPolicyVersionsPaginator(r -> r.policyArn(id)).versions().stream()
                .toList();
    }

    @Override
    public void delete(ResourceWork work, String id) {
        IamClient iam = work.client(IamClient.class);
        for (PolicyHolder kind : PolicyHolder.values()) {
            work.desired().texts(kind.word() + "s").forEach(holder -> kind.detach(work, holder, id));
        }
        work.unlessGone(NoSuchEntityException.class, () -> {
            versions(iam, id).stream()
                    .filter(version -> !version.isDefaultVersion())
                    .forEach(version ->
                            iam.deletePolicyVersion(r -> r.policyArn(id).versionId(version.versionId())));
            iam.deletePolicy(r -> r.policyArn(id));
        });
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        IamClient iam = work.client(IamClient.class);
        return work.ifThere(NoSuchEntityException.class, () -> {
            Policy policy = iam.getPolicy(r -> r.policyArn(id)).policy();
            String document = iam.getPolicyVersion(r -> r.policyArn(id).versionId(policy.defaultVersionId()))
                    .policyVersion()
                    .document();
            var entities = iam.listEntitiesForPolicyPaginator(
                    r -> r.policyArn(id).policyUsageFilter(PolicyUsageType.PERMISSIONS_POLICY));
            List<String> groups =
                    entities.policyGroups().stream().map(PolicyGroup::groupName).toList();
            List<String> roles =
                    entities.policyRoles().stream().map(PolicyRole::roleName).toList();
            List<String> users =
                    entities.policyUsers().stream().map(PolicyUser::userName).toList();
            return Properties.builder()
                    .put("PolicyArn", id)
                    .put("ManagedPolicyName", policy.policyName())
                    .json("PolicyDocument", IamResources.decoded(document))
                    .put("Groups", groups)
                    .put("Roles", roles)
                    .put("Users", users)
                    .model(ResourceSchema.of(name()).orElseThrow(), policy)
                    .inOrderOf(work.desired(), "Groups", "Roles", "Users")
                    .build();
        });
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work
                .client(IamClient.class)
                .listPoliciesPaginator(r -> r.scope(PolicyScopeType.LOCAL))
                .policies()
                .stream()
                .map(Policy::arn)
                .toList();
    }
}
