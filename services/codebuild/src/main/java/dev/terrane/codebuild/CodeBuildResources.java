package dev.terrane.codebuild;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.CreateProjectRequest;
import software.amazon.awssdk.services.codebuild.model.CreateReportGroupRequest;
import software.amazon.awssdk.services.codebuild.model.ReportExportConfig;
import software.amazon.awssdk.services.codebuild.model.ResourceNotFoundException;
import software.amazon.awssdk.services.codebuild.model.Tag;
import software.amazon.awssdk.services.codebuild.model.UpdateProjectRequest;

/** CodeBuild's CloudFormation types. */
final class CodeBuildResources {
    static final List<ResourceType> ALL = List.of(new BuildProject(), new Group());

    private CodeBuildResources() {}

    private static List<Tag> tags(ResourceWork work) {
        return work.tags().entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    private static Map<String, String> map(List<Tag> tags) {
        return tags.stream().collect(Collectors.toMap(Tag::key, tag -> tag.value() == null ? "" : tag.value()));
    }

    private static final class BuildProject implements ResourceType {
        /** What an update sets for properties that a template has no more: UpdateProject keeps what it is not told. */
        private static final Properties STANDARDS = Properties.parse("""
                {"Description": "", "SourceVersion": "", "Cache": {"Type": "NO_CACHE"}, "TimeoutInMinutes": 60,
                 "QueuedTimeoutInMinutes": 480, "ConcurrentBuildLimit": -1, "LogsConfig": {}, "SecondarySources": [],
                 "SecondarySourceVersions": [], "SecondaryArtifacts": []}""");

        @Override
        public String name() {
            return "AWS::CodeBuild::Project";
        }

        @Override
        public Set<String> supported() {
            return Set.of(
                    "Artifacts",
                    "Cache",
                    "ConcurrentBuildLimit",
                    "Description",
                    "EncryptionKey",
                    "Environment",
                    "LogsConfig",
                    "Name",
                    "QueuedTimeoutInMinutes",
                    "SecondaryArtifacts",
                    "SecondarySources",
                    "SecondarySourceVersions",
                    "ServiceRole",
                    "Source",
                    "SourceVersion",
                    "Tags",
                    "TimeoutInMinutes");
        }

        @Override
        public Set<String> lacking() {
            return Set.of(
                    "Environment/Certificate",
                    "Environment/DockerServer",
                    "Environment/Fleet",
                    "Environment/HostKernel",
                    "Environment/RegistryCredential",
                    "SecondarySources/Auth",
                    "SecondarySources/BuildStatusConfig",
                    "SecondarySources/InsecureSsl",
                    "SecondarySources/ReportBuildStatus",
                    "Source/Auth",
                    "Source/BuildStatusConfig",
                    "Source/InsecureSsl",
                    "Source/ReportBuildStatus");
        }

        @Override
        public String create(ResourceWork work) {
            String name = work.desired().text("Name").orElseGet(() -> work.name(150));
            work.client(CodeBuildClient.class)
                    .createProject(work.desired().as(CreateProjectRequest.builder()).toBuilder()
                            .name(name)
                            .tags(tags(work))
                            .build());
            work.made(name);
            return name;
        }

        @Override
        public void update(ResourceWork work, String id) {
            work.client(CodeBuildClient.class)
                    .updateProject(work.desired().or(STANDARDS).as(UpdateProjectRequest.builder()).toBuilder()
                            .name(id)
                            .encryptionKey(work.desired()
                                    .text("EncryptionKey")
                                    .orElseGet(() -> Projects.defaultKey(work.scope())))
                            .tags(tags(work))
                            .build());
        }

        @Override
        public void delete(ResourceWork work, String id) {
            work.client(CodeBuildClient.class).deleteProject(r -> r.name(id));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return work.client(CodeBuildClient.class).batchGetProjects(r -> r.names(id)).projects().stream()
                    .findFirst()
                    .map(project -> Properties.builder()
                            .put("Id", id)
                            .tags("Tags", map(project.tags()))
                            .model(ResourceSchema.of(name()).orElseThrow(), project)
                            .inOrderOf(work.desired(), "Tags")
                            .build());
        }

        @Override
        public List<String> list(ResourceWork work) {
            return work.client(CodeBuildClient.class).listProjectsPaginator(r -> {}).projects().stream()
                    .toList();
        }
    }

    private static final class Group implements ResourceType {
        @Override
        public String name() {
            return "AWS::CodeBuild::ReportGroup";
        }

        @Override
        public Set<String> supported() {
            return Set.of("DeleteReports", "ExportConfig", "Name", "Tags", "Type");
        }

        @Override
        public Set<String> lacking() {
            return Set.of("ExportConfig/S3Destination");
        }

        @Override
        public String create(ResourceWork work) {
            String arn = work.client(CodeBuildClient.class)
                    .createReportGroup(work.desired().as(CreateReportGroupRequest.builder()).toBuilder()
                            .name(work.desired().text("Name").orElseGet(() -> work.name(128)))
                            .tags(tags(work))
                            .build())
                    .reportGroup()
                    .arn();
            work.made(arn);
            return arn;
        }

        @Override
        public void update(ResourceWork work, String id) {
            work.client(CodeBuildClient.class)
                    .updateReportGroup(r -> r.arn(id)
                            .tags(tags(work))
                            .exportConfig(work.desired()
                                    .as("ExportConfig", ReportExportConfig.builder())
                                    .orElseThrow()));
        }

        @Override
        public void delete(ResourceWork work, String id) {
            work.unlessGone(
                    ResourceNotFoundException.class,
                    () -> work.client(CodeBuildClient.class)
                            .deleteReportGroup(r -> r.arn(id)
                                    .deleteReports(
                                            work.desired().flag("DeleteReports").orElse(false))));
        }

        /** Whether reports are deleted with it is not told by the service: it is as it was desired. */
        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return work
                    .client(CodeBuildClient.class)
                    .batchGetReportGroups(r -> r.reportGroupArns(id))
                    .reportGroups()
                    .stream()
                    .findFirst()
                    .map(group -> Properties.builder()
                            .put("Id", id)
                            .put("DeleteReports", work.desired().flag("DeleteReports"))
                            .tags("Tags", map(group.tags()))
                            .model(ResourceSchema.of(name()).orElseThrow(), group)
                            .inOrderOf(work.desired(), "Tags")
                            .build());
        }

        @Override
        public List<String> list(ResourceWork work) {
            return work.client(CodeBuildClient.class).listReportGroupsPaginator(r -> {}).reportGroups().stream()
                    .toList();
        }
    }
}
