package dev.terrane.cloudformation;

import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;

class MacroResourcesTest extends ResourceTypeSuite {
    @Override
    protected TestServer start() {
        return TestServer.with(CloudFormationService::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::CloudFormation::Macro");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        return List.of(ResourceExample.of(
                        "AWS::CloudFormation::Macro",
                        "{'Name':'Upper','FunctionName':'arn:aws:lambda:us-east-1:123456789012:function:a',"
                                + "'Description':'capitals','LogGroupName':'log',"
                                + "'LogRoleARN':'arn:aws:iam::123456789012:role/log'}")
                .alone()
                .then("{'Name':'Upper','FunctionName':'arn:aws:lambda:us-east-1:123456789012:function:b'}"));
    }
}
