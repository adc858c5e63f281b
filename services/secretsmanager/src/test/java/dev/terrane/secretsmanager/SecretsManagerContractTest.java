package dev.terrane.secretsmanager;

import dev.terrane.kms.KmsService;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import dev.terrane.testkit.contract.Tagging;
import java.util.List;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

final class SecretsManagerContractTest extends ServiceContractSuite<SecretsManagerClient> {
    SecretsManagerContractTest() {
        super(SecretsManagerClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(KmsService::new, SecretsManagerService::new);
    }

    @Override
    protected Names example(SecretsManagerClient client, String name) {

        client.createSecret(r -> r.name(name)
                .secretString("hunter2")
                .tags(Tag.builder().key("made").value("here").build()));
        return Names.of("SecretId", name)
                .and("Name", name)
                .and("BatchGetSecretValue.SecretIdList", name)
                .and("VersionStage", "mine")
                .and(
                        "UpdateSecretVersionStage.MoveToVersionId",
                        client.describeSecret(r -> r.secretId(name))
                                .versionIdsToStages()
                                .keySet()
                                .iterator()
                                .next())
                .and("CreateSecret.SecretString", "x")
                .and("PutSecretValue.SecretString", "x")
                .and("ResourcePolicy", POLICY);
    }

    @Override
    protected Missing missing() {
        return Missing.none().and("SecretId", "none", "ResourceNotFoundException");
    }

    private static final String POLICY = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},
             "Action":"secretsmanager:GetSecretValue","Resource":"*"}]}""";

    @Override
    protected List<Tagging> tagging() {
        return List.of(new Tagging("TagResource", "UntagResource", "DescribeSecret"));
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("audit", "BatchGetSecretValue", "each secret that it reads is recorded as GetSecretValue too")
                .to("resource", "ValidateResourcePolicy", "the secret is optional; without one the policy is for any")
                .to("account", "BatchGetSecretValue", "says of each secret that it is not found")
                .to("region", "BatchGetSecretValue", "says of each secret that it is not found")
                .to("durability", "GetRandomPassword", "random");
    }
}
