package dev.terrane.ssm;

import dev.terrane.kms.KmsService;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import dev.terrane.testkit.contract.Tagging;
import java.util.List;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterType;
import software.amazon.awssdk.services.ssm.model.Tag;

final class SsmContractTest extends ServiceContractSuite<SsmClient> {
    SsmContractTest() {
        super(SsmClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(KmsService::new, SsmService::new);
    }

    @Override
    protected Names example(SsmClient client, String name) {

        client.putParameter(r -> r.name(name)
                .value("1")
                .type(ParameterType.STRING)
                .tags(Tag.builder().key("made").value("here").build()));
        client.labelParameterVersion(r -> r.name(name).labels("old"));
        return Names.of("Name", name)
                .and("Names", name)
                .and("ResourceId", name)
                .and("ResourceType", "Parameter")
                .and("Labels", "old")
                .and("ParameterVersion", 1)
                .and("Path", "/")
                .and("PutParameter.Type", "SecureString")
                .and("PutParameter.Overwrite", true)
                .and("Value", "example");
    }

    @Override
    protected Missing missing() {
        return Missing.none().and("Name", "none", "ParameterNotFound").and("ResourceId", "none", "InvalidResourceId");
    }

    @Override
    protected List<Tagging> tagging() {
        return List.of(new Tagging("AddTagsToResource", "RemoveTagsFromResource", "ListTagsForResource"));
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("message", "DeleteParameter", "its message is empty in AWS too")
                .to("message", "GetParameter", "its message is empty in AWS too")
                .to("message", "GetParameterHistory", "its message is empty in AWS too")
                .to("message", "LabelParameterVersion", "its message is empty in AWS too")
                .to("message", "UnlabelParameterVersion", "its message is empty in AWS too")
                .to("not-found", "PutParameter.Name", "puts a new one");
    }
}
