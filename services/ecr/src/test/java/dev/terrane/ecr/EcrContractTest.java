package dev.terrane.ecr;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kms.KmsService;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import dev.terrane.testkit.contract.Tagging;
import java.util.List;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.Tag;

final class EcrContractTest extends ServiceContractSuite<EcrClient> {
    static final String LIFECYCLE = """
            {"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed",
             "countUnit":"days","countNumber":14},"action":{"type":"expire"}}]}""";
    private static final String POLICY = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},
             "Action":"ecr:BatchGetImage"}]}""";
    private static final String DIGEST = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    EcrContractTest() {
        super(EcrClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(KmsService::new, EcrService::new);
    }

    @Override
    protected Names example(EcrClient client, String name) {
        String arn = client.createRepository(r -> r.repositoryName(name)
                        .tags(Tag.builder().key("made").value("here").build()))
                .repository()
                .repositoryArn();
        client.putLifecyclePolicy(r -> r.repositoryName(name).lifecyclePolicyText(LIFECYCLE));
        client.setRepositoryPolicy(r -> r.repositoryName(name).policyText(POLICY));
        return Names.of("repositoryName", name)
                .and("CreateRepository.repositoryName", "new-" + name)
                .and("resourceArn", arn)
                .and("lifecyclePolicyText", LIFECYCLE)
                .and("policyText", POLICY)
                .and("imageTagMutability", "IMMUTABLE")
                .and("layerDigests", List.of(DIGEST));
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("repositoryName", "none", "RepositoryNotFoundException")
                .and("DescribeRepositories.repositoryNames", List.of("none"), "RepositoryNotFoundException")
                .and(
                        "resourceArn",
                        Arn.of("ecr", TestServer.REGION, TestServer.ACCOUNT, "repository/none")
                                .toString(),
                        "RepositoryNotFoundException");
    }

    @Override
    protected List<Tagging> tagging() {
        return List.of(new Tagging("TagResource", "UntagResource", "ListTagsForResource")
                .many("TooManyTagsException")
                .reserved("InvalidTagParameterException"));
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("resource", "DescribeRepositories", "without names it is about all repositories of the registry")
                .to("durability", "GetAuthorizationToken", "a new password each time");
    }
}
