package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import dev.terrane.testkit.contract.Tagging;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RulePriorityPair;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

final class ElasticLoadBalancingContractTest extends ServiceContractSuite<ElasticLoadBalancingV2Client> {
    ElasticLoadBalancingContractTest() {
        super(ElasticLoadBalancingV2Client.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(ElasticLoadBalancingService::new, SubnetsOnly::new);
    }

    @Override
    protected Names example(ElasticLoadBalancingV2Client client, String name) {

        Tag made = Tag.builder().key("made").value("here").build();
        String balancer = client.createLoadBalancer(
                        r -> r.name(name).subnets("subnet-a", "subnet-b").tags(made))
                .loadBalancers()
                .getFirst()
                .loadBalancerArn();
        String group = client.createTargetGroup(r -> r.name(name)
                        .protocol(ProtocolEnum.HTTP)
                        .port(80)
                        .vpcId("vpc-1")
                        .targetType(TargetTypeEnum.IP)
                        .tags(made))
                .targetGroups()
                .getFirst()
                .targetGroupArn();
        Action forward = Action.builder()
                .type(ActionTypeEnum.FORWARD)
                .targetGroupArn(group)
                .build();
        RuleCondition condition =
                RuleCondition.builder().field("path-pattern").values("/x").build();
        String listener = client.createListener(r -> r.loadBalancerArn(balancer)
                        .protocol(ProtocolEnum.HTTP)
                        .port(freePort())
                        .defaultActions(forward))
                .listeners()
                .getFirst()
                .listenerArn();
        String rule = client.createRule(r -> r.listenerArn(listener)
                        .priority(1)
                        .conditions(condition)
                        .actions(forward))
                .rules()
                .getFirst()
                .ruleArn();
        return Names.of("LoadBalancerArn", balancer)
                .and("DescribeLoadBalancers.LoadBalancerArns", balancer)
                .and("TargetGroupArn", group)
                .and("DescribeTargetGroups.TargetGroupArns", group)
                .and("ListenerArn", listener)
                .and("DescribeRules.ListenerArn", listener)
                .and("DescribeListeners.LoadBalancerArn", balancer)
                .and("RuleArn", rule)
                .and("ResourceArns", balancer)
                .and("Name", name)
                .and("CreateLoadBalancer.Subnets", List.of("subnet-a", "subnet-b"))
                .and("CreateTargetGroup.Protocol", "HTTP")
                .and("CreateTargetGroup.Port", 80)
                .and("CreateTargetGroup.VpcId", "vpc-1")
                .and("CreateTargetGroup.TargetType", "ip")
                .and("SecurityGroups", List.of("sg-1"))
                .and("CreateListener.Protocol", "HTTP")
                .and("CreateListener.Port", freePort())
                .and("Priority", 7)
                .and("DefaultActions", forward)
                .and("Actions", forward)
                .and("Conditions", condition)
                .and(
                        "Targets",
                        TargetDescription.builder().id("172.31.0.9").port(80).build())
                .and(
                        "RulePriorities",
                        RulePriorityPair.builder().ruleArn(rule).priority(9).build());
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("LoadBalancerArn", arn("loadbalancer/app/none/0123456789abcdef"), "LoadBalancerNotFound")
                .and(
                        "DescribeLoadBalancers.LoadBalancerArns",
                        arn("loadbalancer/app/none/0123456789abcdef"),
                        "LoadBalancerNotFound")
                .and("TargetGroupArn", arn("targetgroup/none/0123456789abcdef"), "TargetGroupNotFound")
                .and(
                        "DescribeTargetGroups.TargetGroupArns",
                        arn("targetgroup/none/0123456789abcdef"),
                        "TargetGroupNotFound")
                .and("ListenerArn", arn("listener/app/none/0123456789abcdef/0123456789abcdef"), "ListenerNotFound")
                .and(
                        "RuleArn",
                        arn("listener-rule/app/none/0123456789abcdef/0123456789abcdef/fedcba9876543210"),
                        "RuleNotFound")
                .and("ResourceArns", arn("loadbalancer/app/none/0123456789abcdef"), "LoadBalancerNotFound");
    }

    private static String arn(String resource) {
        return Arn.of("elasticloadbalancing", TestServer.REGION, TestServer.ACCOUNT, resource)
                .toString();
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected List<Tagging> tagging() {
        return List.of(new Tagging("AddTags", "RemoveTags", "DescribeTags").many("TooManyTags"));
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("resource", "CreateTargetGroup", "its ARN ends with an id that is not made yet")
                .to(
                        "not-found",
                        "DeleteLoadBalancer.LoadBalancerArn",
                        "one that is gone already is no error, as documented")
                .to("not-found", "DeleteTargetGroup.TargetGroupArn", "one that is gone already is no error");
    }
}
