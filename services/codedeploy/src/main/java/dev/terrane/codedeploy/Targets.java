package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import java.util.List;
import software.amazon.awssdk.services.codedeploy.model.*;

/** The instances of deployments as they are told. */
final class Targets {
    private static final int BATCH = 25;

    private final CodeDeployTables tables;
    private final Deployments deployments;
    private final Paging paging;

    Targets(CodeDeployTables tables, Deployments deployments, Paging paging) {
        this.tables = tables;
        this.deployments = deployments;
        this.paging = paging;
    }

    ListDeploymentTargetsResponse list(ListDeploymentTargetsRequest request) {
        DeploymentRecord deployment = deployments.require(request.deploymentId());
        request.targetFilters().keySet().forEach(name -> {
            if (name == TargetFilterName.UNKNOWN_TO_SDK_VERSION) {
                throw InvalidTargetFilterNameException.builder()
                        .message("The target filter name is invalid")
                        .build();
            }
        });
        List<String> labels = request.targetFilters().getOrDefault(TargetFilterName.SERVER_INSTANCE_LABEL, List.of());
        if (!List.of("Blue", "Green").containsAll(labels)) {
            throw InvalidDeploymentInstanceTypeException.builder()
                    .message("The instance label must be Blue or Green")
                    .build();
        }
        List<String> statuses = request.targetFilters().getOrDefault(TargetFilterName.TARGET_STATUS, List.of());
        List<String> ids = tables.targets(Call.current().scope(), deployment.id()).stream()
                .filter(target ->
                        statuses.isEmpty() || statuses.contains(target.status().toString()))
                // Instances of deployments in place are neither blue nor green.
                .filter(target -> labels.isEmpty())
                .map(TargetRecord::instanceId)
                .toList();
        Paging.Slice<String> slice =
                paging.slice("targets/" + deployment.id() + "/" + labels + statuses, ids, request.nextToken());
        return ListDeploymentTargetsResponse.builder()
                .targetIds(slice.values())
                .nextToken(slice.token())
                .build();
    }

    GetDeploymentTargetResponse get(GetDeploymentTargetRequest request) {
        DeploymentRecord deployment = deployments.require(request.deploymentId());
        return GetDeploymentTargetResponse.builder()
                .deploymentTarget(target(deployment, request.targetId()))
                .build();
    }

    BatchGetDeploymentTargetsResponse batchGet(BatchGetDeploymentTargetsRequest request) {
        DeploymentRecord deployment = deployments.require(request.deploymentId());
        if (request.targetIds().size() > BATCH) {
            throw DeploymentTargetListSizeExceededException.builder()
                    .message("The maximum number of targets that can be requested (25) was exceeded")
                    .build();
        }
        if (request.targetIds().isEmpty()) {
            throw DeploymentTargetIdRequiredException.builder()
                    .message("A deployment target ID was not provided")
                    .build();
        }
        return BatchGetDeploymentTargetsResponse.builder()
                .deploymentTargets(request.targetIds().stream()
                        .map(id -> target(deployment, id))
                        .toList())
                .build();
    }

    private DeploymentTarget target(DeploymentRecord deployment, String id) {
        Scope scope = Call.current().scope();
        TargetRecord target = tables.target(scope, deployment.id(), id)
                .orElseThrow(() -> DeploymentTargetDoesNotExistException.builder()
                        .message("The target " + id + " does not belong to the deployment " + deployment.id())
                        .build());
        return DeploymentTarget.builder()
                .deploymentTargetType(DeploymentTargetType.INSTANCE_TARGET)
                .instanceTarget(InstanceTarget.builder()
                        .deploymentId(deployment.id())
                        .targetId(id)
                        .targetArn(CodeDeployEvents.Arns.instance(scope, id))
                        .status(target.status())
                        .lastUpdatedAt(target.updated())
                        .lifecycleEvents(target.events())
                        .build())
                .build();
    }
}
