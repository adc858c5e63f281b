package dev.terrane.ec2;

import dev.terrane.iam.IamService;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import dev.terrane.testkit.contract.Tagging;
import java.util.List;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.RequestLaunchTemplateData;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRuleUpdate;
import software.amazon.awssdk.services.ec2.model.Tag;

final class Ec2ContractTest extends ServiceContractSuite<Ec2Client> {
    private static final String MADE = "10.5.0.0/16";

    private final MemoryCompute compute = new MemoryCompute();

    Ec2ContractTest() {
        super(Ec2Client.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.withCompute((data, threads) -> compute, IamService::new, StsService::new, Ec2Service::new);
    }

    @Override
    @SuppressWarnings("unchecked") // the SDK takes builders by generic varargs
    protected Names example(Ec2Client client, String name) {
        // A region has room for five networks: those that calls of CreateVpc made go first.
        client.describeVpcs(r ->
                        r.filters(Filter.builder().name("cidr").values(MADE).build()))
                .vpcs()
                .forEach(made -> client.deleteVpc(r -> r.vpcId(made.vpcId())));
        Tag made = Tag.builder().key("made").value("here").build();
        String vpc = client.describeVpcs(r -> {}).vpcs().getFirst().vpcId();
        String group = client.createSecurityGroup(r -> r.groupName(name).description(name))
                .groupId();
        String rule = client.authorizeSecurityGroupIngress(r -> r.groupId(group)
                        .ipProtocol("tcp")
                        .fromPort(80)
                        .toPort(80)
                        .cidrIp("10.0.0.0/8"))
                .securityGroupRules()
                .getFirst()
                .securityGroupRuleId();
        client.createKeyPair(r -> r.keyName(name));
        client.createLaunchTemplate(r -> r.launchTemplateName(name)
                .launchTemplateData(d -> d.imageId(Images.DEFAULT).instanceType("t3.micro")));
        String instance = client.runInstances(r -> r.imageId(Images.DEFAULT)
                        .instanceType("t3.micro")
                        .minCount(1)
                        .maxCount(1)
                        .tagSpecifications(t -> t.resourceType("instance").tags(made)))
                .instances()
                .getFirst()
                .instanceId();
        TestServer.await(() -> client.describeInstances(r -> r.instanceIds(instance))
                .reservations()
                .getFirst()
                .instances()
                .getFirst()
                .state()
                .nameAsString()
                .equals("running"));
        String own = client.createVpc(r -> r.cidrBlock("10.0.0.0/16")).vpc().vpcId();
        String subnet = client.createSubnet(r -> r.vpcId(own).cidrBlock("10.0.0.0/24"))
                .subnet()
                .subnetId();
        String table = client.createRouteTable(r -> r.vpcId(own)).routeTable().routeTableId();
        String association = client.associateRouteTable(
                        r -> r.routeTableId(table).subnetId(subnet))
                .associationId();
        String gateway = client.createInternetGateway(r -> {}).internetGateway().internetGatewayId();
        client.attachInternetGateway(r -> r.internetGatewayId(gateway).vpcId(own));
        client.createRoute(r ->
                r.routeTableId(table).destinationCidrBlock("192.168.0.0/16").gatewayId(gateway));
        return Names.of("InstanceIds", instance)
                .and("CreateVpc.CidrBlock", MADE)
                .and("CreateSubnet.CidrBlock", "10.0.8.0/24")
                .and("CreateSubnet.VpcId", own)
                .and("CreateRouteTable.VpcId", own)
                .and("DeleteVpc.VpcId", own)
                .and("ModifyVpcAttribute.VpcId", own)
                .and("AttachInternetGateway.VpcId", own)
                .and("DetachInternetGateway.VpcId", own)
                .and("SubnetId", subnet)
                .and("AssociateRouteTable.SubnetId", subnet)
                .and("RouteTableId", table)
                .and("AssociationId", association)
                .and("InternetGatewayId", gateway)
                .and("CreateRoute.DestinationCidrBlock", "192.168.8.0/24")
                .and("DeleteRoute.DestinationCidrBlock", "192.168.0.0/16")
                .and("ReplaceRoute.DestinationCidrBlock", "192.168.0.0/16")
                .and("CreateRoute.GatewayId", gateway)
                .and("ReplaceRoute.GatewayId", gateway)
                .and("DescribeInstances.InstanceIds", instance)
                .and("InstanceId", instance)
                .and("DescribeInstanceAttribute.Attribute", "instanceType")
                .and("DescribeVpcAttribute.Attribute", "enableDnsSupport")
                .and("VpcId", vpc)
                .and("GroupId", group)
                .and("DeleteSecurityGroup.GroupId", group)
                .and("AuthorizeSecurityGroupIngress.GroupId", group)
                .and("RevokeSecurityGroupIngress.GroupId", group)
                .and("UpdateSecurityGroupRuleDescriptionsIngress.GroupId", group)
                .and("UpdateSecurityGroupRuleDescriptionsEgress.GroupId", group)
                .and("ModifySecurityGroupRules.GroupId", group)
                .and(
                        "SecurityGroupRules",
                        SecurityGroupRuleUpdate.builder()
                                .securityGroupRuleId(rule)
                                .securityGroupRule(r -> r.ipProtocol("tcp")
                                        .fromPort(80)
                                        .toPort(81)
                                        .cidrIpv4("10.0.0.0/8"))
                                .build())
                .and("GroupName", name)
                .and("KeyName", name)
                .and("DeleteKeyPair.KeyName", name)
                .and("LaunchTemplateName", name)
                .and("DescribeLaunchTemplateVersions.LaunchTemplateName", name)
                .and("CreateLaunchTemplateVersion.LaunchTemplateName", name)
                .and("ModifyLaunchTemplate.LaunchTemplateName", name)
                .and("DeleteLaunchTemplate.LaunchTemplateName", name)
                .and("DeleteLaunchTemplateVersions.LaunchTemplateName", name)
                .and(
                        "LaunchTemplateData",
                        RequestLaunchTemplateData.builder()
                                .imageId(Images.DEFAULT)
                                .instanceType("t3.micro")
                                .build())
                .and("Versions", "1")
                .and("Resources", instance)
                .and("DeleteTags.Tags", Tag.builder().key("none").build())
                .and(
                        "DescribeTags.Filters",
                        Filter.builder().name("resource-id").values(instance).build())
                .and("RunInstances.ImageId", Images.DEFAULT)
                .and("RunInstances.InstanceType", "t3.micro")
                .and("Tags", Tag.builder().key("k").value("v").build())
                .and("MinCount", 1)
                .and("MaxCount", 1);
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("InstanceIds", NONE, "InvalidInstanceID.NotFound")
                .and("InstanceId", NONE, "InvalidInstanceID.NotFound")
                .and("GroupId", "sg-0123456789abcdef0", "InvalidGroup.NotFound")
                .and("DeleteSecurityGroup.GroupId", "sg-0123456789abcdef0", "InvalidGroup.NotFound")
                .and("DescribeVpcAttribute.VpcId", "vpc-0123456789abcdef0", "InvalidVpcID.NotFound")
                .and("DeleteVpc.VpcId", "vpc-0123456789abcdef0", "InvalidVpcID.NotFound")
                .and("CreateSubnet.VpcId", "vpc-0123456789abcdef0", "InvalidVpcID.NotFound")
                .and("SubnetId", "subnet-0123456789abcdef0", "InvalidSubnetID.NotFound")
                .and("RouteTableId", "rtb-0123456789abcdef0", "InvalidRouteTableID.NotFound")
                .and("InternetGatewayId", "igw-0123456789abcdef0", "InvalidInternetGatewayID.NotFound")
                .and("AssociationId", "rtbassoc-0123456789abcdef0", "InvalidAssociationID.NotFound")
                .and(
                        "CreateLaunchTemplateVersion.LaunchTemplateName",
                        "none",
                        "InvalidLaunchTemplateName.NotFoundException")
                .and("ModifyLaunchTemplate.LaunchTemplateName", "none", "InvalidLaunchTemplateName.NotFoundException")
                .and("DeleteLaunchTemplate.LaunchTemplateName", "none", "InvalidLaunchTemplateName.NotFoundException")
                .and("Resources", NONE, "InvalidInstanceID.NotFound", "InvalidID");
    }

    private static final String NONE = "i-0123456789abcdef0";

    @Override
    protected List<Tagging> tagging() {
        return List.of(new Tagging("CreateTags", "DeleteTags", "DescribeTags").many("TagLimitExceeded"));
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.atTimes(
                        "durability",
                        "DescribeInstanceStatus",
                        "instances start again when the server does, and are not reachable meanwhile")
                .atTimes(
                        "page",
                        "DescribeInstanceStatus",
                        "instances start again when the server does, and are not reachable meanwhile")
                .to("resource", "CreateSecurityGroup", "it has no id yet")
                .to("resource", "CreateVpc", "it has no id yet")
                .to("resource", "CreateSubnet", "it has no id yet")
                .to("resource", "CreateRouteTable", "it has no id yet")
                .to("resource", "CreateInternetGateway", "it has no id yet")
                .to("resource", "RunInstances", "they have no id yet")
                .atTimes("token-again", "RunInstances", "the instance has gone on meanwhile");
    }
}
