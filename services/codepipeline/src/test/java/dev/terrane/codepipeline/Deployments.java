package dev.terrane.codepipeline;

import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.testkit.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codedeploy.model.*;

/** CodeDeploy, in which the test says how deployments end. What it holds outlives a restart of the server. */
final class Deployments implements CodeDeployClient {
    private final Map<String, DeploymentInfo> deployments = new ConcurrentHashMap<>();
    final ConcurrentLinkedDeque<CreateDeploymentRequest> created = new ConcurrentLinkedDeque<>();

    Service service() {
        return new Neighbour("codedeploy", CodeDeployClient.class, this);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing to release.
    }

    @Override
    public synchronized CreateDeploymentResponse createDeployment(CreateDeploymentRequest request) {
        String id = "d-%09d".formatted(created.size() + 1);
        deployments.put(
                id,
                DeploymentInfo.builder()
                        .deploymentId(id)
                        .description(request.description())
                        .revision(request.revision())
                        .status(DeploymentStatus.IN_PROGRESS)
                        .build());
        created.add(request);
        return CreateDeploymentResponse.builder().deploymentId(id).build();
    }

    @Override
    public GetDeploymentResponse getDeployment(GetDeploymentRequest request) {
        return GetDeploymentResponse.builder()
                .deploymentInfo(deployments.get(request.deploymentId()))
                .build();
    }

    @Override
    public ListDeploymentsResponse listDeployments(ListDeploymentsRequest request) {
        return ListDeploymentsResponse.builder()
                .deployments(new ArrayList<>(deployments.keySet()))
                .build();
    }

    /** The deployment that was created last, once there are so many. */
    String await(int count) {
        TestServer.await(() -> created.size() >= count);
        return "d-%09d".formatted(created.size());
    }

    void end(Platform platform, String id, DeploymentStatus status) {
        DeploymentInfo.Builder ended = java.util.Objects.requireNonNull(deployments.get(id)).toBuilder()
                .status(status);
        if (status == DeploymentStatus.FAILED) {
            ended.errorInformation(e -> e.code(ErrorCode.HEALTH_CONSTRAINTS).message("Too few healthy instances"));
        }
        deployments.put(id, ended.build());
        Neighbour.emit(
                platform,
                "aws.codedeploy",
                "CodeDeploy Deployment State-change Notification",
                Map.of(
                        "deploymentId",
                        id,
                        "state",
                        status.toString(),
                        "instanceGroupId",
                        List.of().toString()));
    }
}
