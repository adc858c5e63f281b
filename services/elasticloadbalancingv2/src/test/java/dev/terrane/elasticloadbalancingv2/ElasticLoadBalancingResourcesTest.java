package dev.terrane.elasticloadbalancingv2;

import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;

class ElasticLoadBalancingResourcesTest extends ResourceTypeSuite {
    private static final String PREFIX = "AWS::ElasticLoadBalancingV2::";

    @Override
    protected TestServer start() {
        return TestServer.with(ElasticLoadBalancingService::new, SubnetsOnly::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of(PREFIX);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        ElasticLoadBalancingV2Client client = on.client(ElasticLoadBalancingV2Client.class);
        String balancer = client.createLoadBalancer(r -> r.name("front").subnets("subnet-a", "subnet-b"))
                .loadBalancers()
                .getFirst()
                .loadBalancerArn();
        String group = client.createTargetGroup(
                        r -> r.name("web").protocol(ProtocolEnum.HTTP).port(80).vpcId("vpc-1"))
                .targetGroups()
                .getFirst()
                .targetGroupArn();
        String listener = client.createListener(r -> r.loadBalancerArn(balancer)
                        .protocol(ProtocolEnum.HTTP)
                        .port(freePort())
                        .defaultActions(Action.builder()
                                .type("fixed-response")
                                .fixedResponseConfig(f -> f.statusCode("404"))
                                .build()))
                .listeners()
                .getFirst()
                .listenerArn();
        String tags = "'Tags':[{'Key':'b','Value':'2'},{'Key':'a','Value':'1'}]";
        String forward = "[{'Type':'forward','TargetGroupArn':'" + group + "'}]";
        String weighted = "[{'Type':'forward','Order':1,'ForwardConfig':{'TargetGroups':[{'TargetGroupArn':'" + group
                + "','Weight':3}],'TargetGroupStickinessConfig':{'Enabled':true,'DurationSeconds':60}}}]";
        String redirect =
                "[{'Type':'redirect','RedirectConfig':{'Protocol':'HTTPS','Port':'443','StatusCode':'HTTP_301'}}]";
        return List.of(
                ResourceExample.of(PREFIX + "LoadBalancer", "{'Subnets':['subnet-b','subnet-a']}")
                        .then("{'Subnets':['subnet-a','subnet-b'],'SecurityGroups':['sg-2','sg-1']," + tags
                                + ",'LoadBalancerAttributes':[{'Key':'idle_timeout.timeout_seconds','Value':'90'},"
                                + "{'Key':'deletion_protection.enabled','Value':'false'}]}")
                        .then(
                                "{'Subnets':['subnet-a','subnet-b'],'SecurityGroups':['sg-1'],'Tags':[{'Key':'a','Value':'3'}]}"),
                ResourceExample.of(
                        PREFIX + "LoadBalancer",
                        "{'Name':'inner','Scheme':'internal','Type':'application','SecurityGroups':['sg-1'],"
                                + "'SubnetMappings':[{'SubnetId':'subnet-b'},{'SubnetId':'subnet-a'}]}"),
                ResourceExample.of(PREFIX + "TargetGroup", "{'Protocol':'HTTP','Port':80,'VpcId':'vpc-1'}")
                        .then("{'Protocol':'HTTP','Port':80,'VpcId':'vpc-1','HealthCheckPath':'/health',"
                                + "'HealthCheckPort':'8080','HealthCheckProtocol':'HTTP','HealthCheckIntervalSeconds':10,"
                                + "'HealthCheckTimeoutSeconds':3,'HealthyThresholdCount':2,'UnhealthyThresholdCount':3,"
                                + "'HealthCheckEnabled':true,'Matcher':{'HttpCode':'200-299'}," + tags + ","
                                + "'TargetGroupAttributes':[{'Key':'stickiness.enabled','Value':'true'},"
                                + "{'Key':'deregistration_delay.timeout_seconds','Value':'10'}],"
                                + "'Targets':[{'Id':'i-2','Port':8080},{'Id':'i-1'}]}")
                        .then("{'Protocol':'HTTP','Port':80,'VpcId':'vpc-1','Targets':[{'Id':'i-2','Port':8080}]}"),
                ResourceExample.of(
                        PREFIX + "TargetGroup",
                        "{'Name':'addresses','Protocol':'HTTP','ProtocolVersion':'HTTP1','Port':80,'VpcId':'vpc-1',"
                                + "'TargetType':'ip','Targets':[{'Id':'172.31.0.9','Port':80}]}"),
                ResourceExample.of(
                                PREFIX + "Listener",
                                "{'LoadBalancerArn':'" + balancer + "','Port':" + freePort()
                                        + ",'Protocol':'HTTP','DefaultActions':" + forward + "}")
                        .then("{'LoadBalancerArn':'" + balancer + "','Port':" + freePort()
                                + ",'Protocol':'HTTP','DefaultActions':" + weighted + "," + tags + "}")
                        .then("{'LoadBalancerArn':'" + balancer + "','Port':" + freePort()
                                + ",'Protocol':'HTTP','DefaultActions':" + redirect + "}"),
                ResourceExample.of(
                                PREFIX + "ListenerRule",
                                "{'ListenerArn':'" + listener + "','Priority':1,'Actions':" + forward
                                        + ",'Conditions':[{'Field':'path-pattern','Values':['/a']}]}")
                        .then("{'ListenerArn':'" + listener + "','Priority':7," + tags
                                + ",'Actions':[{'Type':'fixed-response','FixedResponseConfig':{'StatusCode':'200',"
                                + "'ContentType':'text/plain','MessageBody':'hello'}}],'Conditions':["
                                + "{'Field':'host-header','HostHeaderConfig':{'Values':['a.example']}},"
                                + "{'Field':'query-string','QueryStringConfig':{'Values':[{'Key':'a','Value':'b'}]}},"
                                + "{'Field':'http-header','HttpHeaderConfig':{'HttpHeaderName':'x','Values':['y']}},"
                                + "{'Field':'source-ip','SourceIpConfig':{'Values':['10.0.0.0/8']}}]}")
                        .then(
                                "{'ListenerArn':'" + listener + "','Priority':7,'Actions':" + weighted
                                        + ",'Conditions':[{'Field':'http-request-method','HttpRequestMethodConfig':{'Values':['GET']}}]}"));
    }
}
