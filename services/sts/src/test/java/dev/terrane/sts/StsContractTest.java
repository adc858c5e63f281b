package dev.terrane.sts;

import dev.terrane.iam.IamService;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.identity.AuthorizationMessages;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sts.StsClient;

final class StsContractTest extends ServiceContractSuite<StsClient> {
    StsContractTest() {
        super(StsClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(IamService::new, StsService::new);
    }

    @Override
    protected Names example(StsClient client, String name) {

        String role = server().client(IamClient.class)
                .createRole(r -> r.roleName(name).assumeRolePolicyDocument("""
                        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},
                         "Action":"sts:AssumeRole"}]}"""))
                .role()
                .arn();
        return Names.of("RoleArn", role)
                .and("RoleSessionName", name)
                .and("GetFederationToken.Name", name)
                .and(
                        "EncodedMessage",
                        new AuthorizationMessages(server().platform().masterKey())
                                .encode(TestServer.ACCOUNT, "{}")
                                .orElseThrow())
                .and("AccessKeyId", server().administrator().accessKeyId());
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("RoleArn", Arn.iam(TestServer.ACCOUNT, "role/none").toString(), "AccessDenied");
    }

    @Override
    protected boolean regional() {
        return false;
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("durability", "GetSessionToken", "each session is a new one");
    }
}
