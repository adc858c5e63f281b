package dev.terrane.ssm;

import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;

class SsmResourcesTest extends ResourceTypeSuite {
    @Override
    protected TestServer start() {
        return TestServer.with(SsmService::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::SSM::");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        return List.of(
                ResourceExample.of("AWS::SSM::Parameter", "{'Type':'String','Value':'one'}")
                        .then("{'Type':'String','Value':'two','Tags':{'b':'1','a':'2'}}")
                        .then("{'Type':'String','Value':'two','Tags':{'a':'3'}}"),
                ResourceExample.of(
                                "AWS::SSM::Parameter",
                                "{'Name':'/cdk-bootstrap/hnb659fds/version','Type':'String','Value':'21','Description':'of CDK',"
                                        + "'AllowedPattern':'[0-9]+','DataType':'text','Tier':'Standard','Tags':{'a':'1'}}")
                        .then("{'Name':'/cdk-bootstrap/hnb659fds/version','Type':'String','Value':'22',"
                                + "'AllowedPattern':'2[0-9]','Tier':'Intelligent-Tiering'}")
                        .then(
                                "{'Name':'/cdk-bootstrap/hnb659fds/version','Type':'String','Value':'x','Tier':'Advanced'}"));
    }
}
