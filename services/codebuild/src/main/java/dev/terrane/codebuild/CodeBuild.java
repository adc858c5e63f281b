package dev.terrane.codebuild;

import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.*;

/** The operations of CodeBuild. */
final class CodeBuild implements CodeBuildClient {
    private final Projects projects;
    private final Builds builds;
    private final Reports reports;

    CodeBuild(Projects projects, Builds builds, Reports reports) {
        this.projects = projects;
        this.builds = builds;
        this.reports = reports;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // It holds nothing that is to be closed.
    }

    @Override
    public CreateProjectResponse createProject(CreateProjectRequest request) {
        return projects.create(request);
    }

    @Override
    public UpdateProjectResponse updateProject(UpdateProjectRequest request) {
        return projects.update(request);
    }

    @Override
    public DeleteProjectResponse deleteProject(DeleteProjectRequest request) {
        return projects.delete(request);
    }

    @Override
    public BatchGetProjectsResponse batchGetProjects(BatchGetProjectsRequest request) {
        return projects.get(request);
    }

    @Override
    public ListProjectsResponse listProjects(ListProjectsRequest request) {
        return projects.list(request);
    }

    @Override
    public InvalidateProjectCacheResponse invalidateProjectCache(InvalidateProjectCacheRequest request) {
        return projects.forgetCache(request);
    }

    @Override
    public StartBuildResponse startBuild(StartBuildRequest request) {
        return builds.start(request);
    }

    @Override
    public StopBuildResponse stopBuild(StopBuildRequest request) {
        return builds.stop(request);
    }

    @Override
    public RetryBuildResponse retryBuild(RetryBuildRequest request) {
        return builds.retry(request);
    }

    @Override
    public BatchGetBuildsResponse batchGetBuilds(BatchGetBuildsRequest request) {
        return builds.get(request);
    }

    @Override
    public ListBuildsResponse listBuilds(ListBuildsRequest request) {
        return builds.list(request);
    }

    @Override
    public ListBuildsForProjectResponse listBuildsForProject(ListBuildsForProjectRequest request) {
        return builds.list(request);
    }

    @Override
    public BatchDeleteBuildsResponse batchDeleteBuilds(BatchDeleteBuildsRequest request) {
        return builds.delete(request);
    }

    @Override
    public CreateReportGroupResponse createReportGroup(CreateReportGroupRequest request) {
        return reports.createGroup(request);
    }

    @Override
    public UpdateReportGroupResponse updateReportGroup(UpdateReportGroupRequest request) {
        return reports.updateGroup(request);
    }

    @Override
    public DeleteReportGroupResponse deleteReportGroup(DeleteReportGroupRequest request) {
        return reports.deleteGroup(request);
    }

    @Override
    public BatchGetReportGroupsResponse batchGetReportGroups(BatchGetReportGroupsRequest request) {
        return reports.getGroups(request);
    }

    @Override
    public ListReportGroupsResponse listReportGroups(ListReportGroupsRequest request) {
        return reports.listGroups(request);
    }

    @Override
    public BatchGetReportsResponse batchGetReports(BatchGetReportsRequest request) {
        return reports.get(request);
    }

    @Override
    public DeleteReportResponse deleteReport(DeleteReportRequest request) {
        return reports.delete(request);
    }

    @Override
    public ListReportsResponse listReports(ListReportsRequest request) {
        return reports.list(request);
    }

    @Override
    public ListReportsForReportGroupResponse listReportsForReportGroup(ListReportsForReportGroupRequest request) {
        return reports.list(request);
    }

    @Override
    public DescribeTestCasesResponse describeTestCases(DescribeTestCasesRequest request) {
        return reports.describe(request);
    }

    @Override
    public ListCuratedEnvironmentImagesResponse listCuratedEnvironmentImages(
            ListCuratedEnvironmentImagesRequest request) {
        return CuratedImages.list(request);
    }
}
