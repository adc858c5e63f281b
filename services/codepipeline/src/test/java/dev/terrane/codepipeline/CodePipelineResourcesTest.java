package dev.terrane.codepipeline;

import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.codepipeline.model.ActionCategory;
import software.amazon.awssdk.services.codepipeline.model.ArtifactStoreType;
import software.amazon.awssdk.services.codepipeline.model.PipelineDeclaration;

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
        PipelineDeclaration hooked = PipelineDeclaration.builder()
                .name("hooked")
                .roleArn("arn:aws:iam::123456789012:role/" + Workshop.ROLE_NAME)
                .artifactStore(store -> store.type(ArtifactStoreType.S3).location("artifacts"))
                .stages(
                        Workshop.stage(
                                "Source",
                                Workshop.action(ActionCategory.SOURCE, "CodeCommit", "Source")
                                        .configuration(Map.of(
                                                "RepositoryName",
                                                "shop",
                                                "BranchName",
                                                "main",
                                                "PollForSourceChanges",
                                                "false"))
                                        .outputArtifacts(Workshop.output("Code"))
                                        .build()),
                        Workshop.stage(
                                "Second",
                                Workshop.action(ActionCategory.APPROVAL, "Manual", "Approve")
                                        .build()))
                .build();
        on.client(CodePipelineClient.class).createPipeline(r -> r.pipeline(hooked));
        return List.of(
                ResourceExample.of(
                                "AWS::CodePipeline::CustomActionType",
                                "{'Category':'Build','Provider':'Mill','Version':'1','InputArtifactDetails':{'MinimumCount':0,'MaximumCount':2},"
                                        + "'OutputArtifactDetails':{'MinimumCount':0,'MaximumCount':1},"
                                        + "'Settings':{'EntityUrlTemplate':'https://x/{Config:A}','ExecutionUrlTemplate':'https://x/{ExternalExecutionId}'},"
                                        + "'ConfigurationProperties':[{'Name':'A','Description':'d','Key':true,'Required':true,'Secret':false,"
                                        + "'Queryable':true,'Type':'String'}],'Tags':[{'Key':'b','Value':'1'},{'Key':'a','Value':'1'}]}")
                        .then(
                                "{'Category':'Build','Provider':'Mill','Version':'1','InputArtifactDetails':{'MinimumCount':0,'MaximumCount':2},"
                                        + "'OutputArtifactDetails':{'MinimumCount':0,'MaximumCount':1},"
                                        + "'Settings':{'EntityUrlTemplate':'https://x/{Config:A}','ExecutionUrlTemplate':'https://x/{ExternalExecutionId}'},"
                                        + "'ConfigurationProperties':[{'Name':'A','Description':'d','Key':true,'Required':true,'Secret':false,"
                                        + "'Queryable':true,'Type':'String'}],'Tags':[{'Key':'a','Value':'2'}]}"),
                ResourceExample.of(
                                "AWS::CodePipeline::Webhook",
                                "{'Authentication':'GITHUB_HMAC','AuthenticationConfiguration':{'SecretToken':'open sesame'},"
                                        + "'Filters':[{'JsonPath':'$.ref','MatchEquals':'refs/heads/{BranchName}'}],"
                                        + "'TargetPipeline':'hooked','TargetAction':'Source','TargetPipelineVersion':1}")
                        .unreadable("AuthenticationConfiguration"),
                ResourceExample.of(
                                "AWS::CodePipeline::Webhook",
                                "{'Name':'push','Authentication':'IP','AuthenticationConfiguration':{'AllowedIPRange':'127.0.0.0/8'},"
                                        + "'Filters':[{'JsonPath':'$.ref'}],'RegisterWithThirdParty':false,"
                                        + "'Tags':[{'Key':'b','Value':'2'},{'Key':'a','Value':'1'}],"
                                        + "'TargetPipeline':'hooked','TargetAction':'Source','TargetPipelineVersion':1}")
                        .alone()
                        .then(
                                "{'Name':'push','Authentication':'IP','AuthenticationConfiguration':{'AllowedIPRange':'10.0.0.0/8'},"
                                        + "'Filters':[{'JsonPath':'$.commits[0].id'},{'JsonPath':'$.ref','MatchEquals':'x'}],"
                                        + "'Tags':[{'Key':'a','Value':'3'}],'TargetPipeline':'hooked','TargetAction':'Source'}"),
                ResourceExample.of("AWS::CodePipeline::Pipeline", plain)
                        .then(second)
                        .then(second.replace("Not today", "Not tomorrow").replace("'Key':'a'", "'Key':'c'"))
                        .then(plain),
                ResourceExample.of("AWS::CodePipeline::Pipeline", second.replaceFirst("\\{", "{'Name':'shop',")));
    }
}
