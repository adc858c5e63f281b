package dev.terrane.codecommit;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codecommit.model.RepositoryDoesNotExistException;
import software.amazon.awssdk.services.codecommit.model.RepositoryMetadata;
import software.amazon.awssdk.services.codecommit.model.RepositoryNameIdPair;

/** CodeCommit's CloudFormation types. */
final class CodeCommitResources {
    static final List<ResourceType> ALL = List.of(new Repository());

    private CodeCommitResources() {}

    /** A repository. {@code Code} is committed once, when it is made; later changes of it have no effect, as in AWS. */
    private static final class Repository implements ResourceType {
        @Override
        public String name() {
            return "AWS::CodeCommit::Repository";
        }

        @Override
        public Set<String> supported() {
            return Set.of("Code", "KmsKeyId", "RepositoryDescription", "RepositoryName", "Tags");
        }

        @Override
        public String create(ResourceWork work) {
            CodeCommitClient codecommit = work.client(CodeCommitClient.class);
            Properties desired = work.desired();
            String name = desired.required("RepositoryName");
            String id = codecommit
                    .createRepository(r -> r.repositoryName(name)
                            .repositoryDescription(
                                    desired.text("RepositoryDescription").orElse(null))
                            .kmsKeyId(desired.text("KmsKeyId").orElse(null))
                            .tags(work.tags()))
                    .repositoryMetadata()
                    .repositoryId();
            work.made(id);
            if (desired.has("Code")) {
                InitialCode.commit(work, name, desired.object("Code"));
            }
            return id;
        }

        @Override
        public void update(ResourceWork work, String id) {
            CodeCommitClient codecommit = work.client(CodeCommitClient.class);
            Properties desired = work.desired();
            Properties previous = work.previous();
            String name = desired.required("RepositoryName");
            String oldName = previous.required("RepositoryName");
            if (!name.equals(oldName)) {
                codecommit.updateRepositoryName(r -> r.oldName(oldName).newName(name));
            }
            String description = desired.text("RepositoryDescription").orElse("");
            if (!description.equals(previous.text("RepositoryDescription").orElse(""))) {
                codecommit.updateRepositoryDescription(
                        r -> r.repositoryName(name).repositoryDescription(description));
            }
            String key = desired.text("KmsKeyId").orElse(DataKeys.DEFAULT);
            if (!key.equals(previous.text("KmsKeyId").orElse(DataKeys.DEFAULT))) {
                codecommit.updateRepositoryEncryptionKey(
                        r -> r.repositoryName(name).kmsKeyId(key));
            }
            String arn = Repositories.arn(work.scope(), name);
            work.tagChanges(
                    tags -> codecommit.tagResource(r -> r.resourceArn(arn).tags(tags)),
                    keys -> codecommit.untagResource(r -> r.resourceArn(arn).tagKeys(keys)));
        }

        @Override
        public void delete(ResourceWork work, String id) {
            find(work, id)
                    .ifPresent(found -> work.client(CodeCommitClient.class)
                            .deleteRepository(r -> r.repositoryName(found.repositoryName())));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return find(work, id)
                    .map(found -> Properties.builder()
                            .put("KmsKeyId", key(work, found.kmsKeyId()))
                            .put("Name", found.repositoryName())
                            .tags(
                                    "Tags",
                                    work.client(CodeCommitClient.class)
                                            .listTagsForResource(r -> r.resourceArn(found.arn()))
                                            .tags())
                            .model(ResourceSchema.of(name()).orElseThrow(), found)
                            .inOrderOf(work.desired(), "Tags")
                            .build());
        }

        /** The key as the template names it, where that names the same. */
        private static String key(ResourceWork work, String arn) {
            return work.desired()
                    .text("KmsKeyId")
                    .filter(named -> arn.endsWith("/" + named))
                    .orElse(arn);
        }

        /** A repository goes by its name in the API, which may have been changed: then it is looked for among all. */
        private static Optional<RepositoryMetadata> find(ResourceWork work, String id) {
            return work.desired()
                    .text("RepositoryName")
                    .flatMap(name -> named(work, name))
                    .filter(found -> found.repositoryId().equals(id))
                    .or(() ->
                            work
                                    .client(CodeCommitClient.class)
                                    .listRepositoriesPaginator(r -> {})
                                    .repositories()
                                    .stream()
                                    .filter(pair -> pair.repositoryId().equals(id))
                                    .findFirst()
                                    .flatMap(pair -> named(work, pair.repositoryName())));
        }

        private static Optional<RepositoryMetadata> named(ResourceWork work, String name) {
            return work.ifThere(
                    RepositoryDoesNotExistException.class,
                    () -> work.client(CodeCommitClient.class)
                            .getRepository(r -> r.repositoryName(name))
                            .repositoryMetadata());
        }

        @Override
        public List<String> list(ResourceWork work) {
            return work.client(CodeCommitClient.class).listRepositoriesPaginator(r -> {}).repositories().stream()
                    .map(RepositoryNameIdPair::repositoryId)
                    .toList();
        }
    }
}
