package dev.terrane.codebuild;

import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;

class CodeBuildResourcesTest extends ResourceTypeSuite {
    private static final String REQUIRED = "'ServiceRole':'arn:aws:iam::123456789012:role/builds',"
            + "'Environment':{'Type':'LINUX_CONTAINER','ComputeType':'BUILD_GENERAL1_SMALL','Image':'aws/codebuild/standard:7.0',"
            + "'EnvironmentVariables':[{'Name':'COLOR','Value':'red','Type':'PLAINTEXT'}]},";

    @Override
    protected TestServer start() {
        return TestServer.with(CodeBuildService::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::CodeBuild::");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        on.identities().role(TestServer.ACCOUNT, "builds", "codebuild.amazonaws.com", TestIdentities.EVERYTHING);
        String pipeline = "{" + REQUIRED + "'Source':{'Type':'CODEPIPELINE','BuildSpec':'build.yml'},"
                + "'Artifacts':{'Type':'CODEPIPELINE'}}";
        return List.of(
                ResourceExample.of("AWS::CodeBuild::Project", pipeline)
                        .then(pipeline.replace("red", "green"))
                        .then(full("red", 90))
                        .then(full("blue", 100))
                        .then(pipeline),
                ResourceExample.of("AWS::CodeBuild::Project", full("red", 30).replaceFirst("\\{", "{'Name':'full',")),
                ResourceExample.of(
                                "AWS::CodeBuild::ReportGroup",
                                "{'Type':'TEST','ExportConfig':{'ExportConfigType':'NO_EXPORT'}}")
                        .then("{'Type':'TEST','ExportConfig':{'ExportConfigType':'NO_EXPORT'},'DeleteReports':true,"
                                + "'Tags':[{'Key':'b','Value':'2'},{'Key':'a','Value':'1'}]}"),
                ResourceExample.of(
                        "AWS::CodeBuild::ReportGroup",
                        "{'Name':'tests','Type':'TEST','ExportConfig':{'ExportConfigType':'NO_EXPORT'}}"));
    }

    private static String full(String color, int minutes) {
        return ("{" + REQUIRED
                        + "'Source':{'Type':'GITHUB','Location':'https://github.com/example/app.git','GitCloneDepth':1,"
                        + "'GitSubmodulesConfig':{'FetchSubmodules':true}},"
                        + "'SecondarySources':[{'Type':'S3','Location':'code/other.zip','SourceIdentifier':'other'}],"
                        + "'SecondarySourceVersions':[{'SourceIdentifier':'other','SourceVersion':'1'}],"
                        + "'SourceVersion':'main','Description':'Builds','ConcurrentBuildLimit':2,"
                        + "'EncryptionKey':'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555',"
                        + "'Artifacts':{'Type':'S3','Location':'artifacts','Packaging':'ZIP','Name':'app.zip','Path':'out',"
                        + "'NamespaceType':'BUILD_ID','OverrideArtifactName':false,'EncryptionDisabled':false},"
                        + "'SecondaryArtifacts':[{'ArtifactIdentifier':'docs','Type':'S3','Location':'artifacts'}],"
                        + "'Cache':{'Type':'S3','Location':'artifacts/cache'},'QueuedTimeoutInMinutes':30,"
                        + "'TimeoutInMinutes':" + minutes + ","
                        + "'LogsConfig':{'CloudWatchLogs':{'Status':'ENABLED','GroupName':'builds','StreamName':'app'},"
                        + "'S3Logs':{'Status':'ENABLED','Location':'artifacts/logs'}},"
                        + "'Tags':[{'Key':'team','Value':'" + color + "'}]}")
                .replace("red", color);
    }
}
