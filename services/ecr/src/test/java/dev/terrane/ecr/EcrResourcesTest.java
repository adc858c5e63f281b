package dev.terrane.ecr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kms.KmsService;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kms.KmsClient;

class EcrResourcesTest extends ResourceTypeSuite {
    private static final String LIFECYCLE = "'LifecyclePolicy':{'LifecyclePolicyText':'"
            + EcrContractTest.LIFECYCLE.replace("\n", "").replace("\"", "\\\"") + "'}";
    private static final String POLICY =
            "'RepositoryPolicyText':{'Version':'2012-10-17','Statement':[{'Sid':'%s','Effect':'Allow',"
                    + "'Principal':{'Service':'lambda.amazonaws.com'},'Action':['ecr:BatchGetImage','ecr:GetDownloadUrlForLayer'],"
                    + "'Condition':{'StringLike':{'aws:sourceArn':'arn:aws:lambda:us-east-1:123456789012:function:*'}}}]}";

    @Override
    protected TestServer start() {
        return TestServer.with(KmsService::new, EcrService::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::ECR::");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        String key = on.client(KmsClient.class).createKey().keyMetadata().arn();
        String assets = "'RepositoryName':'cdk-hnb659fds-container-assets-123456789012-us-east-1'";
        return List.of(
                // As CDK's bootstrap template has it.
                ResourceExample.of(
                                "AWS::ECR::Repository",
                                "{" + assets + ",'ImageTagMutability':'IMMUTABLE'," + LIFECYCLE + ","
                                        + POLICY.formatted("LambdaECRImageRetrievalPolicy") + "}")
                        .then("{" + assets
                                + ",'ImageTagMutability':'IMMUTABLE','ImageScanningConfiguration':{'ScanOnPush':true},"
                                + POLICY.formatted("Other")
                                + ",'Tags':[{'Key':'a','Value':'1'},{'Key':'b','Value':'2'}]}")
                        .then("{" + assets + ",'ImageTagMutability':'IMMUTABLE_WITH_EXCLUSION',"
                                + "'ImageTagMutabilityExclusionFilters':[{'ImageTagMutabilityExclusionFilterType':'WILDCARD',"
                                + "'ImageTagMutabilityExclusionFilterValue':'latest*'}]," + LIFECYCLE
                                + ",'Tags':[{'Key':'b','Value':'3'}]}")
                        .then("{" + assets + "}"),
                ResourceExample.of(
                                "AWS::ECR::Repository",
                                "{'EmptyOnDelete':true,'EncryptionConfiguration':{'EncryptionType':'KMS','KmsKey':'"
                                        + key + "'}}")
                        .unreadable("EmptyOnDelete"));
    }

    @Test
    void aNameThatIsMadeUpIsInLowerCase() {
        assertThat(made("AWS::ECR::Repository", "{}")).matches("[a-z][a-z0-9-]+");
    }
}
