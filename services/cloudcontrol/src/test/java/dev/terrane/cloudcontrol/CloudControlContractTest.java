package dev.terrane.cloudcontrol;

import dev.terrane.cloudwatchlogs.CloudWatchLogsService;
import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import dev.terrane.testkit.contract.Tagging;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.cloudcontrol.CloudControlClient;
import software.amazon.awssdk.services.cloudcontrol.model.OperationStatus;

final class CloudControlContractTest extends ServiceContractSuite<CloudControlClient> {
    private static final String TYPE = "AWS::Logs::LogGroup";

    CloudControlContractTest() {
        super(CloudControlClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(CloudControlService::new, CloudWatchLogsService::new, SqsService::new);
    }

    @Override
    protected Names example(CloudControlClient client, String name) {
        String token = client.createResource(r -> r.typeName(TYPE).desiredState("{\"LogGroupName\":\"" + name + "\"}"))
                .progressEvent()
                .requestToken();
        TestServer.await(() -> client.getResourceRequestStatus(r -> r.requestToken(token))
                        .progressEvent()
                        .operationStatus()
                == OperationStatus.SUCCESS);
        return Names.of("TypeName", TYPE)
                .and("TypeVersionId", "00000001")
                .and("Identifier", name)
                .and("DesiredState", "{\"LogGroupName\":\"new-" + name + "\"}")
                .and("PatchDocument", "[{\"op\":\"add\",\"path\":\"/RetentionInDays\",\"value\":7}]")
                .and("ResourceModel", "{}")
                .and("RequestToken", token);
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("TypeName", "AWS::Logs::LogGrape", "TypeNotFoundException")
                .and("GetResource.Identifier", "none", "ResourceNotFoundException")
                .and("UpdateResource.Identifier", "none", "ResourceNotFoundException")
                .and("RequestToken", "none", "RequestTokenNotFoundException");
    }

    @Override
    protected Set<String> codes() {
        return Set.of("ValidationException", "AccessDeniedException");
    }

    @Override
    protected List<Tagging> tagging() {
        return List.of();
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("exists", "CreateResource", "what another request makes at the same time is refused as its")
                .to("token-again", "DeleteResource", "a client token stands for one request of any operation")
                .to("token-again", "UpdateResource", "a client token stands for one request of any operation");
    }
}
