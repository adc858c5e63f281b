package dev.terrane.ecr;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.*;

/** ECR's CloudFormation types. */
final class EcrResources {
    static final List<ResourceType> ALL = List.of(new RepositoryType());

    private EcrResources() {}

    /** A repository. {@code EmptyOnDelete} is nothing that it has: it says how it is deleted. */
    private static final class RepositoryType implements ResourceType {
        private static final int LONGEST_NAME = 256;

        @Override
        public String name() {
            return "AWS::ECR::Repository";
        }

        @Override
        public Set<String> supported() {
            return Set.of(
                    "EmptyOnDelete",
                    "EncryptionConfiguration",
                    "ImageScanningConfiguration",
                    "ImageTagMutability",
                    "ImageTagMutabilityExclusionFilters",
                    "LifecyclePolicy",
                    "RepositoryName",
                    "RepositoryPolicyText",
                    "Tags");
        }

        @Override
        public String create(ResourceWork work) {
            EcrClient ecr = work.client(EcrClient.class);
            Properties desired = work.desired();
            String name = desired.text("RepositoryName")
                    .orElseGet(() -> work.name(LONGEST_NAME).toLowerCase(Locale.ROOT));
            ecr.createRepository(r -> r.repositoryName(name)
                    .imageTagMutability(desired.text("ImageTagMutability").orElse(null))
                    .imageTagMutabilityExclusionFilters(filters(desired))
                    .imageScanningConfiguration(
                            desired.as("ImageScanningConfiguration", ImageScanningConfiguration.builder())
                                    .orElse(null))
                    .encryptionConfiguration(desired.as("EncryptionConfiguration", EncryptionConfiguration.builder())
                            .orElse(null))
                    .tags(tags(work.tags())));
            work.made(name);
            lifecyclePolicy(desired).ifPresent(policy -> putLifecyclePolicy(ecr, desired, name, policy));
            desired.json("RepositoryPolicyText")
                    .ifPresent(policy ->
                            ecr.setRepositoryPolicy(r -> r.repositoryName(name).policyText(policy)));
            return name;
        }

        private static @Nullable List<ImageTagMutabilityExclusionFilter> filters(Properties properties) {
            List<ImageTagMutabilityExclusionFilter> filters =
                    properties.objects("ImageTagMutabilityExclusionFilters").stream()
                            .map(filter -> ImageTagMutabilityExclusionFilter.builder()
                                    .filterType(filter.required("ImageTagMutabilityExclusionFilterType"))
                                    .filter(filter.required("ImageTagMutabilityExclusionFilterValue"))
                                    .build())
                            .toList();
            return filters.isEmpty() ? null : filters;
        }

        private static Optional<String> lifecyclePolicy(Properties properties) {
            return properties.object("LifecyclePolicy").text("LifecyclePolicyText");
        }

        private static void putLifecyclePolicy(EcrClient ecr, Properties desired, String name, String policy) {
            ecr.putLifecyclePolicy(r -> r.repositoryName(name)
                    .lifecyclePolicyText(policy)
                    .registryId(
                            desired.object("LifecyclePolicy").text("RegistryId").orElse(null)));
        }

        private static List<Tag> tags(Map<String, String> tags) {
            return tags.entrySet().stream()
                    .map(tag -> Tag.builder()
                            .key(tag.getKey())
                            .value(tag.getValue())
                            .build())
                    .toList();
        }

        @Override
        public void update(ResourceWork work, String id) {
            EcrClient ecr = work.client(EcrClient.class);
            Properties desired = work.desired();
            Properties previous = work.previous();
            updateImageSettings(ecr, desired, previous, id);
            Optional<String> lifecycle = lifecyclePolicy(desired);
            if (!lifecycle.equals(lifecyclePolicy(previous))) {
                lifecycle.ifPresentOrElse(
                        policy -> putLifecyclePolicy(ecr, desired, id, policy),
                        () -> work.unlessGone(
                                LifecyclePolicyNotFoundException.class,
                                () -> ecr.deleteLifecyclePolicy(r -> r.repositoryName(id))));
            }
            Optional<String> policy = desired.json("RepositoryPolicyText");
            if (!policy.equals(previous.json("RepositoryPolicyText"))) {
                policy.ifPresentOrElse(
                        text -> ecr.setRepositoryPolicy(
                                r -> r.repositoryName(id).policyText(text)),
                        () -> work.unlessGone(
                                RepositoryPolicyNotFoundException.class,
                                () -> ecr.deleteRepositoryPolicy(r -> r.repositoryName(id))));
            }
            String arn = RepositoryRecord.arn(work.scope(), id).toString();
            work.tagChanges(
                    tags -> ecr.tagResource(r -> r.resourceArn(arn).tags(tags(tags))),
                    keys -> ecr.untagResource(r -> r.resourceArn(arn).tagKeys(keys)));
        }

