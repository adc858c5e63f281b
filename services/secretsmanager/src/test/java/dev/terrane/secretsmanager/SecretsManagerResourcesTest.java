package dev.terrane.secretsmanager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kms.KmsService;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

class SecretsManagerResourcesTest extends ResourceTypeSuite {
    @Override
    protected TestServer start() {
        return TestServer.with(SecretsManagerService::new, KmsService::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::SecretsManager::");
    }

    @Test
    void aGeneratedValueStandsInItsTemplate() {
        String arn = made(
                "AWS::SecretsManager::Secret",
                "{'GenerateSecretString':{'SecretStringTemplate':'{\\\"user\\\":\\\"admin\\\"}',"
                        + "'GenerateStringKey':'password','PasswordLength':20,'ExcludePunctuation':true}}");

        Properties value = Properties.parse(server().client(SecretsManagerClient.class)
                .getSecretValue(r -> r.secretId(arn))
                .secretString());

        assertThat(value.text("user")).hasValue("admin");
        assertThat(value.required("password")).matches("[A-Za-z0-9]{20}");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        SecretsManagerClient secrets = on.client(SecretsManagerClient.class);
        String there =
                secrets.createSecret(r -> r.name("there").secretString("x")).arn();
        String key = on.client(KmsClient.class).createKey().keyMetadata().arn();
        String policy = "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'secretsmanager:%s',"
                + "'Resource':'*','Principal':{'AWS':'arn:aws:iam::123456789012:root'}}]}";
        String template = "{'SecretStringTemplate':'{\\\"user\\\":\\\"admin\\\"}','GenerateStringKey':'password',"
                + "'PasswordLength':20,'ExcludePunctuation':true}";
        return List.of(
                ResourceExample.of("AWS::SecretsManager::Secret", "{}").then("{'Description':'d'}"),
                ResourceExample.of(
                                "AWS::SecretsManager::Secret",
                                "{'Name':'database','Description':'d','SecretString':'one','KmsKeyId':'" + key
                                        + "','Tags':[{'Key':'b','Value':'1'},{'Key':'a','Value':'1'}]}")
                        .alone()
                        .unreadable("SecretString", "GenerateSecretString")
                        .then("{'Name':'database','SecretString':'two','Tags':[{'Key':'a','Value':'2'}]}")
                        .then("{'Name':'database','GenerateSecretString':" + template + "}"),
                ResourceExample.of("AWS::SecretsManager::Secret", "{'GenerateSecretString':" + template + "}")
                        .unreadable("GenerateSecretString")
                        .then("{'GenerateSecretString':{'PasswordLength':40}}"),
                ResourceExample.of(
                                "AWS::SecretsManager::ResourcePolicy",
                                "{'SecretId':'" + there + "','BlockPublicPolicy':true,'ResourcePolicy':"
                                        + policy.formatted("GetSecretValue") + "}")
                        .unreadable("BlockPublicPolicy")
                        .alone()
                        .then("{'SecretId':'" + there + "','ResourcePolicy':" + policy.formatted("DescribeSecret")
                                + "}"));
    }
}
