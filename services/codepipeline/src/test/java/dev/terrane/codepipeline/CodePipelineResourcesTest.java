package dev.terrane.codepipeline;

import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;

class CodePipelineResourcesTest extends ResourceTypeSuite {
    private static final String STAGES = "'Stages':[{'Name':'Source','Actions':[{'Name':'Code','RunOrder':1,"
            + "'ActionTypeId':{'Category':'Source','Owner':'AWS','Provider':'CodeCommit','Version':'1'},"
            + "'Configuration':{'RepositoryName':'shop','BranchName':'main','PollForSourceChanges':false},"
            + "'OutputArtifacts':[{'Name':'Code'}],'Namespace':'Code'}]},"
            + "{'Name':'Approve','Actions':[{'Name':'Ask','TimeoutInMinutes':60,"
            + "'ActionTypeId':{'Category':'Approval','Owner':'AWS','Provider':'Manual','Version':'1'},"
            + "'Configuration':{'CustomData':'one'}}]}]";
    private static final String ROLE = "'RoleArn':'arn:aws:iam::123456789012:role/" + Workshop.ROLE_NAME + "',";

    @Override
    protected TestServer start() {
        return new Workshop().server;
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::CodePipeline::");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        String plain = "{" + ROLE + "'ArtifactStore':{'Type':'S3','Location':'artifacts'}," + STAGES + "}";
        String second = "{" + ROLE + "'PipelineType':'V2','ExecutionMode':'QUEUED',"
                + "'ArtifactStores':[{'Region':'us-east-1','ArtifactStore':{'Type':'S3','Location':'artifacts',"
                + "'EncryptionKey':{'Id':'alias/store','Type':'KMS'}}}],"
                + "'Variables':[{'Name':'color','DefaultValue':'red','Description':'What it is painted'}],"
                + "'RestartExecutionOnUpdate':true,"
                + "'DisableInboundStageTransitions':[{'StageName':'Approve','Reason':'Not today'}],"
                + "'Tags':[{'Key':'b','Value':'2'},{'Key':'a','Value':'1'}],"
                + STAGES.replace("'one'", "'two'")
                        .replace(
                                "'Approve',",
                                "'Approve','OnFailure':{'Result':'RETRY','RetryConfiguration':"
                                        + "{'RetryMode':'ALL_ACTIONS'}},")
                + "}";
        return List.of(
                ResourceExample.of("AWS::CodePipeline::Pipeline", plain)
                        .then(second)
                        .then(second.replace("Not today", "Not tomorrow").replace("'Key':'a'", "'Key':'c'"))
                        .then(plain),
                ResourceExample.of("AWS::CodePipeline::Pipeline", second.replaceFirst("\\{", "{'Name':'shop',")));
    }
}
