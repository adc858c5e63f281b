package dev.terrane.codedeploy;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codedeploy.model.ApplicationDoesNotExistException;
import software.amazon.awssdk.services.codedeploy.model.CreateApplicationRequest;
import software.amazon.awssdk.services.codedeploy.model.CreateDeploymentConfigRequest;
import software.amazon.awssdk.services.codedeploy.model.DeploymentConfigDoesNotExistException;
import software.amazon.awssdk.services.codedeploy.model.Tag;

/** CodeDeploy's CloudFormation types. */
final class CodeDeployResources {
    static final List<ResourceType> ALL =
            List.of(new Application(), new DeploymentConfig(), new DeploymentGroupResource());

    private CodeDeployResources() {}

    static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    static Map<String, String> tags(ResourceWork work, String arn) {
        return work.client(CodeDeployClient.class).listTagsForResource(r -> r.resourceArn(arn)).tags().stream()
                .collect(Collectors.toMap(Tag::key, Tag::value));
    }

    static void changeTags(ResourceWork work, String arn) {
        CodeDeployClient deploy = work.client(CodeDeployClient.class);
        work.tagChanges(
                tags -> deploy.tagResource(r -> r.resourceArn(arn).tags(tags(tags))),
                keys -> deploy.untagResource(r -> r.resourceArn(arn).tagKeys(keys)));
    }

    private static final class Application implements ResourceType {
        @Override
        public String name() {
            return "AWS::CodeDeploy::Application";
        }

        @Override
        public Set<String> supported() {
            return Set.of("ApplicationName", "ComputePlatform", "Tags");
        }

        @Override
        public String create(ResourceWork work) {
            String name = work.desired().text("ApplicationName").orElseGet(() -> work.name(100));
            work.client(CodeDeployClient.class)
                    .createApplication(work.desired().as(CreateApplicationRequest.builder()).toBuilder()
                            .applicationName(name)
                            .tags(tags(work.tags()))
                            .build());
            work.made(name);
            return name;
        }

        @Override
        public void update(ResourceWork work, String id) {
            changeTags(work, arn(work, id));
        }

        private static String arn(ResourceWork work, String id) {
            return CodeDeployEvents.Arns.application(work.scope(), id);
        }

        @Override
        public void delete(ResourceWork work, String id) {
            work.client(CodeDeployClient.class).deleteApplication(r -> r.applicationName(id));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return work.ifThere(
                    ApplicationDoesNotExistException.class,
                    () -> Properties.builder()
                            .tags("Tags", tags(work, arn(work, id)))
                            .model(
                                    ResourceSchema.of(name()).orElseThrow(),
                                    work.client(CodeDeployClient.class)
                                            .getApplication(r -> r.applicationName(id))
                                            .application())
                            .inOrderOf(work.desired(), "Tags")
                            .build());
        }

        @Override
        public List<String> list(ResourceWork work) {
            return work.client(CodeDeployClient.class).listApplicationsPaginator(r -> {}).applications().stream()
                    .toList();
        }
    }

    /** A deployment configuration: any change makes another one. */
    private static final class DeploymentConfig implements ResourceType {
        @Override
        public String name() {
            return "AWS::CodeDeploy::DeploymentConfig";
        }

        @Override
        public Set<String> supported() {
            return Set.of("ComputePlatform", "DeploymentConfigName", "MinimumHealthyHosts");
        }

        @Override
        public String create(ResourceWork work) {
            String name = work.desired().text("DeploymentConfigName").orElseGet(() -> work.name(100));
            work.client(CodeDeployClient.class)
                    .createDeploymentConfig(work.desired().as(CreateDeploymentConfigRequest.builder()).toBuilder()
                            .deploymentConfigName(name)
                            .build());
            work.made(name);
            return name;
        }

        @Override
        public void update(ResourceWork work, String id) {
            // Nothing of it can be changed in place.
        }

        @Override
        public void delete(ResourceWork work, String id) {
            work.unlessGone(
                    DeploymentConfigDoesNotExistException.class,
                    () -> work.client(CodeDeployClient.class).deleteDeploymentConfig(r -> r.deploymentConfigName(id)));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return work.ifThere(
                    DeploymentConfigDoesNotExistException.class,
                    () -> Properties.builder()
                            .model(
                                    ResourceSchema.of(name()).orElseThrow(),
                                    work.client(CodeDeployClient.class)
                                            .getDeploymentConfig(r -> r.deploymentConfigName(id))
                                            .deploymentConfigInfo())
                            .build());
        }

        @Override
        public List<String> list(ResourceWork work) {
            return work
                    .client(CodeDeployClient.class)
                    .listDeploymentConfigsPaginator(r -> {})
                    .deploymentConfigsList()
                    .stream()
                    .toList();
        }
    }
}