        private static void updateImageSettings(EcrClient ecr, Properties desired, Properties previous, String id) {
            if (!mutability(desired).equals(mutability(previous))
                    || !desired.objects("ImageTagMutabilityExclusionFilters")
                            .equals(previous.objects("ImageTagMutabilityExclusionFilters"))) {
                ecr.putImageTagMutability(r -> r.repositoryName(id)
                        .imageTagMutability(mutability(desired))
                        .imageTagMutabilityExclusionFilters(filters(desired)));
            }
            if (scanOnPush(desired) != scanOnPush(previous)) {
                ecr.putImageScanningConfiguration(
                        r -> r.repositoryName(id).imageScanningConfiguration(c -> c.scanOnPush(scanOnPush(desired))));
            }
        }

        private static String mutability(Properties properties) {
            return properties.text("ImageTagMutability").orElse("MUTABLE");
        }

        private static boolean scanOnPush(Properties properties) {
            return properties
                    .object("ImageScanningConfiguration")
                    .flag("ScanOnPush")
                    .orElse(false);
        }

        @Override
        public void delete(ResourceWork work, String id) {
            work.unlessGone(
                    RepositoryNotFoundException.class,
                    () -> work.client(EcrClient.class)
                            .deleteRepository(r -> r.repositoryName(id)
                                    .force(work.desired().flag("EmptyOnDelete").orElse(null))));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            EcrClient ecr = work.client(EcrClient.class);
            return work.ifThere(RepositoryNotFoundException.class, () -> {
                Repository found = ecr.describeRepositories(r -> r.repositoryNames(id))
                        .repositories()
                        .getFirst();
                Properties.Builder read = Properties.builder()
                        .put("Arn", found.repositoryArn())
                        .put("EncryptionConfiguration", encryption(work, found.encryptionConfiguration()));
                if (found.hasImageTagMutabilityExclusionFilters()) {
                    read.put("ImageTagMutabilityExclusionFilters", exclusions(found));
                }
                work.ifThere(
                                LifecyclePolicyNotFoundException.class,
                                () -> ecr.getLifecyclePolicy(r -> r.repositoryName(id)))
                        .ifPresent(policy -> read.put("LifecyclePolicy", lifecycle(policy)));
                work.ifThere(
                                RepositoryPolicyNotFoundException.class,
                                () -> ecr.getRepositoryPolicy(r -> r.repositoryName(id))
                                        .policyText())
                        .ifPresent(policy -> read.json("RepositoryPolicyText", policy));
                Map<String, String> tags = new LinkedHashMap<>();
                ecr.listTagsForResource(r -> r.resourceArn(found.repositoryArn()))
                        .tags()
                        .forEach(tag -> tags.put(tag.key(), tag.value()));
                return read.tags("Tags", tags)
                        .model(ResourceSchema.of(name()).orElseThrow(), found)
                        .inOrderOf(work.desired(), "Tags")
                        .build();
            });
        }

        private static Map<String, String> lifecycle(GetLifecyclePolicyResponse policy) {
            return Map.of(
                    "LifecyclePolicyText", policy.lifecyclePolicyText(),
                    "RegistryId", policy.registryId());
        }

        private static List<Map<String, String>> exclusions(Repository found) {
            return found.imageTagMutabilityExclusionFilters().stream()
                    .map(filter -> Map.of(
                            "ImageTagMutabilityExclusionFilterType", filter.filterTypeAsString(),
                            "ImageTagMutabilityExclusionFilterValue", filter.filter()))
                    .toList();
        }

        /** The key as the template names it, where that names the same. */
        private static Map<String, String> encryption(ResourceWork work, EncryptionConfiguration found) {
            Map<String, String> encryption = new LinkedHashMap<>();
            encryption.put("EncryptionType", found.encryptionTypeAsString());
            if (found.kmsKey() != null) {
                encryption.put(
                        "KmsKey",
                        work.desired()
                                .object("EncryptionConfiguration")
                                .text("KmsKey")
                                .filter(named -> named.contains("alias/")
                                        || found.kmsKey().endsWith("/" + named))
                                .orElse(found.kmsKey()));
            }
            return encryption;
        }

        @Override
        public List<String> list(ResourceWork work) {
            return work.client(EcrClient.class).describeRepositoriesPaginator().repositories().stream()
                    .map(Repository::repositoryName)
                    .toList();
        }
    }
}
