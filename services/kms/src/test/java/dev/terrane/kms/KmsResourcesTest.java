package dev.terrane.kms;

import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;
import software.amazon.awssdk.services.kms.KmsClient;

class KmsResourcesTest extends ResourceTypeSuite {
    @Override
    protected TestServer start() {
        return TestServer.with(KmsService::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::KMS::");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        KmsClient kms = on.client(KmsClient.class);
        String one = kms.createKey().keyMetadata().arn();
        String two = kms.createKey().keyMetadata().keyId();
        String policy = "{'Version':'2012-10-17','Id':'%s','Statement':[{'Effect':'Allow','Action':'kms:*',"
                + "'Resource':'*','Principal':{'AWS':'arn:aws:iam::123456789012:root'}}]}";
        return List.of(
                ResourceExample.of("AWS::KMS::Key", "{}")
                        .then("{'EnableKeyRotation':true}")
                        .then("{'EnableKeyRotation':true,'RotationPeriodInDays':90,'Enabled':false}")
                        .then("{'EnableKeyRotation':false,'Enabled':false}")
                        .then("{'Enabled':true,'Description':'d'}"),
                ResourceExample.of(
                                "AWS::KMS::Key",
                                "{'KeyPolicy':" + policy.formatted("one")
                                        + ",'Description':'d','EnableKeyRotation':true,'RotationPeriodInDays':100,"
                                        + "'Enabled':false,'KeySpec':'SYMMETRIC_DEFAULT','KeyUsage':'ENCRYPT_DECRYPT',"
                                        + "'MultiRegion':false,'Origin':'AWS_KMS','PendingWindowInDays':7,"
                                        + "'Tags':[{'Key':'b','Value':'1'},{'Key':'a','Value':'1'}]}")
                        .unreadable("PendingWindowInDays", "BypassPolicyLockoutSafetyCheck")
                        .then("{'KeyPolicy':" + policy.formatted("two")
                                + ",'EnableKeyRotation':true,'BypassPolicyLockoutSafetyCheck':true,"
                                + "'Tags':[{'Key':'a','Value':'2'}]}")
                        .then("{}"),
                ResourceExample.of("AWS::KMS::Key", "{'KeySpec':'HMAC_256','KeyUsage':'GENERATE_VERIFY_MAC'}"),
                ResourceExample.of("AWS::KMS::Alias", "{'AliasName':'alias/it','TargetKeyId':'" + one + "'}")
                        .then("{'AliasName':'alias/it','TargetKeyId':'" + two + "'}"));
    }
}
